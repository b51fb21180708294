"""Registers: tables whose rows are judged together and bring, change or leave what is on file.

An app plans what the rows ask for; here the plan is written beside the rows, for the preview, the
report and the undo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from intake.kinds import Filed, Subject, sheet_of
from intake.models import ImportFinding, ImportRow
from intake.services.rows import UNSEEN
from organizations.models import Organization
from organizations.scoping import outermost_bodies
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from intake.models import ImportBatch
    from organizations.models import User

Effect = ImportRow.Effect
ROWS_A_WRITE = 500
MOST_NAMED = 10
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


@dataclass(slots=True)
class Outcome:
    """What the rows ask for: their faults, and by line what each one does."""

    faults: list[Fault] = field(default_factory=list)
    effects: dict[int, Effect] = field(default_factory=dict)


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


def write_down(batch: ImportBatch, outcome: Outcome) -> None:
    """Replace the findings and effects of the batch by those of ``outcome``."""
    ImportFinding.objects.filter(batch=batch).delete()
    ImportFinding.objects.bulk_create(
        (
            ImportFinding(
                batch=batch,
                line=fault.line,
                field=fault.key,
                column=batch.headings[fault.key],
                code=fault.code,
                severity=ImportFinding.Severity.ERROR,
                message=f"第{fault.line}行“{batch.headings[fault.key]}”：{fault.message}",
            )
            for fault in outcome.faults
        ),
        batch_size=ROWS_A_WRITE,
    )
    for effect in (Effect.NEW, Effect.CHANGED, Effect.SAME):
        lines = [line for line, found in outcome.effects.items() if found == effect]
        ImportRow.objects.filter(batch=batch, line__in=lines).update(effect=effect)


def remember(batch: ImportBatch, filed: Mapping[int, tuple[int, dict[str, Any] | None]]) -> None:
    """Write beside each line what it became and what stood there before (None: nothing)."""
    rows = list(ImportRow.objects.filter(batch=batch, line__in=filed))
    for row in rows:
        row.object_id, row.before = filed[row.line]
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
    if named:
        more = "等" if len(named) > MOST_NAMED else ""
        rows_named = "、".join(named[:MOST_NAMED])
        message = f"以下各行入库后已有改动，不能整批撤销：{rows_named}{more}；请逐个处理"
        raise DomainError("import-touched", message)
