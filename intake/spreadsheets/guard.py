"""What may be read at all: kind by content, size, structure.

Only the size is judged here. Whatever looks at the content of a file does so in a bounded process
(``inspector``), so that no file can stop the process that answers people.
"""

import json
from pathlib import Path

from intake.spreadsheets.bounded import Source, bounded, descriptor
from intake.spreadsheets.frames import END, FACTS, KIND
from intake.spreadsheets.limits import LIMITS, MEBIBYTE, FileKind, Limits
from intake.spreadsheets.walk import Merge, SheetFacts
from workflow.refusals import DomainError

INSPECTOR = "intake.spreadsheets.inspector"


def inspect(source: Source, filename: str, *, limits: Limits = LIMITS) -> FileKind:
    """The kind of ``source``, or a refusal that says what is wrong, where, and what to do.

    Pass a path where there is one: its size is judged before a byte is read.
    """
    refuse_size(source.stat().st_size if isinstance(source, Path) else len(source), limits=limits)
    with descriptor(source) as file:
        task = {"way": "inspect", "filename": filename}
        with bounded(INSPECTOR, task, files={"path": file}, limits=limits) as frames:
            return FileKind(frames.expect(KIND).decode())


def facts_of(file: int, *, limits: Limits = LIMITS) -> dict[str, SheetFacts]:
    """What the scan sees in the workbook behind the descriptor, by sheet name."""
    facts = {}
    with bounded(INSPECTOR, {"way": "scan"}, files={"path": file}, limits=limits) as frames:
        while frames.next()[0] == FACTS:
            name, errors, merges, hidden = json.loads(frames.current[1])
            facts[name] = SheetFacts(
                errors={int(line): [tuple(e) for e in cells] for line, cells in errors.items()},
                merges=[Merge(*merge) for merge in merges],
                hidden=set(hidden),
            )
        frames.check(END)
    return facts


def refuse_size(size: int, *, limits: Limits = LIMITS) -> None:
    """Refuse by size alone; for uploads, before their content is taken into memory."""
    if size == 0:
        raise DomainError("file-empty", "文件是空的（0 字节）。请确认保存成功后重新上传。")
    if size > limits.file_bytes:
        raise DomainError(
            "file-too-large",
            f"文件有 {size / MEBIBYTE:.1f} MB，超过上限 {limits.file_bytes // MEBIBYTE} MB。"
            "请删去图片和多余的工作表，或拆成几个文件分别上传。",
        )
