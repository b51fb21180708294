"""A nomination sent in in the last minute and the job that ends filing: one comes first, and both say so."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, SelectionRound
from talents.workflow import deadlines, endorsing
from talents.workflow.endorsing import submit_nomination
from tests.factories.endorsing import levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError

BEIJING = ZoneInfo("Asia/Shanghai")
#: So long the sender lingers between being let in and being written down.
LINGERS_SECONDS = 1.5


class LastMinute:
    """Somebody is let in a minute before midnight and is written down after it; the job comes between."""

    def __init__(self, clock):
        city = OrganizationFactory()
        self.clock, self.unit = clock, with_child(with_child(city, "district"), "unit")
        self.round = levelled_round(city)
        self.nomination = on_its_way(self.round, self.unit)
        self.filer = account(Role.NOMINATOR, self.unit)
        SelectionRound.objects.filter(pk=self.round.pk).update(closes_on=timezone.localdate())
        self.let_in, self.closed = threading.Event(), threading.Event()
        self.outcome = ""

    def lingers(self, given):
        def later(*told):
            self.let_in.set()
            self.closed.wait(timeout=LINGERS_SECONDS)
            return given(*told)

        return later

    def send_in(self):
        try:
            submit_nomination(self.nomination.pk, note="同意推荐", actor=self.filer)
            self.outcome = "sent in"
        except DomainError as refusal:
            self.outcome = refusal.code
        finally:
            connections.close_all()

    def close(self):
        try:
            assert self.let_in.wait(timeout=30)
            self.clock.shift(timedelta(minutes=2))
            assert deadlines.close_overdue(self.round.pk)
            self.closed.set()
        finally:
            connections.close_all()

    def happens(self):
        threads = [threading.Thread(target=work) for work in (self.send_in, self.close)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        record = Record.objects.get(subject=subject_of(self.round), after__has_key="overdue")
        is_asked = self.nomination.endorsements.filter(state="asked").exists()
        return self.outcome, is_asked, record.after["overdue"]


@pytest.fixture
def midnight(transactional_db, monkeypatch):
    with time_machine.travel(datetime(2026, 6, 10, 23, 59, tzinfo=BEIJING), tick=False) as clock:
        scene = LastMinute(clock)
        monkeypatch.setattr(endorsing, "_given", scene.lingers(endorsing._given))
        yield scene


def test_who_was_let_in_before_the_end_is_in_and_not_counted_late(midnight):
    assert midnight.happens() == ("sent in", True, 0)
    midnight.round.refresh_from_db()
    assert midnight.round.state == "closed"


def test_control_without_the_lock_somebody_is_in_and_counted_late_at_once(midnight, monkeypatch):
    """The job counts while the sender is between the question and the answer: what the lock prevents."""
    monkeypatch.setattr(endorsing, "lock_round_of", lambda nomination: None)
    assert midnight.happens() == ("sent in", True, 1)


def test_who_comes_after_the_end_keeps_what_was_typed_and_is_told(midnight):
    midnight.clock.shift(timedelta(minutes=2))
    deadlines.close_overdue(midnight.round.pk)
    before = Nomination.objects.values().get()

    midnight.send_in()

    assert midnight.outcome in {"round-closed", "round-not-open"}
    assert Nomination.objects.values().get() == before
    assert not midnight.nomination.endorsements.exists()
