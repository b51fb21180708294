"""Two at the same work, entrant or result at once; each race has its control, without what guards it."""

import threading
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Appeal, Entry, Judge, Mark
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


def judging_one_work(item, city):
    """Two seats send their sheets about one work under its code, the first also what it measured."""
    first, second, *_ = seats(item, city)
    work = EntryFactory(item=item, number="001", work_code="K007")
    measured, judged = item.schemes.get().aspects.all()
    sheets = [
        (first, {measured.pk: Decimal("38.5"), judged.pk: Decimal(3)}),
        (second, {judged.pk: Decimal(2)}),
    ]
    answers = at_once(
        *(
            lambda judge=judge, values=values: judging.give_marks(
                judge.pk, work.work_code, values, seen=0, actor=judge.user
            )
            for judge, values in sheets
        )
    )
    counting = Mark.objects.filter(entry=work, is_superseded=False)
    return answers, sorted((mark.seat, float(mark.value)) for mark in counting)


def test_two_judges_at_one_work_under_its_code_at_once_lose_nothing(item, city):
    answers, told = judging_one_work(item, city)

    assert answers == [2, 1]
    assert told == [(1, 3.0), (1, 38.5), (2, 2.0)]
    assert set(Record.objects.filter(code="competitions.marked").values_list("note", flat=True)) == {
        "K007号作品第1席", "K007号作品第2席",
    }  # fmt: skip


def test_control_were_marks_not_told_apart_by_seat_one_of_two_judges_is_refused(
    item, city, monkeypatch
):
    """What keeps two judges out of each other's way is the seat: without it the later one is the same sheet."""

    def by_anybody(judge, entry):
        return {mark.aspect_id: mark for mark in entry.marks.filter(is_superseded=False)}

    monkeypatch.setattr(judging, "marks_by", by_anybody)
    answers, told = judging_one_work(item, city)

    assert "edited-meanwhile" in answers
    assert len(told) < 3


def seating(item, city):
    """Two of the office give the second seat to somebody each."""
    office, judges = (
        [account(role, city) for _ in range(2)] for role in (Role.HANDLER, Role.JUDGE)
    )
    pairs = zip(office, judges, strict=True)
    return at_once(
        *(
            lambda by=by, who=who: judging.assign_judge(item.pk, who, 2, actor=by).seat
            for by, who in pairs
        )
    )


def test_of_two_who_are_given_one_seat_at_once_one_sits(item, city):
    assert sorted(map(str, seating(item, city))) == ["2", "judge-seat-is-taken-once"]
    assert Judge.objects.count() == 1


def test_control_without_the_index_two_sit_in_one_seat(item, city):
    with without("judge_seat_is_taken_once"):
        assert seating(item, city) == [2, 2]


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


@pytest.fixture
def sheet():
    """A work that the judge of the second seat has not marked, open on three telephones."""
    city = OrganizationFactory(kind="city")
    item = SchemeFactory(item=ItemFactory(competition__organizer=city)).item
    entry = EntryFactory(item=item, number="001")
    return JudgeFactory(item=item, user=account(Role.JUDGE, city), seat=2), entry


def saving_three_times(sheet):
    return at_once(*(lambda value=value: given(*sheet, value) for value in (1, 2, 3)))


def test_of_three_sheets_of_one_seat_saved_at_once_one_counts(sheet):
    answers = sorted(map(str, saving_three_times(sheet)))

    assert answers == ["1", "edited-meanwhile", "edited-meanwhile"]
    assert Mark.objects.count() == Mark.objects.filter(is_superseded=False).count() == 1
    assert Record.objects.filter(code="competitions.marked").count() == 1


def test_control_without_lock_and_index_three_marks_of_one_seat_count(sheet, monkeypatch):
    together = threading.Barrier(3, timeout=PATIENCE)
    read = judging.marks_by

    def when_all_have_read(*args):
        found = read(*args)
        together.wait()
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(judging, "marks_by", when_all_have_read)
    with without("mark_once_per_aspect_and_seat"):
        assert saving_three_times(sheet) == [1, 1, 1]
        assert Mark.objects.filter(is_superseded=False).count() == 3
