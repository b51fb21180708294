"""Who may do what with rounds, nominations and persons: pages, API, commands and services ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from organizations.models import Organization
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import (
    has_belonged,
    holds_role,
    holds_role_anywhere,
    serves_at,
    strictly_below,
    where_belonged,
)
from organizations.standing_in import counterparts_of, same_persons
from policies.rules.verdicts import Overall
from policies.wording import chinese_day
from talents.models import Assessment, Honour, Nomination, SelectionRound
from talents.permissions.levels import unless_endorsed
from talents.permissions.oneself import unless_candidate_in
from talents.rules.endorsing import is_submitted, unless_objected
from talents.rules.holders import unless_new_to_tier
from talents.rules.papers import unless_complete
from talents.rules.places import Seats
from talents.rules.stages import may_still_mend
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import Person

FILERS = STAFF | {Role.NOMINATOR}
#: Who hands in whole workbooks; an approver decides about what others handed in.
IMPORTERS = frozenset({Role.HANDLER, Role.NOMINATOR})
EXPORTERS = STAFF_AND_OVERSIGHT | {Role.NOMINATOR}
#: Bodies that call rounds; units and streets only take part.
ORGANIZERS = (
    Organization.Kind.NATIONAL,
    Organization.Kind.CITY,
    Organization.Kind.DISTRICT,
    Organization.Kind.INDUSTRY,
    Organization.Kind.GROUP,
)
Round, Filed = SelectionRound.State, Nomination.State

OPEN = Transition("talents.open", "开放申报", frozenset({Round.DRAFT}), Round.OPEN, STAFF)
CLOSE = Transition("talents.close", "截止申报", frozenset({Round.OPEN}), Round.CLOSED, STAFF)
REOPEN = Transition("talents.reopen", "重新开放申报", frozenset({Round.CLOSED}), Round.OPEN, STAFF)
CONFIRM = Transition("talents.confirm", "确认推荐", frozenset({Filed.DRAFT}), Filed.CHECKED, STAFF)
RETURN = Transition("talents.return", "退回草稿", frozenset(Filed), Filed.DRAFT, STAFF)


@permission
def may_call_rounds(user: User) -> DomainError | None:
    """Call a round at all: staff of a union that organizes rounds."""
    if serves_at(user, STAFF, ORGANIZERS):
        return None
    return DomainError("role-required", "您没有组织选树的权限，请由主办工会的经办人或审批人办理")


@permission
def may_run(user: User, organizer: Organization) -> DomainError | None:
    """Call a round in the name of ``organizer``, and change it."""
    if holds_role(user, STAFF, organizer.path):
        return None
    message = f"您没有为“{organizer.name}”组织选树的权限，请由该工会的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_print_round(user: User) -> DomainError | None:
    """Print what is said of all confirmed candidates of a round, within one's reach."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有打印推荐材料的权限，请由工会的经办人或审批人办理")


@permission
def may_assess(user: User, selection: SelectionRound) -> DomainError | None:
    """Have everybody filed in the round judged."""
    if holds_role(user, STAFF, selection.organizer.path):
        return None
    message = f"您没有发起资格核验的权限，请由“{selection.organizer.name}”的经办人或审批人发起"
    return DomainError("role-required", message)


@permission
def may_set_composition(user: User, selection: SelectionRound) -> DomainError | None:
    """Say which shares the slate of a round is to keep: for its organizer, until it is closed."""
    if refusal := may_run.why_not(user, selection.organizer):
        return refusal
    if selection.state == Round.CLOSED:
        return DomainError("round-not-open", f"“{selection.name}”已截止，结构比例不再调整")
    return unless_candidate_in(user, selection)


@permission
def may_set_stages(user: User, selection: SelectionRound) -> DomainError | None:
    """Set the days of a round's stages: for its organizer, also after filing ended."""
    return may_run.why_not(user, selection.organizer)


