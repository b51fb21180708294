"""Entering a meeting of the panel: who sat on it, who is on the table, who stands back, the votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from talents.models import (
    Expert,
    Panel,
    PanelDecision,
    PanelMember,
    PanelRecusal,
    SelectionRound,
)
from talents.permissions.panels import may_convene, may_enter_votes
from talents.permissions.reviews import check_reviewed
from talents.rules.left_out import check_left_out
from talents.rules.merit import in_order
from talents.rules.panels import (
    PanelRule,
    Vote,
    conflicts_of,
    departs_from_majority,
    out_of_date,
    passed_over,
)
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from talents.rules.ranking import Ranked

CONVENED = Event("talents.panel-entered", "录入评审委员会会议")
VOTED = Event("talents.panel-voted", "录入表决")
STOOD_BACK = Event("talents.panel-recused", "登记委员回避")
MOST_ON_TABLE = 300
#: So many are told by name.
MOST_TOLD = 10
UNFIT, VOTES_FIT = "panel-invalid", "panel_votes_within_those_who_may_vote"


@dataclass(frozen=True, slots=True)
class Minutes:
    """When and where it met, and by which minutes."""

    held_on: date
    minutes_number: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Seats:
    """Who belongs to it: experts of the pool and staff, by key; of these who did not come."""

    experts: Sequence[int] = ()
    staff: Sequence[int] = ()
    absent_experts: Sequence[int] = ()
    absent_staff: Sequence[int] = ()


@transaction.atomic
def convene_panel(  # noqa: PLR0913 - what a meeting consists of
    round_id: int,
    minutes: Minutes,
    seats: Seats,
    *,
    tabled: int,
    leaves_out: bool = False,
    actor: User,
) -> Panel:
    """Enter that the panel met, with the first ``tabled`` of the ranking on the table.

    Who of the confirmed is not ranked is left out only where whoever enters it says to know
    (``leaves_out``).
    Who is too near to a candidate stands back for that one by what is on file.
    """
    selection = round_held(round_id, actor)
    may_convene.check(actor, selection)
    check_held(minutes)
    gone = check_left_out(selection, is_confirmed=leaves_out, then="不会上会")
    table = in_order(selection)[: min(tabled, MOST_ON_TABLE)]
    if not table:
        raise DomainError("nobody-on-the-table", "还没有已确认且有评分的人选，评审结束后才能上会")
    panel = entered_meeting(selection, minutes, actor)
    _seat(panel, seats)
    lay_out(panel, table)
    stand_back(panel)
    record_event(
        CONVENED,
        subject_of(panel),
        actor=actor,
        organization=selection.organizer,
        after={"minutes_number": minutes.minutes_number, "count": len(table)},
        note=f"已确认而未列入名次：{gone}" if gone else "",
    )
    return panel


@transaction.atomic
def enter_votes(panel_id: int, votes: Mapping[int, Vote], *, actor: User) -> Panel:
    """Enter what was voted and decided about candidates, by key of their line; the others stay open."""
    panel = held_panel(panel_id, actor)
    may_enter_votes.check(actor, panel)
    rows = {row.pk: row for row in panel.decisions.select_related("nomination__person")}
    if strange := votes.keys() - rows.keys():
        raise DomainError("not-on-the-table", f"有{len(strange)}名人选不在本次会议上，请刷新后再填")
    named = {VOTES_FIT: _too_many(rows, votes)}
    for pk, vote in votes.items():
        row = rows[pk]
        row.votes_for, row.votes_against, row.votes_abstain = vote[:3]
        row.decision, row.reason = vote.decision, vote.reason
    _tell_departures(panel, list(rows.values()))
    with refusing(named, invalid=UNFIT), transaction.atomic():
        for row in rows.values():
            row.save(update_fields=PanelDecision.ENTERED)
    record_event(
        VOTED,
        subject_of(panel),
        actor=actor,
        organization=panel.round.organizer,
        after={"count": len(votes)},
    )
    return panel


@transaction.atomic
def declare_recusal(
    panel_id: int, *, member: int, decision: int, told: str, actor: User
) -> PanelRecusal:
    """Put down that a member stands back for a candidate by their own word."""
    panel = held_panel(panel_id, actor)
    may_enter_votes.check(actor, panel)
    check_reason(told)
    twice = DomainError("recused-already", "该委员对这名人选已经回避")
    over = DomainError(
        "votes-over-voters", "回避后应投票数少于已录入的票数，请先核对该人选的票数再登记回避"
    )
    named = {
        "panel_recusal_once_per_candidate": twice,
        VOTES_FIT: over,
    }
    with refusing(named, invalid=UNFIT), transaction.atomic():
        made = PanelRecusal.objects.create(
            member=panel.members.get(pk=member),
            decision=panel.decisions.get(pk=decision),
            ground=PanelRecusal.Ground.DECLARED,
            told=told,
        )
        count_voters(panel)
    record_event(
        STOOD_BACK,
        subject_of(panel),
        actor=actor,
        organization=panel.round.organizer,
        after={"nomination": made.decision.nomination_id},
        note=told,
    )
    return made


def stand_back(panel: Panel) -> int:
    """Have members stand back for whom they are too near to by what is on file now; how many do anew."""
    known = set(
        PanelRecusal.objects.filter(decision__panel=panel).values_list("member", "decision")
    )
    made = PanelRecusal.objects.bulk_create(
        PanelRecusal(member_id=member, decision_id=decision, ground=ground)
        for member, decision, ground in conflicts_of(panel)
        if (member, decision) not in known
    )
    if made:
        count_voters(panel)
    return len(made)


def count_voters(panel: Panel) -> None:
    """How many may vote about each: those present who do not stand back."""
    back = (
        PanelRecusal.objects.filter(decision=OuterRef("pk"), member__is_present=True)
        .order_by()
        .values("decision")
        .annotate(count=Count("pk"))
        .values("count")
    )
    present = panel.members.filter(is_present=True).count()
    panel.decisions.update(voters=present - Coalesce(Subquery(back), 0))


def settle(panel: Panel) -> None:
    """That the papers are whole: enough came, each line is decided, votes fit, departures have reasons.

    Who has come too near to a candidate since the meeting was entered stands back now.
    """
    check_present(panel)
    check_table(panel)
    over = DomainError(
        "votes-over-voters", "有委员按在册资料须回避，票数超过应投票数，请核对票数后再报送"
    )
    with refusing({VOTES_FIT: over}, invalid=UNFIT), transaction.atomic():
        stand_back(panel)
    rows = list(panel.decisions.select_related("nomination__person"))
    if open_ := [row.nomination.person.name for row in rows if not row.decision]:
        message = f"还有{len(open_)}名人选没有表决结果：{'、'.join(open_[:10])}"
        raise DomainError("votes-missing", message)
    _tell_departures(panel, rows)
    for row in rows:
        row.save(update_fields=["departs_from_ranking", "departs_from_majority"])


def check_table(panel: Panel) -> None:
    """That the review is over, and its order still the one that was laid on the table."""
    check_reviewed(panel.round)
    if moved := out_of_date(panel, in_order(panel.round)):
        then = (
            "请更正表决结果，按现在的名次重新表决"
            if panel.state == Panel.State.CONFIRMED
            else "请作废该次会议，按现在的名次重新录入"
        )
        said = "、".join(moved[:MOST_TOLD])
        message = f"{said}的名次或得分与上会时（{panel.minutes_number}）不一致，{then}"
        raise DomainError("table-out-of-date", message)


def held_panel(panel_id: int, actor: User) -> Panel:
    """The meeting, for nobody else to move until this is done."""
    rows = Panel.objects.visible_to(actor).select_related("round__organizer", "round__edition")
    return rows.select_for_update(of=("self",)).get(pk=panel_id)


def round_held(round_id: int, actor: User) -> SelectionRound:
    """The round; no other meeting is entered and no list drawn up until this is done."""
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=round_id)


def check_held(minutes: Minutes) -> None:
    if minutes.held_on > timezone.localdate():
        raise DomainError("panel-not-held", "会议日期不能晚于今天，开会以后再录入")


def entered_meeting(
    selection: SelectionRound,
    minutes: Minutes,
    actor: User,
    *,
    corrects: Panel | None = None,
    reason: str = "",
) -> Panel:
    return Panel.objects.create(
        round=selection,
        number=1 + selection.panels.count(),
        held_on=minutes.held_on,
        place=minutes.place,
        minutes_number=minutes.minutes_number,
        corrects=corrects,
        reason=reason,
        entered_by=actor,
    )


def _seat(panel: Panel, seats: Seats) -> None:
    organizer = panel.round.organizer
    pool = Expert.objects.filter(organization=organizer).filter(
        Q(left_on=None) | Q(left_on__gt=panel.held_on)
    )
    experts = pool.in_bulk([*seats.experts, *seats.absent_experts])
    serving = User.objects.filter(accounts_that_serve(STAFF, organizer.path)).distinct()
    staff = serving.in_bulk([*seats.staff, *seats.absent_staff])
    asked = [*seats.experts, *seats.absent_experts], [*seats.staff, *seats.absent_staff]
    own = {expert.user_id for expert in experts.values()} & staff.keys()
    if own or any(len(set(keys)) < len(keys) for keys in asked):
        raise DomainError("member-twice", "同一人不能列两次，也不能既到会又缺席")
    if set(asked[0]) - experts.keys() or set(asked[1]) - staff.keys():
        message = "评审委员应是本工会专家库在库的专家，或主办工会的经办人、审批人"
        raise DomainError("not-a-member", message)
    present = {*seats.experts}, {*seats.staff}
    PanelMember.objects.bulk_create(
        [
            *(
                PanelMember(
                    panel=panel, expert=one, name=one.name or one.code, is_present=pk in present[0]
                )
                for pk, one in experts.items()
            ),
            *(
                PanelMember(panel=panel, staff=one, name=str(one), is_present=pk in present[1])
                for pk, one in staff.items()
            ),
        ]
    )
    check_present(panel)


def check_present(panel: Panel) -> None:
    """That as many came as the policy asks for, and somebody in any case."""
    least = PanelRule.of(panel.round).least_present or 1
    present = panel.members.filter(is_present=True).count()
    if present < least:
        message = f"到会委员{present}名，不足{least}名，会议不能表决"
        raise DomainError("too-few-present", message)


def lay_out(panel: Panel, table: Sequence[Ranked]) -> None:
    present = panel.members.filter(is_present=True).count()
    PanelDecision.objects.bulk_create(
        PanelDecision(
            panel=panel, nomination_id=one.nomination, position=place, rank=one.rank,
            score=one.score, voters=present,
        )
        for place, one in enumerate(table, start=1)
    )  # fmt: skip


def _tell_departures(panel: Panel, rows: Sequence[PanelDecision]) -> None:
    """Say of every line that was decided whether it departs, and refuse one that does without a reason."""
    rule = PanelRule.of(panel.round)
    overtaken = passed_over([(row.rank, row.decision) for row in rows])
    wanting = []
    for at, row in enumerate(rows):
        row.departs_from_ranking = at in overtaken
        row.departs_from_majority = bool(row.decision) and departs_from_majority(
            rule, row.voters, Vote(row.votes_for or 0, row.votes_against or 0, 0, row.decision)
        )
        if (row.departs_from_ranking or row.departs_from_majority) and not row.reason:
            wanting.append(row.nomination.person.name)
    if wanting:
        message = f"{'、'.join(wanting)}的决定与名次或多数意见不一致，请写明理由"
        raise DomainError("departure-without-reason", message)


def _too_many(rows: Mapping[int, PanelDecision], votes: Mapping[int, Vote]) -> DomainError:
    over = [
        f"{rows[pk].nomination.person.name}（应投{rows[pk].voters}票）"
        for pk, vote in votes.items()
        if sum(vote[:3]) > rows[pk].voters
    ]
    message = f"{'、'.join(over)}的同意、不同意、弃权票数之和超过到会且未回避的委员人数，请核对"
    return DomainError("votes-over-voters", message)
