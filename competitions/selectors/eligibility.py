"""Whether the rules admit an entrant: each criterion with its why, by the evaluator of all policies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from competitions.models import Entry
from competitions.rules.admission import STAY, Followed, followed, lets_through
from competitions.rules.editions import rules_of
from competitions.rules.levels import put_on_file_late
from policies.facts import facts_about
from policies.rules.criteria import evaluation
from policies.rules.findings import findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from django.db.models import QuerySet

    from competitions.models import Item
    from policies.library.policy import Policy
    from policies.rules.criteria import Evaluation
    from policies.rules.findings import Finding
    from talents.models import Certificate

#: What is open about a level that nobody else looked at yet.
LEVEL_TOLD_LATE = "锁定后填报的现职业技能等级"
LEVEL_ON_FILE_LATE = "锁定后在册证书改变的现职业技能等级"


def verdicts_of(item: Item, pks: Collection[int]) -> dict[int, int]:
    """The verdict of the rules on each of these entrants, by one statement."""
    judged = _evaluation(item, rules_of(item.competition))
    if judged is None or not pks:
        return {}
    rows = item.entries.filter(pk__in=pks)
    with connection.cursor() as cursor:
        cursor.execute(*judged.statement(rows, first=min(pks), last=max(pks)))
        return {row[0]: row[1] for row in cursor.fetchall()}


def findings_about(entry: Entry) -> tuple[Finding, ...]:
    """What the rules of the contest say about one entrant; nothing where they have no such tier."""
    judged = _evaluation(entry.item, rules_of(entry.item.competition))
    verdict = judged.judge(entry.item.entries.all(), entry.pk) if judged else None
    return findings(judged, verdict) if judged and verdict else ()


def what_follows(entry: Entry, told: tuple[Finding, ...] | None = None) -> list[Followed]:
    """What the rules have follow from the conditions the entrant does not meet; ``told``: if known."""
    policy = rules_of(entry.item.competition)
    if policy is None:
        return []
    return list(followed(policy, findings_about(entry) if told is None else told))


def what_follows_of(item: Item, pks: Collection[int]) -> dict[int, list[Followed]]:
    """The same of many entrants of one item, by one statement."""
    policy = rules_of(item.competition)
    judged = _evaluation(item, policy)
    if policy is None or judged is None or not pks:
        return {}
    verdicts = judged.judge_each(item.entries.filter(pk__in=pks))
    return {pk: list(followed(policy, findings(judged, one))) for pk, one in verdicts.items()}


def owing(
    item: Item,
    pks: Collection[int] | None = None,
    *,
    for_rise: bool = True,
    besides: Certificate | None = None,
) -> dict[int, list[str]]:
    """Whoever stands (of ``pks``, if told) and is not found to meet what the rules ask: by entry, what is open.

    A level told once marks were closed, or by a certificate (but ``besides``) put on file since, is
    open, too, ``for_rise``. By a few statements, whatever the number of entrants.
    """
    if pks is not None and not pks:
        return {}
    rows = Entry.unadmitted().filter(item=item)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    late = rows.filter(Q(since_told_late=True) | Q(level_told_late=True))
    told_late = list(late.values_list("pk", "since_told_late", "level_told_late"))
    found = _owing(item, rows, told_late, for_rise=for_rise)
    for pk in put_on_file_late(item, pks, besides=besides) if for_rise else ():
        found.setdefault(pk, []).append(LEVEL_ON_FILE_LATE)
    return found


def owing_among(entries: Iterable[Entry], *, for_rise: bool = True) -> dict[int, list[str]]:
    """The same of these entrants, of whatever items.

    By one statement for each edition of the rules, tier and day on which they are asked.
    """
    alike: dict[tuple[int | None, str, date], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.state == Entry.State.ENTERED and entry.admitted_by_id is None:
            item = entry.item
            alike[item.competition.edition_id, item.entry_tier, asked_on(item)].append(entry)
    found: dict[int, list[str]] = {}
    for same in alike.values():
        rows = Entry.unadmitted().filter(pk__in=[entry.pk for entry in same])
        told_late = [(entry.pk, entry.since_told_late, entry.level_told_late) for entry in same]
        found |= _owing(same[0].item, rows, told_late, for_rise=for_rise)
    return found


def _owing(
    item: Item,
    rows: QuerySet[Entry],
    told_late: Collection[tuple[int, bool, bool]],
    *,
    for_rise: bool,
) -> dict[int, list[str]]:
    """What is open of ``rows``; ``told_late``: of whom the date, and of whom the level, was told late."""
    found = _not_found_met(item, rows, {pk for pk, since, _ in told_late if since})
    for pk in (pk for pk, _, level in told_late if level and for_rise):
        found.setdefault(pk, []).append(LEVEL_TOLD_LATE)
    return found


def _not_found_met(
    item: Item, rows: QuerySet[Entry], told_late: Collection[int]
) -> dict[int, list[str]]:
    """By entry of ``rows`` the conditions that are open; of ``told_late`` the date alone concludes nothing."""
    policy = rules_of(item.competition)
    judged = _evaluation(item, policy)
    if policy is None or judged is None:
        return {}
    found = {}
    for pk, one in judged.judge_each(rows).items():
        titles = []
        for bit, asked in enumerate(judged.criteria):
            met = bool(one.met >> bit & 1) if one.known >> bit & 1 else None
            if met and asked.fact == STAY and pk in told_late:
                met = None
            if not lets_through(policy, asked, met):
                titles.append(asked.title)
        if titles:
            found[pk] = titles
    return found


def asked_on(item: Item) -> date:
    """The day on which conditions are to be met: the first of the item."""
    return item.starts_on or item.competition.starts_on or timezone.localdate()


def _evaluation(item: Item, policy: Policy | None) -> Evaluation | None:
    """The criteria of the item's tier, asked on its first day; None where the rules have none."""
    if policy is None or item.entry_tier not in {tier.code for tier in policy.tiers}:
        return None
    return evaluation(policy, item.entry_tier, facts_about("competitions.Entry"), on=asked_on(item))
