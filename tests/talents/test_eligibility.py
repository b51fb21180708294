import json
import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import Role
from policies.rules.verdicts import Overall
from talents.facts.service import service_of
from talents.models import Assessment, AssessmentRun, Nomination
from talents.rules import evaluation_of, verdict_now
from talents.selectors.assessments import (
    current_assessment,
    current_run,
    progress_of,
)
from talents.selectors.results import results_in_full
from talents.services import eligibility
from talents.services.eligibility import start_run
from tests.factories.organizations import account, with_child
from tests.factories.talents import (
    FORCES,
    THIS_MONTH,
    NominationFactory,
    RoundFactory,
    eligible_nomination,
    with_service,
)
from workflow import jobs
from workflow.models import Job, Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db

ENOUGH = (THIS_MONTH - 59, None)
SHORT = (THIS_MONTH - 58, None)


def overall_of(nomination):
    return current_assessment(nomination).overall


# Verdicts


@pytest.mark.parametrize(
    ("spans", "blank", "overall"),
    [
        ([ENOUGH], [], Overall.ELIGIBLE),
        ([SHORT], [], Overall.INELIGIBLE),
        ([], [], Overall.MISSING),
        ([ENOUGH], ["force_passing"], Overall.MISSING),
        ([SHORT], ["force_passing"], Overall.INELIGIBLE),
        ([], ["force_leading"], Overall.MISSING),
    ],
    ids=[
        "sixty months to the month",
        "one month short",
        "no working life filed",
        "one statement blank",
        "short of months is decisive whatever is blank",
        "nothing known is missing, not refused",
    ],
)
def test_a_nomination_is_judged_by_months_and_statements(check, spans, blank, overall):
    nomination = with_service(NominationFactory(**dict.fromkeys(blank, "")), *spans)

    check(nomination.round)

    assert overall_of(nomination) == overall


def test_a_set_is_judged_like_each_of_its_members(check):
    selection, rng = RoundFactory(), random.Random(7)
    for _ in range(60):
        blank = rng.sample(FORCES, rng.choice([0, 0, 0, 1, 2]))
        starts = [rng.randrange(THIS_MONTH - 100, THIS_MONTH) for _ in range(rng.randrange(4))]
        spans = [(first, rng.choice([None, first + rng.randrange(60)])) for first in starts]
        with_service(NominationFactory(round=selection, **dict.fromkeys(blank, "")), *spans)

    run = check(selection)

    for assessment in Assessment.objects.select_related("nomination__round__edition").all():
        one = verdict_now(assessment.nomination)
        stored = (assessment.overall, assessment.met, assessment.known, assessment.observed)
        assert stored == (one.overall, one.met, one.known, one.observed)
    assert run.nomination_count == Assessment.objects.filter(run=run).count() == 60


def test_the_verdict_is_expanded_to_why(check):
    nomination = with_service(NominationFactory(force_tackling=""), SHORT)

    (result,) = results_in_full(User.objects.system(), check(nomination.round))

    by_code = {finding.code: finding for finding in result.findings}
    months, statement = by_code["frontline_months"], by_code["force_tackling"]
    assert (months.met, months.actual, months.threshold) == (False, 59, 60)
    assert months.sentence == (
        "一线工作月数为 59 个月，不符合“不少于 60 个月”。"
        "还差 1 个月；继续在一线岗位工作，预计 2026年7月满足。"
    )
    assert (statement.met, statement.actual) == (None, None)
    assert "请补填攻关力情况" in statement.sentence
    assert by_code["political"].sentence == "待人工核定：政治素质过硬。"
    assert result.reasons == (months.sentence, statement.sentence)


def test_the_segments_behind_the_months_add_up_to_them(check):
    nomination = with_service(
        NominationFactory(),
        (THIS_MONTH - 40, THIS_MONTH - 21),
        (THIS_MONTH - 30, THIS_MONTH - 25),
        (THIS_MONTH - 22, None),
        (THIS_MONTH + 1, THIS_MONTH + 9),
    )
    check(nomination.round)

    counted = service_of(nomination, nomination.round.reference_day).rows

    assert [(c.months, c.added) for c in counted] == [(20, 20), (6, 0), (23, 21), (0, 0)]
    assert sum(c.added for c in counted) == current_assessment(nomination).observed[0] == 41


# The run


