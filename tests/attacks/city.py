"""Rows in every table, as the product writes them: what the attacks are made on."""

from datetime import date
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from academies.models import Evaluation, Rectification, TrainingClass, TrainingReport
from intake.models import ImportBatch, ImportFinding, ImportRow
from organizations.models import CredentialReset, Organization, User
from organizations.roles import Role
from pages.models import FormDraft, ReadingTally, SavedView, SentForm
from policies.library.defaults import CONFIRMED
from policies.models import DefaultConfirmation, EditionDefault, EditionDraft
from policies.rules.seals import told
from reports.models import Figure
from reports.rules.snapshots import Part, freeze
from talents.models import (
    Assessment,
    AssessmentRun,
    Certificate,
    Cultivation,
    DeclaredTie,
    Draw,
    Masking,
    Nomination,
    PairConsent,
    PersonCompletion,
    QuotaAllocation,
    Review,
    SelectionRound,
)
from talents.models.reviews import FORCES
from talents.rules.digests import draw_digest
from talents.services.eligibility import start_run
from talents.services.planning import set_goal
from talents.workflow.cultivation import accept_report, pass_cultivation, report
from talents.workflow.growth import agree_pair, end_pair
from talents.workflow.honours import doubt_honour, revoke_honour
from talents.workflow.objections import decide_objection, look_into
from talents.workflow.reviews import release_draw
from tests.attacks.auditing import examined
from tests.attacks.claims import claimed
from tests.attacks.contests import contested
from tests.attacks.endorsing import endorsed
from tests.attacks.evaluating import evaluated
from tests.attacks.money import moneyed
from tests.attacks.payees import allocated
from tests.attacks.studios import kept
from tests.factories.academies import (
    AcademyFactory,
    EvaluationFactory,
    RectificationFactory,
    RoomFactory,
    TrainingReportFactory,
)
from tests.factories.actions import assessing, patent_of, seed_of, spend_of
from tests.factories.declaring import asked
from tests.factories.growth import LONG_AGO, PairFactory, consented, cultivated, logged
from tests.factories.honours import HonourFactory
from tests.factories.organizations import UserFactory, account
from tests.factories.panels import stood_back, written_panel
from tests.factories.publicity import (
    drafted_notice,
    look_of,
    posted_notice,
    received_objection,
)
from tests.factories.reports import draft_report, drawn_report, small_city
from tests.factories.reviews import ExpertFactory
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
from workflow.records import record_event, subject_of


def build():
    """A small city with a report drawn up, one begun, a round that was checked and one being so."""
    city = small_city()
    drawn_report(city.city, actor=account(Role.APPROVER, city.city))
    _drafted_edition(city)
    _begun_report(city)
    _rounds(city)
    _imports(city)
    _honours(city)
    _reviews(city)
    _publicity(city)
    _growth(city)
    contested(city)
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
    moneyed(city)
    examined(city)
    allocated(city)
    claimed(city)
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
    confirmation = DefaultConfirmation.objects.create(
        default=default, digest=default.digest, document_number="x", decided_on=date(2026, 1, 1),
        confirmed_by=owner,
    )  # fmt: skip
    _, _, after = told(confirmation)
    record_event(CONFIRMED, subject_of(default), actor=owner, after=after)
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


def _reviews(city):
    """A draw released and one that is not, a paper marked and one that waits."""
    drawn_by, rounds = UserFactory(), SelectionRound.objects.order_by("pk")
    expert = ExpertFactory(
        organization=city.city, unit=city.east, batch=ImportBatch.objects.first()
    )
    for selection in rounds:
        draw = Draw.objects.create(
            round=selection, seed=1, per_candidate=5, drawn={}, sha256=draw_digest({}),
            drawn_by=drawn_by,
        )  # fmt: skip
    release_draw(draw.pk, actor=account(Role.APPROVER, city.city))
    first, second = Nomination.objects.all()[:2]
    waiting = Review.objects.create(nomination=first, expert=expert, draw=draw)
    Masking.objects.create(
        nomination=first,
        words="大兴调研",
        decision="show",
        reason="与地区无关",
        decided_by=drawn_by,
    )
    Review.objects.create(
        nomination=second, expert=expert, batch=waiting.expert.batch, batch_line=3, status="submitted",
        submitted_at=timezone.now(), **{f"mark_{force}": 80 for force in FORCES},
    )  # fmt: skip


