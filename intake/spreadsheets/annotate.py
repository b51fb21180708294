"""The original comes back with its faults marked: red and amber cells, comments, and a list."""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from intake.spreadsheets import package
from intake.spreadsheets.bounded import bounded
from intake.spreadsheets.frames import END
from intake.spreadsheets.guard import Source, opened
from intake.spreadsheets.limits import LIMITS, MEBIBYTE, FileKind, Limits
from intake.spreadsheets.reader import descriptor
from workflow.refusals import DomainError

PAINTER = "intake.spreadsheets.painter"
# Above this much unpacked XML the workbook is not loaded whole but copied row by row, values only.
PAINTED_BYTES = 24 * MEBIBYTE
WRITTEN_BYTES = 400 * MEBIBYTE
CPU_SECONDS = 240


class Mark(NamedTuple):
    """A fault at a place of the file; without ``column_index`` the whole row is meant."""

    sheet: str
    line: int
    column_index: int | None
    message: str
    is_error: bool | None = True  # otherwise a warning; None: a remark, for the list only
    column: str = ""  # the heading, for the list


def annotate(
    source: Source, kind: FileKind, marks: Iterable[Mark], *, limits: Limits = LIMITS
) -> bytes:
    """``source`` as XLSX with ``marks``, and a first sheet 问题清单 that lists them all.

    The layout of a workbook is kept; a very big one, a CSV file, or one that cannot be painted
    comes back as a plain copy of its values. Formulas come back as the values they showed.
    """
    limits = replace(limits, cpu_seconds=CPU_SECONDS, waiting_seconds=CPU_SECONDS)
    listed = json.dumps([list(mark) for mark in marks]).encode()
    if kind is FileKind.XLSX and _unpacked(source) <= PAINTED_BYTES:
        try:
            return _made(source, "paint", listed, limits)
        except DomainError as error:
            if error.code != "workbook-unreadable":
                raise
    return _made(source, f"copy-{kind.value}", listed, limits)


def _unpacked(source: Source) -> int:
    with opened(source) as file:
        return package.examine(file, limits=LIMITS)


def _made(source: Source, way: str, listed: bytes, limits: Limits) -> bytes:
    result = os.memfd_create("annotated")
    try:
        with (
            descriptor(source) as original,
            descriptor(listed) as marks,
            bounded(
                PAINTER,
                {
                    "way": way,
                    "path": f"/proc/self/fd/{original}",
                    "marks": f"/proc/self/fd/{marks}",
                    "result": f"/proc/self/fd/{result}",
                    "writes": WRITTEN_BYTES,
                },
                files=(original, marks, result),
                limits=limits,
            ) as frames,
        ):
            kind, payload = frames.next()
            if kind != END:
                raise DomainError(*json.loads(payload))
        with os.fdopen(os.dup(result), "rb") as file:
            file.seek(0)
            return file.read()
    finally:
        os.close(result)
