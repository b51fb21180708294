"""Rows of a table that know which batch and line brought them (``brought_by``): by line, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from intake.kinds import Lines

#: So many are named in a refusal; of more it says that there are more.
MOST_NAMED = 10


def by_line(rows: QuerySet[Any], lines: Lines) -> dict[int, int]:
    """The keys of those among ``rows`` that came of these lines (None: of any line), by line."""
    if lines is not None:
        rows = rows.filter(batch_line__in=lines)
    return {line: pk for line, pk in rows.values_list("batch_line", "pk") if line is not None}


def refuse_touched(named: Sequence[str], what: str, then: str = "") -> None:
    """Refuse an undo (``import-touched``) where anything is named: ``what`` became of it, and what to do."""
    if named:
        names = "、".join(named[:MOST_NAMED]) + ("等" if len(named) > MOST_NAMED else "")
        message = f"以下{what}，不能整批撤销：{names}" + (f"；{then}" if then else "")
        raise DomainError("import-touched", message)
