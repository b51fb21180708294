"""Who may do what with policies: everybody reads them, few say how they are meant and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role, holds_role_anywhere
from policies.models import EditionDraft
from policies.rules.homes import answering_body
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from organizations.models import User
    from policies.models import PolicyEdition
    from policies.rules.homes import Placed

#: Who reads what we chose and who confirmed it.
READERS = STAFF_AND_OVERSIGHT
DECIDERS = frozenset({Role.APPROVER})
State = EditionDraft.State

SUBMIT = Transition("policies.submit", "提交", frozenset({State.DRAFT}), State.SUBMITTED, STAFF)
RETURN = Transition(
    "policies.return", "退回修改", frozenset({State.SUBMITTED}), State.DRAFT, DECIDERS
)
ACTIVATE = Transition(
    "policies.activate", "使其生效", frozenset({State.SUBMITTED}), State.ACTIVATED, DECIDERS
)
DROP = Transition("policies.drop", "放弃起草", frozenset({State.DRAFT}), State.DROPPED, STAFF)


def may_read_defaults(user: User | AnonymousUser) -> bool:
    """Whether what we chose where the text is silent, and what is drafted, is shown."""
    return holds_role_anywhere(user, READERS)


@permission
def may_confirm_some(user: User) -> DomainError | None:
    """Confirm defaults at all; of which policy, ``may_confirm`` says."""
    if holds_role_anywhere(user, DECIDERS):
        return None
    return DomainError(
        "role-required", "您没有确认默认的权限，请由市总工会或政策所属工会的审批人办理"
    )


@permission
def may_confirm(user: User, policy: Placed) -> DomainError | None:
    """Say that the defaults of a policy are meant as they stand."""
    body = answering_body(policy)
    if body is not None and holds_role(user, DECIDERS, body.path):
        return None
    name = f"“{body}”" if body else "政策所属工会"
    return DomainError("role-required", f"您没有确认该政策默认的权限，请由{name}的审批人办理")


@permission
def may_draft(user: User, edition: PolicyEdition) -> DomainError | None:
    """Draft the edition after this one."""
    body = answering_body(edition)
    if body is not None and holds_role(user, STAFF, body.path):
        return None
    name = f"“{body}”" if body else "政策所属工会"
    message = f"您没有起草该政策新版次的权限，请由{name}的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_write(user: User, draft: EditionDraft) -> DomainError | None:
    """Change what a draft says; not while somebody else decides on it."""
    if not holds_role(user, STAFF, draft.organization.path):
        message = f"您没有修改该草稿的权限，请由“{draft.organization}”的经办人或审批人办理"
        return DomainError("role-required", message)
    if draft.state == State.DRAFT:
        return None
    message = f"该草稿{draft.get_state_display()}，不能修改；确需修改的，请先由审批人退回"
    return DomainError("draft-not-open", message)


@permission
def may_activate(user: User, draft: EditionDraft) -> DomainError | None:
    """Put a draft in force: for somebody who had no hand in it."""
    if refusal := ACTIVATE.why_not(user, draft, draft.organization):
        return refusal
    if user.pk in {draft.drafted_by_id, *draft.handled_by}:
        message = "该草稿由您起草、修改或提交，须由其他审批人核对后使其生效"
        return DomainError("drafter-cannot-activate", message)
    return None
