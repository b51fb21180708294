"""Two who lock, propose, certify or type at once: one of them does it; without the lock both would."""

import threading

import pytest
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Mark, Promotion
from competitions.services import entries, promotions, sheets
from competitions.services.promotions import propose
from organizations.roles import Role
from talents.models import Certificate
from tests.academies.overlapping import at_once, overlapping
from tests.competitions.test_at_once import without
from tests.competitions.test_contest_flow import NUMBER
from tests.competitions.test_paper_sheets import read
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, ItemFactory, marked
from tests.factories.organizations import account
from workflow.models import Record

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = NUMBER[:-1] + "2"


@pytest.fixture
def unlocked(monkeypatch):
    """Nobody locks a row, and both have read before either goes on: as without the guard."""

    def meet_at(module, name):
        together, read_ = threading.Barrier(2, timeout=10), getattr(module, name)

        def when_both_have_read(*args, **words):
            found = read_(*args, **words)
            together.wait()
            return found

        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
        monkeypatch.setattr(module, name, when_both_have_read)

    return meet_at


def two(hands):
    return hands["handler"], hands["approver"]


def told(answers):
    return sorted(map(str, answers))


@pytest.fixture
def complete(item):
    marked(EntryFactory(item=item), 40, 3, 3, 3)
    return item


def checking(item, hands):
    return told(
        at_once(*(lambda by=by: workflow.check_marks(item.pk, actor=by).state for by in two(hands)))
    )


def test_of_two_who_lock_first_at_once_one_is_told_and_the_other_stands(complete, hands):
    assert checking(complete, hands) == ["checked", "illegal-transition"]
    complete.refresh_from_db()
    record = Record.objects.get(code="competitions.check")
    assert complete.checked_by == record.actor


def test_control_without_the_lock_both_are_told_that_they_locked_first(complete, hands, unlocked):
    unlocked(workflow, "progress_of")
    assert checking(complete, hands) == ["checked", "checked"]
    assert Record.objects.filter(code="competitions.check").count() == 2


def locking(item, hands):
    by = hands["approver"], hands["second"]
    return told(
        at_once(*(lambda by=one: workflow.lock_marks(item.pk, actor=by).state for one in by))
    )


def test_of_two_who_lock_second_at_once_one_is_told(complete, hands):
    workflow.check_marks(complete.pk, actor=hands["handler"])
    assert locking(complete, hands) == ["illegal-transition", "locked"]
    assert Record.objects.filter(code="competitions.lock").count() == 1


def test_control_without_the_lock_two_are_the_second(complete, hands, unlocked):
    workflow.check_marks(complete.pk, actor=hands["handler"])
    unlocked(workflow, "locked_item")
    assert locking(complete, hands) == ["locked", "locked"]
    assert Record.objects.filter(code="competitions.lock").count() == 2


def proposing(item, hands):
    return told(later(at_once, *(lambda by=by: propose(item.pk, actor=by) for by in two(hands))))


def test_of_two_who_propose_at_once_one_is_told(item, hands, podium):
    assert proposing(item, hands) == ["4", "nobody-new-rises"]
    assert item.promotions.count() == 4


def test_control_without_lock_and_indexes_everybody_is_proposed_twice(
    item, hands, podium, unlocked
):
    unlocked(promotions, "proposed")
    with without("promotion_once_per_entry"), without("promotion_once_a_year_per_trade"):
        assert proposing(item, hands) == ["4", "4"]
        assert item.promotions.count() == 8


def certifying(promotion, hands):
    """Two enter each another number for the same proposal."""
    pairs = zip(two(hands), (NUMBER, OTHER), strict=True)
    return told(
        later(
            at_once,
            *(
                lambda by=by, number=number: workflow.certify(promotion.pk, number, actor=by).state
                for by, number in pairs
            ),
        )
    )


@pytest.fixture
def proposal(item, hands, podium):
    later(propose, item.pk, actor=hands["handler"])
    return Promotion.objects.order_by("rank")[0]


def test_of_two_who_certify_at_once_one_raises_the_level(proposal, hands):
    assert certifying(proposal, hands) == ["certified", "illegal-transition"]
    assert Certificate.objects.filter(person=proposal.person).count() == 1


def test_control_without_the_lock_one_proposal_brings_two_certificates(proposal, hands, unlocked):
    unlocked(promotions, "outdated")
    assert certifying(proposal, hands) == ["certified", "certified"]
    assert Certificate.objects.filter(person=proposal.person).count() == 2


def typing(item, hands):
    """Two type the second sheet of what a third has typed already."""
    return told(at_once(*(lambda by=by: read(item, "007", 38, 3, by) for by in two(hands))))


@pytest.fixture
def typed_once(item, city):
    EntryFactory(item=item, number="007")
    read(item, "007", 38, 3, account(Role.HANDLER, city))
    return item


def test_of_two_who_type_the_second_sheet_at_once_one_gives_the_marks(typed_once, hands):
    assert typing(typed_once, hands) == ["()", "sheet-on-file"]
    assert Mark.objects.count() == 2


def test_control_without_lock_and_index_two_second_sheets_give_the_marks_twice(
    typed_once, hands, monkeypatch
):
    both_have_looked = threading.Barrier(2, timeout=10)
    monkeypatch.setattr(sheets, "record_event", lambda *_, **__: both_have_looked.wait())
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    with without("mark_once_per_aspect_and_seat"):
        assert typing(typed_once, hands) == ["()", "()"]
        assert Mark.objects.count() == 4


@pytest.fixture
def stage(item, hands, podium):
    """A published stage whose first go on to a final."""
    type(item).objects.filter(pk=item.pk).update(places=2)
    return ItemFactory(competition=item.competition, follows=item)


def going_on_while_appealing(stage, hands, podium):
    """Who appeals is first and has not ended when the organizer takes over those who qualified."""
    return overlapping(
        lambda: workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"]).state,
        lambda: entries.take_over_qualified(stage.pk, actor=hands["handler"]),
    )


def test_who_takes_over_while_somebody_appeals_waits_and_is_refused(stage, hands, podium):
    assert going_on_while_appealing(stage, hands, podium) == ["filed", "appeals-open"]
    assert not stage.entries.exists()


def test_control_without_the_lock_they_go_on_by_a_board_that_is_appealed_against(
    stage, hands, podium, monkeypatch
):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    assert going_on_while_appealing(stage, hands, podium) == ["filed", 2]
    assert stage.entries.count() == 2
