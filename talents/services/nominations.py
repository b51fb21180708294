"""Filing, correcting, withdrawing and restoring a nomination: evidence, not state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from intake.models import ImportBatch
from talents.models import Employment, Nomination, Paper, Person, SelectionRound
from talents.permissions import may_correct_person, may_edit, may_file, may_resubmit
from talents.rules import nominating_units
from talents.rules.telling import check_tells_no_number
from talents.selectors.assessments import current_assessment
from talents.selectors.nominations import RESTORABLE_FOR, WITHDRAWN
from talents.services.eligibility import forget_verdicts, wait_for_deletions
from talents.services.endorsing import ask_again
from talents.services.persons import (
    check_agrees,
    correct_identity,
    correct_person,
    keep_certificate,
    person_elsewhere,
    person_with,
    registered_person,
)
from talents.services.referrals import Asked, counted
from workflow.corrections import check_version, correct
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import Organization, User

#: What a unit states about a person for one round, besides the segments of working life.
FILED_FIELDS = Nomination.CORRECTABLE.fields
FILED = Event("talents.filed", "登记推荐")
RESTORED = Event("talents.restored", "恢复推荐")
RESUBMITTED = Event("talents.resubmitted", "说明情况，重新报送")


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of working life, months numbered ``year * 12 + month - 1``; open end = 至今."""

    start_month: int
    end_month: int | None
    is_frontline: bool
    employer: str
    trade: str

    @classmethod
    def of(cls, row: Employment) -> Segment:
        return cls(row.start_month, row.end_month, row.is_frontline, row.employer, row.trade)

    def row_of(self, nomination: Nomination) -> Employment:
        return Employment(
            person_id=nomination.person_id,
            nomination=nomination,
            start_month=self.start_month,
            end_month=self.end_month,
            is_frontline=self.is_frontline,
            employer=self.employer,
            trade=self.trade,
        )


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything one form says: about the person, about this round, and the working life."""

    identity: str  # empty when correcting: the number stays
    person: dict[str, Any]
    filed: dict[str, Any]
    segments: tuple[Segment, ...]
    person_version: int | None = None  # of the person's file that was looked at


ONCE = "nomination_once_per_round_and_person"


def file_nomination(
    round_id: int, filing: Filing, *, actor: User, submission: str = ""
) -> Nomination:
    """Register one candidate by form; the same form sent twice finds what the first one made."""
    earlier = _made_by(submission, actor)
    if earlier is not None:
        return earlier
    message = "该人员在本轮次已被推荐，一人一轮只能推荐一次；请在推荐名单中查找，或与主办工会联系"
    twice = DomainError("duplicate-nomination", message)
    with counted(filing.identity, lambda: _asked(round_id, filing), actor=actor):
        try:
            with refusing({ONCE: twice}), transaction.atomic():
                return _file(round_id, filing, actor=actor, submission=submission)
        except DomainError as refusal:
            if refusal is twice and (earlier := _made_by(submission, actor)) is not None:
                return earlier
            if refusal is twice and not _sees_rival(round_id, filing.identity, actor):
                raise person_elsewhere() from None
            raise


def _asked(round_id: int, filing: Filing) -> Asked:
    selection = SelectionRound.objects.get(pk=round_id)
    href = reverse("talents:round", args=[selection.code])
    return Asked(subject_of(selection), filing.filed["unit"], href)


def _sees_rival(round_id: int, identity: str, actor: User) -> bool:
    """Whether who files twice may know what stands in the way."""
    person = person_with(identity)
    return Nomination.objects.visible_to(actor).filter(round=round_id, person=person).exists()


def _file(round_id: int, filing: Filing, *, actor: User, submission: str) -> Nomination:
    rounds = SelectionRound.objects.visible_to(actor).select_related("organizer")
    # held until the end, so that nothing is filed after the round was closed
    selection = rounds.select_for_update(of=("self",), no_key=True).get(pk=round_id)
    unit = filing.filed["unit"]
    may_file.check(actor, selection, unit)
    check_nominates(selection, unit)
    check_tells_no_number(filing.filed)
    person = registered_person(filing.identity, filing.person, organization=unit, actor=actor)
    nomination = Nomination.objects.create(
        round=selection,
        person=person,
        filed_by=actor,
        handled_by=[actor.pk],
        # what was kept before a field was there, or is filed by who knows none of it, does not name it
        **{field: filing.filed[field] for field in FILED_FIELDS if field in filing.filed},
    )
    Employment.objects.bulk_create(s.row_of(nomination) for s in filing.segments)
    keep_certificate(person, nomination.certificate_number, occupation=nomination.occupation)
    record_event(
        FILED,
        subject_of(nomination),
        actor=actor,
        organization=unit,
        after={"submission": submission, "round": selection.code, "unit": unit.name},
    )
    return nomination


def _made_by(submission: str, actor: User) -> Nomination | None:
    """What this account already made with the form of that number."""
    if not submission:
        return None
    record = Record.objects.filter(
        actor=actor,
        code=FILED.code,
        after__submission=submission,
        at__gt=timezone.now() - RESTORABLE_FOR,
    ).first()
    if record is None:
        return None
    pk = int(record.subject.rpartition(":")[2])
    return Nomination.objects.visible_to(actor).filter(pk=pk).first()


def check_nominates(selection: SelectionRound, unit: Organization) -> None:
    """Refuse a body that is not, or no longer, in force; that it lies within reach is seen to."""
    if not nominating_units(selection).filter(pk=unit.pk).exists():
        message = f"“{unit}”未启用或已停用，不能作为推荐单位；请改填现在的单位"
        raise DomainError("unit-not-in-force", message)


def correct_nomination(
    pk: int, filing: Filing, *, actor: User, version: int, note: str
) -> Nomination:
    """Replace what is filed by what the form says, unless somebody corrected it in between."""

    def asked() -> Asked:
        return _asked(Nomination.objects.get(pk=pk).round_id, filing)

    with counted(filing.identity, asked, actor=actor):
        return _correct(pk, filing, actor=actor, version=version, note=note)


@transaction.atomic
def _correct(pk: int, filing: Filing, *, actor: User, version: int, note: str) -> Nomination:
    nomination = locked_nomination(pk, actor)
    check_version(nomination, version)
    may_edit.check(actor, nomination)
    if filing.filed["unit"] != nomination.unit:
        may_file.check(actor, nomination.round, filing.filed["unit"])
        check_nominates(nomination.round, filing.filed["unit"])
    check_tells_no_number(filing.filed)

    def change_the_rest(row: Nomination) -> bool:
        """The segments, and the person's file where it is kept here: who corrects does not confirm."""
        _replace_segments(row, filing.segments)
        if not may_correct_person.allows(actor, nomination.person):
            check_agrees(nomination.person, filing.person, identity=filing.identity)
            return False
        person = nomination.person
        renumbered = bool(filing.identity) and correct_identity(
            person, filing.identity, actor=actor, note=note
        )
        corrected = correct_person(
            person.pk, filing.person, version=filing.person_version, actor=actor, note=note
        )
        return corrected or renumbered

    if correct(
        nomination,
        filing.filed,
        version=version,
        actor=actor,
        note=note,
        follow_up=change_the_rest,
    ):
        keep_certificate(
            nomination.person, nomination.certificate_number, occupation=nomination.occupation
        )
    return nomination


