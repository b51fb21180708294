"""A training workbook as one thing: its two sheets are two batches, staged and committed together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from academies.imports import CLASSES, ROSTER
from academies.imports.subjects import KEEPERS, check_keeper, check_year, subject_for
from organizations.scoping import holds_role
from workflow import imports
from workflow.errors import DomainError
from workflow.imports.counts import recount
from workflow.models import ImportBatch, ImportFinding

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Academy
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


def upload_of(
    content: bytes, filename: str, *, academy: Academy, year: int, actor: User
) -> imports.Upload:
    """A file handed in for an academy's year, if this actor may and the year can be taught in.

    It belongs to the academy's body, or to the union where that one answers from elsewhere in the tree.
    """
    check_keeper(academy, actor)
    check_year(academy, year)
    is_ours = holds_role(actor, KEEPERS, academy.organization.path)
    return imports.Upload(
        content=content,
        filename=filename,
        subject=subject_for(academy, year),
        organization=academy.organization if is_ours else academy.supervising_union,
        actor=actor,
    )


@transaction.atomic
def receive_workbook(upload: imports.Upload) -> Workbook:
    """Stage both sheets for their preview, or neither; a big roster is staged by a job."""
    classes, roster = imports.receive_sheets(upload, [CLASSES, ROSTER])
    return Workbook(classes.batch, roster.batch, is_new=roster.is_new)


@transaction.atomic
def receive_whole_workbook(upload: imports.Upload, *, keep: bool = True) -> Workbook:
    """Stage both sheets here and now, whatever their size (commands)."""
    classes, roster = imports.receive_whole_sheets(upload, [CLASSES, ROSTER], keep=keep)
    return Workbook(classes.batch, roster.batch, is_new=roster.is_new)


def workbook_of(batch: ImportBatch) -> Workbook:
    """The workbook that ``batch`` is one sheet of, as it stands now."""
    other = CLASSES.name if batch.kind == ROSTER.name else ROSTER.name
    rows = ImportBatch.objects.filter(
        kind=other, subject=batch.subject, organization=batch.organization, digest=batch.digest
    )
    beside = _beside(batch, rows.select_related("organization", "attachment"))
    if beside is None:
        raise ImportBatch.DoesNotExist
    pair = {batch.kind: batch, other: beside}
    return Workbook(pair[CLASSES.name], pair[ROSTER.name])


def _beside(batch: ImportBatch, rows: QuerySet[ImportBatch]) -> ImportBatch | None:
    """The other sheet's batch among ``rows``: a file given up may have been handed in anew since.

    Both batches are made at once, the classes first.
    """
    if batch.status in LIVING and (living := rows.filter(status__in=LIVING).first()):
        return living
    if batch.kind == ROSTER.name:
        return rows.filter(pk__lt=batch.pk).order_by("-pk").first() or rows.first()
    return rows.filter(pk__gt=batch.pk).order_by("pk").first() or rows.first()


def commit_workbook(workbook: Workbook, *, actor: User) -> None:
    """File the standing rows of both sheets in one transaction, the classes first.

    What has become faulty since the preview is written down, and nothing is filed.
    """
    reading = [batch for batch in workbook.batches if batch.status == Status.READING]
    standing = [b for b in workbook.batches if b.status == Status.STAGED and b.accepted_count]
    try:
        with transaction.atomic():
            for batch in reading or standing or [workbook.roster]:  # the last is refused in words
                imports.commit(batch.pk, actor=actor)
    except DomainError as refusal:
        if refusal.code == "import-changed-since-preview":
            for batch in workbook.batches:
                judge_again(batch)
        raise


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
