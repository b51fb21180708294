"""What a sheet says besides its values, element by element: the slow look, at unusual files.

Other programs write elements with a prefix, or rows and cells that do not say where they stand.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, NamedTuple
from xml.parsers import expat

from intake.spreadsheets.addresses import column_index
from intake.spreadsheets.package import damaged

NOT_COMPUTED = "#未计算"
LONGEST_ERROR = 20
MOST_LETTERS = 4  # of a column: no sheet has more than three
CHUNK = 1 << 20  # a tag that never ends is looked at anew with every chunk


class Merge(NamedTuple):
    """A range merged over several lines; lines count from 1, columns from 0."""

    first_line: int
    last_line: int
    column: int


@dataclass(slots=True)
class SheetFacts:
    """What the scan saw in one sheet."""

    errors: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    merges: list[Merge] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merge_count: int = 0
    error_count: int = 0


def walked(part: IO[bytes]) -> SheetFacts:
    """The facts of one sheet. Packages with a DOCTYPE were refused before: nothing expands."""
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.begins
    parser.EndElementHandler = walk.ends
    parser.CharacterDataHandler = walk.says
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 — expat takes no keywords
    except expat.ExpatError as error:
        raise damaged() from error
    return walk.facts


class _Walk:
    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.line, self.column = 0, -1
        self.kind, self.is_formula, self.text = "", False, ""
        self.is_value = False

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.line = int(attributes.get("r") or self.line + 1)
                self.column = -1
                if attributes.get("hidden") in {"1", "true"}:
                    self.facts.hidden.add(self.line)
            case "c":
                letters = attributes.get("r", "").rstrip("0123456789")[:MOST_LETTERS]
                self.column = column_index(letters) if letters else self.column + 1
                self.kind, self.is_formula, self.text = attributes.get("t", ""), False, ""
            case "f":
                self.is_formula = True
            case "v":
                self.is_value = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def says(self, text: str) -> None:
        if self.is_value:
            self.text = (self.text + text)[:LONGEST_ERROR]  # of a long text no more is wanted

    def ends(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self.is_value = False
            case "c" if self.kind == "e":
                self._error(self.text)
            case "c" if self.is_formula and not self.text and self.kind != "str":
                self._error(NOT_COMPUTED)

    def _error(self, text: str) -> None:
        self.facts.errors[self.line].append((self.column, text))
        self.facts.error_count += 1

    def _merge(self, reference: str) -> None:
        self.facts.merge_count += 1
        first, _, last = reference.partition(":")
        letters = first.rstrip("0123456789")
        lines = first[len(letters) :], last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if letters and all(lines) and lines[0] != lines[1]:
            column = column_index(letters[:MOST_LETTERS])
            self.facts.merges.append(Merge(int(lines[0]), int(lines[1]), column))
