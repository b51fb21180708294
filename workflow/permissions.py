"""Who may do what: one function for each act, asked by button, page, API, command and service.

An app declares its acts in ``permissions.py``, each as a function that gives the reason why not, in
words for the person in front of the screen, or None. The reason is the same wherever it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, ParamSpec

from organizations.models import User
from organizations.roles import BUSINESS, STAFF
from organizations.scoping import holds_role, holds_role_anywhere
from organizations.standing_in import counterparts_of
from workflow.models import Job, Record
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

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


#: Refusals for having had a hand in it oneself: they hold for whoever counts as the same person too.
HAVING_HAD_A_HAND = frozenset(
    {
        "accepter-cannot-pass", "appeal-of-ones-own", "arbiter-judges", "arbiter-marked", "asker-cannot-judge",
        "asker-cannot-change-kind", "asker-cannot-reopen", "asker-cannot-take-away",
        "assessor-cannot-endorse", "beginner-cannot-pass", "certifier-cannot-annul",
        "coder-marked", "decider-cannot-reopen", "demander-cannot-agree",
        "drafter-cannot-activate", "drafter-cannot-post", "drawer-cannot-release",
        "endorsed-at-another-level", "expert-cannot-look-through",
        "enterer-cannot-confirm",
        "filer-cannot-admit", "filer-cannot-confirm",
        "grader-cannot-answer", "grader-had-a-hand", "importer-cannot-agree", "investigator-cannot-decide",
        "jury-cannot-restore", "jury-of-the-same-unit", "jury-took-away", "knows-the-codes", "lifter-cannot-agree", "lifter-cannot-answer", "locked-by-the-same", "locker-marked", "marker-cannot-grade", "marker-had-a-hand", "own-affair", "own-budget",
        "own-name-on-list", "own-nomination", "own-unit", "party-cannot-be-unit", "party-to-the-item", "preparer-cannot-certify",
        "proposer-cannot-agree", "proposer-cannot-name", "proposer-cannot-revoke",
        "rechecker-cannot-answer", "rechecker-had-a-hand", "registrar-cannot-put-right", "regrader-cannot-agree", "reporter-cannot-accept", "same-person",
        "taker-cannot-waive",
    }
)  # fmt: skip


class Permission(Generic[P]):
    """One act. Not to be called: a reason why not would be taken for a yes.

    Where it takes two persons, who stands in for a colleague and that colleague are one: what one
    of them may not do for having had a hand in it, the other may not either.
    """

    def __init__(self, reason: Callable[P, DomainError | None]) -> None:
        self.reason = reason
        self.__doc__ = reason.__doc__

    def why_not(self, *args: P.args, **kwargs: P.kwargs) -> DomainError | None:
        refusal = self.reason(*args, **kwargs)
        if refusal is not None or not args or not isinstance(args[0], User):
            return refusal
        for other in counterparts_of(args[0]):
            found = self.reason(other, *args[1:], **kwargs)  # type: ignore[arg-type]
            if found is not None and found.code in HAVING_HAD_A_HAND:
                words = f"您与{other}之间有代理关系，办理时视同一人：{found.message}"
                return DomainError(found.code, words)
        return None

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
