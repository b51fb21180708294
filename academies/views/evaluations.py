"""Evaluations: the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.tables.evaluations import EvaluationTable
from academies.views.access import for_readers
from pages.views.lists import list_page

if TYPE_CHECKING:
    from pages.permissions import SignedRequest


@for_readers
@list_page()
def evaluation_list(request: SignedRequest) -> EvaluationTable:
    """All evaluations within reach."""
    return EvaluationTable(request)
