"""An evaluation is graded while rows of the year are written: one waits for the other, and sees what it did."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from academies.models import Enrolment, Evaluation, TrainingClass
from academies.services.training import enrol, record_class, remove_enrolment
from tests.academies.test_reviews import YEAR, Scene
from workflow.refusals import DomainError
from workflow.texts.identity import read_identity

NUMBER = "110199197002262579"
PATIENCE, A_WHILE = 10, 0.7


@pytest.fixture
def scene(transactional_db):
    made = Scene()
    made.marked()
    return made


class Pause:
    """Stops a deed just before its first statement of a kind, until it is told to go on."""

    def __init__(self, words):
        self.words, self.is_there, self.may_go = words, threading.Event(), threading.Event()

    def __call__(self, execute, statement, params, many, context):
        if self.words in statement and not self.is_there.is_set():
            self.is_there.set()
            self.may_go.wait(PATIENCE)
        return execute(statement, params, many, context)


@contextmanager
def beside(deed, pause=None):
    """``deed`` in a session of its own while the block runs; its outcome is in the list."""
    outcome = []

    def run():
        try:
            with connection.execute_wrapper(pause or (lambda act, *words: act(*words))):
                outcome.append(deed())
        except DomainError as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield outcome
    finally:
        if pause:
            pause.may_go.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def grading(scene):
    return lambda: scene.graded("failed", due_on=date(YEAR + 1, 12, 31)).grade


def enrolling(scene):
    facts = {
        "employer": "", "occupation": "", "attendance": None, "passed": True, "level_before": "",
        "level_after": "", "certificate_number": "",
    }  # fmt: skip
    identity = read_identity(NUMBER, today=date(2026, 1, 1))
    return lambda: enrol(scene.of.pk, identity, "王芳", facts, actor=scene.manager).pk


def entering(scene):
    facts = {
        "number": "9", "name": "钳工班", "specialty": "", "form": "offline", "is_practical": True,
        "starts_on": date(YEAR, 9, 1), "ends_on": date(YEAR, 9, 2), "hours": None, "room": "",
        "planned_count": None,
    }  # fmt: skip
    return lambda: record_class(scene.academy.pk, YEAR, facts, actor=scene.manager).pk


def removing(scene):
    row = Enrolment.objects.first()
    return lambda: remove_enrolment(row.pk, actor=scene.manager, note="登记有误").pk


WRITERS = pytest.mark.parametrize(
    "writing", [enrolling, entering, removing], ids=["enrol", "class", "remove"]
)
WRITTEN = 'INSERT INTO "workflow_record"'


@WRITERS
def test_rows_wait_for_a_grade_that_is_being_given(scene, writing):
    rows, pause = writing(scene), Pause('INSERT INTO "academies_evaluation"')
    with beside(grading(scene), pause) as graded:
        assert pause.is_there.wait(PATIENCE)
        with beside(rows) as written:
            threading.Event().wait(A_WHILE)
            assert written == []
            pause.may_go.set()
    assert graded == ["failed"]
    assert len(written) == 1
    assert isinstance(written[0], int) or written == [None]


@WRITERS
def test_a_grade_waits_for_rows_that_are_being_written_and_is_refused(scene, writing):
    rows, pause = writing(scene), Pause(WRITTEN)
    with beside(rows, pause):
        assert pause.is_there.wait(PATIENCE)
        with beside(grading(scene)) as graded:
            threading.Event().wait(A_WHILE)
            assert graded == []
            pause.may_go.set()
    assert graded == ["rows-changed-since-filed"]
    assert not Evaluation.objects.exists()


def test_without_the_lock_the_grade_stands_on_rows_that_are_there_no_more(scene, monkeypatch):
    """The control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    rows, pause = entering(scene), Pause('INSERT INTO "academies_evaluation"')
    with beside(grading(scene), pause) as graded:
        assert pause.is_there.wait(PATIENCE)
        with beside(rows) as written:
            pass
        assert len(written) == 1
        pause.may_go.set()
    assert graded == ["failed"]
    assert TrainingClass.objects.filter(name="钳工班").exists()
