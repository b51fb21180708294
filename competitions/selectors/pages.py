"""What the pages of a contest, an item, an entrant and an appeal show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.urls import reverse

from competitions import permissions
from competitions.models import Entry, Mark
from competitions.permissions import entering
from competitions.permissions.admission import may_admit
from competitions.permissions.appeals import may_appeal, may_decide, may_remark
from competitions.permissions.kinds import may_change_kind, may_keep_kind
from competitions.permissions.promotions import may_propose
from competitions.permissions.results import (
    may_ask_away,
    may_keep_result,
    may_leave_out,
    may_restore,
    may_take_away,
)
from competitions.permissions.trials import may_give_back
from competitions.rules.editions import (
    appeals_until,
    arbiters_needed,
    compared,
    rules_of,
    spread_limit,
)
from competitions.rules.promotions import rules_for, why_none
from competitions.rules.scale import scale_of
from competitions.rules.settled import unsettled
from competitions.rules.stages import to_come_back
from competitions.selectors.admission import who_owes
from competitions.selectors.awards import awards_due, awards_in_scope, not_borne_out, risen_in_vain
from competitions.selectors.board import board_of, current_scheme, differences, newest_board
from competitions.selectors.clashes import clashes, with_clashes
from competitions.selectors.competitions import (
    appeals_in_scope,
    arbiters_in_scope,
    boards_in_scope,
    entries_in_scope,
    items_in_scope,
    judges_in_scope,
    lines_in_scope,
    newest_boards,
    promotions_in_scope,
)
from competitions.selectors.eligibility import findings_about, owing, what_follows
from competitions.selectors.progress import progress_of
from competitions.selectors.teams import teams_to_fill
from competitions.selectors.terms import current_terms, unsigned
from competitions.selectors.trials import standing_of, trials_in_scope
from policies.wording import promotion_scope, promotion_words
from workflow.records import subject_of
from workflow.selectors import LONGEST_HISTORY, entries_of, history_of, records_in_scope

if TYPE_CHECKING:
    from competitions.models import Appeal, Board, BoardLine, Competition, Item
    from competitions.selectors.board import Difference
    from competitions.selectors.progress import Progress
    from organizations.models import User

LINES_SHOWN, SHOWN = 50, 10
#: Records that would bury what else happened to an item.
OF_MARKS = ("competitions.marked", "competitions.typed")


def competition_context(competition: Competition, user: User) -> dict[str, Any]:
    """One contest with its items, those that clash with others told apart."""
    items = items_in_scope(user).filter(competition=competition)
    policy = rules_of(competition)
    is_keeper = permissions.keeps(user, competition.organizer)
    return {
        "competition": competition,
        "items": list(
            with_clashes(items.order_by("code"), user) if is_keeper else items.order_by("code")
        ),
        "policy": policy,
        "compared": compared(competition, policy) if policy else None,
        "terms": current_terms(competition),
        "arbiters": list(arbiters_in_scope(user).filter(competition=competition)),
        "arbiters_needed": arbiters_needed(competition),
        "has_results": bool(newest_boards(user, competition)),
        "may_hold": permissions.may_hold_for.offer(user, competition.organizer),
        "unsettled": _unsettled(competition) if is_keeper else "",
        "may_change_kind": may_change_kind.offer(user, competition),
        "may_keep_kind": may_keep_kind.allows(user, competition),
        "may_form": permissions.may_form_group.allows(user, competition),
        "records": history_of(subject_of(competition), user),
    }


def _unsettled(competition: Competition) -> str:
    """Why a contest under way is not closed yet; "" where nothing stands against it."""
    items = list(competition.items.order_by("pk"))
    for item in items:
        item.competition = competition
    asked = unsettled(items, "办结") if competition.state == competition.State.ANNOUNCED else {}
    return next((refusal.message for refusal in asked.values()), "")


def item_context(item: Item, user: User) -> dict[str, Any]:
    """One item: where it is, and all that hangs on it."""
    scheme = current_scheme(item)
    progress = progress_of(item, scheme, spread_limit(item))
    is_keeper = permissions.keeps(user, item.competition.organizer)
    board = newest_board(item)
    policy = rules_of(item.competition)
    rules = rules_for(policy, item) if policy else []
    promotions = promotions_in_scope(user).filter(item=item)
    return {
        "item": item,
        "scheme": scheme,
        "aspects": list(scheme.aspects.all()) if scheme else [],
        "scheme_modules": scheme.modules if scheme else [],
        "modules": board.scheme.modules if board else [],
        "progress": progress,
        "clashes": clashes(item, user) if is_keeper else [],
        "tiles": _tiles(item, progress, promotions.count()) if is_keeper else [],
        "is_keeper": is_keeper,
        "judges": list(judges_in_scope(user).filter(item=item)),
        "deeds": _deeds(
            item,
            user,
            has_marks=bool(progress.complete),
            has_proposals=promotions.exists(),
            has_rules=bool(rules),
        ),
        "offers": _offers(item, user),
        "boards": _boards(item, user),
        "board": board,
        "awards": list(
            awards_in_scope(user).filter(line__board__item=item).order_by("line__rank", "pk")
        ),
        "trial": standing_of(item, user),
        "undeserved": not_borne_out(item) if is_keeper else [],
        "owing": (owed := who_owes(item) if is_keeper else [])[:SHOWN],
        "owing_count": len(owed),
        "in_vain": risen_in_vain(item) if is_keeper else [],
        "to_come_back": to_come_back(item) if is_keeper else [],
        "lines": _lines(board, user) if board else [],
        "standing": _standing(item) if is_keeper and item.state != "published" else [],
        "apart": progress.apart[:SHOWN],
        "until": appeals_until(board) if board else None,
        "appeals": list(appeals_in_scope(user).filter(item=item)[:SHOWN]),
        "rules": [(promotion_scope(rule), promotion_words(rule)) for rule in rules],
        "reopening": f"{item.reopen_asked_by}：{item.reopen_reason}"
        if item.reopen_asked_by
        else "",
        "no_rule": why_none(policy, item) if policy else None,
        "policy": policy,
        "compared": compared(item.competition, policy) if policy else None,
        "records": _records(item, user),
        "import_href": reverse("intake:upload", args=["marks", item.code]),
    }


def _records(item: Item, user: User) -> list[Any]:
    """What happened to the item; the many records of single marks are read in the record itself."""
    rows = records_in_scope(user).filter(subject=subject_of(item))
    return entries_of(rows.exclude(code__in=OF_MARKS)[:LONGEST_HISTORY], user)


def _standing(item: Item) -> list[dict[str, Any]]:
    """The first places as they stand now, under the codes of the works; names are read when locked."""
    places = board_of(item)[:LINES_SHOWN]
    rows = item.entries.filter(pk__in=[place.entry_id for place in places])
    works = {entry.pk: entry.work_words for entry in rows.only("work_code", "number")}
    return [
        {"rank": one.rank, "work": works[one.entry_id], "total": one.total}
        for one in places
        if one.captain_id is None
    ]


def _offers(item: Item, user: User) -> dict[str, Any]:
    trial = trials_in_scope(user).filter(item=item).first()
    return {
        "enter": entering.may_enter.offer(user, item, fills_up=bool(teams_to_fill(item))),
        "change": permissions.may_change_marks.offer(user, item),
        "places": item.state == item.State.PUBLISHED
        and item.stage != item.Stage.FINAL
        and permissions.may_set_places.allows(user, item),
        "draw": permissions.may_change_marks.allows(user, item) and Entry.to_number(item).exists(),
        "void": entering.may_void_draw.allows(user, item),
        "sign": permissions.may_change_marks.allows(user, item)
        and (terms := current_terms(item.competition)) is not None
        and unsigned(item, terms).exists(),
        "code": permissions.may_code.allows(user, item)
        and Entry.to_code(item).exists()
        and not Mark.came_by_sheet(item),
        "sheet": permissions.may_mark_by_sheet.allows(user, item),
        "codes": bool(item.coded_by_id) and permissions.may_read_codes.allows(user, item),
        "lock": permissions.may_lock.offer(user, item),
        "handle": permissions.may_handle.offer(user, item),
        "give_back": trial is not None and may_give_back.allows(user, trial),
    }


def _deeds(
    item: Item, user: User, *, has_marks: bool, has_proposals: bool, has_rules: bool
) -> list[tuple[str, str, bool]]:
    """What may be done next: label, address, whether it is what is to be done."""
    found = []
    for name, label, permission in (
        ("check", "核对并锁定", permissions.may_check),
        ("lock", "复核并锁定", permissions.may_lock),
        ("reopen", "申请退回重评", permissions.may_ask_reopening),
        ("unlock", "退回重评", permissions.may_unlock),
        ("remark", "按仲裁重评", may_remark),
        ("propose", "提出晋升建议", may_propose),
    ):
        if name == "propose" and not has_rules:
            continue
        if permission.allows(user, item) and (has_marks or name != "check"):
            href = reverse("competitions:item-deed", args=[item.code, name])
            is_next = name not in {"reopen", "unlock", "remark"} and not (
                name == "propose" and has_proposals
            )
            found.append((label, href, is_next))
    if permissions.may_publish.allows(user, item):
        href = reverse("competitions:result-deed", args=[item.code, "publish"])
        found.append(("公布成绩", href, True))
    if permissions.may_award.allows(user, item) and awards_due(item)[0]:
        found.append(("授奖", reverse("competitions:award-new", args=[item.code]), True))
    return found


def _tiles(item: Item, progress: Progress, promotions: int) -> list[dict[str, Any]]:
    entries = reverse("competitions:entries", args=[item.code])
    return [
        {
            "title": "参赛人",
            "count": progress.entered,
            "unit": "名",
            "href": entries,
            "tone": "info",
        },
        {
            "title": "分数齐全",
            "count": progress.complete,
            "unit": "名",
            "tone": "good" if progress.entered and not progress.open else "warn",
            "note": f"还差{progress.open}名" if progress.open else "",
        },
        {
            "title": "打分相差过大",
            "count": len(progress.apart),
            "unit": "处",
            "tone": "bad" if progress.apart else "plain",
            "note": "须重评后才能锁定" if progress.apart else "",
        },
        {
            "title": "晋升建议",
            "count": promotions,
            "unit": "名",
            "tone": "plain",
            "href": reverse("competitions:promotions", args=[item.code]),
        },
    ]


def _boards(item: Item, user: User) -> list[dict[str, Any]]:
    """Editions, the newest first, each with what it says otherwise than the one before."""
    editions: list[Board] = list(boards_in_scope(user).filter(item=item).order_by("number"))
    told = []
    before: Board | None = None
    for board in editions:
        changed: list[Difference] = differences(before, board) if before else []
        told.append({"board": board, "changed": changed})
        before = board
    return told[::-1]


def entry_context(entry: Entry, user: User) -> dict[str, Any]:
    """One entrant: what the rules say, what was marked, what became of it."""
    item = entry.item
    is_keeper = permissions.keeps(user, item.competition.organizer)
    marks = Mark.objects.visible_to(user).filter(entry=entry)
    board = newest_board(item)
    until = appeals_until(board) if board else None
    told = findings_about(entry)
    owed = owing(item, [entry.pk]).get(entry.pk, [])
    return {
        "entry": entry,
        "item": item,
        "findings": told,
        "followed": what_follows(entry, told),
        "marks": list(marks.select_related("aspect", "given_by").order_by("aspect__position", "seat", "pk"))
        if is_keeper and item.is_decoded
        else [],
        "is_keeper": is_keeper,
        "out_words": f"{entry.out_asked_by}提出：{entry.out_reason}" if entry.out_asked_by else "",
        "is_sealed": is_keeper and not item.is_decoded,
        "lines": list(lines_in_scope(user).filter(entry=entry)),
        "team": _team_of(entry, user),
        "may_edit": entering.may_tend.offer(user, entry),
        "may_withdraw": entering.may_withdraw.offer(user, entry),
        "owing": owed,
        "may_ask_away": may_ask_away.allows(user, entry),
        "may_take_away": may_take_away.offer(user, entry),
        "may_restore": may_restore.allows(user, entry),
        "may_leave_out": may_leave_out.allows(user, entry),
        "may_keep_result": may_keep_result.allows(user, entry),
        "to_prove": _to_prove(entry, owed) if entering.may_prove.allows(user, entry) else "",
        "may_admit": may_admit.offer(user, entry),
        "may_disqualify": entering.may_disqualify.offer(user, entry),
        "may_appeal": may_appeal.offer(user, entry, until),
        "appeals": list(appeals_in_scope(user).filter(entry=entry)),
        "promotions": list(promotions_in_scope(user).filter(entry=entry)),
        "records": history_of(subject_of(entry), user),
    }  # fmt: skip


def _to_prove(entry: Entry, owed: list[str]) -> str:
    """What is still to be told of an entrant by a document; "" where nothing is."""
    if owed:
        return "补交证明"
    if not entry.item.is_settled:
        return ""
    return "补填等级" if entry.present_level is None else "更正等级、证明"


def _lines(board: Board, user: User) -> list[BoardLine]:
    """The first lines of a board, each with its place on the scale beside the total."""
    scale = scale_of(board)
    lines = list(lines_in_scope(user).filter(board=board)[:LINES_SHOWN])
    for line in lines:
        line.scaled = scale.of(line.total) if scale else None
    return lines


def _team_of(entry: Entry, user: User) -> list[Entry]:
    """Everybody in the entrant's team, the captain first; nothing outside items for teams."""
    if entry.item.team_size == 1:
        return []
    captain = entry.captain_id or entry.pk
    rows = entries_in_scope(user).filter(Q(pk=captain) | Q(captain=captain), state="entered")
    return list(rows.order_by(F("captain_id").asc(nulls_first=True), "pk"))


def appeal_context(appeal: Appeal, user: User) -> dict[str, Any]:
    """One appeal with the line of the board it is about."""
    line = lines_in_scope(user).filter(board=appeal.board_id, entry=appeal.entry_id).first()
    return {
        "appeal": appeal,
        "item": appeal.item,
        "line": line,
        "may_decide": may_decide.offer(user, appeal),
        "records": history_of(subject_of(appeal), user),
    }
