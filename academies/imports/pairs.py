"""A training workbook as one thing: its two sheets are two batches, handled together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from academies.kinds import CLASSES_KIND, ROSTER_KIND
from intake import imports
from intake.imports import Handling
from intake.imports.counts import recount
from intake.models import ImportBatch, ImportFinding
from workflow.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

Status = ImportBatch.Status
LIVING = frozenset({Status.READING, Status.STAGED, Status.COMMITTED})
UNFILED = frozenset({Status.READING, Status.STAGED, Status.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Workbook:
    """Both batches of one file; ``is_new`` is false when the same file was handed in before."""

    classes: ImportBatch
    roster: ImportBatch
    is_new: bool = True

    @property
    def batches(self) -> tuple[ImportBatch, ImportBatch]:
        return self.classes, self.roster


def workbook_of(batch: ImportBatch) -> Workbook:
    """The workbook that ``batch`` is one sheet of, as it stands now."""
    other = CLASSES_KIND if batch.kind == ROSTER_KIND else ROSTER_KIND
    rows = ImportBatch.objects.filter(
        kind=other, subject=batch.subject, organization=batch.organization, digest=batch.digest
    )
    beside = _beside(batch, rows.select_related("organization", "attachment"))
    if beside is None:
        raise ImportBatch.DoesNotExist
    pair = {batch.kind: batch, other: beside}
    return Workbook(pair[CLASSES_KIND], pair[ROSTER_KIND])


def _beside(batch: ImportBatch, rows: QuerySet[ImportBatch]) -> ImportBatch | None:
    """The other sheet's batch among ``rows``: a file given up may have been handed in anew since.

    Both batches are made at once, the classes first.
    """
    if batch.status in LIVING and (living := rows.filter(status__in=LIVING).first()):
        return living
    if batch.kind == ROSTER_KIND:
        return rows.filter(pk__lt=batch.pk).order_by("-pk").first() or rows.first()
    return rows.filter(pk__gt=batch.pk).order_by("pk").first() or rows.first()


def commit_workbook(workbook: Workbook, *, actor: User) -> None:
    """File the standing rows of both sheets in one transaction, the classes first.

    What has become faulty since the preview is written down, and nothing is filed. While a big
    sheet is still being read, or when it could not be read, neither is filed.
    """
    standing = [b for b in workbook.batches if b.status == Status.STAGED and b.accepted_count]
    try:
        with transaction.atomic():
            _check_both_read(workbook)
            for batch in standing or [workbook.roster]:  # the last is refused in words
                imports.commit(batch.pk, actor=actor)
    except DomainError as refusal:
        if refusal.code == "import-changed-since-preview":
            for batch in workbook.batches:
                judge_again(batch)
        raise


def _check_both_read(workbook: Workbook) -> None:
    pks = [batch.pk for batch in workbook.batches]
    rows = ImportBatch.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    for status, sheet in rows.values_list("status", "sheet"):
        if status == Status.READING:
            message = "工作簿的另一张工作表还在读取，读完后两张表一起提交；请稍候刷新页面"
            raise DomainError("sheet-still-read", message)
        if status == Status.UNREADABLE:
            message = (
                f"工作簿的工作表“{sheet}”没能读出，两张表都不入库；请放弃本批次，更正原件后重新上传"
            )
            raise DomainError("sheet-unreadable", message)


@transaction.atomic
def judge_again(batch: ImportBatch) -> None:
    """Judge the rows of a waiting batch anew: what they refer to has changed."""
    rows = ImportBatch.objects.select_for_update(of=("self",))
    staged = rows.select_related("organization").filter(pk=batch.pk, status=Status.STAGED).first()
    if staged is None:
        return
    ImportFinding.objects.filter(batch=staged).delete()
    imports.kind_of(staged).judge(staged, None)
    recount(staged)


@transaction.atomic
def discard_workbook(workbook: Workbook, *, actor: User) -> None:
    """Give up what is not filed; refused in words when there is nothing of the kind."""
    unfiled = [batch for batch in workbook.batches if batch.status in UNFILED]
    for batch in unfiled or [workbook.roster]:
        imports.discard(batch.pk, actor=actor)


@transaction.atomic
def revert_workbook(workbook: Workbook, *, actor: User, note: str) -> None:
    """Take back all that was filed, the roster before its classes; refused when nothing was."""
    filed = [b for b in (workbook.roster, workbook.classes) if b.status == Status.COMMITTED]
    for batch in filed or [workbook.roster]:
        imports.revert(batch.pk, actor=actor, note=note)


#: A sheet is never handled without the other, whichever of the two somebody names.
BOTH_SHEETS = Handling(
    commit=lambda batch, actor: commit_workbook(workbook_of(batch), actor=actor),
    discard=lambda batch, actor: discard_workbook(workbook_of(batch), actor=actor),
    revert=lambda batch, actor, note: revert_workbook(workbook_of(batch), actor=actor, note=note),
)
