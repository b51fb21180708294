"""What a round waits for between the end of filing and its list: told to the staff of its organizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from organizations.roles import STAFF
from organizations.scoping import bodies_where
from pages.tables.paging import counted
from talents.models import Draw, Nomination, PublicNotice, Review, SelectionRound
from talents.permissions.oneself import unless_candidate_in
from talents.permissions.reviews import unless_reviewed
from talents.rules.contests import contested
from talents.rules.panels import panel_that_decided, panel_under_way
from talents.selectors.assessments import current_run
from talents.selectors.deciding import ready_for_decision
from talents.selectors.rounds import rounds_in_scope
from workflow.queues import Queue

if TYPE_CHECKING:
    from organizations.models import User

ROUNDS_SHOWN = 6
State = SelectionRound.State


class Step(NamedTuple):
    """What is to be done next, as a unit of a tile, and a word on how."""

    unit: str
    note: str


def step_queues(user: User) -> list[Queue]:
    """Of every round whose filing is over and that has no list: whom to confirm, and the step that is next."""
    own = bodies_where(user, STAFF)
    if not own:
        return []
    over = Q(state=State.CLOSED) | Q(state=State.OPEN, closes_on__lt=timezone.localdate())
    lists = PublicNotice.objects.filter(round=OuterRef("pk"), of_level=False)
    open_ = rounds_in_scope(user).filter(over, organizer__in=own)
    rows = open_.exclude(Exists(lists.exclude(state=PublicNotice.State.DROPPED)))
    found = []
    for selection in rows.order_by("-pk")[:ROUNDS_SHOWN]:
        found += _to_check_and_confirm(user, selection)
        step = _next_step(user, selection)
        if step is not None and unless_candidate_in(user, selection) is None:
            desk = reverse("talents:review-desk", args=[selection.code])
            found.append(Queue(selection.name, 1, desk, step.unit, None, "warn", step.note))
    return found


def _to_check_and_confirm(user: User, selection: SelectionRound) -> list[Queue]:
    """Who was never judged in a round that is closed, and who is found eligible and not confirmed."""
    run = current_run(selection)
    rows = Nomination.objects.visible_to(user).filter(round=selection)
    if run is None:
        if selection.state != State.CLOSED or not rows.exists():
            return []  # of a round that is still open it is told with its progress
        href = reverse("talents:round", args=[selection.code])
        return [Queue("待核验轮次", 1, href, "个", None, "warn", f"{selection.name}：尚未核验")]
    ready = counted(ready_for_decision(user, rows, run))
    if not ready:
        return []
    href = reverse("talents:round-confirm", args=[selection.code])
    note = "核验合格，确认后进入评审"
    return [Queue(selection.name, str(ready), href, "名合格推荐待确认", None, "warn", note)]


def _next_step(user: User, selection: SelectionRound) -> Step | None:
    """None where others are at it, or where it has a tile of its own."""
    checked = Nomination.objects.visible_to(user).filter(
        round=selection, state=Nomination.State.CHECKED
    )
    if not checked.exists() or panel_under_way(selection) is not None:
        return None
    refusal = unless_reviewed(selection)
    if refusal is not None:
        is_due = refusal.code == "second-look-due"
        return Step("轮评审待安排复评", refusal.message) if is_due else None
    by_experts = checked.exclude(pk__in=contested(selection))
    marks = Review.objects.visible_to(user).filter(nomination__in=by_experts)
    if by_experts.exists() and not marks.filter(status=Review.Status.SUBMITTED).exists():
        if Draw.objects.visible_to(user).filter(round=selection).exists():
            return None
        return Step("轮评审待抽取专家", "申报已截止；线下评审的，导入专家评分")
    if panel_that_decided(selection) is not None:
        return Step("份公示名单待拟定", "评审委员会的表决结果已确认")
    return Step("轮评审已结束，待上会或拟定名单", "评分已齐；录入评审委员会会议，或按名次拟定名单")
