"""What a sealed report would say if it were drawn up today, beside what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.selectors.reports import figures_of
from reports.services.drawing import context_of, entries_for

if TYPE_CHECKING:
    from organizations.models import User
    from reports.models import Figure, TargetReport


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that would be another today; ``then`` or ``now`` is None where it is not in one."""

    then: Figure | None
    now: Figure | None

    @property
    def figure(self) -> Figure:
        found = self.then or self.now
        if found is None:
            raise ValueError("what moved is at least one figure")
        return found


def moved_since(report: TargetReport, user: User) -> list[Moved]:
    """The figures ``user`` may read that today's rows give otherwise; nothing is written.

    Rows that changed without moving a figure show on the figure's own page. A new place (an academy
    registered since) is told to those only who see the whole report.
    """
    then = {_key(figure): figure for figure in figures_of(report, user)}
    now = {_key(entry.figure): entry.figure for entry in entries_for(context_of(report))}
    moved = [
        Moved(figure, now.get(key))
        for key, figure in then.items()
        if key not in now or _content(figure) != _content(now[key])
    ]
    if len(then) == report.figure_count:
        moved += [Moved(None, figure) for key, figure in now.items() if key not in then]
    return moved


def _key(figure: Figure) -> tuple[str, str, str]:
    return figure.kind, figure.measure, figure.place_code


def _content(figure: Figure) -> tuple:
    return figure.planned, figure.planned_most, figure.actual, figure.standing
