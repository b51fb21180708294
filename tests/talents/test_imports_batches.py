"""The life of a batch: once only, all or nothing, taken back while untouched; also two at a time."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from organizations.models import User
from talents.imports import NOMINATIONS
from talents.models import (
    Assessment,
    AssessmentRun,
    Certificate,
    Employment,
    Nomination,
    Person,
    PersonCompletion,
)
from talents.services.eligibility import start_run
from tests import database
from tests.factories.organizations import account
from tests.factories.talents import (
    NominationFactory,
    PersonFactory,
    RoundFactory,
    eligible_nomination,
)
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    committed,
    faults,
    roster_for,
    sheet_of,
    staged,
    upload_of,
)
from tests.talents.rosters import as_xlsx
from workflow import attachments, imports, jobs, vault
from workflow.errors import DomainError
from workflow.imports import staging
from workflow.models import Attachment, ImportBatch, ImportFinding, ImportRow, Job, Record

KILLS = 6


@pytest.fixture
def call(db):
    return call_of_nominations()


@pytest.fixture
def shared_call(transactional_db):
    """A call whose rows other connections see."""
    return call_of_nominations()


def system():
    return User.objects.system()


def stored():
    """How much stands in every table an import writes to."""
    models = (Person, Nomination, Employment, Certificate, PersonCompletion)
    return [model.objects.count() for model in models]


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
    before = stored()
    batch = committed(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))
    during = stored()

    imports.revert(batch.pk, actor=system(), note="表填错了")

    assert during == [2, 2, 2, 2, 1]
    assert stored() == before
    assert Person.objects.values().get() == Person.objects.values().get(pk=person.pk)
    restored = Person.objects.get()
    assert (restored.birth_on, restored.sex, restored.phone_cipher) == (None, "", None)


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
    counts = [run.eligible_count, run.ineligible_count, run.missing_count]

    imports.revert(batch.pk, actor=system(), note="表填错了")

    run.refresh_from_db()
    assert counts == [1, 1, 0]
    assert [run.eligible_count, run.ineligible_count, run.missing_count] == [1, 0, 0]
    assert Assessment.objects.count() == 1


def test_reverting_is_refused_while_the_round_is_being_judged(call):
    batch = committed(call, sheet_of(call, {}))
    start_run(call.round.pk, actor=system())
    AssessmentRun.objects.update(status="running", finished_at=None)

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system(), note="表填错了")

    assert refusal.value.code == "run-in-progress"


@pytest.mark.parametrize(
    "touch",
    [{"edited_at": "2026-07-01T00:00:00Z"}, {"state": "checked"}],
    ids=["corrected", "confirmed"],
)
def test_reverting_is_refused_once_a_row_was_worked_on_and_names_it(call, touch):
    batch = committed(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))
    Nomination.objects.filter(row_number=2).update(**touch)
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
    type(call.round).objects.filter(pk=call.round.pk).update(state="closed")

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


def at_once(*works):
    """Run each work in a thread of its own, all starting together; returns what each came to."""
    barrier, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            barrier.wait(timeout=10)
            outcomes[place] = work()
        except DomainError as refusal:
            outcomes[place] = refusal.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def test_two_people_who_upload_the_same_file_at_once_get_one_batch(shared_call):
    content = as_xlsx(roster_for(shared_call, 1, 80))

    receipts = at_once(*[lambda: imports.receive(upload_of(shared_call, content), NOMINATIONS)] * 4)

    assert len({receipt.batch.pk for receipt in receipts}) == 1
    assert sorted(receipt.is_new for receipt in receipts) == [False, False, False, True]
    assert ImportRow.objects.count() == 80


def test_without_the_constraint_two_uploads_at_once_would_make_two_batches(shared_call):
    """The control: looking before writing is not enough, the constraint is what decides."""
    content = as_xlsx(roster_for(shared_call, 1, 20))
    upload, barrier = upload_of(shared_call, content), threading.Barrier(2)

    def naive():
        known = staging._batch_of(upload, NOMINATIONS)
        barrier.wait(timeout=10)
        with transaction.atomic():
            if known is None:
                ImportBatch.objects.create(
                    kind=f"control-{threading.get_ident()}", subject=upload.subject,
                    organization=upload.organization, digest=upload.digest,
                    uploaded_by=upload.actor,
                    attachment=attachments.register(
                        content, filename="a.xlsx", kind="xlsx",
                        organization=upload.organization, uploaded_by=upload.actor,
                    ),
                )  # fmt: skip
        return known

    assert at_once(naive, naive) == [None, None]
    assert ImportBatch.objects.count() == 2


def test_of_two_people_who_commit_at_once_one_does(shared_call):
    batch = staged(shared_call, as_xlsx(roster_for(shared_call, 2, 80)))

    outcomes = at_once(*[lambda: imports.commit(batch.pk, actor=system()).status] * 3)

    assert sorted(outcomes) == ["committed", "import-moved-on", "import-moved-on"]
    assert Nomination.objects.count() == batch.accepted_count
    assert Record.objects.filter(action="提交入库").count() == 1


def test_without_the_guard_two_commits_at_once_would_both_go_through(shared_call):
    """The control: a status that is only read lets both pass."""
    batch, barrier = staged(shared_call, sheet_of(shared_call, {})), threading.Barrier(2)

    def naive():
        is_staged = ImportBatch.objects.get(pk=batch.pk).status == "staged"
        barrier.wait(timeout=10)
        if is_staged:
            ImportBatch.objects.filter(pk=batch.pk).update(
                status="committed", committed_at="2026-07-01T00:00:00Z"
            )
        return is_staged

    assert at_once(naive, naive) == [True, True]


def test_two_files_with_one_person_committed_at_once_nominate_them_once(shared_call):
    batches = [
        staged(
            shared_call, sheet_of(shared_call, {}, {"公民身份号码": OTHER_SOUND, "推荐排序": n + 1})
        )
        for n in range(2)
    ]

    outcomes = at_once(*[lambda b=b: imports.commit(b.pk, actor=system()).status for b in batches])

    assert sorted(outcomes) == ["committed", "import-changed-since-preview"]
    assert (Person.objects.count(), Nomination.objects.count()) == (2, 2)


COMMITTER = """
import os, sys, django
django.setup()
from organizations.models import User
from workflow import imports
print("ready", flush=True)
sys.stdin.readline()
imports.commit(int(sys.argv[1]), actor=User.objects.system())
print("done", flush=True)
"""


@pytest.mark.parametrize("fraction", [n / KILLS for n in range(KILLS + 1)])
def test_a_commit_killed_midway_leaves_all_or_nothing(shared_call, fraction):
    batch = staged(shared_call, as_xlsx(roster_for(shared_call, 4, 1000, clean=True)))
    process = subprocess.Popen(
        [sys.executable, "-c", COMMITTER, str(batch.pk)],
        cwd=Path(__file__).parents[2],
        env=os.environ
        | {"DATABASE_URL": database.url(), "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process.stdout.readline()
    process.stdin.write(b"go\n")
    process.stdin.flush()
    time.sleep(fraction * 0.25)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    process.stdin.close()
    process.stdout.close()

    wait_for_other_sessions()
    batch.refresh_from_db()
    filed = Nomination.objects.count()
    assert (batch.status, filed) in {("staged", 0), ("committed", 1000)}
    if not filed:
        assert stored() == [0] * 5
        assert imports.commit(batch.pk, actor=system()).status == "committed"
    assert Nomination.objects.count() == 1000


def wait_for_other_sessions():
    """A killed client's backend may still be finishing its last statement."""
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "select count(*) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
