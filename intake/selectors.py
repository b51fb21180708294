"""Files handed in, as pages show them: what was found, what is left to mend, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from intake.kinds import address_of, is_known, kind_of, sheet_of
from intake.kinds.checks import TITLES
from intake.models import ImportBatch, ImportFinding, ImportRow
from workflow.models import Job
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from intake.kinds import ImportKind, Subject
    from organizations.models import User

Status = ImportBatch.Status


def all_batches_in_scope(user: User) -> QuerySet[ImportBatch]:
    """Every import this account may see, also of forms that no app knows any more."""
    rows = ImportBatch.objects.visible_to(user)
    return rows.select_related("organization", "attachment", "uploaded_by")


def batches_in_scope(user: User, *kinds: ImportKind) -> QuerySet[ImportBatch]:
    """The imports of these kinds that this account may see."""
    names = [sheet.name for kind in kinds for sheet in kind.sheets]
    return all_batches_in_scope(user).filter(kind__in=names)


@dataclass(frozen=True, slots=True)
class Line:
    """A batch as a list shows it: what form it is, about what, and where its preview stands."""

    batch: ImportBatch
    kind: str
    subject: str
    href: str


def lines_of(batches: Iterable[ImportBatch]) -> list[Line]:
    """Batches with the names of what they are about; each app is asked once for all of them.

    Of a form that no app knows any more only the codes are told.
    """
    rows = list(batches)
    named: dict[type[Subject], set[str]] = {}
    for batch in filter(is_known, rows):
        named.setdefault(kind_of(batch).subject, set()).add(batch.subject)
    names: dict[str, str] = {}
    for subject, texts in named.items():
        names |= subject.names(texts)
    return [
        Line(batch, sheet_of(batch).title, names.get(batch.subject, "—"), address_of(batch))
        if is_known(batch)
        else Line(batch, batch.kind, batch.subject, "")
        for batch in rows
    ]


def findings_of(batch: ImportBatch, user: User) -> QuerySet[ImportFinding]:
    """Everything found about the batch, in the order of the sheet."""
    return ImportFinding.objects.visible_to(user).filter(batch=batch).order_by("line", "pk")


def findings_with_names(batch: ImportBatch, user: User) -> QuerySet[ImportFinding]:
    """The same with ``row_name``, what stands in the row's naming column."""
    row = ImportRow.objects.visible_to(user).filter(batch=batch, line=OuterRef("line"))
    place = f"cells__{sheet_of(batch).name_place}"
    rows = findings_of(batch, user)
    return rows.select_related("batch").annotate(row_name=Subquery(row.values(place)[:1]))


def rows_of(batch: ImportBatch, user: User, lines: Collection[int]) -> dict[int, ImportRow]:
    """The staged rows of the given Excel lines."""
    rows = ImportRow.objects.visible_to(user).filter(batch=batch, line__in=lines)
    return {row.line: row for row in rows}


def dropped_rows(batch: ImportBatch, user: User) -> QuerySet[ImportRow]:
    """Rows left out for good, with the reason."""
    rows = ImportRow.objects.visible_to(user).filter(batch=batch, outcome=ImportRow.Outcome.DROPPED)
    return rows.order_by("line")


def effects_of(batch: ImportBatch, user: User) -> QuerySet[ImportRow]:
    """Rows of a register that bring something new or change what is there."""
    rows = ImportRow.objects.visible_to(user).filter(batch=batch)
    return rows.filter(effect__in=["new", "changed"]).order_by("line")


def reading_job(batch: ImportBatch, user: User) -> Job | None:
    """The job that reads a big file, while it does."""
    rows = Job.objects.visible_to(user).filter(subject=subject_of(batch))
    return rows.order_by("-pk").first()


def code_choices(batch: ImportBatch) -> list[tuple[str, str]]:
    """The kinds of faults found in the batch, each with its number."""
    titles = {**TITLES, **sheet_of(batch).titles}
    counted = sorted(batch.finding_counts.items(), key=lambda pair: -pair[1])
    return [(code, f"{titles.get(code, code)}（{count}）") for code, count in counted]


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
