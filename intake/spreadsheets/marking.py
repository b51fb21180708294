"""What marked cells and the list of problems look like, whichever way the file is written."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from intake.spreadsheets.addresses import address
from workflow.texts.cells import safe_text

LIST = "问题清单"
LIST_COLUMNS = ["序号", "级别", "工作表", "行", "位置", "列", "问题与处理办法"]
LIST_WIDTHS = {"A": 7, "B": 7, "C": 16, "D": 8, "E": 9, "F": 20, "G": 80}
PLACE_COLUMN = 5
AUTHOR = "匠阶核对"
RED, AMBER = "FFB3B3", "FFE0A3"
LONGEST_COMMENT = 2000
LEVELS = {True: "错误", False: "提醒", None: "说明"}
RANKS = [*LEVELS]
LINE_HEIGHT, LINE_CHARACTERS = 20, 22


class ListedMark(NamedTuple):
    """One line of the list."""

    values: list[Any]
    sheet: str
    place: str
    is_error: bool | None


class Marks:
    """The marks of a file, ready to be looked up by cell; in the list errors first, remarks last."""

    def __init__(self, marks: list[list[Any]]) -> None:
        self._marks = sorted(
            marks, key=lambda mark: (RANKS.index(mark[4]), mark[0], mark[1], mark[2] or 0)
        )
        self._cells: dict[str, dict[tuple[int, int], tuple[str, bool]]] = defaultdict(dict)
        for sheet, line, index, message, is_error, _ in self._marks:
            if is_error is None:
                continue
            place = (line, index or 0)
            text, was_error = self._cells[sheet].get(place, ("", False))
            joined = safe_text(f"{text}\n{message}" if text else message)[:LONGEST_COMMENT]
            self._cells[sheet][place] = joined, was_error or is_error

    def cells(self, sheet: str) -> dict[tuple[int, int], tuple[str, bool]]:
        """(line, column index) → (message, whether an error); a mark of a row sits in column A."""
        return self._cells.get(sheet, {})

    def listed(self) -> Iterator[ListedMark]:
        """Every mark as a line of the list."""
        for number, (sheet, line, index, message, is_error, column) in enumerate(self._marks, 1):
            place = address(line, index or 0)
            level = LEVELS[is_error]
            named = column or ("整行" if index is None else place.rstrip("0123456789"))
            values = [number, level, sheet, line, place, safe_text(named), safe_text(message)]
            yield ListedMark(values, sheet, place, is_error)


def height(text: str) -> int:
    """The height in pixels that shows ``text`` in a comment of the usual width."""
    lines = sum(1 + len(line) // LINE_CHARACTERS for line in text.split("\n"))
    return min(LINE_HEIGHT * (lines + 1), 400)
