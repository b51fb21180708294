"""The life of a batch: once only, all or nothing, taken back while untouched; also two at a time."""

import contextlib

import pytest

from intake import services as imports
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.services import staging
from organizations.models import User
from policies.rules.verdicts import Overall
from talents.imports import NOMINATIONS
from talents.models import (
    Assessment,
    AssessmentRun,
    Nomination,
    Person,
)
from talents.permissions import CONFIRM
from talents.selectors.results import ResultQuestion, results_page
from talents.services.eligibility import start_run
from tests.factories.organizations import account
from tests.factories.talents import (
    NominationFactory,
    PersonFactory,
    RoundFactory,
    eligible_nomination,
)
from tests.factories.workflow import moved
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    committed,
    faults,
    roster_for,
    sheet_of,
    staged,
    stored,
    upload_of,
)
from tests.talents.rosters import as_xlsx
from workflow import jobs
from workflow.models import Attachment, Job, Notice
from workflow.refusals import DomainError
from workflow.storage import attachments, vault


@pytest.fixture
def call(db):
    return call_of_nominations()


def system():
    return User.objects.system()


def test_the_same_file_again_finds_the_batch_and_changes_nothing(call):
    content = sheet_of(call, {})
    first = imports.receive(upload_of(call, content), NOMINATIONS)

    again = imports.receive(upload_of(call, content, filename="改名.xlsx"), NOMINATIONS)

    assert (first.is_new, again.is_new) == (True, False)
    assert again.batch == first.batch
    assert (ImportBatch.objects.count(), Attachment.objects.count()) == (1, 1)


def test_the_same_file_after_the_commit_finds_the_committed_batch(call):
    content = sheet_of(call, {})
    batch = committed(call, content)
    before = stored()

    again = imports.receive(upload_of(call, content), NOMINATIONS)

    assert (again.is_new, again.batch.pk, again.batch.status) == (False, batch.pk, "committed")
    assert stored() == before


def test_another_body_with_the_same_file_has_a_batch_of_its_own(call):
    content = sheet_of(call, {})

    batches = {
        staged(call, content, organization=body).pk for body in (call.city, call.districts[0])
    }

    assert len(batches) == 2


def test_after_discarding_the_same_file_can_be_handed_in_anew(call):
    content = sheet_of(call, {})
    first = staged(call, content)

    imports.discard(first.pk, actor=system())
    again = imports.receive(upload_of(call, content), NOMINATIONS)

    assert again.is_new
    assert not ImportRow.objects.filter(batch=first).exists()
    assert not ImportFinding.objects.filter(batch=first).exists()


def test_a_second_commit_is_told_that_it_is_done(call):
    batch = committed(call, sheet_of(call, {}))

    with pytest.raises(DomainError) as refusal:
        imports.commit(batch.pk, actor=system())

    assert refusal.value.code == "import-moved-on"
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("action", ["commit", "discard"])
def test_what_was_reverted_moves_no_more(call, action):
    batch = committed(call, sheet_of(call, {}))
    imports.revert(batch.pk, actor=system(), note="表填错了")

    with pytest.raises(DomainError) as refusal:
        getattr(imports, action)(batch.pk, actor=system())

    assert refusal.value.code == "import-moved-on"


def test_what_has_become_faulty_since_the_preview_stops_the_commit_and_is_shown(call):
    batch = staged(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))
    person = PersonFactory(identity_digest=vault.digest(SOUND), name="曾怡刚")
    NominationFactory(round=call.round, person=person)

    with pytest.raises(DomainError) as refusal:
        imports.commit(batch.pk, actor=system())

    batch.refresh_from_db()
    assert refusal.value.code == "import-changed-since-preview"
    assert (batch.status, batch.accepted_count, batch.refused_count) == ("staged", 1, 1)
    assert faults(batch) == [(1, "公民身份号码", "duplicate-nomination")]
    assert imports.commit(batch.pk, actor=system()).accepted_count == 1


