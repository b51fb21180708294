"""Academies from a table: every fault named at once, then all of it or nothing.

An academy is found again by its code: the same file twice changes nothing, what differs is a
correction. What a file leaves out, or leaves blank, stays as it is; ``无`` takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from academies.imports.brands import brands_of
from academies.models import Academy, Brand
from academies.models.academies import FIRST_YEAR
from academies.permissions import may_designate
from academies.services.academies import (
    Brands,
    code_fault,
    code_of,
    correct_academy,
    register_academy,
    remove_academy,
)
from intake.kinds import registers
from intake.kinds.registers import Fault, Line, Plan
from intake.spreadsheets.tables import Column, Form
from organizations.models import Organization
from organizations.roles import STAFF
from workflow.texts.days import written_day
from workflow.texts.folding import fold_code, fold_header, fold_prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.kinds.registers import Became
    from intake.models import ImportBatch, ImportRow
    from organizations.models import User

FORM = Form(
    name="工匠学院登记表",
    columns=(
        Column("code", "编码", ("学院编码",)),
        Column("name", "名称", ("学院名称",)),
        Column("tier", "层级", ("类别", "学院层级")),
        Column("host", "举办单位编码", ("举办单位",), is_required=False),
        Column("union", "主管工会编码", ("主管工会",)),
        Column("designated_on", "命名日期", ("命名时间", "授牌日期")),
        Column("brands", "特色专业（工种）", ("特色专业", "特色品牌"), is_required=False),
    ),
)
HEADERS = {column.key: column.header for column in FORM.columns}
TIERS = {fold_header(tier.label): tier for tier in Academy.Tier} | {
    fold_header("职工教育培训基地"): Academy.Tier.BASE,
    fold_header("区工匠学院"): Academy.Tier.DISTRICT,
    fold_header("产业工匠学院"): Academy.Tier.DISTRICT,
}
#: What people write where there is none.
NONE_SUCH = frozenset({"无", "—", "-", "/"})
#: What people call each fault where they choose which to look at.
TITLES = {
    "cell-empty": "未填",
    "code-repeated": "编码重复",
    "code-unusable": "编码不能使用",
    "date-invalid": "日期不实",
    "not-a-union": "不是工会",
    "role-required": "没有权限",
    "text-too-long": "内容过长",
    "tier-unknown": "层级看不懂",
    "unknown-organization": "组织未登记",
}


@dataclass(slots=True)
class Entry:
    """One row of the table, read; ``facts`` holds only what it speaks of."""

    line: int
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    brands: list[str] | None = None  # None: not spoken of
    academy: Academy | None = None  # the one on file

    @property
    def name(self) -> str:
        return self.facts["name"]


class RegisterSubject(registers.Register):
    """The register of academies."""

    model, roles = "academies.academy", STAFF
    title = "工匠学院名录"

    def __init__(self) -> None:
        self.trail = (("工匠学院", reverse("academies:list")),)


def carry_out(batch: ImportBatch, plan: Plan[Entry], actor: User) -> Became:
    """Register and correct what the table asks for."""
    became: dict[int, tuple[int, dict[str, Any] | None]] = {}
    for entry in plan.new:
        academy = register_academy(entry.code, entry.facts, brands=entry.brands or [], actor=actor)
        became[entry.line] = (academy.pk, None)
    for entry, academy in [(e, e.academy) for e in plan.changed if e.academy]:
        became[entry.line] = (academy.pk, _before(academy, entry))
        correct_academy(
            academy.pk,
            entry.facts,
            brands=None if entry.brands is None else Brands(entry.brands),
            actor=actor,
            note=registers.CORRECTED,
        )
    return became


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Remove what the table brought, set back what it changed."""
    for row in rows:
        _take_back(row, actor)


def _take_back(row: ImportRow, actor: User) -> None:
    if row.object_id is None:
        return
    if row.before is None:
        remove_academy(row.object_id, actor=actor, note=registers.WITHDRAWN)
        return
    facts = dict(row.before)
    for relation in ("host", "supervising_union"):
        if facts.get(relation):
            facts[relation] = Organization.objects.get(pk=facts[relation])
    facts["designated_on"] = date.fromisoformat(facts["designated_on"])
    brands = facts.pop("brands", None)
    correct_academy(
        row.object_id,
        facts,
        brands=None if brands is None else Brands(brands),
        actor=actor,
        note=registers.RESTORED,
    )


def _before(academy: Academy, entry: Entry) -> dict[str, Any]:
    """What the row changes, as it stands now."""
    facts: dict[str, Any] = {name: getattr(academy, name) for name in entry.facts}
    for relation in ("host", "supervising_union"):
        if relation in facts:
            facts[relation] = facts[relation].pk if facts[relation] else None
    brands = {} if entry.brands is None else {"brands": academy.standing_brands()}
    return facts | brands


