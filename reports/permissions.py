"""Who may do what with quota reports: pages, files and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF
from organizations.scoping import holds_role, holds_role_anywhere
from reports.models.reports import READERS
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models import Organization, User
    from reports.models import TargetReport

#: Why part of a report does not leave the house: it would stand under the hash of the whole.
PARTIAL = "报告文件由“{place}”及其上级下载；您可以在页面上查看和打印本级指标"


@permission
def may_ask_at_all(user: User) -> DomainError | None:
    """Ask for a report of some body; for which, ``may_ask`` says."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有编制报告的权限，请由主管工会的经办人、审批人发起")


@permission
def may_ask(user: User, organization: Organization) -> DomainError | None:
    """Ask for a report on the tree of ``organization``, or for its next edition."""
    if holds_role(user, STAFF, organization.path):
        return None
    message = f"您没有编制“{organization.name}”报告的权限，请由该工会或上级工会的经办人、审批人发起"
    return DomainError("role-required", message)


@permission
def may_take_whole(user: User, report: TargetReport) -> DomainError | None:
    """Take the report out: for those in whose reach every figure of it is."""
    if holds_role(user, READERS, report.organization.path):
        return None
    return DomainError("role-required", PARTIAL.format(place=report.place_name))


def reads_all_rows(user: User, bodies: Iterable[Organization]) -> bool:
    """Whether the rows behind a figure of one of ``bodies`` are all this account's to read."""
    return any(holds_role(user, READERS, body.path) for body in bodies)