@permission
def may_allocate(user: User, selection: SelectionRound) -> DomainError | None:
    """Divide places of the round at all; among which bodies, ``may_allocate_to`` says."""
    if not holds_role_anywhere(user, STAFF):
        return DomainError("role-required", "您没有分配名额的权限，请由上级工会办理")
    if selection.state == Round.CLOSED:
        return DomainError("round-not-open", f"“{selection.name}”已截止，名额不再调整")
    return unless_candidate_in(user, selection)


@permission
def may_allocate_to(
    user: User, selection: SelectionRound, organization: Organization
) -> DomainError | None:
    """Say how many ``organization`` may recommend: for the organizer or a body above that one."""
    if not organization.path.startswith(selection.organizer.path):
        message = f"“{organization.name}”不在主办工会“{selection.organizer.name}”范围内"
        return DomainError("unit-outside-round", message)
    above = organization.path_above
    if organization.pk == selection.organizer_id or not holds_role(user, STAFF, above):
        message = f"“{organization.name}”的名额由其上级工会分配，您没有调整的权限"
        return DomainError("role-required", message)
    return None


@permission
def may_file_in(user: User, selection: SelectionRound) -> DomainError | None:
    """File in the round for any body; outside its days its organizer alone still files."""
    if not holds_role_anywhere(user, FILERS):
        return DomainError("role-required", "您没有申报的权限，请由推荐单位或其主管工会办理")
    if selection.state == Round.OPEN and holds_role(user, STAFF, selection.organizer.path):
        return None
    return _unless_in_time(selection)


def _unless_in_time(selection: SelectionRound) -> DomainError | None:
    if selection.closes_on and selection.is_over and selection.state != Round.DRAFT:
        day = chinese_day(selection.closes_on)
        then = (
            "请联系主办工会"
            if selection.state == Round.OPEN
            else "由主办工会写明事由重新开放申报后办理"
        )
        message = f"“{selection.name}”已于{day}截止申报，逾期不再受理；确需补报的，{then}"
        return DomainError("round-closed", message)
    if selection.state != Round.OPEN:
        message = f"“{selection.name}”{selection.get_state_display()}，现在不能申报或更正"
        return DomainError("round-not-open", message)
    if selection.opens_on and selection.has_not_begun:
        message = f"“{selection.name}”自{chinese_day(selection.opens_on)}起开始申报，请届时办理"
        return DomainError("round-not-begun", message)
    return None


@permission
def may_file(user: User, selection: SelectionRound, unit: Organization) -> DomainError | None:
    """File or correct something now, in this round, for this unit."""
    if not holds_role(user, FILERS, unit.path):
        message = f"您没有为“{unit.name}”申报的权限，请由该单位或其主管工会办理"
        return DomainError("role-required", message)
    if not unit.path.startswith(selection.organizer.path):
        message = f"“{unit.name}”不在主办工会“{selection.organizer.name}”范围内，不能在本轮次申报"
        return DomainError("unit-outside-round", message)
    return may_file_in.why_not(user, selection)


@permission
def may_import_some(user: User, selection: SelectionRound) -> DomainError | None:
    """Hand in workbooks at all, whatever the round's days."""
    if holds_role_anywhere(user, IMPORTERS):
        return None
    message = f"您没有为“{selection}”导入推荐人选的权限，请由推荐单位或主办工会的经办人导入"
    return DomainError("role-required", message)


@permission
def may_import(user: User, selection: SelectionRound) -> DomainError | None:
    """Hand in a workbook for the round."""
    return may_import_some.why_not(user, selection) or may_file_in.why_not(user, selection)


def may_import_for_all(user: User, organizer: Organization) -> bool:
    """Whether a workbook of this account may name every unit below ``organizer``."""
    return holds_role(user, IMPORTERS, organizer.path)