def plan_of(rows: Iterable[Line], *, actor: User) -> Plan[Entry]:
    """Read every row, name every fault, and tell new from changed. Touches nothing."""
    plan: Plan[Entry] = Plan()
    bodies = {o.code: o for o in Organization.objects.all()}
    known = {
        academy.code: academy
        for academy in Academy.objects.select_related("host", "supervising_union")
    }
    brands = _brands_in_force()
    first: dict[str, int] = {}
    for row in rows:
        entry = _Reader(row.line, row.cells, bodies, plan.faults).entry()
        plan.entries.append(entry)
        if entry.code and (line := first.setdefault(entry.code, row.line)) != row.line:
            message = f"编码“{entry.code}”与第{line}行重复"
            plan.faults.append(Fault(row.line, "code", "code-repeated", message))
        academy = entry.academy = known.get(entry.code)
        _check_right(entry, academy, actor, plan.faults)
        _check_days(entry, academy, plan.faults)
        if academy is None:
            plan.new.append(entry)
        elif _differs(academy, entry, brands.get(academy.pk, set())):
            plan.changed.append(entry)
    return plan


@dataclass(frozen=True, slots=True)
class _Reader:
    """One row read on its own; what cannot be read is a fault and left out."""

    line: int
    cells: dict[str, str]
    bodies: dict[str, Organization]
    faults: list[Fault]

    def entry(self) -> Entry:
        facts = {
            "name": self.text("name", fold_prose(self.cells["name"])),
            "tier": self.tier(),
            "supervising_union": self.union(),
            "designated_on": self.designated_on(),
        }
        if self.says("host"):
            facts["host"] = self.body("host")
        return Entry(self.line, self.code(), facts, self.brands())

    def code(self) -> str:
        code = self.text("code", code_of(self.cells["code"]))
        if code and (message := code_fault(code)):
            self.refuse("code", "code-unusable", message)
        return code

    def says(self, key: str) -> bool:
        """Whether the row speaks of an optional column; a blank cell leaves things as they are."""
        return bool(fold_code(self.cells[key]))

    def refuse(self, key: str, code: str, message: str) -> None:
        self.faults.append(Fault(self.line, key, code, message))

    def text(self, key: str, value: str) -> str:
        longest = getattr(Academy._meta.get_field(key), "max_length", None) or 0
        if not value:
            self.refuse(key, "cell-empty", f"{HEADERS[key]}不能为空")
        elif len(value) > longest:
            self.refuse(key, "text-too-long", f"{HEADERS[key]}超过{longest}个字")
        return value

    def tier(self) -> str | None:
        tier = TIERS.get(fold_header(self.cells["tier"]))
        if tier is None:
            labels = "、".join(str(tier.label) for tier in Academy.Tier)
            given = self.cells["tier"][:30]
            self.refuse("tier", "tier-unknown", f"层级“{given}”不在允许范围内：{labels}")
        return tier

    def body(self, key: str) -> Organization | None:
        code = fold_code(self.cells[key]).upper()
        if key == "host" and code in NONE_SUCH:
            return None
        if code and code not in self.bodies:
            self.refuse(key, "unknown-organization", f"没有编码为“{code}”的组织，请核对")
        return self.bodies.get(code)

    def union(self) -> Organization | None:
        union = self.body("union")
        if not fold_code(self.cells["union"]):
            self.refuse("union", "cell-empty", "主管工会编码不能为空")
        elif union is not None and union.kind == Organization.Kind.UNIT:
            message = f"“{union.name}”是基层单位，不能作主管工会"
            self.refuse("union", "not-a-union", message)
        return union

    def designated_on(self) -> date | None:
        day = _day(self.cells["designated_on"])
        if day is None:
            given = self.cells["designated_on"][:20]
            message = f"命名日期“{given}”应为{FIRST_YEAR}年以后的真实日期，如 2024-07-31"
            self.refuse("designated_on", "date-invalid", message)
        return day

    def brands(self) -> list[str] | None:
        if not self.says("brands"):
            return None
        if fold_code(self.cells["brands"]) in NONE_SUCH:
            return []
        brands = brands_of(self.cells["brands"])
        longest = Brand._meta.get_field("name").max_length or 0
        if any(len(brand) > longest for brand in brands):
            self.refuse("brands", "text-too-long", f"有一项特色专业（工种）超过{longest}个字")
        return brands


def _day(text: str) -> date | None:
    day = written_day(text)
    return day if day is not None and FIRST_YEAR <= day.year <= timezone.localdate().year else None


def _check_right(entry: Entry, academy: Academy | None, actor: User, faults: list[Fault]) -> None:
    unions = [entry.facts["supervising_union"], academy and academy.supervising_union]
    if not all(may_designate.allows(actor, union) for union in unions if union is not None):
        message = "您没有登记该主管工会所管学院的权限，请由该工会或上级工会办理"
        faults.append(Fault(entry.line, "union", "role-required", message))


def _check_days(entry: Entry, academy: Academy | None, faults: list[Fault]) -> None:
    begun, ended = entry.facts["designated_on"], academy and academy.withdrawn_on
    if academy and begun and ended and ended < begun:
        message = f"“{academy.name}”已于{ended}撤销，命名日期{begun}不能晚于撤销日期"
        faults.append(Fault(entry.line, "designated_on", "date-invalid", message))


def _differs(academy: Academy, entry: Entry, brands: set[str]) -> bool:
    facts = any(getattr(academy, name) != value for name, value in entry.facts.items())
    return facts or (entry.brands is not None and brands != set(entry.brands))


def _brands_in_force() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for pk, name in Brand.objects.filter(until__isnull=True).values_list("academy_id", "name"):
        found.setdefault(pk, set()).add(name)
    return found