def test_reverting_leaves_everything_as_it_was_before(call):
    person = PersonFactory(
        identity_digest=vault.digest(SOUND), name="曾怡刚", organization=call.units[0]
    )
    before, as_filed = stored(), Person.objects.values().get()
    batch = committed(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))
    during, completed = stored(), Person.objects.values().get(pk=person.pk)

    imports.revert(batch.pk, actor=system(), note="表填错了")

    assert during == [2, 2, 2, 2, 1]
    assert stored() == before
    assert completed != as_filed
    assert Person.objects.values().get() == as_filed


def test_reverting_keeps_persons_that_something_else_refers_to(call):
    batch = committed(call, sheet_of(call, {}))
    elsewhere = RoundFactory(organizer=call.city, edition=call.round.edition)
    NominationFactory(round=elsewhere, person=Person.objects.get())

    imports.revert(batch.pk, actor=system(), note="表填错了")

    assert Person.objects.count() == 1
    assert not Nomination.objects.filter(round=call.round).exists()


def test_reverting_takes_the_verdicts_with_it(call, check):
    eligible_nomination(round=call.round, unit=call.units[0])
    batch = committed(call, sheet_of(call, {}))
    run = check(call.round)
    before = [run.eligible_count, run.ineligible_count, run.nomination_count, len(run.patterns)]

    imports.revert(batch.pk, actor=system(), note="表填错了")

    run.refresh_from_db()
    after = [run.eligible_count, run.ineligible_count, run.nomination_count, len(run.patterns)]
    assert (before, after) == ([1, 1, 2, 2], [1, 0, 1, 1])
    kept = Assessment.objects.get().nomination_id
    eligible = ResultQuestion(overall=Overall.ELIGIBLE)
    assert [row.pk for row in results_page(system(), run, eligible, {}).rows] == [kept]


def test_reverting_is_refused_while_the_round_is_being_judged(call):
    batch = committed(call, sheet_of(call, {}))
    start_run(call.round.pk, actor=system())
    AssessmentRun.objects.update(status="running", finished_at=None)

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system(), note="表填错了")

    assert refusal.value.code == "run-in-progress"


def corrected(nomination):
    Nomination.objects.filter(pk=nomination.pk).update(edited_at="2026-07-01T00:00:00Z")


def confirmed(nomination):
    CONFIRM.apply(nomination, organization=nomination.unit, actor=system())


@pytest.mark.parametrize("touch", [corrected, confirmed])
def test_reverting_is_refused_once_a_row_was_worked_on_and_names_it(call, touch):
    batch = committed(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))
    touch(Nomination.objects.get(row_number=2))
    before = stored()

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system(), note="表填错了")

    batch.refresh_from_db()
    assert refusal.value.code == "import-touched"
    assert "序号2，曾怡刚" in refusal.value.message
    assert "序号1" not in refusal.value.message
    assert (batch.status, stored()) == ("committed", before)


def test_reverting_needs_a_reason(call):
    batch = committed(call, sheet_of(call, {}))

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system(), note="  ")

    assert refusal.value.code == "reason-required"


@pytest.mark.parametrize("role", ["approver", "auditor", "finance"])
@pytest.mark.parametrize("action", ["commit", "discard"])
def test_only_those_who_file_may_work_on_a_batch(call, role, action):
    batch = staged(call, sheet_of(call, {}))

    with pytest.raises(DomainError) as refusal:
        getattr(imports, action)(batch.pk, actor=account(role, call.city))

    assert refusal.value.code == "role-required"


def test_a_batch_of_another_body_is_not_there(call):
    batch = staged(call, sheet_of(call, {}), organization=call.districts[0])
    stranger = account("handler", call.districts[1])

    with pytest.raises(ImportBatch.DoesNotExist):
        imports.commit(batch.pk, actor=stranger)


def test_nothing_is_committed_into_a_round_that_has_closed(call):
    batch = staged(call, sheet_of(call, {}))
    moved(type(call.round).objects.filter(pk=call.round.pk), "closed")

    with pytest.raises(DomainError) as refusal:
        imports.commit(batch.pk, actor=system())

    batch.refresh_from_db()
    assert (refusal.value.code, batch.status) == ("round-not-open", "staged")


