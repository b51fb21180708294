"""Whether a candidate holds a title of the tier of the round already: asked of the register of honours.

Where the policy excludes holders nobody confirms them; elsewhere the page says it, for people to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from policies.library.editions import policy_by_digest
from policies.wording import chinese_day
from talents.models import Honour
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from talents.models import Nomination, SelectionRound

#: What a policy says by: whether holders of the same tier are excluded, and the condition that people judge.
PARAMETER, CRITERION = "same_tier_excluded", "no_same_tier_title"


def excludes_holders(selection: SelectionRound) -> bool:
    """Whether the policy of the round excludes who holds a title of its tier."""
    stated = policy_by_digest(selection.edition.digest).parameter(PARAMETER)
    return bool(stated and stated.enabled)


def held_titles(nomination: Nomination) -> QuerySet[Honour]:
    """Titles of the round's tier that the person holds: not what was taken back, nor this round's own."""
    rows = _of_tier(nomination.round).filter(person=nomination.person_id)
    return rows.exclude(nomination=nomination.pk)


def new_to_tier(selection: SelectionRound) -> Q:
    """That somebody may be chosen for all the register says: a condition on nominations of the round."""
    if not excludes_holders(selection):
        return Q()
    others = _of_tier(selection).exclude(nomination=OuterRef("pk"))
    return ~Q(Exists(others.filter(person=OuterRef("person"))))


def _of_tier(selection: SelectionRound) -> QuerySet[Honour]:
    return _titles(selection.edition.code, selection.tier)


def _titles(scheme: str, tier: str) -> QuerySet[Honour]:
    return Honour.objects.exclude(state=Honour.State.REVOKED).filter(scheme=scheme, tier=tier)


def titles_in_the_way(selection: SelectionRound, persons: Iterable[int]) -> QuerySet[Honour]:
    """Titles of the round's tier that keep these from another: of its year in any case, of every year
    where the policy excludes holders. What the round itself gave is among them.
    """
    rows = _of_tier(selection).filter(person__in=persons).select_related("person")
    if not excludes_holders(selection):
        rows = rows.filter(year=selection.year)
    return rows.order_by("person", "named_on")


def why_held(nomination: Nomination) -> str:
    """The titles with number and day, in words; empty where there are none."""
    return _in_words(held_titles(nomination))


def register_says(nomination: Nomination, scheme: str = "", tier: str = "") -> str:
    """What the register knows of titles of the round's tier, or of another, in words for whoever judges."""
    held = held_titles(nomination)
    if tier:
        held = _titles(scheme, tier).filter(person=nomination.person_id)
    return _in_words(held) or "名录中没有同层级称号"


def _in_words(titles: QuerySet[Honour]) -> str:
    return "；".join(
        f"{row.title}（{chinese_day(row.named_on)}，证书{row.certificate_number}）"
        for row in titles.order_by("named_on")
    )


def unless_new_to_tier(nomination: Nomination) -> DomainError | None:
    """Why a holder is not confirmed, where the policy excludes them."""
    if not excludes_holders(nomination.round) or not (held := why_held(nomination)):
        return None
    message = f"人选已有同层级称号：{held}；政策规定不再推荐，请退回推荐单位改报他人"
    return DomainError("same-tier-held", message)
