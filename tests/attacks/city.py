"""Rows in every table, as the product writes them: what the attacks are made on."""

from datetime import date
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from academies.models import Evaluation, Rectification, Review, TrainingClass, TrainingReport
from intake.models import ImportBatch, ImportFinding, ImportRow
from organizations.models import CredentialReset, Organization, User
from organizations.roles import Role
from pages.models import FormDraft, ReadingTally, SavedView, SentForm
from policies.models import DefaultConfirmation, EditionDefault, EditionDraft
from reports.models import Figure
from reports.rules.snapshots import Part, freeze
from talents.models import (
    Assessment,
    AssessmentRun,
    Certificate,
    Nomination,
    PersonCompletion,
    QuotaAllocation,
    SelectionRound,
)
from talents.services.eligibility import start_run
from tests.factories.academies import (
    EvaluationFactory,
    PanelMarkFactory,
    PhoneCheckFactory,
    RectificationFactory,
    ReviewFactory,
    TrainingReportFactory,
)
from tests.factories.organizations import UserFactory, account
from tests.factories.reports import draft_report, drawn_report, small_city
from tests.factories.talents import (
    NominationFactory,
    PersonFactory,
    RoundFactory,
    eligible_nomination,
)
from tests.factories.workflow import (
    AttachmentFactory,
    ImportBatchFactory,
    JobFactory,
    NoticeFactory,
    WorkingDayFactory,
    moved,
    record,
)
from workflow import jobs
from workflow.models import Record


def build():
    """A small city with a report drawn up, one begun, a round that was checked and one being so."""
    city = small_city()
    drawn_report(city.city, actor=account(Role.APPROVER, city.city))
    _drafted_edition(city)
    _begun_report(city)
    _rounds(city)
    _imports(city)
    PersonFactory(organization=city.east)
    Organization.objects.filter(pk=city.east.pk).update(uscc="81110101000000000X")
    auditor = account(Role.AUDIT_ADMIN, city.city)
    auditor.groups.add(Group.objects.create(name="x"))
    auditor.user_permissions.add(Permission.objects.first())
    record(city.city, kind=Record.Kind.REVEAL, note="核对")
    JobFactory(organization=city.city, status="running", lease_until=timezone.now())
    NoticeFactory()
    WorkingDayFactory()
    owner = User.objects.system()
    SavedView.objects.create(owner=owner, table="x", path="/", name="常用")
    FormDraft.objects.create(owner=owner, path="/x/", sealed=b"x")
    SentForm.objects.create(owner=owner, token=uuid4(), led_to="/")
    _administered(city)
    return city


def _administered(city):
    """An account of a known person, a reset asked for, and what somebody has read today."""
    known = UserFactory(owner_digest=b"1" * 32)
    CredentialReset.objects.create(owner=known, kind="password", asked_by=UserFactory())
    ReadingTally.objects.create(owner=known, day=date(2026, 1, 1), persons=1)


def _drafted_edition(city):
    """A default that was confirmed; the next edition twice: drafted, and in force."""
    owner = User.objects.system()
    default = EditionDefault.objects.first()
    DefaultConfirmation.objects.create(
        default=default, digest=default.digest, document_number="x", decided_on=date(2026, 1, 1),
        confirmed_by=owner,
    )  # fmt: skip
    for code in ("in-force", "drafted"):
        draft = EditionDraft.objects.create(
            code=code, base=default.edition, organization=city.city, title="x", status="trial",
            document_number="x", document_title="x", publisher="x", issued_on=date(2026, 1, 1),
            effective_from=date(2026, 1, 1), summary="x", drafted_by=owner,
        )  # fmt: skip
        if code == "in-force":
            words = {"source": "draft", "target": "activated"}
            subject = f"policies.editiondraft:{draft.pk}"
            with transaction.atomic():
                record(city.city, kind=Record.Kind.TRANSITION, subject=subject, **words)
                EditionDraft.objects.filter(pk=draft.pk).update(
                    state="activated", result=default.edition, activated_by=UserFactory()
                )


def _begun_report(city):
    report = draft_report(city.city, year=2026)
    figure = Figure.objects.create(
        report=report, position=1, kind="target", code="x", measure="x", title="x",
        organization=city.city, place_code="BJ", place_name="x", standing="no-data",
        academy=city.academy,
    )  # fmt: skip
    params = {
        "organization": city.city.pk,
        "tier": "capital",
        "first": "2025-01-01",
        "last": "2025-12-31",
    }
    freeze(figure.pk, 0, Part("academies.built", params))


