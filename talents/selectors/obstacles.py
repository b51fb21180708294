"""What stands in the way of an action, as a refusal: services raise it, pages say it on the button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from policies.verdicts import Overall
from talents.models import Assessment, Nomination, SelectionRound
from talents.selectors.filers import has_hand_in
from workflow.errors import DomainError

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import Organization, User

FILERS = STAFF | {Role.NOMINATOR}
#: Who hands in whole workbooks; an approver decides about what others handed in.
IMPORTERS = frozenset({Role.HANDLER, Role.NOMINATOR})


def filing_obstacle(
    selection: SelectionRound, *, actor: User, unit: Organization
) -> DomainError | None:
    """Why nothing may be filed or corrected now, by this actor, for this unit."""
    if not holds_role(actor, FILERS, unit.path):
        message = f"您没有为“{unit.name}”申报的权限，请由该单位或其主管工会办理"
        return DomainError("role-required", message)
    if not unit.path.startswith(selection.organizer.path):
        message = f"“{unit.name}”不在主办工会“{selection.organizer.name}”范围内，不能在本轮次申报"
        return DomainError("unit-outside-round", message)
    return closed_obstacle(selection, actor=actor)


def closed_obstacle(selection: SelectionRound, *, actor: User) -> DomainError | None:
    """Why the round takes nothing now; outside its days its organizer alone still files."""
    if selection.state != SelectionRound.State.OPEN:
        message = f"“{selection.name}”{selection.get_state_display()}，现在不能申报或更正"
        return DomainError("round-not-open", message)
    if holds_role(actor, STAFF, selection.organizer.path):
        return None
    today = timezone.localdate()
    if selection.opens_on is not None and today < selection.opens_on:
        message = f"“{selection.name}”自{chinese(selection.opens_on)}起开始申报，请届时办理"
        return DomainError("round-not-begun", message)
    if is_over(selection):
        message = (
            f"“{selection.name}”已于{chinese(selection.closes_on)}截止申报；"
            "确需补报的，请联系主办工会"
        )
        return DomainError("round-closed", message)
    return None


def editing_obstacle(nomination: Nomination, *, actor: User) -> DomainError | None:
    """Only a draft is corrected or withdrawn; what was confirmed goes back first."""
    if not holds_role(actor, FILERS, nomination.unit.path):
        message = "您没有更正该推荐的权限，请由推荐单位或其主管工会办理"
        return DomainError("role-required", message)
    if nomination.state != Nomination.State.DRAFT:
        message = (
            f"该推荐{nomination.get_state_display()}，不能直接更正或撤回；请先由主管工会退回草稿"
        )
        return DomainError("nomination-not-draft", message)
    return filing_obstacle(nomination.round, actor=actor, unit=nomination.unit)


def is_over(selection: SelectionRound) -> bool:
    """Whether the last day of filing has passed."""
    return selection.closes_on is not None and timezone.localdate() > selection.closes_on


def returning_obstacle(selection: SelectionRound) -> DomainError | None:
    """Why nothing is given back for correction: in a closed round nobody could correct it."""
    if selection.state == SelectionRound.State.OPEN:
        return None
    message = (
        f"“{selection.name}”{selection.get_state_display()}，退回后推荐单位不能更正；"
        "确需更正的，请先重新开放申报，再退回草稿"
    )
    return DomainError("round-not-open", message)


def confirming_obstacle(
    nomination: Nomination, assessment: Assessment | None, *, actor: User
) -> DomainError | None:
    """Why a draft cannot be confirmed as it stands, by this actor; None if it can."""
    if has_hand_in(actor, nomination):
        message = "该推荐由您填报、更正或导入，须由其他经办人或审批人确认"
        return DomainError("filer-cannot-confirm", message)
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


@dataclass(frozen=True, slots=True)
class NominationPowers:
    """What an account may do with a nomination; where it may not but others may, why."""

    edits: bool
    why_no_edit: str
    confirms: bool
    why_no_confirm: str
    returns: bool
    why_no_return: str
    reveals: bool


def powers_over_nomination(
    nomination: Nomination, user: User, assessment: Assessment | None
) -> NominationPowers:
    """The buttons of a candidate's page."""
    files = holds_role(user, FILERS, nomination.unit.path)
    decides = holds_role(user, STAFF, nomination.unit.path)
    is_draft = nomination.state == Nomination.State.DRAFT
    editing = editing_obstacle(nomination, actor=user)
    may_confirm = decides and is_draft
    confirming = confirming_obstacle(nomination, assessment, actor=user) if may_confirm else None
    may_return = decides and not is_draft
    returning = returning_obstacle(nomination.round) if may_return else None
    return NominationPowers(
        edits=files and editing is None,
        why_no_edit=editing.message if files and editing else "",
        confirms=may_confirm and confirming is None,
        why_no_confirm=confirming.message if confirming else "",
        returns=may_return and returning is None,
        why_no_return=returning.message if returning else "",
        reveals=holds_role(user, FILERS, nomination.person.organization.path),
    )


def chinese(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
