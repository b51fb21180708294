"""Rows of the sheet become persons and entries, and are taken back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from intake.kinds import Entry, Filed
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import quoted, run
from intake.kinds.registers import Register
from intake.kinds.statements import Statements, execute, gather
from organizations.validity import VALIDITY
from talents.imports.actions.checks import ARISING, CHECKS
from talents.imports.actions.form import FORM
from talents.models import ActionEntry
from talents.models.actions import SORTS
from talents.permissions import FILERS
from talents.permissions.actions import may_enter_some
from talents.rules.patents import KINDS
from talents.services import newcomers
from talents.services.referrals import refer_conflicts

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization, User

NAMED = 10
Kind, Sort = ActionEntry.Kind, ActionEntry.Sort


def _whens(pairs: dict[str, str]) -> str:
    return " ".join(f"when {quoted(said)} then {quoted(meant)}" for said, meant in pairs.items())


#: Each kind as it is called, and short.
KNOWN = {kind.label: kind.value for kind in Kind} | {
    "种子": Kind.SEED.value, "四技": Kind.FOUR.value, "五小": Kind.SMALL.value,
    "自主评价": Kind.ASSESSING.value,
}  # fmt: skip
SORTED = {
    f"{kind} {Sort(sort).label if sort else ''}": sort for kind, some in SORTS.items() for sort in some
} | {
    f"{Kind.PATENT} 发明": Sort.INVENTIVE.value, f"{Kind.PATENT} 实用新型": Sort.UTILITY.value,
    f"{Kind.PATENT} 外观设计": Sort.APPEARANCE.value, f"{Kind.SEED} 学生": Sort.STUDENT.value,
}  # fmt: skip
SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read(
    "stated",
    known=_whens(KNOWN),
    sorts=_whens(SORTED),
    kinds=_whens({sort.value: signs for sort, signs in KINDS.items()}),
    held_on=SQL.read("day", cell="@held_on"),
    in_force=VALIDITY.sql("%(today)s", at="b."),
)
INCOMING, REPEATED = SQL.read("accepted", stated=STATED), SQL.read("repeated", stated=STATED)
NAMES, NEWCOMERS, ENTRIES = (SQL.read(name) for name in ("one_name", "newcomers", "entries"))


class ActionRegister(Register):
    """Results, seeds and own assessment of what lies below whoever hands the sheet in."""

    model, roles = "talents.actionentry", FILERS
    title = "成果与行动登记"

    def __init__(self) -> None:
        self.trail = ((self.title, reverse("talents:actions")),)

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_enter_some.check(actor)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    refer_conflicts(batch, lines, href=reverse("talents:actions"))
    if batch.status == batch.Status.STAGED:
        execute(NAMES, values | {"column": batch.headings["name"]})
        of = values["lines"]
        execute(REPEATED, values | {"lines": None, "of": of, "column": batch.headings["kind"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile."""
    values = _values(batch, lines)
    expected = gather(INCOMING, values)
    arisen = run(batch, ARISING, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    newcomers.admit(NEWCOMERS, values)
    if execute(ENTRIES, values | {"actor": actor.pk}) != expected:
        return Filed(0, 0)
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Entries by the line they came from."""
    return by_line(ActionEntry.objects.filter(batch=batch), lines)


def entries(batch: ImportBatch, user: User) -> list[Entry]:
    """The first entries that came of the batch."""
    rows = ActionEntry.objects.visible_to(user).filter(batch=batch)
    return [
        Entry(
            row.batch_line,
            str(row),
            reverse("talents:action", args=[row.pk]),
            (row.get_sort_display() or row.get_kind_display(), row.told),
        )
        for row in rows.select_related("person", "organization").order_by("batch_line")[:NAMED]
    ]


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the entries of a batch and the persons only they brought; returns how many.

    Refused when one was withdrawn, given its paper or further people since.
    """
    rows = ActionEntry.objects.filter(batch=batch)
    touched = (
        rows.filter(withdrawn_on__isnull=False)
        | rows.filter(scan__isnull=False)
        | rows.filter(partners__isnull=False)
    )
    lines = touched.distinct().order_by("batch_line").values_list("batch_line", flat=True)
    named = [f"第{line}行" for line in lines[: MOST_NAMED + 1]]
    refuse_touched(named, "各行入库后已撤下、已补证明或完成人", "请逐项撤下")
    values = _values(batch, None)
    persons = list(rows.filter(person__isnull=False).values_list("person_id", flat=True).distinct())
    withdrawn, _ = rows.delete()
    newcomers.dismiss(
        "select unnest(%(persons)s::bigint[]) as person_id", values | {"persons": persons}
    )
    return withdrawn


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "today": timezone.localdate(),
        "within": f"{batch.place}%",
    }
