"""The union tree, changed on the record: who may, what it was, what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import imports
from accounts.grants import home_of
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import reading
from intake.spreadsheets.tables import Column, Form, first_table
from organizations import services
from organizations.roles import STAFF
from organizations.scoping import holds_role
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_change, record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.imports import Line, Plan
    from organizations.models import Organization, User

FORM = Form(
    "组织机构",
    tuple(Column(title, title, is_required=title in imports.REQUIRED) for title in imports.COLUMNS),
)


def register(*, parent: Organization | None, actor: User, **facts: Any) -> Organization:
    """Enter a body below ``parent``."""
    _check_role(actor, parent.path if parent else "/", "登记组织")
    with transaction.atomic():
        organization = _refused(services.register, parent=parent, **facts)
        record_event(
            Record.Kind.CHANGE,
            subject_of(organization),
            "登记",
            actor=actor,
            organization=organization,
            after={"code": organization.code, "name": organization.name},
        )
    return organization


def correct(organization: Organization, *, actor: User, note: str = "", **facts: Any) -> None:
    """Change facts of a body; its place and its end have functions of their own."""
    _check_role(actor, organization.path, "更正组织资料")
    with transaction.atomic():
        before, after = _refused(services.correct, organization, **facts)
        record_change(
            organization,
            actor=actor,
            organization=organization,
            note=note,
            before=before,
            after=after,
        )


def move(organization: Organization, *, parent: Organization, actor: User, note: str = "") -> None:
    """Hang a body with all below it elsewhere; decided by those above both places."""
    _check_role(actor, organization.parent.path if organization.parent else "/", "调整隶属关系")
    _check_role(actor, parent.path, "调整隶属关系")
    with transaction.atomic():
        before, after = _refused(services.move, organization, parent=parent)
        organization.refresh_from_db()
        record_change(
            organization,
            actor=actor,
            organization=organization,
            note=note,
            before=before,
            after=after,
        )


def close(organization: Organization, *, on: date, actor: User, note: str = "") -> None:
    """End a body on a day; roles held there end with it."""
    _check_role(actor, organization.parent.path if organization.parent else "/", "停用组织")
    with transaction.atomic():
        before, after = _refused(services.close, organization, on=on)
        record_change(
            organization,
            actor=actor,
            organization=organization,
            note=note,
            before=before,
            after=after,
        )


def read_tree(content: bytes, *, filename: str) -> list[Line]:
    """The rows of a file of organizations: CSV, or a workbook read in its bounded process."""
    if inspect(content, filename) is FileKind.CSV:
        return _refused(imports.lines_of_csv, content)
    with reading(content, FileKind.XLSX) as sheets:
        table = first_table(sheets, FORM)
        return [
            (row.line, dict(zip(imports.COLUMNS, row.values, strict=True))) for row in table.rows()
        ]


@transaction.atomic
def import_tree(lines: list[Line], *, actor: User) -> Plan:
    """Write the rows if nothing is wrong with any; the plan tells what was done or what is wrong."""
    plan = imports.plan(lines, actor=actor)
    if plan.faults or not (plan.new or plan.changed):
        return plan
    changes = imports.carry_out(plan)
    for change in changes:
        record_change(
            change.organization,
            actor=actor,
            organization=change.organization,
            note="按导入文件更正",
            before=change.before,
            after=change.after,
        )
    record_event(
        Record.Kind.IMPORT,
        "organizations.organization:0",
        "导入组织机构",
        actor=actor,
        after={"added": len(plan.new), "changed": len(changes)},
    )
    return plan


def _check_role(actor: User, path: str, deed: str) -> None:
    if not holds_role(actor, STAFF, path):
        raise DomainError(
            "role-required", f"您没有在此处{deed}的权限，请由上级工会的经办人或审批人办理"
        )


def _refused(deed: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Call ``deed``; what it finds wrong becomes a refusal that a page and the API can show."""
    try:
        return deed(*args, **facts)
    except ValidationError as error:
        first = error.error_list[0] if not hasattr(error, "error_dict") else None
        code = (first.code if first else "") or "organization-invalid"
        raise DomainError(code, "；".join(error.messages)) from error


def record_export(count: int, query: str, *, actor: User) -> None:
    """That somebody took the list of bodies out of the house."""
    record_event(
        Record.Kind.EXPORT,
        "organizations.organization:0",
        "导出组织机构",
        actor=actor,
        organization=home_of(actor),
        after={"count": count},
        note=f"筛选条件：{query}" if query else "全部",
    )
