"""Proposals of who rises by an item, from its board and the edition of the rules it is held by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Entry
from competitions.rules import rises
from competitions.selectors.board import board_of
from competitions.services.rules import RULES, edition_for
from policies.library.editions import policy_by_digest
from talents.models import Certificate
from talents.models.persons import level_rank
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import Item
    from competitions.rules import Held, Rise
    from policies.library.policy import Policy


def rules_of(item: Item) -> Policy:
    """The edition of the rules that the contest is held by."""
    contest = item.competition
    edition = contest.edition or edition_for(contest.year, item.starts_on or contest.starts_on)
    if edition is None:
        message = f"政策库中没有适用于{contest.year}年的“{RULES}”，请先载入政策（load_policies）"
        raise DomainError("no-rules-for-contest", message)
    return policy_by_digest(edition.digest)


def proposed(item: Item) -> tuple[list[Rise], list[Held]]:
    """Who rises by the item as its board stands, in the order of ranks; and who does not, with why."""
    policy = rules_of(item)
    return rises(policy, item, board_of(item), present_levels(item))


def present_levels(item: Item) -> dict[int, str | None]:
    """The level of each entrant: as entered, or else the highest certificate on file in that trade."""
    rows = Entry.objects.filter(item=item, state=Entry.State.ENTERED)
    told = dict(rows.values_list("pk", "present_level"))
    unknown = {pk for pk, level in told.items() if level is None}
    if not unknown or not item.occupation:
        return told
    persons = dict(rows.filter(pk__in=unknown).values_list("person", "pk"))
    certified = Certificate.objects.filter(person__in=persons, occupation=item.occupation)
    for person, level in certified.exclude(level="").values_list("person", "level"):
        pk = persons[person]
        told[pk] = max(told[pk] or "", level, key=level_rank)
    return told
