"""The rooms of academies from a table, as a whole; a room is found again by academy and name.

What a file leaves out stays as it is; the same file twice changes nothing, another number of people
is a correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from academies.models import Academy, Room
from academies.models.rooms import MOST_PEOPLE
from academies.permissions import KEEPERS, may_keep
from academies.services.academies import code_of
from academies.services.rooms import correct_room, register_room, remove_room
from intake.kinds import registers
from intake.kinds.registers import Fault, Line, Plan
from intake.spreadsheets.tables import Column, Form
from workflow.texts.folding import fold_code, fold_prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.kinds.registers import Became
    from intake.models import ImportBatch, ImportRow
    from organizations.models import User

FORM = Form(
    name="培训场地登记表",
    columns=(
        Column("code", "学院编码", ("编码",)),
        Column("name", "场地名称", ("培训场地", "培训地点", "场地", "教室")),
        Column("capacity", "可容纳人数", ("容纳人数", "座位数", "工位数")),
    ),
)
TITLES = {
    "cell-empty": "未填",
    "capacity-unreadable": "人数看不懂",
    "role-required": "没有权限",
    "room-repeated": "场地重复",
    "text-too-long": "内容过长",
    "unknown-academy": "没有这所学院",
}
UNITS = "人座位个"


@dataclass(slots=True)
class Entry:
    """One row of the table, read."""

    line: int
    name: str
    capacity: int | None
    academy: Academy | None
    room: Room | None = None  # the one on file


class RoomSubject(registers.Register):
    """The rooms of the academies that one answers for."""

    model, roles, title = "academies.room", KEEPERS, "培训场地"

    def __init__(self) -> None:
        self.trail = (("培训场地", reverse("academies:rooms")),)


def plan_of(rows: Iterable[Line], *, actor: User) -> Plan[Entry]:
    """Read every row, name every fault, and tell new from changed. Touches nothing."""
    plan: Plan[Entry] = Plan()
    seen = Academy.objects.visible_to(actor).select_related("organization", "supervising_union")
    academies = {academy.code: academy for academy in seen}
    known = {(r.academy_id, r.name): r for r in Room.objects.visible_to(actor)}
    first: dict[tuple[int, str], int] = {}
    for row in rows:
        entry = _entry(row, academies, actor, plan.faults)
        plan.entries.append(entry)
        if entry.academy is None or not entry.name:
            continue
        key = (entry.academy.pk, entry.name)
        if (line := first.setdefault(key, row.line)) != row.line:
            message = f"该学院的“{entry.name}”与第{line}行重复"
            plan.faults.append(Fault(row.line, "name", "room-repeated", message))
        entry.room = known.get(key)
        if entry.room is None:
            plan.new.append(entry)
        elif entry.room.capacity != entry.capacity:
            plan.changed.append(entry)
    return plan


def carry_out(batch: ImportBatch, plan: Plan[Entry], actor: User) -> Became:
    """Enter and correct what the table asks for."""
    became: dict[int, tuple[int, dict[str, Any] | None]] = {}
    for entry in plan.new:
        facts = {"name": entry.name, "capacity": entry.capacity}
        assert entry.academy is not None  # noqa: S101 - a plan without faults
        room = register_room(entry.academy.pk, facts, actor=actor)
        became[entry.line] = (room.pk, None)
    for entry, room in [(e, e.room) for e in plan.changed if e.room]:
        became[entry.line] = (room.pk, {"capacity": room.capacity})
        facts = {"name": entry.name, "capacity": entry.capacity}
        correct_room(room.pk, facts, actor=actor, note=registers.CORRECTED)
    return became


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Remove what the table brought, set back what it changed."""
    for row in rows:
        if row.object_id is None:
            continue
        if row.before is None:
            remove_room(row.object_id, actor=actor, note=registers.WITHDRAWN)
            continue
        name = Room.objects.visible_to(actor).values_list("name", flat=True).get(pk=row.object_id)
        facts = {"name": name, "capacity": row.before["capacity"]}
        correct_room(row.object_id, facts, actor=actor, note=registers.RESTORED)


def _entry(row: Line, academies: dict[str, Academy], actor: User, faults: list[Fault]) -> Entry:
    def refuse(key: str, code: str, message: str) -> None:
        faults.append(Fault(row.line, key, code, message))

    code, name = code_of(row.cells["code"]), fold_prose(row.cells["name"])
    academy = academies.get(code)
    longest = Room._meta.get_field("name").max_length or 0
    if not code:
        refuse("code", "cell-empty", "学院编码不能为空")
    elif academy is None:
        refuse("code", "unknown-academy", f"没有编码为“{code[:40]}”的学院，请核对")
    elif not may_keep.allows(actor, academy):
        message = f"“{academy.name}”的场地由该学院或其主管工会登记，您没有这项权限"
        refuse("code", "role-required", message)
    if not name:
        refuse("name", "cell-empty", "场地名称不能为空")
    elif len(name) > longest:
        refuse("name", "text-too-long", f"场地名称超过{longest}个字")
    text = fold_code(row.cells["capacity"]).rstrip(UNITS)
    capacity = (
        int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PEOPLE)) else 0
    )
    if not 1 <= capacity <= MOST_PEOPLE:
        given = row.cells["capacity"][:20]
        message = f"可容纳人数“{given}”应为1至{MOST_PEOPLE}的整数"
        refuse("capacity", "capacity-unreadable", message)
    return Entry(row.line, name, capacity or None, academy)
