"""Who may propose that somebody rises by a place, enter the certificate, or take a proposal back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Item, Promotion
from competitions.permissions import may_handle, until_settled
from competitions.permissions.parties import unless_party
from organizations.roles import STAFF, Role
from organizations.scoping import SYSTEM_USERNAME
from talents.permissions.oneself import unless_own_affair
from workflow.models import Record
from workflow.permissions import permission
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

Proposed = Promotion.State

CERTIFY = Transition(
    "competitions.certify", "登记证书", frozenset({Proposed.PROPOSED}), Proposed.CERTIFIED, STAFF
)
DECLINE = Transition(
    "competitions.decline", "不予晋升", frozenset({Proposed.PROPOSED}), Proposed.REFUSED, STAFF
)
RETRACT = Transition(
    "competitions.retract", "撤回建议", frozenset({Proposed.PROPOSED}), Proposed.WITHDRAWN, STAFF
)
#: Of a rise that has its certificate, which a later board does not bear out.
ANNUL = Transition(
    "competitions.annul",
    "撤销晋升",
    frozenset({Proposed.CERTIFIED}),
    Proposed.WITHDRAWN,
    frozenset({Role.APPROVER}),
)


@permission
def may_propose(user: User, item: Item) -> DomainError | None:
    """Propose who rises, once the board is published."""
    if refusal := may_handle.why_not(user, item):
        return refusal
    if item.state != Item.State.PUBLISHED:
        return DomainError("board-not-published", "成绩公布之后才能提出晋升建议")
    if item.stage == Item.Stage.PRELIMINARY or item.later_stages.exists():
        return DomainError(
            "promotions-in-the-final", "本赛段不是最后一个赛段，晋升按最后一个赛段的成绩提出"
        )
    return until_settled(item, "提出晋升建议")


@permission
def may_certify(user: User, promotion: Promotion) -> DomainError | None:
    """Enter the certificate that came of a proposal; whether it still holds, the service looks."""
    item = promotion.item
    if refusal := CERTIFY.why_not(user, promotion, item.competition.organizer):
        return refusal
    if item.state != Item.State.PUBLISHED:
        message = f"“{item}”{item.get_state_display()}，重新公布成绩之后才能登记证书"
        return DomainError("board-not-published", message)
    return unless_party(user, item) or until_settled(item, "登记证书")


@permission
def may_decline(user: User, promotion: Promotion) -> DomainError | None:
    """Note that the labour authority did not agree."""
    refusal = DECLINE.why_not(user, promotion, promotion.item.competition.organizer)
    return refusal or unless_party(user, promotion.item)


@permission
def may_retract(user: User, promotion: Promotion) -> DomainError | None:
    """Take back a proposal that does not hold any more."""
    refusal = RETRACT.why_not(user, promotion, promotion.item.competition.organizer)
    return refusal or unless_party(user, promotion.item)


@permission
def may_annul(user: User, promotion: Promotion) -> DomainError | None:
    """Take a rise back that its board does not bear out any more: an approver, who did not certify it."""
    item = promotion.item
    if refusal := ANNUL.why_not(user, promotion, item.competition.organizer):
        return refusal
    if refusal := unless_own_affair(user, promotion.person) or unless_party(user, item):
        return refusal
    certified = Record.objects.filter(subject=subject_of(promotion), code=CERTIFY.name, actor=user)
    if certified.exists() and user.username != SYSTEM_USERNAME:
        message = f"{promotion.person.name}的证书是您登记的，须由另一位审批人撤销晋升"
        return DomainError("certifier-cannot-annul", message)
    if item.state != Item.State.PUBLISHED:
        message = f"“{item}”{item.get_state_display()}，重新公布成绩之后才能撤销晋升"
        return DomainError("board-not-published", message)
    return until_settled(item, "撤销晋升")


@permission
def may_submit_list(user: User, item: Item) -> DomainError | None:
    """Draw up the list for the labour authority, of a board that stands."""
    if refusal := may_handle.why_not(user, item):
        return refusal
    if item.state != Item.State.PUBLISHED:
        return DomainError("board-not-published", "成绩公布之后才能报送晋升人员名单")
    return until_settled(item, "报送晋升人员名单")
