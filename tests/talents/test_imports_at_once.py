"""Two people at one import, and a commit that is killed: one batch, once, all or nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from intake import services as imports
from intake.models import ImportBatch, ImportRow
from intake.services import staging
from organizations.models import User
from talents.imports import NOMINATIONS, filing
from talents.models import Nomination, Person
from tests import database
from tests.talents.importing import (
    OTHER_SOUND,
    call_of_nominations,
    committed,
    roster_for,
    sheet_of,
    staged,
    stored,
    upload_of,
)
from tests.talents.rosters import as_xlsx
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.storage import attachments

KILLS = 6


@pytest.fixture
def shared_call(transactional_db):
    """A call whose rows other connections see."""
    return call_of_nominations()


def system():
    return User.objects.system()


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
        known = staging._file_there(upload, NOMINATIONS)
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
from intake import services as imports
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


def test_a_correction_while_the_batch_is_being_reverted_is_not_lost(shared_call, monkeypatch):
    """Somebody corrects a row after the revert has looked and before it deletes."""
    batch = committed(shared_call, sheet_of(shared_call, {}))
    looked = []

    def look_then_correct(batch):
        if not looked:
            looked.append(batch)
            work = Nomination.objects.filter(batch=batch).update
            at_once(lambda: work(edited_at="2026-07-01T00:00:00Z"))
            return
        refuse_touched(batch)

    refuse_touched = filing._refuse_touched
    monkeypatch.setattr(filing, "_refuse_touched", look_then_correct)

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system(), note="表填错了")

    assert refusal.value.code == "import-touched"
    assert (Nomination.objects.count(), Person.objects.count()) == (1, 1)
