"""What is printed of a contest, so that a sheet can be held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.documents.book import result_book
from competitions.models import BoardLine, Competition
from competitions.selectors.competitions import competitions_in_scope, newest_boards
from pages.documents.reprinting import gives_papers
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from competitions.models import Board
    from organizations.models import User
    from pages.documents.paper import Paper

#: More on one paper nobody reads; a workbook takes them all.
MOST_ON_PAPER = 2000


def lines_on_paper(user: User, boards: Sequence[Board], kind: str) -> int:
    """How many lines the book would have; refused where they are too many for paper (``too-many-to-print``)."""
    count = BoardLine.objects.visible_to(user).filter(board__in=boards).count()
    if kind != "xlsx" and count > MOST_ON_PAPER:
        message = f"成绩册超过{MOST_ON_PAPER}行，请改用 XLSX 导出"
        raise DomainError("too-many-to-print", message)
    return count


@gives_papers(Competition, competitions_in_scope)
def of_a_contest(user: User, row: Competition) -> Iterator[Paper]:
    """The book, whatever its size: as a workbook it leaves with more lines than a paper has."""
    boards = newest_boards(user, row)
    if boards:
        yield result_book(row, boards)
