"""Who has a notice up, asks offices, and says what on a nomination's way to its round."""

from __future__ import annotations

from organizations.models import Organization, User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve, holds_role, holds_role_anywhere
from organizations.standing_in import same_persons
from talents.models import Clearance, Endorsement, Nomination, UnitNotice
from talents.permissions import FILERS, may_file_in, unless_apart, unless_oneself
from talents.permissions.oneself import unless_near_oneself
from talents.rules.endorsing import (
    EndorsementRule,
    is_submitted,
    notice_of,
    noticed,
    unless_cleared,
    unless_disputed,
    unless_noticed,
    unless_said_before,
    unless_seated,
)
from talents.rules.levels import unless_put_up
from talents.rules.objected import OFFICE_OBJECTED
from talents.rules.papers import unless_complete
from talents.rules.stages import may_still_mend
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

Filed = Nomination.State
Up, Asked, Given = UnitNotice.State, Clearance.State, Endorsement.State

CLEAR = Transition(
    "talents.unit-notice-cleared", "登记公示无异议", frozenset({Up.UP}), Up.CLEAR, FILERS
)
DISPUTE = Transition(
    "talents.unit-notice-disputed", "登记公示有异议", frozenset({Up.UP}), Up.DISPUTED, FILERS
)
DISPUTE_LATER = Transition(
    "talents.unit-notice-disputed-later",
    "改登公示有异议",
    frozenset({Up.CLEAR}),
    Up.DISPUTED,
    FILERS,
)
REPLACE = Transition(
    "talents.unit-notice-replaced", "撤换公示", frozenset({Up.UP, Up.CLEAR}), Up.STALE, FILERS
)
AGREES = Transition(
    "talents.clearance-given", "登记无异议", frozenset({Asked.ASKED}), Asked.CLEAR, STAFF
)
OBJECTS = Transition(
    OFFICE_OBJECTED[0], "登记有异议", frozenset({Asked.ASKED}), Asked.OBJECTED, STAFF
)
OBJECTS_LATER = Transition(
    OFFICE_OBJECTED[1],
    "改登有异议",
    frozenset({Asked.CLEAR}),
    Asked.OBJECTED,
    STAFF,
)
PUT_RIGHT = Transition(
    "talents.clearance-put-right", "更正部门异议", frozenset({Asked.OBJECTED}), Asked.CLEAR, STAFF
)
ENDORSE = Transition(
    "talents.endorsed", "出具推荐意见", frozenset({Given.ASKED}), Given.GIVEN, FILERS
)
SEND_BACK = Transition(
    "talents.endorsement-returned", "退回推荐", frozenset({Given.ASKED}), Given.RETURNED, STAFF
)


@permission
def may_put_up(user: User, nomination: Nomination) -> DomainError | None:
    """Put the unit's notice about its candidate up; a changed candidate needs another one."""
    refusal = _unless_on_its_way(user, nomination) or _unless_of_oneself(user, nomination)
    if refusal:
        return refusal
    up = notice_of(nomination)
    if up and up.told == noticed(nomination):
        return DomainError(
            "unit-notice-up", f"该人选的单位公示{up.get_state_display()}，无须再张贴"
        )
    return None


@permission
def may_close_notice(user: User, notice: UnitNotice) -> DomainError | None:
    """Say what came of it; that nothing did, after its last day."""
    nomination = notice.nomination
    return CLEAR.why_not(user, notice, nomination.unit) or _unless_of_oneself(user, nomination)


@permission
def may_dispute_later(user: User, notice: UnitNotice) -> DomainError | None:
    """Say that somebody objected after all, or that the wrong result was put down; before it is confirmed."""
    nomination = notice.nomination
    if refusal := DISPUTE_LATER.why_not(user, notice, nomination.unit):
        return refusal
    if nomination.state != Filed.DRAFT:
        message = "该推荐已确认，单位公示结果不再改登；反映属实的，请主办工会退回草稿"
        return DomainError("nomination-not-draft", message)
    return _unless_of_oneself(user, nomination)


def _unless_of_oneself(user: User, nomination: Nomination) -> DomainError | None:
    """The notice of a candidate is another's to put up and to close; where nobody else files, it says whose."""
    refusal = unless_oneself(user, nomination)
    if refusal is None:
        return None
    unit = nomination.unit
    serving = User.objects.filter(accounts_that_serve(FILERS, unit.path))
    if serving.exclude(pk__in=same_persons(user)).exists():
        whose = f"“{unit}”的其他经办人"
    else:
        above = Organization.objects.filter(path=unit.path_above).first()
        whose = f"上级工会“{above}”的经办人或审批人" if above else "上级工会的经办人或审批人"
    return DomainError("own-nomination", f"该推荐的人选是您本人，单位公示须由{whose}办理")


@permission
def may_ask_offices(user: User, nomination: Nomination) -> DomainError | None:
    """Ask those offices that were not asked yet: union staff above the unit, of a draft."""
    if refusal := _unless_above(user, nomination, "征求") or unless_oneself(user, nomination):
        return refusal
    if nomination.state != Filed.DRAFT:
        return DomainError("nomination-not-draft", "该推荐已确认，不再征求意见")
    rule = EndorsementRule.of(nomination.round)
    if nomination.clearances.filter(office__in=rule.offices).count() == len(rule.offices):
        return DomainError("offices-asked", "有关部门的意见都已征求")
    return None