def _rounds(city):
    selection = RoundFactory(
        organizer=city.city, opens_on=date(2026, 1, 1), closes_on=date(2026, 6, 1)
    )
    nomination = eligible_nomination(round=selection, unit=city.east)
    NominationFactory(round=selection, unit=city.east)
    run = start_run(selection.pk, actor=account(Role.HANDLER, city.city))
    _check(run)
    NominationFactory(round=selection, unit=city.east)
    start_run(selection.pk, actor=account(Role.HANDLER, city.city))
    Certificate.objects.create(person=nomination.person, number="Y1", level="1", issued_year=2020)
    QuotaAllocation.objects.create(round=selection, organization=city.east, places=2)
    SelectionRound.objects.create(
        code="draft", name="下一轮", edition=selection.edition, tier=selection.tier, year=2027,
        organizer=city.city, reference_day=date(2027, 6, 30),
    )  # fmt: skip


def _check(run):
    """Have the job of a run done here and now."""
    job = jobs.Job.objects.get(subject=f"talents.assessmentrun:{run.pk}")
    jobs.run(job.pk)
    assert AssessmentRun.objects.get(pk=run.pk).status == "done"
    assert Assessment.objects.filter(run=run).count() == 2


def _rectified(city):
    """A failed evaluation with an item demanded, one proved and one struck off."""
    evaluation = EvaluationFactory(academy=city.academy, year=2024, grade="failed")
    for number, state in enumerate(("demanded", "proved", "closed"), start=1):
        item = RectificationFactory(evaluation=evaluation, number=number)
        rows = Rectification.objects.filter(pk=item.pk)
        if state != "demanded":
            rows.update(
                owner="x", measure="x", proof="x", proved_by=UserFactory(),
                proved_at=timezone.now(), finding="x", checked_by=UserFactory(),
                checked_at=timezone.now(),
            )  # fmt: skip
            moved(rows, state)


def _reported(city):
    """A training report not begun, one signed and one accepted."""
    for year, state in ((2023, "draft"), (2024, "certified"), (2025, "accepted")):
        report = TrainingReportFactory(academy=city.academy, year=year)
        rows = TrainingReport.objects.filter(pk=report.pk)
        if state != "draft":
            rows.update(
                prepared_by=UserFactory(), certified_by=UserFactory(), certified_at=timezone.now(),
                accepted_by=UserFactory(), accepted_at=timezone.now(), digest="0" * 64,
            )  # fmt: skip
            moved(rows, state)


def _reviewed(city):
    """A file of the evaluation begun, and one graded, marked and called about."""
    begun = EvaluationFactory(academy=city.academy, year=2023)
    EvaluationFactory(academy=city.academy, year=2022, grade="failed")
    ReviewFactory(academy=city.academy, campaign__year=2023, evaluation=begun)
    graded = ReviewFactory(academy=city.academy, campaign__year=2024)
    rows = Review.objects.filter(pk=graded.pk)
    rows.update(
        filed_by=UserFactory(), endorsed_by=UserFactory(), graded_by=UserFactory(),
        answered_by=UserFactory(), objected_by=UserFactory(),
        evaluation=Evaluation.objects.get(year=2024),
    )  # fmt: skip
    moved(rows, "graded")
    PanelMarkFactory(review=graded)
    PhoneCheckFactory(
        review=graded, outcome="confirmed", called_by=UserFactory(), called_at=timezone.now()
    )


def _imports(city):
    batch = ImportBatchFactory(organization=city.city)
    ImportBatchFactory(
        organization=city.city, first=batch, status="committed", committed_at=timezone.now(),
        committed_by=User.objects.system(),
    )  # fmt: skip
    ImportRow.objects.create(batch=batch, line=3, cells=["x"])
    ImportFinding.objects.create(
        batch=batch, line=3, field="x", column="x", code="x", severity="error", message="x"
    )
    nomination = Nomination.objects.first()
    PersonCompletion.objects.create(batch=batch, person=nomination.person, fields=["sex"])
    Nomination.objects.filter(pk=nomination.pk).update(
        batch=batch, batch_line=3, filed_by=User.objects.system(), rank=1, patents_count=1
    )
    type(nomination.person).objects.filter(pk=nomination.person_id).update(origin_batch=batch)
    Certificate.objects.update(origin_batch=batch)
    TrainingClass.objects.update(batch=batch, batch_line=3, planned_count=9)
    Evaluation.objects.create(
        academy=TrainingClass.objects.first().academy, year=2025, grade="failed", demand="补课",
        evaluated_on=date(2026, 3, 1), due_on=date(2026, 5, 1), closed_on=date(2026, 4, 1),
        batch=batch, batch_line=3,
    )  # fmt: skip
    _rectified(city)
    _reported(city)
    _reviewed(city)
    AttachmentFactory(organization=city.city)
    assert ImportBatch.objects.count() == 2
