"""Rows of marks become reviews, submitted as they were given, and are taken back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.kinds import Filed
from intake.kinds.brought import by_line
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather
from talents.imports.filing import round_of
from talents.imports.reviews.checks import ARISING, CHECKS
from talents.imports.reviews.form import FORM
from talents.imports.rounds import RoundSubject
from talents.models import Draw, Review, SelectionRound
from talents.permissions.reviews import check_judged, check_undecided, may_import_reviews
from talents.selectors.assessments import current_run
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization, User

SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read("stated")
INCOMING, REPEATED = SQL.read("accepted", stated=STATED), SQL.read("repeated")
EXPERTS, REVIEWS = SQL.read("experts"), SQL.read("reviews")


class ReviewSubject(RoundSubject):
    """The round whose candidates were marked."""

    def bodies(self, user: User) -> list[Organization]:
        may_import_reviews.check(user, self.round)
        return [self.round.organizer]

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_import_reviews.check(actor, self.round)
        check_judged(self.round, current_run(self.round))
        check_undecided(self.round)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    if batch.status == batch.Status.STAGED:
        execute(REPEATED, values | {"column": batch.headings["expert"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile."""
    values = _values(batch, lines)
    check_undecided(SelectionRound.objects.select_for_update(no_key=True).get(pk=values["round"]))
    expected = gather(INCOMING, values)
    arisen = run(batch, ARISING, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    execute(EXPERTS, values)
    if execute(REVIEWS, values) != expected:
        return Filed(0, 0)
    return Filed(expected, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Reviews by the line they came from."""
    return by_line(Review.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the marks of a batch; how many. Not once the round's list is decided."""
    rows = SelectionRound.objects.select_for_update(no_key=True)
    selection = rows.get(pk=round_of(batch.subject).pk)
    check_undecided(selection)
    if selection.draws.filter(state=Draw.State.RELEASED).exists():
        message = f"“{selection.name}”已分发网上评审，不能撤销此前登记的打分"
        raise DomainError("review-begun", message)
    withdrawn, _ = Review.objects.filter(batch=batch).delete()
    return withdrawn


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    selection = round_of(batch.subject)
    check = current_run(selection)
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "round": selection.pk,
        "organizer": selection.organizer_id,
        "run": check and check.pk,
    }
