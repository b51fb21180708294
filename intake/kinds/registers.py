"""Registers: tables whose rows are judged together and bring, change or leave what is on file.

An app plans what the rows ask for; here the plan is written beside the rows, for the preview, the
report and the undo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeVar

from intake.kinds import Filed, Sheet, Subject, sheet_of
from intake.kinds.brought import refuse_touched
from intake.models import ImportFinding, ImportRow
from intake.services.rows import UNSEEN
from organizations.models import Organization
from organizations.scoping import outermost_bodies
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User

    #: By line: the row it became, and what stood there before (None: nothing).
    Became = Mapping[int, tuple[int, dict[str, Any] | None]]

Effect = ImportRow.Effect
ROWS_A_WRITE = 500
#: Why something changed, as records of registers say.
CORRECTED, WITHDRAWN, RESTORED = "按导入文件更正", "撤销导入", "撤销导入，恢复原样"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell; ``line`` as Excel counts it, ``key`` of its column."""

    line: int
    key: str
    code: str
    message: str


@dataclass(slots=True)
class Line:
    """One row as the file has it, by column key."""

    line: int
    cells: dict[str, str]
    unseen: frozenset[str] = frozenset()  # columns in which invisible characters stood


class Named(Protocol):
    """A row as an app reads it."""

    line: int

    @property
    def name(self) -> str: ...


E = TypeVar("E", bound=Named)


@dataclass(slots=True)
class Plan(Generic[E]):
    """What a file asks for, set against what is there."""

    entries: list[E] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: What is to be read before filing and stands in its way no more than that.
    doubts: list[Fault] = field(default_factory=list)
    new: list[E] = field(default_factory=list)
    changed: list[E] = field(default_factory=list)

    @property
    def effects(self) -> dict[int, Effect]:
        """By line, what filing it does."""
        return (
            {entry.line: Effect.SAME for entry in self.entries}
            | {entry.line: Effect.NEW for entry in self.new}
            | {entry.line: Effect.CHANGED for entry in self.changed}
        )


class Register(Subject):
    """The register that a body keeps of what lies below it."""

    model: ClassVar[str]
    roles: ClassVar[frozenset[str]]

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        return cls()

    @classmethod
    def stored(cls, text: str) -> Self:
        return cls()

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(texts, cls.title)

    @property
    def text(self) -> str:
        return f"{self.model}:0"

    def bodies(self, user: User) -> list[Organization]:
        """The bodies this account works for; none in an empty house, whose first tree it brings."""
        if user.is_system:
            return list(Organization.objects.filter(parent__isnull=True).order_by("path")[:1])
        return outermost_bodies(user, self.roles) or outermost_bodies(user, None)


def lines_of(batch: ImportBatch) -> list[Line]:
    """The rows that were not left out, in the order of the sheet."""
    keys = sheet_of(batch).keys
    rows = ImportRow.objects.filter(batch=batch).exclude(outcome=ImportRow.Outcome.DROPPED)
    return [
        Line(
            line,
            dict(zip(keys, cells, strict=True)),
            frozenset(f.removeprefix(UNSEEN) for f in flags if f.startswith(UNSEEN)),
        )
        for line, cells, flags in rows.order_by("line")
        .values_list("line", "cells", "flags")
        .iterator()
    ]


def register_sheet(
    plan: Callable[..., Plan[Any]],
    carry_out: Callable[[ImportBatch, Any, User], Became],
    take_back: Callable[[ImportBatch, list[ImportRow], User], None],
    **about: Any,
) -> Sheet:
    """The sheet of a register; it is judged, filed and withdrawn as a whole.

    ``plan`` reads rows and compares them with what is on file, and touches nothing. ``carry_out``
    writes a plan without faults and gives, by line, what each row became and what stood there before
    (None: nothing). ``take_back`` undoes filed rows, those that changed something first.
    """

    def planned(batch: ImportBatch, actor: User) -> Plan[Any]:
        return plan(lines_of(batch), actor=actor)

    def judge(batch: ImportBatch, lines: Lines) -> None:
        write_down(batch, planned(batch, batch.uploaded_by))

    def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
        found = planned(batch, actor)
        if found.faults:
            return prevented(found.faults)
        remember(batch, carry_out(batch, found, actor))
        return Filed(len(found.entries), 0)

    def withdraw(batch: ImportBatch, actor: User) -> int:
        found = planned(batch, actor)
        rows = [*rows_with(batch, Effect.CHANGED), *rows_with(batch, Effect.NEW)]
        check_untouched(rows, {entry.line: entry.name for entry in (*found.changed, *found.new)})
        take_back(batch, rows, actor)
        return len(rows)

    return Sheet(judge=judge, file=file, filed=filed, withdraw=withdraw, **about)


def write_down(batch: ImportBatch, plan: Plan[Any]) -> None:
    """Replace the findings and effects of the batch by those of ``plan``."""
    ImportFinding.objects.filter(batch=batch).delete()
    severity = ImportFinding.Severity
    told = [*((severity.ERROR, f) for f in plan.faults), *((severity.WARNING, d) for d in plan.doubts)]  # fmt: skip
    ImportFinding.objects.bulk_create(
        (
            ImportFinding(
                batch=batch,
                line=fault.line,
                field=fault.key,
                column=batch.headings[fault.key],
                code=fault.code,
                severity=degree,
                message=f"第{fault.line}行“{batch.headings[fault.key]}”：{fault.message}",
            )
            for degree, fault in told
        ),
        batch_size=ROWS_A_WRITE,
    )
    effects = plan.effects
    for effect in (Effect.NEW, Effect.CHANGED, Effect.SAME):
        lines = [line for line, found in effects.items() if found == effect]
        ImportRow.objects.filter(batch=batch, line__in=lines).update(effect=effect)


def remember(batch: ImportBatch, became: Became) -> None:
    """Write beside each line what it became and what stood there before (None: nothing)."""
    rows = list(ImportRow.objects.filter(batch=batch, line__in=became))
    for row in rows:
        row.object_id, row.before = became[row.line]
    ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=ROWS_A_WRITE)


def filed(batch: ImportBatch, lines: Iterable[int] | None) -> dict[int, int]:
    """What rows became, by line."""
    rows = ImportRow.objects.filter(batch=batch, object_id__isnull=False)
    if lines is not None:
        rows = rows.filter(line__in=lines)
    return {line: pk for line, pk in rows.values_list("line", "object_id") if pk is not None}


def rows_with(batch: ImportBatch, effect: str) -> list[ImportRow]:
    """The filed rows that did this, in the order of the sheet."""
    return list(ImportRow.objects.filter(batch=batch, effect=effect).order_by("line"))


def prevented(faults: Sequence[Fault]) -> Filed:
    """What filing comes to where something is wrong now; without the right to it, it is refused."""
    for fault in faults:
        if fault.code == "role-required":
            raise DomainError(fault.code, fault.message)
    return Filed(0, len(faults))


def check_untouched(rows: Iterable[ImportRow], departed: Mapping[int, str]) -> None:
    """Refuse an undo where somebody has worked on what was filed since.

    ``departed`` are the lines that would bring or change something again, each with its name.
    """
    named = [f"第{row.line}行（{departed[row.line]}）" for row in rows if row.line in departed]
    refuse_touched(named, "各行入库后已有改动", "请逐个处理")
