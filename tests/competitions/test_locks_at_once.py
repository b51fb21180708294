"""Locks of results and certificates, against what comes at the same moment."""

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from competitions import workflow
from competitions.models import Mark, Promotion
from competitions.rules import settled
from competitions.services import leaving, promotions
from competitions.services.judging import give_marks
from competitions.services.promotions import propose
from competitions.services.schemes import draw_up_scheme
from organizations.roles import Role
from talents.models import Certificate
from tests.academies.overlapping import at_once, overlapping
from tests.competitions.test_contest_flow import NUMBER, REASON, given, newest, published
from tests.competitions.windows import later
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


@pytest.fixture
def two_marked(scene):
    """Two whose marks are complete, the better of whom broke the rules."""
    item, _ = scene
    return [marked(EntryFactory(item=item), points, 3, 3, 3) for points in (40, 39)]


def disqualifying(scene, entry):
    return lambda: leaving.disqualify_entry(entry.pk, actor=scene[1]["approver"], note=REASON).state


def locking(scene):
    return lambda: workflow.check_marks(scene[0].pk, actor=scene[1]["handler"]).state


def test_who_is_disqualified_before_the_results_are_locked_has_no_place(scene, two_marked):
    item, hands = scene
    best, other = two_marked

    assert overlapping(disqualifying(scene, best), locking(scene)) == ["disqualified", "checked"]
    workflow.lock_marks(item.pk, actor=hands["approver"])
    workflow.publish(item.pk, actor=hands["approver"])
    assert [line.entry_id for line in item.boards.get().lines.all()] == [other.pk]


def test_who_is_to_be_disqualified_while_the_results_are_locked_keeps_the_place_that_was_vouched_for(
    scene, two_marked
):
    assert overlapping(locking(scene), disqualifying(scene, two_marked[0])) == [
        "checked", "marking-closed",
    ]  # fmt: skip
    assert set(scene[0].entries.values_list("state", flat=True)) == {"entered"}


def test_control_without_the_lock_somebody_is_disqualified_behind_it(scene, two_marked, unlocked):
    assert overlapping(locking(scene), disqualifying(scene, two_marked[0])) == [
        "checked", "disqualified",
    ]  # fmt: skip


def test_one_whose_marks_are_missing_does_not_hold_up_the_lock_once_disqualified(scene, two_marked):
    late = EntryFactory(item=scene[0])

    assert overlapping(disqualifying(scene, late), locking(scene)) == ["disqualified", "checked"]


def test_control_without_the_lock_results_are_held_up_by_somebody_who_is_out(
    scene, two_marked, unlocked
):
    late = EntryFactory(item=scene[0])

    answers = overlapping(disqualifying(scene, late), locking(scene))
    assert answers == ["disqualified", "marks-incomplete"]


@pytest.fixture
def board(scene):
    item, hands = scene
    entry = marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    published(item, hands)
    return item, hands, entry


@pytest.fixture
def proposal(board):
    """Somebody proposed, and six of the office with a certificate each before them."""
    item, hands, _ = board
    later(propose, item.pk, actor=hands["handler"])
    office = [account(Role.HANDLER, item.competition.organizer) for _ in range(MANY)]
    return Promotion.objects.get(), office


def certifying(proposal):
    promotion, office = proposal
    return later(
        at_once,
        *(
            partial(workflow.certify, promotion.pk, f"{NUMBER[:-1]}{place}", actor=by)
            for place, by in enumerate(office)
        ),
    )


def test_of_six_who_enter_a_certificate_at_once_one_raises_the_level_once(proposal):
    answers = certifying(proposal)

    refused = [answer for answer in answers if isinstance(answer, str)]
    assert refused == ["illegal-transition"] * (MANY - 1)
    assert [answer for answer in answers if answer not in refused] == [proposal[0]]
    assert Certificate.objects.filter(person=proposal[0].person).count() == 1
    assert Record.objects.filter(code="competitions.certify").count() == 1


def test_control_without_the_lock_six_certificates_come_of_one_proposal(
    proposal, unlocked, monkeypatch
):
    together, read = threading.Barrier(MANY, timeout=10), promotions.outdated

    def when_all_have_read(*args, **words):
        found = read(*args, **words)
        together.wait()
        return found

    monkeypatch.setattr(promotions, "outdated", when_all_have_read)

    assert not [answer for answer in certifying(proposal) if isinstance(answer, str)]
    assert Certificate.objects.filter(person=proposal[0].person).count() == MANY


@pytest.fixture
def no_days(monkeypatch):
    """Rules that set no days of appealing: one may appeal while somebody is proposed."""
    monkeypatch.setattr(settled, "appeals_until", lambda board: None)


def proposing_while_appealing(board):
    item, hands, entry = board
    return overlapping(
        lambda: workflow.appeal(entry.pk, "第一项计时有误", actor=hands["nominator"]).state,
        lambda: propose(item.pk, actor=hands["handler"]),
    )


def test_an_appeal_that_is_being_filed_is_in_before_anybody_is_proposed(board, no_days):
    assert proposing_while_appealing(board) == ["filed", "appeals-open"]


def test_control_without_the_lock_somebody_is_proposed_beside_an_appeal(board, no_days, unlocked):
    assert proposing_while_appealing(board) == ["filed", 1]