def test_a_run_counts_records_and_tells_who_asked(check):
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)
    for spans in ([ENOUGH], [ENOUGH], [SHORT], []):
        with_service(NominationFactory(round=selection), *spans)
    eligible_nomination()

    run = check(selection, actor=staff)

    assert run.status == AssessmentRun.Status.DONE
    assert (run.eligible_count, run.ineligible_count, run.missing_count) == (2, 1, 1)
    assert sorted(pattern[::3] for pattern in run.patterns) == [[0, 1], [1, 1], [2, 2]]
    assert run.edition_digest == selection.edition.digest
    assert Record.objects.get(subject=subject_of(run)).actor == staff
    notice = Notice.objects.get(subject=subject_of(run))
    assert (notice.recipient, "合格2人，不合格1人，资料缺失1人" in notice.body) == (staff, True)
    progress = progress_of(run)
    assert (progress.done, progress.total, progress.percent, progress.is_over) == (4, 4, 100, True)


def test_an_empty_round_has_an_empty_result(check):
    run = check(RoundFactory())

    assert (run.status, run.patterns, run.nomination_count) == (run.Status.DONE, [], 0)


def test_a_second_check_is_a_new_run_and_the_newest_one_counts(check):
    nomination = NominationFactory()
    first = check(nomination.round)
    with_service(nomination, ENOUGH)
    second = check(nomination.round)

    assert first.pk != second.pk
    assert current_run(nomination.round) == second
    assert list(Assessment.objects.order_by("run_id").values_list("overall", flat=True)) == [
        Overall.MISSING,
        Overall.ELIGIBLE,
    ]


def test_a_verdict_is_outdated_once_the_papers_are_corrected(check):
    nomination = eligible_nomination()
    run = check(nomination.round)
    system = User.objects.system()

    assert [result.is_outdated for result in results_in_full(system, run)] == [False]
    Nomination.objects.filter(pk=nomination.pk).update(version=F("version") + 1)
    assert [result.is_outdated for result in results_in_full(system, run)] == [True]


def test_a_large_round_is_judged_in_two_parts_with_one_result(check, monkeypatch):
    monkeypatch.setattr(eligibility, "ONE_PART_UP_TO", 4)
    monkeypatch.setattr(eligibility, "FIRST_CHUNK", 2)
    selection, other = RoundFactory(), RoundFactory()
    for number in range(9):
        with_service(NominationFactory(round=selection), SHORT if number % 3 else ENOUGH)
        NominationFactory(round=other)

    run = check(selection)

    assert [job.status for job in jobs.jobs_of(subject_of(run))] == [Job.Status.DONE] * 2
    assert [job.progress_done for job in jobs.jobs_of(subject_of(run))] == [4, 5]
    assert (run.eligible_count, run.ineligible_count, run.missing_count) == (3, 6, 0)
    assert Notice.objects.count() == Record.objects.filter(subject=subject_of(run)).count() == 1


def test_each_chunk_reads_the_employment_rows_once_and_by_index(check):
    nomination = eligible_nomination()
    run = check(nomination.round)
    statement, params = evaluation_of(run).statement(
        Nomination.objects.filter(round=run.round_id), first=nomination.pk, last=nomination.pk
    )

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        plan = json.dumps(cursor.fetchone()[0])

    assert plan.count('"Relation Name": "talents_employment"') == 1
    assert plan.count('"Relation Name": "talents_nomination"') == 1


def test_a_chunk_never_spans_the_papers_of_half_the_house():
    selection = RoundFactory()
    near = [NominationFactory(round=selection) for _ in range(3)]
    far = NominationFactory(round=selection, pk=near[-1].pk + 1_000_000)
    rows = Nomination.objects.filter(round=selection)
    start = {"next": near[0].pk, "done": 0, "total": 4}

    ids, after = eligibility._chunk(rows, start, far.pk + 1, 2_000)
    others, end = eligibility._chunk(rows, after, far.pk + 1, 2_000)

    assert (ids, others) == ((near[0].pk, near[-1].pk), (far.pk, far.pk))
    assert (after["done"], end["done"]) == (3, 4)
    assert eligibility._chunk(rows, end, far.pk + 1, 2_000) is None


# Who may, and when


@pytest.mark.parametrize("role", [Role.NOMINATOR, Role.AUDITOR, Role.FINANCE])
def test_only_staff_start_a_check(role):
    selection = RoundFactory()

    with pytest.raises(DomainError, match="没有发起资格核验的权限"):
        start_run(selection.pk, actor=account(role, selection.organizer))

    assert not AssessmentRun.objects.exists()


