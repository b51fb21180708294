"""Who puts lists up, looks into objections, decides about them, and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from policies.wording import chinese_day
from talents.models import NoticeEntry, Objection, PublicNotice
from talents.permissions import unless_oneself
from talents.permissions.reviews import unless_nobody_confirmed, unless_reviewed
from talents.rules.objected import OBJECTION_UPHELD
from talents.rules.panels import panel_under_way
from talents.rules.stages import NAMING, unless_begun, unless_filed
from talents.rules.succession import Succession
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import SelectionRound

State, Held = PublicNotice.State, Objection.State
APPROVERS = frozenset({Role.APPROVER})
OBJECTION_READERS = STAFF | {Role.AUDITOR}

POST = Transition(
    "talents.notice-posted", "发布公示", frozenset({State.DRAFT}), State.POSTED, APPROVERS
)
DROP = Transition(
    "talents.notice-dropped", "作废名单", frozenset({State.DRAFT}), State.DROPPED, STAFF
)
REPLACE = Transition(
    "talents.notice-replaced",
    "以新版替代",
    frozenset({State.POSTED, State.CONCLUDED}),
    State.REPLACED,
    STAFF,
)
NAME = Transition(
    "talents.notice-concluded", "命名公布", frozenset({State.POSTED}), State.CONCLUDED, APPROVERS
)
LOOK_INTO = Transition(
    "talents.objection-looked-into",
    "登记核查结论",
    frozenset({Held.RECEIVED}),
    Held.LOOKED_INTO,
    STAFF,
)
UPHOLD = Transition(
    OBJECTION_UPHELD, "异议成立", frozenset({Held.LOOKED_INTO}), Held.UPHELD, APPROVERS
)
DISMISS = Transition(
    "talents.objection-dismissed",
    "异议不成立",
    frozenset({Held.LOOKED_INTO}),
    Held.DISMISSED,
    APPROVERS,
)

REOPEN_OBJECTION = Transition(
    "talents.objection-reopened", "重新核查", frozenset({Held.UPHELD}), Held.RECEIVED, APPROVERS
)


@permission
def may_draft_notice(user: User, selection: SelectionRound) -> DomainError | None:
    """Draw up the list of a round, once filing and review are over, one at a time: staff of its organizer."""
    if not holds_role(user, STAFF, selection.organizer.path):
        message = f"您没有拟定公示名单的权限，请由“{selection.organizer.name}”的经办人或审批人办理"
        return DomainError("role-required", message)
    return (
        unless_filed(selection)
        or unless_reviewed(selection)
        or _unless_at_hand(selection)
        or unless_nobody_confirmed(selection)
    )


def _unless_at_hand(selection: SelectionRound) -> DomainError | None:
    """A list waits to be put up or has named, or the panel's minutes are being entered.

    One that has named gives way to another once what it says of who is still to be named has changed.
    """
    rows = selection.notices.filter(organization=selection.organizer_id, of_level=False)
    at_hand = rows.filter(state__in=[State.DRAFT, State.CONCLUDED]).order_by("-version").first()
    if at_hand is not None and not Succession(at_hand).wants_new_version:
        message = f"{at_hand}{at_hand.get_state_display()}，不能再拟一份"
        return DomainError("notice-at-hand", message)
    if (entering := panel_under_way(selection)) is not None:
        message = f"评审委员会会议（{entering.minutes_number}）{entering.get_state_display()}，确认后再拟定名单"
        return DomainError("panel-at-hand", message)
    return None


@permission
def may_draft_of_level(
    user: User, selection: SelectionRound, body: Organization
) -> DomainError | None:
    """Draw up whom a body between unit and organizer is going to recommend: its staff."""
    if not holds_role(user, STAFF, body.path):
        message = f"拟推荐人选的公示由“{body}”的经办人或审批人拟定"
        return DomainError("role-required", message)
    if not selection.by_levels:
        return DomainError("round-without-levels", "本轮次不逐级推荐，由上级工会直接确认")
    is_between = body.path.startswith(selection.organizer.path)
    if not is_between or body.pk == selection.organizer_id:
        message = f"“{body}”不是本轮次的中间推荐层级，公示由“{selection.organizer}”按评审结果办理"
        return DomainError("not-a-level", message)
    return None


@permission
def may_post(user: User, notice: PublicNotice) -> DomainError | None:
    """Put it up: an approver other than who drew it up."""
    if refusal := POST.why_not(user, notice, notice.organization):
        return refusal
    if user.pk == notice.drafted_by_id and not user.is_system:
        message = "公示名单由您拟定，须由主办工会的另一位审批人核对后发布"
        return DomainError("drafter-cannot-post", message)
    return _unless_on_it(user, notice)


@permission
def may_drop(user: User, notice: PublicNotice) -> DomainError | None:
    """Give a list up before it was put up, so that another can be drawn up."""
    return DROP.why_not(user, notice, notice.organization) or _unless_on_it(user, notice)


@permission
def may_name(user: User, notice: PublicNotice) -> DomainError | None:
    """Name those on the list, once its days are over; those held back, once nothing holds them."""
    if notice.of_level:
        message = "拟推荐人选的公示不据以命名；期满后在“逐级推荐意见”中出具意见"
        return DomainError("level-names-nobody", message)
    if Succession(notice).names_later:
        return NAME.why_not_at(user, notice.organization) or _unless_on_it(user, notice)
    if refusal := NAME.why_not(user, notice, notice.organization):
        return refusal
    if notice.ends_on is not None and timezone.localdate() <= notice.ends_on:
        message = f"公示到{chinese_day(notice.ends_on)}期满，期满后才能命名"
        return DomainError("notice-not-over", message)
    if refusal := unless_begun(notice.round, NAMING, timezone.localdate()):
        return refusal
    return _unless_on_it(user, notice)


@permission
def may_add_place(user: User, notice: PublicNotice) -> DomainError | None:
    """Add a place for whom an objection was upheld that in the end was dismissed: an approver."""
    if refusal := NAME.why_not_at(user, notice.organization):
        return refusal
    if not Succession(notice).wronged:
        message = "名单上没有异议改判不成立而名额已由候补递补命名的人选，不增补名额"
        return DomainError("nobody-wronged", message)
    return _unless_on_it(user, notice)


def _unless_on_it(user: User, notice: PublicNotice) -> DomainError | None:
    """Nobody puts up or names a list that they stand on."""
    own = user.owner_digest
    if own and notice.entries.filter(nomination__person__identity_digest=own).exists():
        return DomainError("own-name-on-list", "名单上有您本人，须由另一位审批人办理")
    return None


@permission
def may_look_into(user: User, objection: Objection) -> DomainError | None:
    """Say what came of looking into an objection."""
    body = objection.entry.notice.organization
    return LOOK_INTO.why_not(user, objection, body) or unless_oneself(
        user, objection.entry.nomination
    )


@permission
def may_decide_objection(user: User, objection: Objection) -> DomainError | None:
    """Decide about it: an approver other than who looked into it."""
    if refusal := UPHOLD.why_not(user, objection, objection.entry.notice.organization):
        return refusal
    if user.pk == objection.handled_by_id and not user.is_system:
        message = "该异议由您核查，须由另一位审批人审定"
        return DomainError("investigator-cannot-decide", message)
    return unless_oneself(user, objection.entry.nomination)


@permission
def may_reopen_objection(user: User, objection: Objection) -> DomainError | None:
    """Have one that was upheld looked into again: an approver other than who upheld it."""
    body = objection.entry.notice.organization
    if refusal := REOPEN_OBJECTION.why_not(user, objection, body):
        return refusal
    if user.pk == objection.decided_by_id and not user.is_system:
        message = "该异议由您审定成立，重新核查须由另一位审批人提出"
        return DomainError("decider-cannot-reopen", message)
    if _was_left_out(objection.entry):
        message = (
            "该人选不在已命名公布的名单上，重新核查也不能再据以命名；符合条件的，请在下一轮次推荐"
        )
        return DomainError("named-without", message)
    return unless_oneself(user, objection.entry.nomination)


def _was_left_out(entry: NoticeEntry) -> bool:
    """Whether the list by which the round named was drawn up without the person."""
    lists = PublicNotice.objects.filter(round=entry.notice.round_id, state=State.CONCLUDED)
    named = NoticeEntry.objects.filter(notice__in=lists, nomination=entry.nomination_id)
    return lists.exists() and not named.exists()


@permission
def may_enter_objection(user: User, notice: PublicNotice) -> DomainError | None:
    """Put down what came by letter, telephone or visit: staff of who put the list up.

    Also after the last day, and of a version that another has replaced: what counts is the day on which
    it came.
    """
    if not holds_role(user, STAFF, notice.organization.path):
        message = f"来信来访由“{notice.organization.name}”的经办人或审批人登记"
        return DomainError("role-required", message)
    if notice.state not in {State.POSTED, State.CONCLUDED, State.REPLACED}:
        message = f"名单{notice.get_state_display()}，没有可登记的异议"
        return DomainError("notice-not-up", message)
    return None


@permission
def may_check_posting(user: User, notice: PublicNotice) -> DomainError | None:
    """Say whether a list can be read where it was put up: staff of who put it up, while it is up."""
    if not holds_role(user, STAFF, notice.organization.path):
        message = f"公示查看由“{notice.organization.name}”的经办人或审批人登记"
        return DomainError("role-required", message)
    if notice.state != State.POSTED:
        return DomainError("notice-not-up", "公示发布后、办结前才登记查看情况")
    return None
