"""Who is in a team, and what becomes of it when one of them leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.selectors.progress import short_teams

if TYPE_CHECKING:
    from competitions.models import Entry, Item


def teams_to_fill(item: Item) -> set[str]:
    """Teams that somebody has left, by name, as long as nothing of their work is marked."""
    short = short_teams(item)
    if not short:
        return set()
    captains = item.entries.filter(state="entered", captain__isnull=True, team__in=short)
    unmarked = captains.filter(marks__isnull=True, typed_sheets__isnull=True)
    return set(unmarked.values_list("team", flat=True))


def is_full(item: Item, team: str, *, besides: Entry | None = None) -> bool:
    """Whether a team has as many members as the item is for, ``besides`` not counted."""
    members = item.entries.filter(state="entered", team=team)
    if besides is not None:
        members = members.exclude(pk=besides.pk)
    return members.count() >= item.team_size


def names_of(team: list[Entry]) -> str:
    return "、".join(one.person.name for one in team)


def on_withdrawing(entry: Entry) -> tuple[str, ...]:
    """What follows for the team if ``entry`` withdraws; nothing in an item for one."""
    team = list(entry.standing_team())
    others = [one for one in team if one.pk != entry.pk]
    if entry.item.team_size == 1 or not others:
        return ()
    if entry.is_judged:
        words = f"“{entry.team}”已有评分，不能换人，全队一并退赛：{names_of(team)}；"
        return (words,)
    told = [
        f"“{entry.team}”还剩{len(others)}人，须在锁定成绩前补足{entry.item.team_size}人或全队退赛；"
    ]
    if entry.captain_id is None:
        told.append(f"队长和参赛号移交{others[0].person.name}；")
    return tuple(told)


def on_disqualifying(entry: Entry) -> tuple[str, ...]:
    """What follows for the team if ``entry`` is disqualified."""
    team = list(entry.standing_team())
    if entry.item.team_size == 1 or len(team) == 1:
        return ()
    return (f"团体只有一个成绩，“{entry.team}”全队成绩一并取消：{names_of(team)}；",)
