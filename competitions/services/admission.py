"""Holding entrants against the conditions of entry: one is refused, of many those are left out by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Entry
from competitions.rules.admission import REFUSED
from competitions.rules.editions import rules_of
from competitions.selectors.eligibility import what_follows, what_follows_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from competitions.models import Item
    from competitions.rules.admission import Followed


def check_admitted(entry: Entry) -> None:
    """Refuse somebody whom the rules of the contest do not let enter, with the clause and the why."""
    if refusal := _refusal(entry, what_follows(entry)):
        raise refusal


def leave_out(
    item: Item, made: Sequence[Entry], teams: Mapping[int, int] | None = None
) -> tuple[list[Entry], str]:
    """Take out again those of ``made`` whom the rules do not let enter, and their whole team.

    ``teams``: a key of the team by that of the entry. Who stays, and the words for who does not;
    refused where nobody stays of some.
    """
    found = what_follows_of(item, [entry.pk for entry in made])
    told = {entry.pk: _refusal(entry, found.get(entry.pk, ())) for entry in made}
    refusals = {pk: refusal for pk, refusal in told.items() if refusal}
    if not refusals:
        return list(made), ""
    team_of = teams or {entry.pk: entry.pk for entry in made}
    broken = {team_of[pk] for pk in refusals}
    stay = [entry for entry in made if team_of[entry.pk] not in broken]
    if not stay:
        raise next(iter(refusals.values()))
    gone = [entry.pk for entry in made if team_of[entry.pk] in broken]
    Entry.objects.filter(pk__in=gone).delete()
    words = [refusal.message for refusal in refusals.values()]
    mates = [entry.person.name for entry in made if entry.pk in gone and entry.pk not in refusals]
    if mates:
        words.append(f"{'、'.join(mates)}与其同队，一并未引入")
    return stay, "未引入：" + "；".join(words)


def _refusal(entry: Entry, told: Iterable[Followed]) -> DomainError | None:
    one = next((one for one in told if one.consequence.code == REFUSED), None)
    if one is None:
        return None
    policy = rules_of(entry.item.competition)
    message = (
        f"{entry.person.name}不能报名“{entry.item}”：{one.finding.sentence}"
        f"规定：{one.title}（{one.finding.words}）"
    )
    return DomainError("entry-refused", message, citation=policy.title if policy else "")