@transaction.atomic
def resubmit_nomination(pk: int, *, actor: User, note: str) -> Nomination:
    """Answer for what was given back where nothing needs correcting; who answers does not confirm."""
    nomination = locked_nomination(pk, actor)
    may_resubmit.check(actor, nomination)
    nomination.returned_version = None
    nomination.handled_by = sorted({*nomination.handled_by, actor.pk})
    nomination.save(update_fields=["returned_version", "handled_by"])
    unanswered = nomination.shortcomings.filter(version=nomination.version, answer="")
    unanswered.update(answer=note.strip())
    ask_again(nomination, actor=actor)
    record_event(
        RESUBMITTED,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        note=note,
    )
    return nomination


@transaction.atomic
def withdraw_nomination(pk: int, *, actor: User, reason: str) -> Record:
    """Take back a draft, and what checks found of it; its record keeps enough to restore it.

    The verdict stays in the record only: who is restored is checked anew.
    """
    selection = Nomination.objects.visible_to(actor).select_related("round").get(pk=pk).round
    wait_for_deletions(selection)
    nomination = locked_nomination(pk, actor)
    may_edit.check(actor, nomination)
    assessment = current_assessment(nomination)
    verdict = {"verdict": assessment.get_overall_display()} if assessment else {}
    snapshot = _snapshot(nomination) | verdict
    subject, unit = subject_of(nomination), nomination.unit
    forget_verdicts(selection, Nomination.objects.filter(pk=pk), actor=actor)
    nomination.employments.all().delete()
    try:
        with transaction.atomic():
            nomination.delete()
    except models.ProtectedError as error:
        raise DomainError("nomination-in-use", "该推荐已被其他业务引用，不能撤回") from error
    return record_event(
        WITHDRAWN,
        subject,
        actor=actor,
        organization=unit,
        before=snapshot,
        note=reason,
    )


