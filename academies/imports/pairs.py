"""A training workbook as one thing: its two sheets are two batches, handled together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from academies.kinds import CLASSES_KIND, ROSTER_KIND
from workflow import imports
from workflow.errors import DomainError
from workflow.imports import Handling
from workflow.imports.counts import recount
from workflow.models import ImportBatch, ImportFinding

if TYPE_CHECKING:
    from collections.abc import Collection

    from organizations.models import User

Status = ImportBatch.Status
DISCARDABLE = frozenset({Status.READING, Status.STAGED, Status.UNREADABLE})


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
    rows = ImportBatch.objects.filter(
        subject=batch.subject, organization=batch.organization, digest=batch.digest
    ).select_related("organization", "attachment")
    other = CLASSES_KIND if batch.kind == ROSTER_KIND else ROSTER_KIND
    beside = rows.filter(kind=other).order_by("-pk").first()
    if beside is None:
        raise ImportBatch.DoesNotExist
    pair = {batch.kind: batch, other: beside}
    return Workbook(pair[CLASSES_KIND], pair[ROSTER_KIND])


def commit_workbook(workbook: Workbook, *, actor: User) -> None:
    """File the standing rows of both sheets in one transaction, the classes first.

    What has become faulty since the preview is written down, and nothing is filed.
    """
    staged = _those(workbook, {Status.STAGED})
    try:
        with transaction.atomic():
            for batch in [batch for batch in staged if batch.accepted_count] or staged:
                imports.commit(batch.pk, actor=actor)
    except DomainError as refusal:
        if refusal.code == "import-changed-since-preview":
            for batch in workbook.batches:
                judge_again(batch)
        raise


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
    """Give up what is not filed yet of both sheets."""
    for batch in _those(workbook, DISCARDABLE):
        imports.discard(batch.pk, actor=actor)


@transaction.atomic
def revert_workbook(workbook: Workbook, *, actor: User, note: str) -> None:
    """Take all back that the workbook filed; the roster before its classes."""
    for batch in reversed(_those(workbook, {Status.COMMITTED})):
        imports.revert(batch.pk, actor=actor, note=note)


def _those(workbook: Workbook, states: Collection[str]) -> list[ImportBatch]:
    """The sheets that stand in one of ``states``; refused where neither does."""
    found = [batch for batch in workbook.batches if batch.status in states]
    if not found:
        state = workbook.roster.get_status_display()
        message = f"本工作簿现在是“{state}”，不能再办理此操作；请刷新页面查看"
        raise DomainError("import-moved-on", message)
    return found


#: A sheet is never handled without the other, whichever of the two somebody names.
BOTH_SHEETS = Handling(
    commit=lambda batch, actor: commit_workbook(workbook_of(batch), actor=actor),
    discard=lambda batch, actor: discard_workbook(workbook_of(batch), actor=actor),
    revert=lambda batch, actor, note: revert_workbook(workbook_of(batch), actor=actor, note=note),
)
