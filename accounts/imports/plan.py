"""What a table of bodies asks for, set against the tree; and the tree made so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import may_change_tree
from intake.kinds.registers import Fault, Line, Plan
from intake.kinds.statements import NOTHING
from intake.spreadsheets.tables import Column, Form
from organizations import services
from organizations import validators as credit_codes
from organizations.models import Organization
from organizations.validity import VALIDITY
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organizations.models import User

FORM = Form(
    name="组织机构",
    columns=(
        Column("code", "编码", ("组织编码",)),
        Column("name", "名称", ("组织名称",)),
        Column("kind", "类型"),
        Column("parent", "上级编码"),
        Column("uscc", "统一社会信用代码", ("信用代码",), is_required=False),
        Column("region_code", "区划代码", is_required=False),
        Column("industry", "行业门类", is_required=False),
        Column("valid_from", "启用日期"),
    ),
)
KINDS = {kind.label: kind for kind in Organization.Kind} | {
    "街道·园区工会": Organization.Kind.STREET,
    "街道工会": Organization.Kind.STREET,
    "园区工会": Organization.Kind.STREET,
}
DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
COMPARED = ("name", "kind", "uscc", "region_code", "industry", "valid_from")


@dataclass(slots=True)
class Entry:
    """One row as the table of organizations would hold it."""

    line: int
    code: str
    name: str
    kind: str
    parent: str
    uscc: str = ""
    region_code: str = ""
    industry: str = ""
    valid_from: date | None = None


@dataclass(slots=True)
class TreePlan(Plan[Entry]):
    """What a file asks for, set against the tree."""

    known: dict[str, Organization] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A body that the file corrected, with the fields that differ."""

    line: int
    organization: Organization
    before: dict
    after: dict


def plan(lines: Iterable[Line], *, actor: User) -> TreePlan:
    """Read every row, name every fault, and tell new from changed. Touches nothing."""
    faults: list[Fault] = []
    entries = [_entry(row, faults) for row in lines]
    found = TreePlan(entries=entries, faults=faults)
    found.known = {
        o.code: o for o in Organization.objects.visible_to(actor).select_related("parent")
    }
    _check_repeats(found)
    _check_tree(found)
    _check_credit_codes(found)
    _check_right(found, actor)
    found.faults.sort(key=lambda fault: fault.line)
    for entry in entries:
        row = found.known.get(entry.code)
        if row is None:
            found.new.append(entry)
        elif _differences(row, entry)[1]:
            found.changed.append(entry)
    return found


@transaction.atomic
def carry_out(found: TreePlan) -> list[Change]:
    """Write a plan without faults; returns the corrections it made. Paths are built in one pass."""
    services.lock_tree()
    rows = _linked_tree()
    changes = []
    for entry in found.changed:
        before, after = _differences(rows[entry.code], entry)
        changes.append(Change(entry.line, rows[entry.code], before, after))
    for entry, pk in zip(found.new, services.next_ids(len(found.new)), strict=True):
        rows[entry.code] = Organization(pk=pk, code=entry.code)
    touched = [*found.new, *found.changed]
    for entry in touched:
        row = rows[entry.code]
        row.parent = rows[entry.parent] if entry.parent else None
        for name in COMPARED:
            setattr(row, name, getattr(entry, name))
        services.set_search_keys(row)
    moved = _lay_paths(rows.values())
    Organization.objects.bulk_create(_parents_first([rows[e.code] for e in found.new]))
    fields = [*COMPARED, "parent", "path", "name_pinyin", "name_initials"]
    fresh = {entry.code for entry in found.new}
    corrected = {entry.code for entry in found.changed} | moved
    Organization.objects.bulk_update([rows[c] for c in corrected - fresh], fields, batch_size=500)
    return changes


def _folded(text: str) -> str:
    """As codes and dates are compared; “无” and the like are a blank."""
    folded = fold_code(text)
    return "" if folded in NOTHING else folded


def _entry(row: Line, faults: list[Fault]) -> Entry:
    """One row read on its own; what cannot be read is a fault and stays empty."""

    def refuse(key: str, code: str, message: str) -> str:
        faults.append(Fault(row.line, key, code, message))
        return ""

    def text(key: str) -> str:
        return _folded(row.cells.get(key) or "")

    entry = Entry(
        line=row.line,
        code=text("code").upper(),
        name=" ".join((row.cells.get("name") or "").split()),
        kind=KINDS.get(text("kind").replace("(", "（").replace(")", "）"), ""),
        parent=text("parent").upper(),
        uscc=text("uscc").upper(),
        region_code=text("region_code"),
        industry=text("industry"),
    )
    for key in ("code", "name", "industry"):
        _check_length(row, key, getattr(entry, key), refuse)
    if not entry.kind:
        labels = "、".join(kind.label for kind in Organization.Kind)
        given = row.cells.get("kind") or ""
        refuse("kind", "kind-unknown", f"类型“{given.strip()}”不在允许范围内：{labels}")
    if entry.region_code and not re.fullmatch(r"\d{6}", entry.region_code, re.ASCII):
        refuse("region_code", "region-code-invalid", f"区划代码“{entry.region_code}”应为6位数字")
    if entry.uscc and entry.kind:
        is_host = entry.kind == Organization.Kind.UNIT
        if fault := credit_codes.fault_in(entry.uscc, is_host=is_host):
            refuse("uscc", "uscc-invalid", fault)
    entry.valid_from = _day(text("valid_from"))
    if entry.valid_from is None:
        given = text("valid_from")
        refuse("valid_from", "date-invalid", f"启用日期“{given}”应为真实日期，如 2000-01-01")
    return entry