@permission
def may_edit(user: User, nomination: Nomination) -> DomainError | None:
    """Correct or withdraw it; only a draft: what was confirmed goes back first."""
    if not holds_role(user, FILERS, nomination.unit.path):
        message = "您没有更正该推荐的权限，请由推荐单位或其主管工会办理"
        return DomainError("role-required", message)
    if nomination.state != Filed.DRAFT:
        message = (
            f"该推荐{nomination.get_state_display()}，不能直接更正或撤回；请先由主管工会退回草稿"
        )
        return DomainError("nomination-not-draft", message)
    if nomination.round.by_levels and is_submitted(nomination):
        message = "该推荐已报送、正在逐级审核，不能更正或撤回；确需更正的，请由主管工会退回"
        return DomainError("nomination-submitted", message)
    refusal = may_file.why_not(user, nomination.round, nomination.unit)
    return None if refusal and may_still_mend(nomination) else refusal


@permission
def may_resubmit(user: User, nomination: Nomination) -> DomainError | None:
    """Answer for what was given back, and send it in again as it stands."""
    if refusal := may_edit.why_not(user, nomination):
        return refusal
    if nomination.awaits_unit:
        return None
    return DomainError("nomination-not-returned", "该推荐没有退回待办，无须重新报送")


@permission
def may_decide(user: User, selection: SelectionRound) -> DomainError | None:
    """Confirm or give back many nominations of the round at once."""
    if holds_role(user, STAFF, selection.organizer.path):
        return None
    return DomainError("role-required", "您没有批量办理推荐的权限，请由主办工会的审批人办理")


@permission
def may_decide_some(user: User) -> DomainError | None:
    """Decide about many over all rounds; of each candidate its own transition says."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有批量办理推荐的权限，请由主办工会的审批人办理")


@permission
def may_confirm(
    user: User, nomination: Nomination, assessment: Assessment | None
) -> DomainError | None:
    """Confirm a draft as it stands: found eligible, a place left, and by somebody apart from it.

    What was given back waits for its unit: for a correction, or for an answer. Under the lock of the
    round this is the guard of its places; without it, what a page offers.
    """
    if refusal := CONFIRM.why_not(user, nomination, nomination.unit):
        return refusal
    if nomination.awaits_unit:
        message = "该推荐已退回，推荐单位尚未更正；请待单位更正，或说明情况重新报送后，再确认"
        return DomainError("nomination-returned", message)
    return (
        unless_apart(user, nomination)
        or unless_endorsed(user, nomination)
        or unless_complete(nomination)
        or unless_new_to_tier(nomination)
        or _unless_eligible(nomination, assessment)
        or Seats.of(nomination.round, [nomination.unit]).why_not(nomination.unit)
    )


def unless_apart(user: User, nomination: Nomination) -> DomainError | None:
    """Why ``user`` is too near to this nomination to decide about it. The house is nobody."""
    unit, filed_on = nomination.unit, timezone.localdate(nomination.created_at)
    if user.is_system:
        return None
    if user.pk == nomination.filed_by_id or user.pk in nomination.handled_by:
        message = "该推荐由您填报、更正或导入，须由其他经办人或审批人确认"
        return DomainError("filer-cannot-confirm", message)
    if refusal := unless_oneself(user, nomination):
        return refusal
    if not holds_role(user, STAFF, unit.path_above):
        message = (
            f"该推荐由“{unit}”报送，本级不能确认自己推荐的人选；请由其上级工会的经办人或审批人确认"
        )
        return DomainError("confirmer-not-above", message)
    if has_belonged(user, unit.path, since=filed_on):
        message = (
            f"申报以来您在“{unit}”或其下级任职，不能确认其推荐的人选；请由上级工会的其他人办理"
        )
        return DomainError("own-unit", message)
    return None


def unless_oneself(user: User, nomination: Nomination) -> DomainError | None:
    """Why ``user`` has no say: they are the candidate. A person has one account, whatever its roles."""
    if user.owner_digest and bytes(user.owner_digest) == bytes(nomination.person.identity_digest):
        return DomainError("own-nomination", "该推荐的人选是您本人，须由他人办理")
    return None


def _unless_eligible(nomination: Nomination, assessment: Assessment | None) -> DomainError | None:
    if assessment is None:
        message = "该推荐尚未核验，请先对本轮次发起资格核验，合格后再确认"
        return DomainError("nomination-not-assessed", message)
    if assessment.version != nomination.version:
        message = "核验之后资料又有更正，原结果已过期，请重新发起资格核验后确认"
        return DomainError("assessment-outdated", message)
    if assessment.overall != Overall.ELIGIBLE:
        message = (
            f"核验结果为“{assessment.get_overall_display()}”，不能确认；请查看原因，补正后重新核验"
        )
        return DomainError("nomination-not-eligible", message)
    return None


def apart_from(user: User, rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Those of ``rows`` that ``user`` is not too near to, asked of all at once."""
    if user.is_system:
        return rows
    below = rows.filter(strictly_below(user, STAFF, "unit__path"))
    others = not_handled_by(user, below)
    for one in (user, *counterparts_of(user)):
        others = others.exclude(where_belonged(one, "unit__path", "created_at"))
        if one.owner_digest:
            others = others.exclude(person__identity_digest=one.owner_digest)
    return others


