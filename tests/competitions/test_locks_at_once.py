"""Locks of results and certificates, against what comes at the same moment."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Mark, Promotion
from competitions.services import leaving
from competitions.services.judging import give_marks
from competitions.services.promotions import propose
from competitions.services.schemes import draw_up_scheme
from organizations.roles import Role
from talents.models import Certificate
from tests.academies.overlapping import at_once, overlapping
from tests.competitions.test_contest_flow import NUMBER, REASON, given, newest, published
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    JudgeFactory,
    SchemeFactory,
    marked,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture
def scene():
    """An item of an announced contest with a scheme, and the hands that work on it."""
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    hands = {
        "handler": account(Role.HANDLER, city),
        "approver": account(Role.APPROVER, city),
        "unit": unit,
        "nominator": account(Role.NOMINATOR, unit),
    }
    return SchemeFactory(item=ItemFactory(competition=contest)).item, hands


@pytest.fixture
def unlocked(monkeypatch):
    """No row is locked: the control of a race, whose outcome must be the wrong one."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


@pytest.fixture
def seat(scene):
    """The judge of the second seat, and a work that all have marked alike."""
    item, _ = scene
    entry = marked(EntryFactory(item=item, number="001"), 40, 3, 3, 3)
    judge = JudgeFactory(item=item, user=account(Role.JUDGE, item.competition.organizer), seat=2)
    return judge, entry


def marking_while_locking(scene, judge, entry):
    item, hands = scene
    before = newest(judge, entry)
    return overlapping(
        lambda: workflow.check_marks(item.pk, actor=hands["handler"]).state,
        lambda: given(judge, entry, 2, seen=before),
    )


def test_a_sheet_that_comes_while_the_first_locks_is_refused_and_the_lock_holds(scene, seat):
    before = newest(*seat)

    assert marking_while_locking(scene, *seat) == ["checked", "marking-closed"]
    assert newest(*seat) == before


def test_control_without_the_lock_a_mark_is_changed_behind_it(scene, seat, unlocked):
    before = newest(*seat)

    assert marking_while_locking(scene, *seat) == ["checked", 1]
    assert newest(*seat) != before


def locking_while_marking(scene, judge, entry):
    item, hands = scene
    before = newest(judge, entry)
    return overlapping(
        lambda: given(judge, entry, 1, seen=before),
        lambda: workflow.check_marks(item.pk, actor=hands["handler"]).state,
    )


def test_a_sheet_that_is_being_written_is_in_before_the_lock_counts(scene, seat):
    """The other way round: the lock waits, and sees the mark that made judges differ too much."""
    assert locking_while_marking(scene, *seat) == [1, "judges-apart"]
    assert type(scene[0]).objects.get().state == "open"


def test_control_without_the_lock_it_vouches_for_what_it_has_not_seen(scene, seat, unlocked):
    assert locking_while_marking(scene, *seat) == [1, "checked"]


def marking_while_a_version_is_drawn_up(scene):
    """A judge saves by the scheme that he was shown, and another version is being drawn up."""
    item, hands = scene
    judge = JudgeFactory(item=item, user=account(Role.JUDGE, item.competition.organizer), seat=2)
    EntryFactory(item=item, number="001")
    shown = item.schemes.get()
    judged = shown.aspects.get(method="judgement")
    return overlapping(
        lambda: draw_up_scheme(item.pk, list(shown.aspects.all()), actor=hands["handler"], note=REASON).number,
        lambda: give_marks(judge.pk, "001", {judged.pk: Decimal(2)}, seen=0, actor=judge.user),
    )  # fmt: skip


def test_marks_by_a_scheme_that_is_being_replaced_are_refused(scene):
    assert marking_while_a_version_is_drawn_up(scene) == [2, "scheme-changed"]
    assert not Mark.objects.exists()


def test_control_without_the_lock_marks_are_given_by_a_scheme_that_counts_no_more(scene, unlocked):
    assert marking_while_a_version_is_drawn_up(scene) == [2, 1]
    assert Mark.objects.get().aspect.scheme.number == 1


def test_who_is_disqualified_while_the_results_are_locked_is_on_one_side_of_the_lock(scene):
    item, hands = scene
    best = marked(EntryFactory(item=item), 40, 3, 3, 3)
    other = marked(EntryFactory(item=item), 39, 3, 3, 3)

    taken, locked = overlapping(
        lambda: leaving.disqualify_entry(best.pk, actor=hands["approver"], note=REASON).state,
        lambda: workflow.check_marks(item.pk, actor=hands["handler"]).state,
    )

    assert (taken, locked) == ("disqualified", "checked")
    workflow.lock_marks(item.pk, actor=hands["approver"])
    workflow.publish(item.pk, actor=hands["approver"])
    assert [line.entry_id for line in item.boards.get().lines.all()] == [other.pk]


@pytest.fixture
def board(scene):
    item, hands = scene
    entry = marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    published(item, hands)
    return item, hands, entry


def test_of_many_who_enter_a_certificate_at_once_one_raises_the_level_once(board):
    item, hands, entry = board
    propose(item.pk, actor=hands["handler"])
    promotion = Promotion.objects.get()

    answers = at_once(
        *[partial(workflow.certify, promotion.pk, NUMBER, actor=hands["handler"])] * MANY
    )

    assert [answer for answer in answers if not isinstance(answer, str)] == [promotion]
    assert Certificate.objects.filter(person=entry.person).count() == 1
    assert Record.objects.filter(code="competitions.certify").count() == 1


def proposing_while_appealing(board):
    item, hands, entry = board
    return overlapping(
        lambda: workflow.appeal(entry.pk, "第一项计时有误", actor=hands["nominator"]).state,
        lambda: propose(item.pk, actor=hands["handler"]),
    )


def test_an_appeal_that_is_being_filed_is_in_before_anybody_is_proposed(board):
    assert proposing_while_appealing(board) == ["filed", "appeals-open"]


def test_control_without_the_lock_somebody_is_proposed_beside_an_appeal(board, unlocked):
    assert proposing_while_appealing(board) == ["filed", 1]
