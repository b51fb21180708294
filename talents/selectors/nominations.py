"""Nominations as lists and pages show them: in scope, with person, unit and latest verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
)
from django.db.models.lookups import IsNull
from django.utils import timezone

from intake.models import ImportBatch
from talents.models import (
    AWAITS_UNIT,
    Assessment,
    AssessmentRun,
    Clearance,
    Endorsement,
    Honour,
    Nomination,
    Person,
    PublicNotice,
    SelectionRound,
    Shortcoming,
)
from talents.permissions import RETURN
from talents.selectors.rounds import latest_run_of
from workflow.models import Record
from workflow.records import Event, subject_of

if TYPE_CHECKING:
    from organizations.models import Organization, User

HISTORY_LENGTH = 50
#: The action under which a withdrawal stands in the record.
WITHDRAWN = Event("talents.withdrawn", "撤回推荐")
RESTORABLE_FOR = timedelta(hours=24)
#: Papers of a round that are printed while its levels still look through what was sent in.
BEFORE_CONFIRMING = ("summary", "consultation")


def nominations_in_scope(user: User) -> QuerySet[Nomination]:
    """Nominations this account may open, with what their pages name."""
    return Nomination.objects.visible_to(user).select_related(
        "person__organization", "unit", "round__organizer", "round__edition"
    )


def batch_in_sight(nomination: Nomination, user: User) -> ImportBatch | None:
    """The workbook a nomination came in with, if this account may open that."""
    return ImportBatch.objects.visible_to(user).filter(nominations=nomination).first()


def nominations_of_round(user: User, selection: SelectionRound, run: AssessmentRun | None) -> Any:
    """The list of one round; ``overall`` is the verdict of ``run``, None where it has none.

    ``judged_version`` differs from ``version`` where the papers were corrected since.
    """
    rows = Nomination.objects.visible_to(user).select_related("person", "unit")
    return _with_verdict_of(rows.filter(round=selection), run.pk if run else None)


def confirmed_under(
    user: User, selection: SelectionRound, place: Organization
) -> QuerySet[Nomination]:
    """The confirmed candidates of a round below one body, in the order of its papers."""
    rows = nominations_in_scope(user).filter(
        round=selection, state=Nomination.State.CHECKED, unit__path__startswith=place.path
    )
    return rows.order_by("unit__path", "rank", "pk")


def on_its_papers(
    user: User, selection: SelectionRound, place: Organization, what: str
) -> QuerySet[Nomination]:
    """Whom a paper of a round lists below one body, in its order: the confirmed.

    Where levels recommend, offices are asked and a table goes along before anybody is confirmed: there
    it lists those too whom their unit has sent in or offices were asked about, as they stand.
    """
    if what not in BEFORE_CONFIRMING or not selection.by_levels:
        return confirmed_under(user, selection, place)
    asked = Endorsement.objects.visible_to(user).filter(
        nomination=OuterRef("pk"),
        version=OuterRef("version"),
        state__in=[Endorsement.State.ASKED, Endorsement.State.GIVEN],
    )
    offices = Clearance.objects.visible_to(user).filter(nomination=OuterRef("pk"))
    rows = nominations_in_scope(user).filter(round=selection, unit__path__startswith=place.path)
    sent = Q(Exists(asked)) | Q(Exists(offices))
    under_way = Q(state=Nomination.State.DRAFT) & sent & ~AWAITS_UNIT
    rows = rows.filter(Q(state=Nomination.State.CHECKED) | under_way)
    return rows.order_by("unit__path", "rank", "pk")


def candidates_of(user: User, selection: SelectionRound, unit: Organization) -> Any:
    """Whom one unit put forward in a round, as it ranks them."""
    rows = nominations_in_scope(user).filter(round=selection, unit=unit)
    return rows.order_by(F("rank").asc(nulls_last=True), "pk")


def nominations_of_all_rounds(user: User) -> Any:
    """The list over all rounds; each row with the verdict of its own round's latest run."""
    rows = Nomination.objects.visible_to(user).select_related("person", "unit", "round")
    return _with_verdict_of(rows, latest_run_of(OuterRef("round_id")))


def _with_verdict_of(rows: QuerySet[Nomination], run: Any) -> Any:
    verdict = Assessment.objects.filter(run_id=run, nomination_id=OuterRef("pk"))
    return rows.annotate(
        overall=Subquery(verdict.values("overall")[:1], output_field=SmallIntegerField()),
        judged_version=Subquery(verdict.values("version")[:1], output_field=IntegerField()),
    )