@transaction.atomic
def restore_nomination(record_id: int, *, actor: User) -> Nomination:
    """Undo a withdrawal of one's own within a day: the same nomination, under its own number."""
    record = Record.objects.visible_to(actor).get(pk=record_id, code=WITHDRAWN.code)
    if record.actor_id != actor.pk or timezone.now() - record.at > RESTORABLE_FOR:
        raise DomainError("restore-too-late", "只能由撤回人在24小时内恢复；请重新登记")
    fields = dict(record.before)
    segments = [Segment(*values) for values in fields.pop("segments")]
    papers = fields.pop("evidence", [])
    fields.pop("verdict", None)
    if not Person.objects.filter(pk=fields["person_id"]).exists():
        message = "该人员档案随导入批次的撤销已一并撤下，不能恢复；请重新登记"
        raise DomainError("person-gone", message)
    if not ImportBatch.objects.filter(pk=fields["batch_id"], status="committed").exists():
        fields |= {"batch_id": None, "batch_line": None}
    selection = SelectionRound.objects.visible_to(actor).get(pk=fields["round_id"])
    fields["handled_by"] = sorted({*fields["handled_by"], actor.pk})
    nomination = Nomination(pk=int(record.subject.rpartition(":")[2]), **fields)
    may_file.check(actor, selection, nomination.unit)
    if Nomination.objects.filter(pk=nomination.pk).exists():
        raise DomainError("already-restored", "该推荐已经恢复，无须再办")
    note = "撤销刚才的撤回"
    if nomination.rank and selection.nominations.filter(
        unit=nomination.unit_id, rank=nomination.rank
    ):
        note += f"；原排第{nomination.rank}位，该位次已排给另一名人选，按未排恢复"
        nomination.rank = None
    again = DomainError("duplicate-nomination", "该人员撤回后已被重新推荐，不能再恢复")
    with refusing({ONCE: again}), transaction.atomic():
        nomination.save(force_insert=True)
    Employment.objects.bulk_create(segment.row_of(nomination) for segment in segments)
    Paper.objects.bulk_create(Paper(nomination=nomination, **paper) for paper in papers)
    record_event(
        RESTORED,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        note=note,
    )
    return nomination


def lock_round_of(nomination_id: int) -> None:
    """Queue up for the round of a nomination: who decides in one round goes one by one."""
    rounds = SelectionRound.objects.filter(nominations=nomination_id)
    rounds.select_for_update(of=("self",), no_key=True).first()


def locked_nomination(pk: int, actor: User) -> Nomination:
    rows = Nomination.objects.visible_to(actor).select_related(
        "round__organizer", "person__organization", "unit"
    )
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _replace_segments(nomination: Nomination, segments: tuple[Segment, ...]) -> None:
    """Keep the rows that did not change, so that their ids stay."""
    wanted = list(segments)
    gone = []
    for row in nomination.employments.all():
        if Segment.of(row) in wanted:
            wanted.remove(Segment.of(row))
        else:
            gone.append(row.pk)
    nomination.employments.filter(pk__in=gone).delete()
    Employment.objects.bulk_create(segment.row_of(nomination) for segment in wanted)


def _snapshot(nomination: Nomination) -> dict[str, Any]:
    columns = [f.attname for f in Nomination._meta.concrete_fields if f.attname != "id"]
    fields = {name: getattr(nomination, name) for name in columns}
    for moment in ("created_at", "edited_at"):
        fields[moment] = fields[moment].isoformat() if fields[moment] else None
    rows = nomination.employments.order_by("start_month", "pk")
    segments = [[r.start_month, r.end_month, r.is_frontline, r.employer, r.trade] for r in rows]
    papers = list(nomination.papers.values("kind", "told", "file_id", "uploaded_by_id"))
    return fields | {"segments": segments, "evidence": papers}
