"""The original comes back with its faults marked: red and amber cells, comments, and a list."""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from intake.spreadsheets.bounded import Source, bounded, descriptor
from intake.spreadsheets.frames import END
from intake.spreadsheets.limits import LIMITS, MEBIBYTE, FileKind, Limits
from workflow.refusals import DomainError

PAINTER = "intake.spreadsheets.painter"
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


def annotate(source: Source, kind: FileKind, marks: Iterable[Mark]) -> bytes:
    """``source`` as XLSX with ``marks``, and a first sheet 问题清单 that lists them all.

    The layout of a workbook is kept; a very big one, a CSV file, or one that cannot be painted
    comes back as a plain copy of its values. Formulas come back as the values they showed.
    """
    limits = replace(LIMITS, cpu_seconds=CPU_SECONDS, waiting_seconds=CPU_SECONDS)
    listed = json.dumps([list(mark) for mark in marks]).encode()
    if kind is FileKind.XLSX:
        try:
            return _made(source, "paint", listed, limits)
        except DomainError as error:
            if error.code != "workbook-unreadable":
                raise
    return _made(source, f"copy-{kind.value}", listed, limits)


def _made(source: Source, way: str, listed: bytes, limits: Limits) -> bytes:
    result = os.memfd_create("annotated")
    try:
        with (
            descriptor(source) as original,
            descriptor(listed) as marks,
            bounded(
                PAINTER,
                {"way": way, "writes": WRITTEN_BYTES},
                files={"path": original, "marks": marks, "result": result},
                limits=limits,
            ) as frames,
        ):
            frames.expect(END)
        with os.fdopen(os.dup(result), "rb") as file:
            file.seek(0)
            return file.read()
    finally:
        os.close(result)
