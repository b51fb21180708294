"""A workbook too big for a request is read by a job, and comes out the same."""

import contextlib

import pytest

from academies.models import AcademyYear, Enrolment
from academies.selectors.recount import differences
from intake.models import ImportBatch, ImportRow
from intake.services import staging
from tests.academies.books import a_class, a_line, many, workbook
from tests.academies.handling import receive_workbook, upload_of
from tests.academies.staged import address, faults, found, hand_in, pair
from workflow import jobs
from workflow.models import Job
from workflow.storage import attachments

pytestmark = pytest.mark.django_db
ROWS = 60


@pytest.fixture(autouse=True)
def _soon_too_big(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT, settings.INLINE_JOBS = tmp_path / "media", False
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 20)
    monkeypatch.setattr(staging, "ROWS_A_CHUNK", 25)


def roster(count=ROWS):
    return [a_line(n) for n in range(count - 1)] + [a_line(count, 姓名=None)]


@pytest.fixture
def reading(manager, academy):
    """A roster handed in through the page that waits for its job."""
    hand_in(manager, academy, workbook(roster=roster()))
    return pair()


def read_all():
    for job in Job.objects.filter(status="queued").order_by("pk"):
        jobs.run(job.pk)


def test_the_page_shows_progress_and_offers_nothing_to_commit(manager, reading):
    classes, batch = reading

    page = manager.get(address("workbook", batch.pk)).content.decode()
    early = manager.post(address("workbook-commit", batch.pk))

    assert (classes.status, batch.status) == ("staged", "reading")
    assert "读取学员名册" in page
    assert address("workbook-commit", batch.pk) not in page
    assert early.status_code == 409
    assert not AcademyYear.objects.exists()


def test_once_read_it_is_judged_and_committed_like_a_small_one(manager, reading):
    _, batch = reading

    read_all()

    batch.refresh_from_db()
    assert (batch.status, batch.row_count, batch.refused_count) == ("staged", ROWS, 1)
    assert faults(batch) == [(ROWS + 2, "姓名", "name-missing")]
    manager.post(address("workbook-commit", batch.pk))
    assert Enrolment.objects.count() == ROWS - 1
    assert differences() == []


def test_one_that_is_given_up_while_it_waits_is_not_read(manager, reading):
    _, batch = reading

    manager.post(address("workbook-discard", batch.pk))
    read_all()

    assert set(ImportBatch.objects.values_list("status", flat=True)) == {"discarded"}
    assert not ImportRow.objects.exists()


def test_a_worker_that_dies_while_reading_is_followed_by_one_that_begins_anew(reading, monkeypatch):
    _, batch = reading
    copy, chunks = staging._copy, []

    def dying(*arguments):
        chunks.append(copy(*arguments))
        if len(chunks) == 2:
            raise MemoryError
        return chunks[-1]

    monkeypatch.setattr(staging, "_copy", dying)
    job = Job.objects.get()
    with contextlib.suppress(MemoryError):
        jobs.run(job.pk)
    halfway = ImportRow.objects.filter(batch=batch).count()
    jobs.run(job.pk)

    batch.refresh_from_db()
    assert (halfway, batch.status, batch.row_count) == (25, "staged", ROWS)
    assert ImportRow.objects.filter(batch=batch).count() == ROWS


def test_one_that_turns_out_bad_says_so_and_can_be_given_up(manager, reading, monkeypatch):
    _, batch = reading
    content = workbook(roster=roster())
    monkeypatch.setattr(attachments, "content_of", lambda attachment: content[:-200])

    read_all()

    batch.refresh_from_db()
    page = manager.get(address("workbook", batch.pk)).content.decode()
    assert (batch.status, Job.objects.get().status) == ("unreadable", "parked")
    assert "文件没有读成" in page
    manager.post(address("workbook-discard", batch.pk))
    assert {b.status for b in pair()} == {"discarded"}


@pytest.mark.parametrize("order", ["classes first", "roster first"])
@pytest.mark.parametrize("people", [5, ROWS], ids=["small roster", "big roster"])
def test_many_classes_are_known_to_their_roster_whichever_is_read_first(
    academy, actor, order, people
):
    classes = [a_class(f"2025-{n:03}") for n in range(30)]
    content = workbook(classes, [a_line(n, f"2025-{n % 30:03}") for n in range(people)])
    upload = upload_of(content, "培训.xlsx", academy=academy, year=2025, actor=actor)
    receive_workbook(upload)

    waiting = list(Job.objects.order_by("pk").values_list("pk", flat=True))
    for pk in waiting if order == "classes first" else reversed(waiting):
        jobs.run(pk)

    found_classes, found_roster = pair()
    assert {found_classes.status, found_roster.status} == {"staged"}
    assert (found(found_classes), found(found_roster)) == ([], [])
    assert (found_roster.accepted_count, found_roster.refused_count) == (people, 0)


def test_a_roster_as_long_as_a_request_takes_is_staged_at_once(
    manager, academy, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.undo()  # the limit of a request is what it is
    content = many(2_000)

    with django_assert_max_num_queries(150):  # no statement a row
        hand_in(manager, academy, content)

    classes, batch = pair()
    assert (classes.status, batch.status, batch.row_count) == ("staged", "staged", 2_000)
    assert batch.refused_count > 0