def _declared(city):
    """An expert who is asked and has begun to tell, and one with whom nothing is in the way."""
    selection = RoundFactory(organizer=city.city)
    begun = asked(city.city, selection)
    DeclaredTie.objects.create(declaration=begun, name="赵", reason="系师徒")
    asked(
        city.city, selection, status="clear", answered_at=timezone.now(), answered_by=UserFactory()
    )


def _panels(city):
    """A meeting being entered, of which one stood back; one handed in; one and what it corrects."""
    draft, handed_in, settled = (RoundFactory(organizer=city.city) for _ in range(3))
    candidate = Nomination.objects.earliest("pk")
    stood_back(written_panel(draft, candidate=candidate))
    written_panel(handed_in, state="submitted", candidate=candidate)
    former = written_panel(settled, state="replaced", candidate=candidate)
    words = {"corrects": former, "reason": "票数有误"}
    written_panel(settled, state="confirmed", candidate=candidate, **words)


def _growth(city):
    """Pairs that wait, go and ended; somebody with a report accepted and others due; studios."""
    endorsed(city)
    kept(city)
    seed_of(city.east)
    assessing(city.east)
    spend_of(city.east)
    patent_of(city.east).partners.create(person=PersonFactory(organization=city.east), place=2)
    handler = account(Role.HANDLER, city.city)
    waits, ended, agreed = PairFactory.create_batch(3, organization=city.city)
    end_pair(ended.pk, actor=handler, note="徒弟调离")
    PairConsent.objects.create(mentorship=waits, party="apprentice", given_by=UserFactory())
    agree_pair(consented(agreed).pk, actor=handler)
    logged(agreed)
    made = cultivated(city.city, actor=User.objects.system())
    first = made.reports.first()
    report(first.pk, words="完成", actor=account(Role.HANDLER, city.city))
    accept_report(first.pk, actor=account(Role.APPROVER, city.city))
    mentor = PersonFactory(organization=city.city)
    Cultivation.objects.filter(pk=made.pk).update(mentor=mentor)
    facts = {
        "kind": "passing",
        "goal": "带徒两人",
        "shown_by": "出师评定",
        "due_on": date(2027, 6, 30),
    }
    set_goal(made.pk, facts, actor=User.objects.system())
    _passed(city)  # after the rest: attacks are made of the first row


def _passed(city):
    """Somebody whose cultivation ended well, with a certificate."""
    system, handler = User.objects.system(), account(Role.HANDLER, city.city)
    passed = cultivated(city.city, actor=handler, starts_on=LONG_AGO)
    for due in passed.reports.all():
        report(due.pk, words="完成", actor=handler)
        accept_report(due.pk, actor=system, finding="on_track" if due.is_midterm else "")
    pass_cultivation(passed.pk, actor=system, note="完成")


def _publicity(city):
    """A list that waits, one that is up with an objection, one with an objection that was decided."""
    drafted_notice(RoundFactory(organizer=city.city))
    look_of(posted_notice(RoundFactory(organizer=city.city)))
    received_objection(posted_notice(RoundFactory(organizer=city.city)))
    objection = received_objection(posted_notice(RoundFactory(organizer=city.city)))
    look_into(objection.pk, finding="已核实", actor=account(Role.HANDLER, city.city))
    decide_objection(objection.pk, is_upheld=True, actor=account(Role.APPROVER, city.city))
    _panels(city)
    _declared(city)


def _honours(city):
    """One that follows from a nomination, one that an import brought, one taken back by two."""
    HonourFactory(organization=city.city, nomination=Nomination.objects.first())
    HonourFactory(organization=city.city, batch=ImportBatch.objects.first(), batch_line=3)
    taken = HonourFactory(organization=city.city)
    doubt_honour(taken.pk, actor=account(Role.HANDLER, city.city), note="群众来信反映")
    revoke_honour(taken.pk, actor=account(Role.APPROVER, city.city))


def _rectified(city):
    """A failed evaluation with an item demanded, one proved and one struck off."""
    evaluation = EvaluationFactory(academy=city.evaluated, year=2024, grade="failed")
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


def _imports(city):
    RoomFactory()
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
    city.evaluated = AcademyFactory(
        code="A-EVALUATED"
    )  # city.academy is paid: it does not fail twice
    _rectified(city)
    _reported(city)
    evaluated(city)
    AttachmentFactory(organization=city.city)
    assert ImportBatch.objects.count() == 2
