"""One person's way up: what they hold, what stands behind it, and which step comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from policies.rules.homes import WHOLE_COUNTRY, home_of
from talents.models import Certificate, Honour, Mentorship, Nomination, Person
from talents.rules.titles import newest_ladders, selects
from talents.selectors.attainments import attainments_of
from talents.selectors.evidenced import evidenced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from policies.library.policy import Policy, Tier
    from talents.selectors.attainments import Attainments, Sight

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: held since when, or possible next, or further up."""

    title: str
    state: str  # done, current, upcoming
    at: Any = None
    note: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Passport:
    """All that is on file about somebody's craft, within the reader's reach."""

    person: Person
    honours: Sequence[Honour]
    nominations: Sequence[Nomination]
    certificates: Sequence[Certificate]
    led: Sequence[Mentorship]
    learnt: Sequence[Mentorship]
    ladders: Sequence[tuple[str, list[Rung]]]
    attainments: Sequence[Attainments]

    @property
    def graduates(self) -> int:
        """How many apprentices are done; each once."""
        return len({pair.apprentice_id for pair in self.led if pair.state == pair.State.FINISHED})


def passports_in_scope(user: User) -> QuerySet[Person]:
    """Whose passport this account may open: persons within reach."""
    return Person.objects.visible_to(user).select_related("organization")


def passport_href(person: Person, user: User) -> str:
    """Where the passport is; nothing for somebody whose file is out of reach."""
    may_open = passports_in_scope(user).filter(pk=person.pk).exists()
    return reverse("talents:passport", args=[person.pk]) if may_open else ""


def passport_of(person: Person, sight: Sight) -> Passport:
    """The passport, each part as far as it may be seen."""
    honours = list(
        sight.rows(Honour)
        .filter(person=person)
        .select_related("organization")
        .order_by("-named_on")[:MOST_SHOWN]
    )
    nominations = sight.rows(Nomination).filter(person=person)
    pairs = sight.rows(Mentorship).filter(Q(master=person) | Q(apprentice=person))
    both = list(pairs.select_related("master", "apprentice", "organization")[:MOST_SHOWN])
    titles = [honour for honour in honours if not honour.occasion]
    return Passport(
        person=person,
        honours=honours,
        nominations=list(nominations.select_related("round", "unit").order_by("-pk")[:MOST_SHOWN]),
        certificates=list(sight.rows(Certificate).filter(person=person)),
        led=[pair for pair in both if pair.master_id == person.pk],
        learnt=[pair for pair in both if pair.apprentice_id == person.pk],
        ladders=[
            (policy.title, rungs)
            for policy in newest_ladders()
            if _is_meant(policy, person, titles) and (rungs := _rungs(policy, titles))
        ],
        attainments=[*evidenced(person, sight), *attainments_of(person, sight)],
    )


def _is_meant(policy: Policy, person: Person, honours: Sequence[Honour]) -> bool:
    """The ladders somebody stands on; at the bottom, those of the country and of the place."""
    if honours:
        return any(honour.scheme == policy.code for honour in honours)
    if policy.jurisdiction == WHOLE_COUNTRY:
        return True
    home = home_of(policy)
    return home is not None and person.organization.path.startswith(home.path)


def _upwards(policy: Policy) -> list[Tier]:
    """The tiers from the bottom up: a document may list them either way, ``feeds`` says which."""
    place = {tier.code: at for at, tier in enumerate(policy.tiers)}
    steps = [
        place.get(above, at) - at for at, tier in enumerate(policy.tiers) for above in tier.feeds
    ]
    return list(policy.tiers if sum(steps) > 0 else reversed(policy.tiers))


def _rungs(policy: Policy, honours: Sequence[Honour]) -> list[Rung]:
    """From the bottom up: what is held, what may come next by ``feeds``, what is above."""
    held = {
        h.tier: h
        for h in reversed(honours)
        if h.scheme == policy.code and h.state != Honour.State.REVOKED
    }
    reached = {above for tier in policy.tiers if tier.code in held for above in tier.feeds}
    rungs = []
    for tier in _upwards(policy):
        if tier.code in held:
            honour = held[tier.code]
            note = f"{honour.document_number}，证书 {honour.certificate_number}"
            rungs.append(Rung(tier.title, "done", honour.named_on, note))
        elif tier.code in reached or (not held and selects(tier)):
            rungs.append(Rung(tier.title, "current", note=_missing(policy, tier)))
        else:
            rungs.append(Rung(tier.title, "upcoming"))
    return rungs


def _missing(policy: Policy, tier: Tier) -> str:
    """What the document asks for this step, in its own titles."""
    asked = "、".join(criterion.title for criterion in policy.criteria_of(tier.code))
    return f"可参加推荐；条件：{asked}" if asked else "由上级推荐"