def with_verdict(rows: Any, overall: int) -> Any:
    """Rows whose latest verdict is ``overall``; looked up row by row, as the rows of one run are."""
    verdict = Assessment.objects.filter(
        run_id=latest_run_of(OuterRef("round_id")), nomination_id=OuterRef("pk"), overall=overall
    )
    found = Subquery(verdict.annotate(yes=Value(1)).values("yes")[:1])
    return rows.filter(IsNull(lhs=found, rhs=False))


def never_judged(rows: Any, run: AssessmentRun | None = None) -> Any:
    """Rows without a verdict in ``run``; without one, in the latest run of their own round."""
    wanted = latest_run_of(OuterRef("round_id")) if run is None else run.pk
    judged = Assessment.objects.filter(run_id=wanted, nomination_id=OuterRef("pk"))
    return rows.filter(~Exists(judged))


def in_the_pool(rows: Any) -> Any:
    """Who was duly recommended in a round that has named others: the talent pool (人才库)."""
    concluded = PublicNotice.objects.filter(
        round=OuterRef("round"), state=PublicNotice.State.CONCLUDED
    )
    named = Honour.objects.filter(nomination=OuterRef("pk"))
    return rows.filter(Exists(concluded), ~Exists(named), state=Nomination.State.CHECKED)


def history_of(nomination: Nomination, user: User) -> QuerySet[Record]:
    """What happened to a nomination, on its way, and to its person's file, newest first."""
    subjects = [subject_of(nomination), f"talents.person:{nomination.person_id}"]
    if nomination.round.by_levels:
        # with the key that ties a row to its nomination: without, each is read again for it
        road = (nomination.unit_notices, nomination.clearances, nomination.endorsements)
        subjects += [subject_of(row) for rows in road for row in rows.only("nomination")]
    rows = Record.objects.visible_to(user).filter(subject__in=subjects)
    return rows.select_related("actor").order_by("-pk")[:HISTORY_LENGTH]


def return_of(nomination: Nomination, user: User) -> Record | None:
    """Why a nomination that waits for its unit was given back, by whom and when."""
    if not nomination.awaits_unit:
        return None
    rows = Record.objects.visible_to(user)
    rows = rows.filter(subject=subject_of(nomination), code=RETURN.name)
    return rows.select_related("actor").order_by("-pk").first()


def shortcomings_of(nomination: Nomination) -> list[Shortcoming]:
    """What was found wanting field by field, in the version that waits for its unit."""
    if not nomination.awaits_unit:
        return []
    return list(nomination.shortcomings.filter(version=nomination.version).order_by("pk"))


def history_of_subject(subject: str, user: User) -> QuerySet[Record]:
    """What happened to one subject, newest first."""
    rows = Record.objects.visible_to(user).filter(subject=subject)
    return rows.select_related("actor", "organization").order_by("-pk")[:HISTORY_LENGTH]


def neighbours_of(nomination: Nomination, user: User) -> tuple[int | None, int | None]:
    """The nominations before and after this one in its round, for leafing through."""
    rows = Nomination.objects.visible_to(user).filter(round=nomination.round_id)
    before = rows.filter(pk__lt=nomination.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=nomination.pk).order_by("pk").values_list("pk", flat=True).first()
    return before, after


def withdrawals_by(user: User, selection: SelectionRound) -> QuerySet[Record]:
    """Nominations of a round that this account took back within the day: only it may restore them."""
    rows = Record.objects.visible_to(user).filter(
        actor=user.pk,
        code=WITHDRAWN.code,
        before__round_id=selection.pk,
        at__gt=timezone.now() - RESTORABLE_FOR,
    )
    return rows.order_by("-pk")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal that can still be taken back."""

    record: Record
    person: Person


def restorable(user: User, selection: SelectionRound) -> list[Withdrawal]:
    """The same, without those restored or filed anew since."""
    records = list(withdrawals_by(user, selection)[:HISTORY_LENGTH])
    if not records:
        return []
    ids = [record.before["person_id"] for record in records]
    filed = Nomination.objects.visible_to(user).filter(round=selection, person__in=ids)
    taken = set(filed.values_list("person_id", flat=True))
    persons = Person.objects.visible_to(user).in_bulk(ids)
    latest = {record.before["person_id"]: record for record in reversed(records)}
    return [
        Withdrawal(record, persons[pk])
        for pk, record in latest.items()
        if pk not in taken and pk in persons
    ]