def _unless_above(user: User, nomination: Nomination, act: str) -> DomainError | None:
    if holds_role(user, STAFF, nomination.unit.path_above):
        return None
    message = f"部门意见由“{nomination.unit}”的上级工会{act}，您没有{act}的权限"
    return DomainError("role-required", message)


def answers_somewhere(user: User) -> bool:
    """Whether replies are registered by this account at all; which, ``may_answer`` says."""
    return holds_role_anywhere(user, STAFF)


@permission
def may_answer(user: User, clearance: Clearance) -> DomainError | None:
    """Register what an office replied: union staff above the unit, as whoever asked it."""
    nomination = clearance.nomination
    return (
        _unless_above(user, nomination, "登记")
        or _unless_answered(clearance)
        or unless_oneself(user, nomination)
    )


def _unless_answered(clearance: Clearance) -> DomainError | None:
    """A reply is registered once; what came after it, or was meant, is put right on record."""
    if clearance.state == Asked.ASKED:
        return None
    then = "改登有异议" if clearance.state == Asked.CLEAR else "更正异议"
    message = (
        f"该部门的答复已登记为“{clearance.get_state_display()}”；"
        f"登记有误或后来有变化的，请办理“{then}”"
    )
    return DomainError("clearance-answered", message)


@permission
def may_object_later(user: User, clearance: Clearance) -> DomainError | None:
    """Register that an office objects that had not, or was put down as if it had not; whatever was done since.

    An objection stops the candidate, so that one person suffices; lifting it takes another.
    """
    nomination = clearance.nomination
    return (
        _unless_above(user, nomination, "登记")
        or OBJECTS_LATER.why_not(user, clearance, nomination.unit)
        or unless_oneself(user, nomination)
    )


@permission
def may_put_right(user: User, clearance: Clearance) -> DomainError | None:
    """Register that an office objects no longer, or never did: another than who registered it."""
    nomination = clearance.nomination
    if refusal := _unless_above(user, nomination, "登记") or PUT_RIGHT.why_not(
        user, clearance, nomination.unit
    ):
        return refusal
    if user.pk == clearance.answered_by_id and not user.is_system:
        message = "该部门异议由您登记，须由另一名经办人或审批人核对后更正"
        return DomainError("registrar-cannot-put-right", message)
    return unless_oneself(user, nomination)


@permission
def may_submit(user: User, nomination: Nomination) -> DomainError | None:
    """Say as the unit that it recommends: its notice ended without objection."""
    if refusal := _unless_on_its_way(user, nomination):
        return refusal
    if nomination.awaits_unit:
        message = "该推荐已退回，请先更正，或说明情况重新报送"
        return DomainError("nomination-returned", message)
    if is_submitted(nomination):
        return DomainError("nomination-submitted", "该推荐已报送，正在逐级审核")
    return (
        unless_near_oneself(user, nomination)
        or unless_noticed(nomination)
        or unless_complete(nomination)
    )


@permission
def may_endorse_some(user: User) -> DomainError | None:
    """Endorse at any level at all."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有出具推荐意见的权限，请由工会的经办人或审批人办理")


@permission
def may_endorse(user: User, endorsement: Endorsement) -> DomainError | None:
    """Say as a level above the unit that it recommends: not whoever had a hand in it before.

    Under the lock of the round this is the guard of the level's places.
    """
    nomination, body = endorsement.nomination, endorsement.organization
    if refusal := ENDORSE.why_not(user, endorsement, body):
        return refusal
    if not endorsement.is_current or nomination.awaits_unit:
        message = "该推荐已退回或又有更正，请待推荐单位重新报送后再出具意见"
        return DomainError("endorsement-outdated", message)
    if endorsement.level == 1:
        return unless_near_oneself(user, nomination) or unless_noticed(nomination)
    if not holds_role(user, STAFF, body.path):
        return DomainError("role-required", f"“{body}”的意见由其经办人或审批人出具")
    return (
        unless_apart(user, nomination)
        or unless_said_before(user, nomination)
        or unless_disputed(nomination)
        or unless_cleared(nomination, endorsement.level)
        or unless_put_up(endorsement)
        or unless_seated(endorsement)
    )


def _unless_on_its_way(user: User, nomination: Nomination) -> DomainError | None:
    if not holds_role(user, FILERS, nomination.unit.path):
        message = f"您没有为“{nomination.unit}”办理的权限，请由该单位或其主管工会办理"
        return DomainError("role-required", message)
    if not nomination.round.by_levels:
        return DomainError("round-without-levels", "本轮次不逐级推荐，由上级工会直接确认")
    if nomination.state != Filed.DRAFT:
        return DomainError("nomination-not-draft", "该推荐已确认，不再公示和报送")
    refusal = may_file_in.why_not(user, nomination.round)
    return None if refusal and may_still_mend(nomination) else refusal
