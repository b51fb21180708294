"""Who may do what: one function for each act, asked by button, page, API, command and service.

An app declares its acts in ``permissions.py``, each as a function that gives the reason why not, in
words for the person in front of the screen, or None. The reason is the same wherever it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, ParamSpec

from organizations.roles import BUSINESS, STAFF
from organizations.scoping import holds_role, holds_role_anywhere
from workflow.models import Job, Record
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import User

P = ParamSpec("P")

#: Refusals that a page does not speak of: the act is others' business, or is not what comes next.
UNSPOKEN = frozenset({"role-required", "illegal-transition"})
#: Who signed in when is for those who guard the accounts, not for colleagues.
GUARDED_KINDS = frozenset({Record.Kind.LOGIN, Record.Kind.GRANT})
#: What the audit administrator reads in full; of the rest only that it happened.
OPEN_KINDS = GUARDED_KINDS | {Record.Kind.REVEAL, Record.Kind.EXPORT, Record.Kind.JOB}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as a page shows it: true where it is offered, else with the reason where that is told."""

    refusal: DomainError | None

    def __bool__(self) -> bool:
        return self.refusal is None

    @property
    def reason(self) -> str:
        is_spoken = self.refusal is not None and self.refusal.code not in UNSPOKEN
        return self.refusal.message if is_spoken and self.refusal else ""


class Permission(Generic[P]):
    """One act. Not to be called: a reason why not would be taken for a yes."""

    def __init__(self, why_not: Callable[P, DomainError | None]) -> None:
        self.why_not = why_not
        self.__doc__ = why_not.__doc__

    def allows(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        return self.why_not(*args, **kwargs) is None

    def check(self, *args: P.args, **kwargs: P.kwargs) -> None:
        if refusal := self.why_not(*args, **kwargs):
            raise refusal

    def offer(self, *args: P.args, **kwargs: P.kwargs) -> Offer:
        return Offer(self.why_not(*args, **kwargs))


def permission(why_not: Callable[P, DomainError | None]) -> Permission[P]:
    """Make an act of a function that says why somebody may not."""
    return Permission(why_not)


@permission
def may_retry_some(user: User) -> DomainError | None:
    """Put parked jobs back at all; of which bodies, ``may_retry`` says job by job."""
    if holds_role_anywhere(user, STAFF):
        return None
    message = "您没有重新发起任务的权限，请由主管工会的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_retry(user: User, job: Job) -> DomainError | None:
    """Put a parked job back in the queue."""
    if not holds_role(user, STAFF, job.organization.path if job.organization else "/"):
        message = "您没有重新发起此任务的权限，请由主管工会的经办人或审批人办理"
        return DomainError("role-required", message)
    if job.status != Job.Status.PARKED:
        message = f"任务当前为“{job.get_status_display()}”，只有已停放的任务可以重新排队"
        return DomainError("job-not-parked", message)
    return None


def may_read_content(user: User, record: Record) -> bool:
    """Whether before, after and words are shown: to business roles, and of guarded kinds to all."""
    return record.kind in OPEN_KINDS or holds_role_anywhere(user, BUSINESS)


def is_only_business(user: User) -> bool:
    """Whether colleagues' logins and grants are none of this account's business."""
    return holds_role_anywhere(user, BUSINESS) and not user.is_system
