"""Who puts masters and apprentices together, and who takes their agreements on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from policies.wording import chinese_day
from talents.models import Cultivation, CultivationReport, Mentorship
from talents.permissions import FILERS
from talents.permissions.oneself import unless_own_affair
from talents.permissions.pairing import unless_all_agree
from talents.rules.cultivating import CultivationRule
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import Organization, User

State, Going, Due = Mentorship.State, Cultivation.State, CultivationReport.State

AGREE = Transition(
    "talents.mentorship-agreed", "备案", frozenset({State.DRAFT}), State.AGREED, STAFF
)
FINISH = Transition(
    "talents.mentorship-finished", "出师", frozenset({State.AGREED}), State.FINISHED, FILERS
)
END = Transition(
    "talents.mentorship-ended",
    "终止带教",
    frozenset({State.DRAFT, State.AGREED}),
    State.ENDED,
    FILERS,
)

PASS = Transition(
    "talents.cultivation-passed",
    "期满合格",
    frozenset({Going.GOING}),
    Going.PASSED,
    frozenset({Role.APPROVER}),
)
STOP = Transition(
    "talents.cultivation-ended", "终止培育", frozenset({Going.GOING}), Going.ENDED, STAFF
)
#: The final assessment found that more time is needed: it goes on to another day.
EXTEND = Transition(
    "talents.cultivation-extended",
    "延期",
    frozenset({Going.GOING}),
    Going.GOING,
    frozenset({Role.APPROVER}),
)
SUBMIT = Transition(
    "talents.cultivation-reported", "报备", frozenset({Due.DUE}), Due.SUBMITTED, FILERS
)
ACCEPT = Transition(
    "talents.cultivation-report-accepted",
    "接收报备",
    frozenset({Due.SUBMITTED}),
    Due.ACCEPTED,
    STAFF,
)
GIVE_BACK = Transition(
    "talents.cultivation-report-returned",
    "退回报备",
    frozenset({Due.SUBMITTED}),
    Due.DUE,
    STAFF,
)


@permission
def may_pair_some(user: User) -> DomainError | None:
    """Put people together at any body at all."""
    if holds_role_anywhere(user, FILERS):
        return None
    return DomainError("role-required", "您没有登记师徒协议的权限，请由所在单位或其主管工会办理")


@permission
def may_pair(user: User, organization: Organization) -> DomainError | None:
    """Put people together at this body."""
    if holds_role(user, FILERS, organization.path):
        return None
    message = f"您没有为“{organization}”登记师徒协议的权限，请由该单位或其主管工会办理"
    return DomainError("role-required", message)


@permission
def may_agree(user: User, pair: Mentorship) -> DomainError | None:
    """Take an agreement on file: union staff other than who put it in."""
    if refusal := AGREE.why_not(user, pair, pair.organization):
        return refusal
    if user.pk == pair.proposed_by_id and not user.is_system:
        message = "该协议由您填报，须由主管工会的其他经办人或审批人备案"
        return DomainError("proposer-cannot-agree", message)
    return unless_own_affair(user, pair.master, pair.apprentice) or unless_all_agree(pair)


@permission
def may_finish(user: User, pair: Mentorship) -> DomainError | None:
    """Say that the apprentice is done: once it has begun, and with something that proves it."""
    if refusal := FINISH.why_not(user, pair, pair.organization):
        return refusal
    if timezone.localdate() < pair.starts_on:
        message = f"协议自{chinese_day(pair.starts_on)}开始，尚未开始带教，不能办理出师"
        return DomainError("pair-not-begun", message)
    if not _is_proved(pair):
        message = (
            "出师须有凭据：协议开始以来至少一次师傅、徒弟双方确认的带教日志，"
            "或者徒弟已登记协议开始当年及以后取得的技能证书；请先补齐再办理"
        )
        return DomainError("pair-without-proof", message)
    return unless_own_affair(user, pair.master, pair.apprentice)


def _is_proved(pair: Mentorship) -> bool:
    """By a day of teaching that both confirmed, or by a certificate that came of it."""
    taught = pair.logs.filter(
        held_on__gte=pair.starts_on, master_by__isnull=False, apprentice_by__isnull=False
    )
    gained = pair.apprentice.certificates.filter(issued_year__gte=pair.starts_on.year)
    return taught.exists() or gained.exists()


@permission
def may_end(user: User, pair: Mentorship) -> DomainError | None:
    """End it before its time."""
    return END.why_not(user, pair, pair.organization)


@permission
def may_cultivate_some(user: User) -> DomainError | None:
    """Begin somebody's cultivation at any body at all."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有登记培育对象的权限，请由主管工会办理")


@permission
def may_cultivate(user: User, organization: Organization) -> DomainError | None:
    """Begin somebody's cultivation at this body: union staff above or at it."""
    if holds_role(user, STAFF, organization.path):
        return None
    message = f"您没有为“{organization}”登记培育对象的权限，请由主管工会的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_report(user: User, report: CultivationReport) -> DomainError | None:
    """Report what is due, of a row of ``in_their_periods``: not of a period that is still to come."""
    if report.cultivation.state != Going.GOING:
        return DomainError("cultivation-over", "该对象的培育已经结束，不再报备")
    if refusal := SUBMIT.why_not(user, report, report.cultivation.organization):
        return refusal
    begins_on: date = report.begins_on  # type: ignore[attr-defined]
    if timezone.localdate() < begins_on:
        message = f"第{report.number}期自{chinese_day(begins_on)}起，期间尚未开始，届时再报备"
        return DomainError("report-before-its-period", message)
    return None