def _check_length(row: Line, key: str, value: str, refuse: Callable[[str, str, str], str]) -> None:
    column = next(column for column in FORM.columns if column.key == key)
    longest = Organization._meta.get_field(key).max_length or 0  # type: ignore[union-attr]
    if not value and column.is_required:
        refuse(key, "cell-empty", f"{column.header}不能为空")
    elif len(value) > longest:
        refuse(key, "text-too-long", f"{column.header}超过{longest}个字")
    elif key in row.unseen or not value.isprintable():
        refuse(key, "text-unprintable", f"{column.header}含有不可见的控制字符")


def _day(text: str) -> date | None:
    match = DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else date.fromisoformat(text)
    except ValueError:
        return None


def _check_repeats(found: TreePlan) -> None:
    first: dict[str, int] = {}
    for entry in found.entries:
        if entry.code and (line := first.setdefault(entry.code, entry.line)) != entry.line:
            message = f"编码“{entry.code}”与第{line}行重复"
            found.faults.append(Fault(entry.line, "code", "code-repeated", message))


def _check_tree(found: TreePlan) -> None:
    """Every parent exists, may carry this kind, and no chain of parents comes back to itself."""
    kinds = {code: row.kind for code, row in found.known.items()}
    kinds |= {entry.code: entry.kind for entry in found.entries if entry.kind}
    parents = {code: row.parent.code if row.parent else "" for code, row in found.known.items()}
    parents |= {entry.code: entry.parent for entry in found.entries if entry.code}
    rings, today = _rings(parents), timezone.localdate()
    for entry in found.entries:
        code = message = ""
        if entry.parent and entry.parent not in parents:
            code = "parent-unknown"
            message = f"上级编码“{entry.parent}”既不在本表中，也不在您可见的组织中"
        elif (above := found.known.get(entry.parent)) and VALIDITY.has_ended(above, today):
            code, message = "parent-closed", f"上级“{above.name}”已停用，请改填在用的上级"
        elif entry.code in rings:
            code, message = "parent-cycle", f"“{entry.name}”的上级关系绕成了圈，请核对上级编码"
        elif entry.kind and (not entry.parent or kinds.get(entry.parent)):
            above_kind = kinds[entry.parent] if entry.parent else None
            code, message = "parent-misplaced", services.misplacement(entry.kind, above_kind)
        if code and message:
            found.faults.append(Fault(entry.line, "parent", code, message))


def _rings(parents: dict[str, str]) -> set[str]:
    """Codes whose chain of parents runs into a ring; every code is walked once."""
    fate: dict[str, bool] = {}
    for start in parents:
        trail: dict[str, None] = {}
        code = start
        while code in parents and code not in fate and code not in trail:
            trail[code] = None
            code = parents[code]
        is_ring = code in trail or fate.get(code, False)
        fate |= dict.fromkeys(trail, is_ring)
    return {code for code, is_ring in fate.items() if is_ring}


def _check_credit_codes(found: TreePlan) -> None:
    """No two bodies in force share a credit code, within the file and beyond it."""
    named = {entry.code for entry in found.entries}
    holders = {
        row.uscc: f"“{row.name}”"
        for row in found.known.values()
        if row.uscc and row.valid_until is None and row.code not in named
    }
    for entry in found.entries:
        if not entry.uscc:
            continue
        holder = holders.get(entry.uscc)
        holders.setdefault(entry.uscc, f"第{entry.line}行")
        if holder is not None:
            message = f"统一社会信用代码“{entry.uscc}”已用于{holder}"
            found.faults.append(Fault(entry.line, "uscc", "uscc-repeated", message))


def _check_right(found: TreePlan, actor: User) -> None:
    """Staff enter and change bodies below their own; an existing one where it stands today, too."""
    fathers = {entry.code: entry.parent for entry in found.entries}
    for entry in found.entries:
        code, seen = entry.parent, set()
        while code in fathers and code not in found.known and code not in seen:
            seen.add(code)
            code = fathers[code]
        places = [found.known[c].path for c in (code, entry.code) if c in found.known] or ["/"]
        if not all(may_change_tree.allows(actor, path) for path in places):
            message = f"您没有在此处登记或更正“{entry.name}”的权限，请由上级工会办理"
            found.faults.append(Fault(entry.line, "parent", "role-required", message))


def _differences(row: Organization, entry: Entry) -> tuple[dict, dict]:
    """Fields in which ``row`` departs from ``entry``: as they are and as they will be."""
    before = {name: getattr(row, name) for name in COMPARED}
    before["parent"] = row.parent.code if row.parent else ""
    after = {name: getattr(entry, name) for name in (*COMPARED, "parent")}
    changed = [name for name in after if before[name] != after[name]]
    return {n: before[n] for n in changed}, {n: after[n] for n in changed}


def _linked_tree() -> dict[str, Organization]:
    """Every body by code, each one's parent being the very object that stands for it."""
    rows = list(Organization.objects.all())
    by_pk = {row.pk: row for row in rows}
    for row in rows:
        row.parent = by_pk[row.parent_id] if row.parent_id else None
    return {row.code: row for row in rows}


def _lay_paths(rows: Iterable[Organization]) -> set[str]:
    """Set every path from the parents, from the top down; returns codes whose path changed."""
    moved = set()
    for row in _parents_first(list(rows)):
        path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
        if path != row.path:
            row.path = path
            moved.add(row.code)
    return moved


def _parents_first(rows: list[Organization]) -> list[Organization]:
    """``rows`` so ordered that every parent stands before its children."""
    by_pk = {row.pk: row for row in rows}
    done: dict[int, Organization] = {}
    for row in rows:
        trail = []
        step: Organization | None = row
        while step is not None and step.pk in by_pk and step.pk not in done:
            trail.append(step)
            step = step.parent
        done |= {step.pk: step for step in reversed(trail)}
    return list(done.values())
