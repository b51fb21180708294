"""Lines of the log: nobody's number in them, and no line that a visitor wrote."""

import logging
import re

from workflow.texts.identity import without_numbers

#: Controls and separators that end a line for some reader, and those that steer a terminal.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What PostgreSQL adds to a refusal: the values of the row. Its first line says which rule it was.
_VALUES = re.compile(r"^(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", re.MULTILINE)


class PlainFormatter(logging.Formatter):
    """One record is one line, its traceback indented below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        first, _, below = super().format(record).partition("\0")
        lines = _VALUES.sub("（略）", below).strip("\n").split("\n") if below else []
        return "\n    ".join([first, *map(clean, lines)])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line itself, closed by a mark that no cleaned text can hold."""
        record.message = clean(_VALUES.sub("（略）", record.message))
        return super().formatMessage(record) + "\0"


def clean(text: str) -> str:
    """``text`` on one line and without numbers of persons."""
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", without_numbers(text))
