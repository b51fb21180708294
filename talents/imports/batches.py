"""Import batches as pages show them: whose, what was found, what is left to mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from organizations.scoping import holds_role, memberships_of
from talents.imports import NOMINATIONS
from talents.imports.checks import TITLES
from talents.models import Nomination, SelectionRound
from workflow.imports import may_handle
from workflow.models import ImportBatch, ImportFinding, ImportRow, Job
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User

FILED_SHOWN = 10
Status = ImportBatch.Status


def batches_in_scope(user: User) -> QuerySet[ImportBatch]:
    """The nomination imports this account may see."""
    rows = ImportBatch.objects.visible_to(user).filter(kind=NOMINATIONS.name)
    return rows.select_related("organization", "attachment", "uploaded_by")


def round_of_batch(batch: ImportBatch, user: User) -> SelectionRound | None:
    """The round the batch is for, if this account may see it."""
    rows = SelectionRound.objects.visible_to(user).select_related("organizer")
    return rows.filter(pk=int(batch.subject.rpartition(":")[2])).first()


def bodies_that_import(user: User, selection: SelectionRound) -> list[Organization]:
    """For whom this account may hand in a workbook: the organizer itself, or its own bodies."""
    if holds_role(user, NOMINATIONS.roles, selection.organizer.path):
        return [selection.organizer]
    bodies: dict[str, Organization] = {
        m.organization.path: m.organization
        for m in memberships_of(user)
        if m.role in NOMINATIONS.roles and m.organization.path.startswith(selection.organizer.path)
    }
    return [
        bodies[path]
        for path in sorted(bodies)
        if not any(path != above and path.startswith(above) for above in bodies)
    ]


def findings_of(batch: ImportBatch, user: User) -> QuerySet[ImportFinding]:
    """Everything found about the batch, in the order of the sheet."""
    return ImportFinding.objects.visible_to(user).filter(batch=batch).order_by("line", "pk")


def findings_for_list(batch: ImportBatch, user: User) -> QuerySet[ImportFinding]:
    """The same with the name that stands in the row."""
    row = ImportRow.objects.visible_to(user).filter(batch=batch, line=OuterRef("line"))
    name = f"cells__{NOMINATIONS.place(NOMINATIONS.person_name)}"
    return findings_of(batch, user).annotate(person_name=Subquery(row.values(name)[:1]))


def rows_of(batch: ImportBatch, user: User, lines: set[int]) -> dict[int, ImportRow]:
    """The staged rows of the given Excel lines."""
    rows = ImportRow.objects.visible_to(user).filter(batch=batch, line__in=lines)
    return {row.line: row for row in rows}


def dropped_rows(batch: ImportBatch, user: User) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.visible_to(user).filter(batch=batch, outcome=ImportRow.Outcome.DROPPED)
    return rows.order_by("line")


def filed_from(batch: ImportBatch, user: User) -> QuerySet[Nomination]:
    """The first nominations that came of the batch."""
    rows = Nomination.objects.visible_to(user).filter(batch=batch).select_related("person", "unit")
    return rows.order_by("batch_line")[:FILED_SHOWN]


def reading_job(batch: ImportBatch, user: User) -> Job | None:
    """The job that reads a big file, while it does."""
    rows = Job.objects.visible_to(user).filter(subject=subject_of(batch))
    return rows.order_by("-pk").first()


def code_choices(batch: ImportBatch) -> list[tuple[str, str]]:
    """The kinds of faults found in the batch, each with its number."""
    return [
        (code, f"{TITLES[code]}（{count}）")
        for code, count in sorted(batch.finding_counts.items(), key=lambda pair: -pair[1])
    ]


@dataclass(frozen=True, slots=True)
class BatchPowers:
    """What an account may do with a batch as it stands."""

    commits: bool = False
    discards: bool = False
    reverts: bool = False
    corrects: bool = False
    takes: bool = False


def powers_over_batch(batch: ImportBatch, user: User) -> BatchPowers:
    if not may_handle(user, batch):
        return BatchPowers()
    return BatchPowers(
        commits=batch.status == Status.STAGED and batch.accepted_count > 0,
        discards=batch.status in {Status.READING, Status.STAGED, Status.UNREADABLE},
        reverts=batch.status == Status.COMMITTED,
        corrects=batch.status in {Status.STAGED, Status.COMMITTED},
        takes=True,
    )


def batch_tiles(batch: ImportBatch, address: str) -> list[dict[str, Any]]:
    """Rows, accepted, refused and warnings, each with the way to its list."""
    is_filed = batch.status == Status.COMMITTED
    return [
        {"title": "数据行", "count": batch.row_count, "unit": "行", "tone": "info"},
        {
            "title": "已入库" if is_filed else "可入库",
            "count": batch.accepted_count,
            "unit": "行",
            "tone": "good",
        },
        {
            "title": "退回待更正",
            "count": batch.refused_count,
            "unit": "行",
            "tone": "bad" if batch.refused_count else "plain",
            "href": f"{address}?severity=error" if batch.refused_count else "",
            "note": f"另有{batch.dropped_count}行不再处理" if batch.dropped_count else "",
        },
        {
            "title": "提醒",
            "count": batch.warning_count,
            "unit": "处",
            "tone": "warn" if batch.warning_count else "plain",
            "href": f"{address}?severity=warning" if batch.warning_count else "",
            "note": "不影响入库" if batch.warning_count else "",
        },
    ]
