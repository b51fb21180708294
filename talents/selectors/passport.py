"""One person's way up: what they hold, what stands behind it, force by force, and which step comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from policies.rules.homes import WHOLE_COUNTRY, home_of
from policies.wording import chinese_day
from talents.models import Certificate, Cultivation, Honour, Mentorship, Nomination, Person
from talents.rules.ladders import next_tiers, upwards
from talents.rules.titles import newest_ladders
from talents.selectors.ahead import next_step
from talents.selectors.attainments import attainments_of
from talents.selectors.evidenced import evidenced
from talents.selectors.statements import rows_by_force, with_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from policies.library.policy import Policy, Tier
    from talents.selectors.ahead import NextStep
    from talents.selectors.attainments import Attainments, Sight
    from talents.selectors.statements import Force

MOST_SHOWN = 50
#: Of a step that the policy says nothing about which could be checked.
NO_CONDITIONS = "由上级推荐产生，政策没有列出可由系统核验的条件"


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
    cultivations: Sequence[Cultivation]
    ladders: Sequence[tuple[str, list[Rung]]]
    steps: Sequence[NextStep]
    forces: Sequence[Force]
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
    papers = list(nominations.select_related("round", "unit").order_by("-pk")[:MOST_SHOWN])
    years = sight.rows(Cultivation).filter(person=person).select_related("organization")
    cultivations = list(years.order_by("-starts_on")[:MOST_SHOWN])
    climb = _Climb(person, honours, cultivations, papers[0] if papers else None)
    attainments = [*evidenced(person, sight), *attainments_of(person, sight)]
    return Passport(
        person=person,
        honours=honours,
        nominations=papers,
        certificates=list(sight.rows(Certificate).filter(person=person)),
        led=[pair for pair in both if pair.master_id == person.pk],
        learnt=[pair for pair in both if pair.apprentice_id == person.pk],
        cultivations=cultivations,
        ladders=climb.ladders(),
        steps=list(climb.steps.values()),
        forces=with_statements(rows_by_force(person, sight, attainments), papers, sight),
        attainments=attainments,
    )


class _Climb:
    """The ladders somebody stands on, and the steps that come next there."""

    def __init__(
        self,
        person: Person,
        honours: Sequence[Honour],
        cultivations: Sequence[Cultivation],
        papers: Nomination | None,
    ) -> None:
        self.person, self.papers, self.all = person, papers, newest_ladders()
        titles = [
            h for h in reversed(honours) if not h.occasion and h.state != Honour.State.REVOKED
        ]
        self.held = {(h.scheme, h.tier): h for h in titles}
        self.going = {
            (row.scheme, row.tier): row
            for row in cultivations
            if row.state == Cultivation.State.GOING
        }
        self.ours = [policy for policy in self.all if self._is_meant(policy)]
        self.ahead = {
            policy.code: next_tiers(policy, self.held.keys(), self.all) for policy in self.ours
        }
        self.steps: dict[tuple[str, str], NextStep] = {}
        for policy in self.ours:
            for tier in upwards(policy):
                key = policy.code, tier.code
                if tier.code not in self.ahead[policy.code] or key in self.going:
                    continue
                if step := next_step(policy, tier, papers):
                    self.steps[key] = step

    def ladders(self) -> list[tuple[str, list[Rung]]]:
        return [
            (policy.title, [self._rung(policy, tier) for tier in upwards(policy)])
            for policy in self.ours
        ]

    def _is_meant(self, policy: Policy) -> bool:
        """That of the country, and those somebody stands on; at the bottom that of the place."""
        if policy.jurisdiction == WHOLE_COUNTRY:
            return True
        if self.held:
            return any(scheme == policy.code for scheme, _ in self.held)
        home = home_of(policy)
        return home is not None and self.person.organization.path.startswith(home.path)

    def _rung(self, policy: Policy, tier: Tier) -> Rung:
        key = policy.code, tier.code
        if honour := self.held.get(key):
            note = f"{honour.document_number}，证书 {honour.certificate_number}"
            return Rung(tier.title, "done", honour.named_on, note)
        if years := self.going.get(key):
            days = f"{chinese_day(years.starts_on)}至{chinese_day(years.ends_on)}"
            return Rung(tier.title, "current", note=f"正在培育：{days}")
        if tier.code in self.ahead[policy.code]:
            step = self.steps.get(key)
            return Rung(tier.title, "current", note=step.in_short if step else NO_CONDITIONS)
        return Rung(tier.title, "upcoming")