def test_staff_below_the_organizer_do_not_start_a_check():
    selection = RoundFactory()
    district = with_child(selection.organizer, Organization.Kind.DISTRICT)

    with pytest.raises(DomainError, match="没有发起资格核验的权限"):
        start_run(selection.pk, actor=account(Role.HANDLER, district))


def test_a_round_without_machine_criteria_is_refused_before_any_job():
    selection = RoundFactory(tier="grassroots")

    with pytest.raises(DomainError, match="没有可自动核验的必备条件"):
        start_run(selection.pk, actor=User.objects.system())

    assert not Job.objects.exists()


def test_a_check_that_is_going_is_not_started_again():
    selection = RoundFactory()
    start_run(selection.pk, actor=User.objects.system())

    with pytest.raises(DomainError, match="资格核验正在进行，请等它完成后再发起"):
        start_run(selection.pk, actor=User.objects.system())

    assert AssessmentRun.objects.count() == Job.objects.count() == 1


def test_a_check_that_was_parked_goes_on_when_somebody_starts_it(
    check, django_capture_on_commit_callbacks
):
    selection = RoundFactory()
    system = User.objects.system()
    run = start_run(selection.pk, actor=system)
    parked = {"status": Job.Status.PARKED, "error": "磁盘已满", "finished_at": timezone.now()}
    Job.objects.update(**parked)
    assert progress_of(run).error == "磁盘已满"

    again = check(selection)

    assert (again.pk, again.status) == (run.pk, AssessmentRun.Status.DONE)


def test_a_check_whose_worker_fell_silent_goes_on_when_somebody_starts_it(check):
    nomination = eligible_nomination()
    run = start_run(nomination.round_id, actor=User.objects.system())
    jobs.claim(Job.objects.get().pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    again = check(nomination.round)

    assert (again.pk, again.status) == (run.pk, AssessmentRun.Status.DONE)
    assert Job.objects.get().fence == 2


def test_the_database_keeps_one_run_at_a_time_per_round(check):
    run = check(RoundFactory())
    facts = {"round": run.round, "reference_day": run.reference_day, "bounds": [0, 1]}
    facts |= {"edition_digest": run.edition_digest, "requested_by": run.requested_by}
    AssessmentRun.objects.create(**facts)

    with pytest.raises(IntegrityError, match="run_once_at_a_time_per_round"):
        AssessmentRun.objects.create(**facts)


@pytest.mark.parametrize("is_over", [True, False], ids=["assessed", "being assessed"])
def test_a_nomination_that_is_assessed_is_not_deleted(check, is_over):
    nomination = NominationFactory()
    if is_over:
        check(nomination.round)
    else:
        start_run(nomination.round_id, actor=User.objects.system())

    with pytest.raises(DatabaseError, match="核验"), transaction.atomic():
        nomination.delete()

    assert Nomination.objects.filter(pk=nomination.pk).exists()


# A worker believed dead


def claimed_twice(run):
    """The lease of a worker that fell silent, and the lease of the one that took over."""
    job = Job.objects.get(subject=subject_of(run))
    silent = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return silent, jobs.claim(job.pk)


def test_a_worker_that_lost_its_lease_writes_nothing_more():
    nomination = eligible_nomination()
    run = start_run(nomination.round_id, actor=User.objects.system())
    silent, successor = claimed_twice(run)

    with pytest.raises(jobs.LostLeaseError):
        eligibility.check_part(silent, 0)

    assert not Assessment.objects.exists()
    eligibility.check_part(successor, 0)
    run.refresh_from_db()
    assert (run.status, run.eligible_count) == (AssessmentRun.Status.DONE, 1)


def test_control_without_the_lease_both_would_write_and_only_the_key_says_no():
    nomination = eligible_nomination()
    run = start_run(nomination.round_id, actor=User.objects.system())
    rows, ids = Nomination.objects.all(), (nomination.pk, nomination.pk)
    evaluation = evaluation_of(run)
    eligibility._judge(evaluation, rows, ids, run)

    with pytest.raises(IntegrityError, match="talents_assessment_pkey"):
        eligibility._judge(evaluation, rows, ids, run)


def test_a_part_signed_off_is_not_signed_off_again_when_its_message_comes_late():
    nomination = eligible_nomination()
    run = start_run(nomination.round_id, actor=User.objects.system())
    job = Job.objects.get()
    eligibility.check_part(jobs.claim(job.pk), 0)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert Notice.objects.count() == Record.objects.filter(subject=subject_of(run)).count() == 1