def test_a_big_file_is_read_by_a_job_and_comes_out_the_same(
    call, monkeypatch, django_capture_on_commit_callbacks
):
    roster = roster_for(call, 5, 120)
    content = as_xlsx(roster)
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 50)
    monkeypatch.setattr(staging, "ROWS_A_CHUNK", 40)

    with django_capture_on_commit_callbacks():
        receipt = imports.receive(upload_of(call, content), NOMINATIONS)
    waiting = receipt.batch.status
    job = Job.objects.get()
    jobs.run(job.pk)

    receipt.batch.refresh_from_db()
    job.refresh_from_db()
    assert (waiting, receipt.batch.status, job.status) == ("reading", "staged", "done")
    assert {(n, code) for n, _, code in faults(receipt.batch)} == {
        (e.number, code) for e in roster.expected for _, code in e.refused
    }
    assert job.progress_done == job.progress_total == receipt.batch.row_count == 120
    notice = Notice.objects.get()
    assert notice.recipient == receipt.batch.uploaded_by
    assert notice.href == f"/intake/files/{receipt.batch.pk}/"
    assert f"可入库{receipt.batch.accepted_count}行" in notice.body


def test_a_worker_that_dies_while_reading_is_followed_by_one_that_begins_anew(call, monkeypatch):
    roster = roster_for(call, 6, 120)
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 50)
    monkeypatch.setattr(staging, "ROWS_A_CHUNK", 40)
    batch = imports.receive(upload_of(call, as_xlsx(roster)), NOMINATIONS).batch
    job, copy, chunks = Job.objects.get(), staging._copy, []

    def dying(*arguments):
        chunks.append(copy(*arguments))
        if len(chunks) == 2:
            raise MemoryError
        return chunks[-1]

    monkeypatch.setattr(staging, "_copy", dying)
    with contextlib.suppress(MemoryError):
        jobs.run(job.pk)
    halfway = ImportRow.objects.count()
    jobs.run(job.pk)

    batch.refresh_from_db()
    assert (halfway, batch.status, batch.row_count) == (40, "staged", 120)
    assert ImportRow.objects.filter(batch=batch).count() == 120


def test_a_big_file_that_turns_out_bad_says_so_on_its_batch(call, monkeypatch):
    content = as_xlsx(roster_for(call, 5, 120))
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 50)
    batch = imports.receive(upload_of(call, content), NOMINATIONS).batch
    monkeypatch.setattr(attachments, "content_of", lambda attachment: content[:-200])

    jobs.run(Job.objects.get().pk)

    batch.refresh_from_db()
    assert (batch.status, Job.objects.get().status) == ("unreadable", "parked")
    assert "损坏" in batch.problem
    assert not ImportRow.objects.exists()


def test_a_big_file_without_rows_is_refused_and_not_read_for_ever(call, monkeypatch):
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 0)
    batch = imports.receive(upload_of(call, sheet_of(call)), NOMINATIONS).batch
    waiting = batch.status

    jobs.run(Job.objects.get().pk)

    batch.refresh_from_db()
    job = Job.objects.get()
    assert (waiting, batch.status, job.status) == ("reading", "unreadable", "parked")
    assert "没有数据行" in batch.problem
    assert "没有数据行" in job.error


def test_a_big_file_the_disk_lost_says_so_and_the_same_upload_mends_it(call, monkeypatch):
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 50)
    upload = upload_of(call, as_xlsx(roster_for(call, 5, 120)))
    batch = imports.receive(upload, NOMINATIONS).batch
    place = attachments._place(batch.attachment.sha256)
    place.write_bytes(place.read_bytes()[:100])
    imports.receive(upload, NOMINATIONS)
    mended = attachments.content_of(batch.attachment)
    place.unlink()

    jobs.run(Job.objects.get().pk)

    batch.refresh_from_db()
    assert mended == upload.content
    assert (batch.status, Job.objects.get().status) == ("unreadable", "parked")
    assert "缺失或已损坏" in batch.problem
