"""The life of a batch: how far its work may come, and what of it is put on record."""

from __future__ import annotations

from intake.models import ImportBatch
from workflow.models import Record
from workflow.records import Event
from workflow.transitions import Step

Status, Kind = ImportBatch.Status, Record.Kind
UNFILED = frozenset({Status.READING, Status.STAGED, Status.UNREADABLE})


def _step(sources: frozenset[str], target: str) -> Step:
    message = "本批次现在是“{now}”，不能再办理此操作；请刷新页面查看"
    return Step(sources, target, "import-moved-on", message)


STAGE = _step(frozenset({Status.READING}), Status.STAGED)
GIVE_UP_READING = _step(frozenset({Status.READING}), Status.UNREADABLE)
COMMIT = _step(frozenset({Status.STAGED}), Status.COMMITTED)
REVERT = _step(frozenset({Status.COMMITTED}), Status.REVERTED)
DISCARD = _step(UNFILED, Status.DISCARDED)

SUBMITTED = Event("import.submitted", "提交入库", Kind.IMPORT)
REVERTED = Event("import.reverted", "撤销批次", Kind.IMPORT)
DISCARDED = Event("import.discarded", "放弃批次", Kind.IMPORT)
ROW_CORRECTED = Event("import.row-corrected", "更正导入行", Kind.IMPORT)
ROW_DROPPED = Event("import.row-dropped", "不再处理导入行", Kind.IMPORT)
ORIGINAL_TAKEN = Event("import.original-taken", "下载附件", Kind.EXPORT)
ANNOTATED_TAKEN = Event("import.annotated-taken", "下载批注版", Kind.EXPORT)
