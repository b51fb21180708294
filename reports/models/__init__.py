"""Tables of the reports: the report, its figures, and the rows each figure counted."""

from reports.models.figures import Figure, FigureRows
from reports.models.reports import TargetReport

__all__ = ["Figure", "FigureRows", "TargetReport"]
