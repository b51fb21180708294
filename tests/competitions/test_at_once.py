"""Two at the same work, entrant or result at once; each race has its control, without what guards it."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Appeal, Entry, Mark
from competitions.services import entries, judging
from organizations.roles import Role
from tests import database
from tests.academies.overlapping import at_once
from tests.competitions.sheets import identity
from tests.competitions.test_contest_flow import given, newest, seats
from tests.factories.competitions import EntryFactory, ItemFactory, JudgeFactory, SchemeFactory
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Record
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10


@contextmanager
def without(index):
    """The same database without a unique index; everything that was written is gone afterwards."""
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        known = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
        (definition,) = administrator.execute(known, [index]).fetchone()
        table = definition.partition(" ON public.")[2].partition(" ")[0]
        bound = administrator.execute("SELECT FROM pg_constraint WHERE conname = %s", [index])
        is_constraint = bound.rowcount > 0
        drop = (
            f"ALTER TABLE {table} DROP CONSTRAINT {index}"
            if is_constraint
            else f"DROP INDEX {index}"
        )
        administrator.execute(drop)
        try:
            yield
        finally:
            database.restore()
            administrator.execute(definition)
            if is_constraint:
                administrator.execute(
                    f"ALTER TABLE {table} ADD CONSTRAINT {index} UNIQUE USING INDEX {index}"
                )


def entering(item, hands):
    """Two of the unit enter the same person."""
    who = entries.Entrant("张三", read_identity(identity(1), today=date(2026, 1, 1)))
    facts = {"present_level": "3"}
    other = account(Role.NOMINATOR, hands["unit"])
    return at_once(
        *(
            lambda by=by: str(entries.enter(item.pk, who, facts, unit=hands["unit"], actor=by))
            for by in (hands["nominator"], other)
        )
    )


def test_of_two_who_enter_the_same_person_at_once_one_is_told(item, hands):
    assert sorted(entering(item, hands)) == ["entry-once-per-item-and-person", "张三"]
    assert Entry.objects.count() == 1
    assert Record.objects.filter(code="competitions.entered").count() == 1


def test_control_without_the_index_somebody_is_entered_twice(item, hands):
    with without("entry_once_per_item_and_person"):
        assert entering(item, hands) == ["张三", "张三"]
        assert Entry.objects.count() == 2


def test_two_judges_at_one_work_at_once_lose_nothing(item, city):
    first, second, third = seats(item, city)
    entry = EntryFactory(item=item, number="001")

    answers = at_once(
        lambda: given(first, entry, 38.5, 3),
        lambda: given(second, entry, 2),
        lambda: given(third, entry, 1),
    )

    assert answers == [2, 1, 1]
    told = Mark.objects.filter(entry=entry, is_superseded=False)
    assert sorted((mark.seat, float(mark.value)) for mark in told) == [
        (1, 3.0), (1, 38.5), (2, 2.0), (3, 1.0),
    ]  # fmt: skip


@pytest.fixture
def judged(item, city):
    """A work that the judge of the second seat gave one point."""
    judge = seats(item, city)[1]
    entry = EntryFactory(item=item, number="001")
    given(judge, entry, 1)
    return judge, entry


def changing(judged):
    """Two telephones with the same sheet open change the point, one to 2, one to 3."""
    judge, entry = judged
    seen = newest(judge, entry)
    return at_once(
        lambda: given(judge, entry, 2, seen=seen), lambda: given(judge, entry, 3, seen=seen)
    )


def test_of_two_changes_of_one_mark_at_once_one_is_refused_and_the_old_mark_is_kept(judged):
    assert sorted(map(str, changing(judged))) == ["1", "edited-meanwhile"]

    counting = Mark.objects.filter(is_superseded=False)
    assert counting.count() == 1
    assert counting.get().value in (2, 3)
    assert Mark.objects.get(is_superseded=True).value == 1


def test_control_without_lock_and_index_both_changes_count(judged, monkeypatch):
    together = threading.Barrier(2, timeout=PATIENCE)
    read = judging.marks_by

    def when_both_have_read(*args):
        found = read(*args)
        together.wait()
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(judging, "marks_by", when_both_have_read)
    with without("mark_once_per_aspect_and_seat"):
        assert changing(judged) == [1, 1]
        assert Mark.objects.filter(is_superseded=False).count() == 2


def appealing(podium, hands):
    other = account(Role.NOMINATOR, hands["unit"])
    return at_once(
        *(
            lambda by=by: workflow.appeal(podium[3].pk, "第一项少记一分", actor=by).state
            for by in (hands["nominator"], other)
        )
    )


def test_of_two_appeals_for_one_entrant_at_once_one_is_heard(podium, hands):
    assert sorted(appealing(podium, hands)) == ["appeal-one-at-a-time-per-entry", "filed"]
    assert Appeal.objects.count() == 1


def test_control_without_the_index_two_appeals_are_open(podium, hands):
    with without("appeal_one_at_a_time_per_entry"):
        assert appealing(podium, hands) == ["filed", "filed"]
        assert Appeal.objects.count() == 2


def test_of_two_sheets_of_one_seat_saved_at_once_one_is_refused():
    city = OrganizationFactory(kind="city")
    item = SchemeFactory(item=ItemFactory(competition__organizer=city)).item
    entry = EntryFactory(item=item, number="001")
    judge = JudgeFactory(item=item, user=account(Role.JUDGE, city), seat=2)

    answers = at_once(
        lambda: given(judge, entry, 1),
        lambda: given(judge, entry, 2),
        lambda: given(judge, entry, 3),
    )

    assert sorted(map(str, answers)).count("1") == 1
    assert Mark.objects.filter(entry=entry, is_superseded=False).count() == 1
    assert Mark.objects.count() == 1
