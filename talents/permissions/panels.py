"""Who enters what a panel decided, hands it in, confirms it, gives it back, and corrects it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from talents.models import Panel, PublicNotice
from talents.permissions.oneself import unless_candidate_in
from talents.permissions.reviews import unless_nobody_confirmed, unless_reviewed
from talents.rules.panels import own_digest_on, panel_that_decided, panel_under_way
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import SelectionRound

State = Panel.State
PANEL_READERS = STAFF | {Role.AUDITOR}
APPROVERS = frozenset({Role.APPROVER})

SUBMIT = Transition(
    "talents.panel-submitted", "报送确认", frozenset({State.DRAFT}), State.SUBMITTED, STAFF
)
RETURN = Transition(
    "talents.panel-returned", "退回修改", frozenset({State.SUBMITTED}), State.DRAFT, APPROVERS
)
CONFIRM = Transition(
    "talents.panel-confirmed", "确认表决结果", frozenset({State.SUBMITTED}), State.CONFIRMED, APPROVERS
)  # fmt: skip
REPLACE = Transition(
    "talents.panel-replaced", "以更正替代", frozenset({State.CONFIRMED}), State.REPLACED, APPROVERS
)
DROP = Transition(
    "talents.panel-dropped", "作废会议录入", frozenset({State.DRAFT}), State.DROPPED, STAFF
)


@permission
def may_convene(user: User, selection: SelectionRound) -> DomainError | None:
    """Enter a meeting of the round's panel: staff of its organizer, one meeting at a time."""
    if refusal := _serves(user, selection):
        return refusal
    if refusal := _none_under_way(selection):
        return refusal
    if (decided := panel_that_decided(selection)) is not None:
        message = (
            f"本轮次的表决结果已确认（{decided.minutes_number}），须更正的，在该次会议页面办理更正"
        )
        return DomainError("panel-has-decided", message)
    return (
        _unless_named(selection) or unless_reviewed(selection) or unless_nobody_confirmed(selection)
    )


@permission
def may_correct_panel(user: User, panel: Panel) -> DomainError | None:
    """Enter what a confirmed meeting should have said; another person confirms it again."""
    if refusal := _serves(user, panel.round):
        return refusal
    if panel.state != State.CONFIRMED:
        message = f"该次会议当前为“{panel.get_state_display()}”，只有已确认的才能更正"
        return DomainError("panel-not-confirmed", message)
    return _none_under_way(panel.round) or _unless_named(panel.round)


@permission
def may_enter_votes(user: User, panel: Panel) -> DomainError | None:
    """Enter votes and who stands back: who entered the meeting, until it is handed in."""
    return (
        SUBMIT.why_not(user, panel, panel.round.organizer)
        or _entered_by_another(user, panel)
        or _unless_on_the_table(user, panel)
    )


@permission
def may_drop_panel(user: User, panel: Panel) -> DomainError | None:
    """Give up a meeting that was not handed in."""
    return DROP.why_not(user, panel, panel.round.organizer) or unless_candidate_in(
        user, panel.round
    )


@permission
def may_confirm_panel(user: User, panel: Panel) -> DomainError | None:
    """Confirm what was entered: an approver other than who entered it."""
    if refusal := CONFIRM.why_not(user, panel, panel.round.organizer):
        return refusal
    if user.pk == panel.entered_by_id and not user.is_system:
        message = "表决结果由您录入，须由主办工会的另一位审批人对照会议纪要确认"
        return DomainError("enterer-cannot-confirm", message)
    return _unless_on_the_table(user, panel)


@permission
def may_return_panel(user: User, panel: Panel) -> DomainError | None:
    """Give it back to who entered it."""
    return RETURN.why_not(user, panel, panel.round.organizer) or _unless_on_the_table(user, panel)


def _serves(user: User, selection: SelectionRound) -> DomainError | None:
    if holds_role(user, STAFF, selection.organizer.path):
        return unless_candidate_in(user, selection)
    message = f"评审委员会会议由“{selection.organizer.name}”的经办人录入、审批人确认"
    return DomainError("role-required", message)


def _entered_by_another(user: User, panel: Panel) -> DomainError | None:
    if user.pk == panel.entered_by_id:
        return None
    message = f"该次会议由{panel.entered_by}录入，由其继续；不能继续的，作废后另行录入"
    return DomainError("entered-by-another", message)


def _none_under_way(selection: SelectionRound) -> DomainError | None:
    if (other := panel_under_way(selection)) is None:
        return None
    message = (
        f"本轮次的一次会议（{other.minutes_number}）{other.get_state_display()}，"
        "请先确认或作废，再录入另一次"
    )
    return DomainError("panel-at-hand", message)


def _unless_named(selection: SelectionRound) -> DomainError | None:
    named = Q(state=PublicNotice.State.CONCLUDED) | Q(named_count__gt=0)
    if selection.notices.filter(named).exists():
        return DomainError(
            "round-named", "本轮次已命名公布，表决结果不再变动；称号有误的按撤销办理"
        )
    return None


def _unless_on_the_table(user: User, panel: Panel) -> DomainError | None:
    """Nobody enters or confirms what was decided about themself."""
    if own_digest_on(panel, user.owner_digest):
        return DomainError("own-name-on-list", "上会人选中有您本人，须由他人办理")
    return None