def not_handled_by(user: User, rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Those of ``rows`` that ``user`` had no hand in, asked of all at once. The house is nobody."""
    if user.is_system:
        return rows
    persons = sorted(same_persons(user))
    return rows.exclude(Q(filed_by__in=persons) | Q(handled_by__overlap=persons))


@permission
def may_return(user: User, nomination: Nomination) -> DomainError | None:
    """Give one back to its unit; in a closed round only whom an office objects to: nobody could correct it."""
    if refusal := RETURN.why_not(user, nomination, nomination.unit):
        return refusal
    if nomination.awaits_unit:
        return DomainError("nomination-returned", "该推荐已退回，正待推荐单位更正，无须再退")
    is_confirmed = nomination.state == Filed.CHECKED
    if is_confirmed and Honour.objects.filter(nomination=nomination).exists():
        message = "该人选已命名，推荐不能退回；须更正的在名录中更正，须撤销的按程序撤销称号"
        return DomainError("nomination-named", message)
    selection = nomination.round
    if selection.state == Round.OPEN or may_still_mend(nomination) or unless_objected(nomination):
        return None
    message = (
        f"“{selection.name}”{selection.get_state_display()}，退回后推荐单位不能更正；"
        "确需更正的，请先重新开放申报，再退回草稿"
    )
    return DomainError("round-not-open", message)


@permission
def may_correct_person(user: User, person: Person) -> DomainError | None:
    """Keep the person's file: filers of their organization or above."""
    if holds_role(user, FILERS, person.organization.path):
        return None
    message = "您没有更正该人员档案的权限，请由其所在单位或主管工会办理"
    return DomainError("role-required", message)


@permission
def may_correct_identity(
    user: User, person: Person, concerned: Iterable[Organization]
) -> DomainError | None:
    """Put a number right that others rely on too: staff above all of them."""
    if all(holds_role(user, STAFF, body.path) for body in concerned):
        return None
    names = "、".join(sorted(f"“{body}”" for body in concerned))
    message = (
        f"该人员另有推荐记录，涉及{names}；身份号码须由其共同上级工会的经办人或审批人"
        "核对身份证原件后更正"
    )
    return DomainError("identity-in-use", message)


@permission
def may_reveal(user: User, person: Person, what: str = "信息") -> DomainError | None:
    """See a number or telephone of the person in the clear."""
    if holds_role(user, FILERS, person.organization.path):
        return None
    message = f"您没有查看完整{what}的权限，请由推荐单位或主管工会的经办人查看"
    return DomainError("role-required", message)


@permission
def may_export(user: User) -> DomainError | None:
    """Take a list of persons out of the house."""
    if holds_role_anywhere(user, EXPORTERS):
        return None
    return DomainError("role-required", "您没有导出名单的权限")


def sees_all_of(user: User, selection: SelectionRound) -> bool:
    """Whether this account sees every nomination of the round, and so its stored counts."""
    return holds_role(user, Nomination.VISIBLE_TO_ROLES, selection.organizer.path)
