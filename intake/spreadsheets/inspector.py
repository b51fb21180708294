"""The looking process: a file in; its kind, or what its sheets hold besides values, out.

Started by ``guard``, bounded like the reading process. The process that parses is bounded, too, so
this gate need not be perfect; it refuses the known bad early, cheaply, and in words that say what
to do. Imports nothing of Django.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from intake.spreadsheets import package
from intake.spreadsheets.confinement import serve
from intake.spreadsheets.content import kind_of
from intake.spreadsheets.frames import FACTS, KIND, frame
from intake.spreadsheets.limits import FileKind, Limits
from intake.spreadsheets.scan import scan


def inspect(file: BinaryIO, task: dict[str, Any], limits: Limits) -> Iterator[bytes]:
    """Kind, name and structure; a small workbook is scanned as well, before anything parses it."""
    kind = kind_of(file, task["filename"])
    if kind is FileKind.XLSX and package.examine(file, limits=limits) <= limits.scanned_at_once:
        scan(file, limits=limits)
    yield frame(KIND, kind.value)


def facts(file: BinaryIO, task: dict[str, Any], limits: Limits) -> Iterator[bytes]:
    """One frame for each sheet that has anything to tell."""
    for name, seen in scan(file, limits=limits).items():
        if seen.errors or seen.merges or seen.hidden:
            yield frame(FACTS, json.dumps([name, seen.errors, seen.merges, sorted(seen.hidden)]))


WAYS: dict[str, Callable[[BinaryIO, dict[str, Any], Limits], Iterator[bytes]]] = {
    "inspect": inspect,
    "scan": facts,
}


def look(task: dict[str, Any], out: BinaryIO) -> None:
    """Do the task and send what was found."""
    with open(task["path"], "rb") as file:  # noqa: PTH123 — a descriptor's path
        out.writelines(WAYS[task["way"]](file, task, Limits(**task["limits"])))


if __name__ == "__main__":
    serve(look)