@permission
def may_accept(user: User, report: CultivationReport) -> DomainError | None:
    """Take a report or give it back: staff other than who reported."""
    if refusal := ACCEPT.why_not(user, report, report.cultivation.organization):
        return refusal
    if user.pk == report.submitted_by_id and not user.is_system:
        return DomainError("reporter-cannot-accept", "该报备由您填报，须由主管工会的其他人审核")
    return unless_own_affair(user, report.cultivation.person)


@permission
def may_pass(user: User, cultivation: Cultivation) -> DomainError | None:
    """Say that it ended well: once all that is to be reported was accepted, by somebody else.

    Before its last day, which takes a reason, that is what was due by now and the report in the middle.
    """
    if refusal := PASS.why_not(user, cultivation, cultivation.organization):
        return refusal
    if refusal := _unless_all_reported(cultivation):
        return refusal
    if open_goals := cultivation.goals.filter(outcome="").count():
        message = f"还有{open_goals}项培育目标没有登记完成情况，全部登记后才能作期满评价"
        return DomainError("goals-outstanding", message)
    return _unless_begun_or_accepted(user, cultivation) or unless_own_affair(
        user, cultivation.person
    )


def _unless_all_reported(cultivation: Cultivation) -> DomainError | None:
    reports, today = cultivation.reports.all(), timezone.localdate()
    is_early = today < cultivation.ends_on
    if is_early:
        now = Q(due_on__lte=today) | Q(is_midterm=True) | Q(state=Due.SUBMITTED)
        if not reports.filter(state=Due.ACCEPTED).exists():
            message = "还没有接收过报备；提前作期满评价的，须先接收已到期的报备和中期检查"
            return DomainError("reports-outstanding", message)
        reports = reports.filter(now)
    if reports.exclude(state=Due.ACCEPTED).exists():
        which = "已到期的报备和中期检查" if is_early else "全部报备"
        message = f"还有报备没有报送或审核，{which}接收后才能作期满评价"
        return DomainError("reports-outstanding", message)
    return None


def _unless_begun_or_accepted(user: User, cultivation: Cultivation) -> DomainError | None:
    """The assessment is not by who put the person on file, nor by who alone took the reports."""
    if user.is_system:
        return None
    if user.pk == cultivation.started_by_id:
        message = "该培育由您登记，期满评价须由主管工会的其他审批人办理"
        return DomainError("beginner-cannot-pass", message)
    taken = cultivation.reports.filter(state=Due.ACCEPTED)
    if taken.exists() and not taken.exclude(accepted_by=user).exists():
        message = "各期报备都由您接收，期满评价须由主管工会的其他审批人办理"
        return DomainError("accepter-cannot-pass", message)
    return None


@permission
def may_extend(user: User, cultivation: Cultivation) -> DomainError | None:
    """Give it more time, as often as the policy allows."""
    if refusal := EXTEND.why_not(user, cultivation, cultivation.organization):
        return refusal
    most = CultivationRule.of(cultivation.scheme).extensions
    if cultivation.extensions >= most:
        message = f"培育期最多延期{most}次，已延期{cultivation.extensions}次；请作期满评价或终止"
        return DomainError("extended-enough", message)
    return unless_own_affair(user, cultivation.person)


@permission
def may_chase_report(user: User, report: CultivationReport) -> DomainError | None:
    """Remind the unit of a report that is late: staff above."""
    if not holds_role(user, STAFF, report.cultivation.organization.path):
        return DomainError("role-required", "您没有催办的权限，请由主管工会的经办人或审批人办理")
    is_late = report.state == Due.DUE and report.due_on < timezone.localdate()
    if report.cultivation.state == Going.GOING and is_late:
        return None
    return DomainError("report-not-late", "该报备没有逾期，无须催办")


@permission
def may_plan(user: User, cultivation: Cultivation) -> DomainError | None:
    """Set its goals and put them right: the unit or those above, while it goes on."""
    if not holds_role(user, FILERS, cultivation.organization.path):
        message = "您没有登记培育目标的权限，请由培养单位或其主管工会办理"
        return DomainError("role-required", message)
    if cultivation.state != Going.GOING:
        return DomainError("cultivation-over", "该对象的培育已经结束，不再登记目标")
    return None


@permission
def may_assess_goals(user: User, cultivation: Cultivation) -> DomainError | None:
    """Say what was reached of its goals, which the final assessment waits for: not of one's own."""
    return may_plan.why_not(user, cultivation) or unless_own_affair(user, cultivation.person)


@permission
def may_stop(user: User, cultivation: Cultivation) -> DomainError | None:
    """End it before its time."""
    return STOP.why_not(user, cultivation, cultivation.organization) or unless_own_affair(
        user, cultivation.person
    )


@permission
def may_move(user: User, cultivation: Cultivation) -> DomainError | None:
    """Register that somebody changed to another unit or post, while it goes on: staff above."""
    if not holds_role(user, STAFF, cultivation.organization.path):
        message = "您没有登记变更的权限，请由主管工会的经办人或审批人办理"
        return DomainError("role-required", message)
    if cultivation.state != Going.GOING:
        return DomainError("cultivation-over", "该对象的培育已经结束，不再登记变更")
    return None
