"""Rows of the table become bodies of the tree, and are taken back again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.imports.plan import carry_out
from accounts.services import structure
from intake.kinds import registers
from intake.models import ImportBatch
from organizations.models import Organization
from organizations.roles import STAFF
from workflow.models import Attachment, Record
from workflow.records import Event, record_event

if TYPE_CHECKING:
    from accounts.imports.plan import TreePlan
    from intake.kinds.registers import Became
    from intake.models import ImportRow
    from organizations.models import User

SUBJECT = "organizations.organization"
IMPORTED = Event("organizations.imported", "导入组织机构", Record.Kind.IMPORT)
#: What people call each fault where they choose which to look at.
TITLES = {
    "cell-empty": "未填",
    "code-repeated": "编码重复",
    "date-invalid": "日期不实",
    "kind-unknown": "类型看不懂",
    "parent-closed": "上级已停用",
    "parent-cycle": "上级绕成了圈",
    "parent-misplaced": "上级与类型不符",
    "parent-unknown": "上级不存在",
    "region-code-invalid": "区划代码不对",
    "role-required": "没有权限",
    "text-too-long": "内容过长",
    "text-unprintable": "有不可见字符",
    "uscc-invalid": "信用代码不对",
    "uscc-repeated": "信用代码重复",
}


class TreeSubject(registers.Register):
    """The tree of bodies, as far as one's own reach."""

    model, roles = SUBJECT, STAFF
    title = "组织机构"

    def __init__(self) -> None:
        self.trail = (("组织机构", reverse("organizations:list")),)


def enter(batch: ImportBatch, found: TreePlan, actor: User) -> Became:
    """Enter, correct and move what the table asks for."""
    changes = carry_out(found)
    for change in changes:
        structure.record_correction(
            change.organization, change.before, change.after, actor=actor, note=registers.CORRECTED
        )
    codes = {entry.code for entry in found.new}
    numbers = dict(Organization.objects.filter(code__in=codes).values_list("code", "pk"))
    _belong(batch)
    record_event(
        IMPORTED,
        f"{SUBJECT}:0",
        actor=actor,
        after={"added": len(found.new), "changed": len(changes)},
    )
    return {entry.line: (numbers[entry.code], None) for entry in found.new} | {
        change.line: (change.organization.pk, change.before) for change in changes
    }


def _belong(batch: ImportBatch) -> None:
    """The file that brought the first tree belongs to its root from now on."""
    if batch.organization_id is None:
        root = Organization.objects.filter(parent__isnull=True).order_by("pk").first()
        batch.organization = root
        ImportBatch.objects.filter(pk=batch.pk).update(organization=root)
        Attachment.objects.filter(pk=batch.attachment_id).update(organization=root)


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Set back what the table changed, remove the bodies it brought."""
    for row in rows:
        if row.before is not None:
            _set_back(row, actor)
    brought = Organization.objects.filter(
        pk__in=[row.object_id for row in rows if row.object_id and row.before is None]
    )
    # those below before their parents
    for body in sorted(brought, key=lambda body: -len(body.path)):
        structure.remove(body, actor=actor, note=registers.WITHDRAWN, kept_at=batch.organization)


def _set_back(row: ImportRow, actor: User) -> None:
    facts = dict(row.before or {})
    body = Organization.objects.select_related("parent").get(pk=row.object_id or 0)
    parent = facts.pop("parent", None)
    if "valid_from" in facts:
        facts["valid_from"] = date.fromisoformat(facts["valid_from"])
    if facts:
        structure.correct(body, facts, version=None, actor=actor, note=registers.RESTORED)
    if parent:
        above = Organization.objects.get(code=parent)
        structure.move(body, parent=above, actor=actor, note=registers.RESTORED)
