"""A candidate leaves, or is corrected, in the very moment in which others decide: one comes first, and both say so."""

import contextlib
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.models import QuerySet
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Honour, Nomination, PublicNotice, Review
from talents.services.drawing import draw_experts
from talents.services.nominations import withdraw_nomination
from talents.services.persons import correct_person
from talents.workflow import publicity, reviews
from talents.workflow.publicity import Slate, draft_notice, name_chosen, post_notice
from talents.workflow.reviews import release_draw
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import ended, posted_notice
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.refusals import DomainError

#: So long the first lingers between having looked and being done.
LINGERS_SECONDS = 1.5
FORCES = ("leading", "practice", "innovation", "tackling", "passing")


def drawn_round():
    """Two candidates; the experts are drawn, the papers not handed out."""
    city = OrganizationFactory(kind="city")
    unit = with_child(city, "unit")
    selection = RoundFactory(organizer=city)
    rows = [eligible_nomination(round=selection, unit=unit) for _ in range(2)]
    judged(selection)
    for _ in range(6):
        ExpertFactory(organization=city)
    draw = draw_experts(selection.pk, 7, actor=account(Role.HANDLER, city))
    return rows, draw, account(Role.NOMINATOR, unit), account(Role.APPROVER, city)


def attempt(outcomes, name, act):
    try:
        act()
        outcomes[name] = "done"
    except DomainError as refusal:
        outcomes[name] = refusal.code
    except DatabaseError as error:
        outcomes[name] = type(error).__name__
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_who_left_after_the_draw_is_not_handed_out_and_the_others_are():
    (leaver, stayer), draw, clerk, approver = drawn_round()
    withdraw_nomination(leaver.pk, actor=clerk, reason="本人提出退出")

    release_draw(draw.pk, actor=approver)

    assert set(Review.objects.values_list("nomination_id", flat=True)) == {stayer.pk}


class LeavesWhileHandedOut:
    """Papers are handed out; between the look at the candidates and the writing one of them leaves."""

    def __init__(self, monkeypatch):
        (self.leaver, self.stayer), self.draw, self.clerk, self.approver = drawn_round()
        self.looked, self.outcomes = threading.Event(), {}
        left = threading.Event()
        written = reviews.Review.objects.bulk_create

        def lingers(rows, **options):
            self.looked.set()
            left.wait(timeout=LINGERS_SECONDS)
            return written(rows, **options)

        self.left = left
        monkeypatch.setattr(reviews.Review.objects, "bulk_create", lingers)

    def happens(self):
        def leave():
            assert self.looked.wait(timeout=30)
            withdraw_nomination(self.leaver.pk, actor=self.clerk, reason="本人提出退出")
            self.left.set()

        acts = {
            "released": lambda: release_draw(self.draw.pk, actor=self.approver),
            "left": leave,
        }
        threads = [
            threading.Thread(target=attempt, args=(self.outcomes, name, act))
            for name, act in acts.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return self.outcomes


@pytest.mark.django_db(transaction=True)
class TestLeavingWhileHandedOut:
    def test_who_leaves_in_that_moment_is_told_that_the_review_has_begun(self, monkeypatch):
        scene = LeavesWhileHandedOut(monkeypatch)

        assert scene.happens() == {"released": "done", "left": "nomination-in-use"}

        handed_out = set(Review.objects.values_list("nomination_id", flat=True))
        assert handed_out == {scene.leaver.pk, scene.stayer.pk}
        assert Nomination.objects.filter(pk=scene.leaver.pk).exists()

    def test_control_without_the_lock_the_whole_handing_out_breaks(self, monkeypatch):
        scene = LeavesWhileHandedOut(monkeypatch)
        monkeypatch.setattr(reviews, "_still_there", everybody)

        outcomes = scene.happens()

        assert outcomes["left"] == "done"
        assert outcomes["released"] in {"IntegrityError", "OperationalError"}, "gone, or a deadlock"
        assert not Review.objects.exists()


def everybody(draw, actor):
    """Whoever was drawn, looked up without a lock."""
    return {int(nomination) for nomination in draw.drawn}


class ChangedWhileNamed:
    """The days are over; somebody names while somebody else corrects a name that was noticed."""

    def __init__(self, monkeypatch):
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        self.notice = ended(posted_notice(RoundFactory(organizer=city)))
        self.approver = account(Role.APPROVER, city)
        self.person = self.notice.entries.get(position=1).nomination.person
        self.checked, self.changed, self.outcomes = threading.Event(), threading.Event(), {}
        self.seen_at_change = None
        is_unchanged = publicity.check_unchanged

        def lingers(*about):
            is_unchanged(*about)
            self.checked.set()
            self.changed.wait(timeout=LINGERS_SECONDS)

        monkeypatch.setattr(publicity, "check_unchanged", lingers)

    def name(self):
        name_chosen(self.notice.pk, document_number="京工发〔2026〕9号", actor=self.approver)

    def change(self):
        assert self.checked.wait(timeout=30)
        system, facts = User.objects.system(), {"name": "改名"}
        correct_person(self.person.pk, facts, version=None, actor=system, note="户籍更名")
        self.seen_at_change = Honour.objects.exists()
        self.changed.set()

    def happens(self):
        acts = {"named": self.name, "changed": self.change}
        threads = [
            threading.Thread(target=attempt, args=(self.outcomes, name, act))
            for name, act in acts.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return self.outcomes, self.seen_at_change


@pytest.mark.django_db(transaction=True)
class TestChangingWhileNamed:
    def test_a_noticed_name_is_corrected_before_the_naming_or_after_it(self, monkeypatch, settings):
        settings.INLINE_JOBS = False
        outcomes, was_named_by_then = ChangedWhileNamed(monkeypatch).happens()

        assert outcomes == {"named": "done", "changed": "done"}
        assert was_named_by_then, "the correction waited until the naming was done"

    def test_control_without_the_lock_it_changes_between_the_look_and_the_naming(
        self, monkeypatch, settings
    ):
        settings.INLINE_JOBS = False
        scene = ChangedWhileNamed(monkeypatch)
        monkeypatch.setattr(publicity, "entries_held", unlocked)
        monkeypatch.setattr(publicity, "_hold_persons", lambda notice: None)

        outcomes, was_named_by_then = scene.happens()

        assert outcomes == {"named": "done", "changed": "done"}
        assert not was_named_by_then


def unlocked(notice):
    rows = notice.entries.select_related("nomination__person", "nomination__unit")
    return list(rows.order_by("position"))


class TwoListsDrawnUp:
    """Two of the staff draw up the list of one round; the first lingers between the look and the writing."""

    def __init__(self, monkeypatch):
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        unit = with_child(city, "unit")
        self.selection = RoundFactory(organizer=city)
        rows = [eligible_nomination(round=self.selection, unit=unit) for _ in range(2)]
        expert = ExpertFactory(organization=city, user=None)
        for row in rows:
            Review.objects.create(
                nomination=row, expert=expert, status="submitted", submitted_at=timezone.now(),
                **{f"mark_{force}": 80 for force in FORCES},
            )  # fmt: skip
        moved(Nomination.objects.filter(round=self.selection), Nomination.State.CHECKED)
        self.staff = [account(Role.HANDLER, city), account(Role.HANDLER, city)]
        self.looked, self.outcomes = threading.Event(), {}
        self.met = threading.Barrier(2)
        in_order = publicity.in_order

        def lingers(selection):
            self.looked.set()
            with contextlib.suppress(threading.BrokenBarrierError):
                self.met.wait(timeout=LINGERS_SECONDS)
            return in_order(selection)

        monkeypatch.setattr(publicity, "in_order", lingers)

    def happens(self):
        slate = Slate(1, 1, "第8次会议", "网站", "职工发展部")
        return both(
            self.outcomes,
            {
                "first": lambda: draft_notice(self.selection.pk, slate, actor=self.staff[0]),
                "second": lambda: draft_notice(self.selection.pk, slate, actor=self.staff[1]),
            },
        )


def both(outcomes, acts):
    threads = [
        threading.Thread(target=attempt, args=(outcomes, name, act)) for name, act in acts.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.django_db(transaction=True)
class TestTwoPanelsAtOnce:
    def test_one_list_is_drawn_up_and_the_other_panel_is_told(self, monkeypatch, settings):
        settings.INLINE_JOBS = False
        scene = TwoListsDrawnUp(monkeypatch)

        outcomes = scene.happens()

        assert sorted(outcomes.values()) == ["done", "notice-at-hand"]
        assert PublicNotice.objects.get().entries.count() == 2

    def test_control_without_the_locks_only_the_database_keeps_the_second_out(
        self, monkeypatch, settings
    ):
        settings.INLINE_JOBS = False
        scene = TwoListsDrawnUp(monkeypatch)
        without_row_locks(monkeypatch)

        outcomes = scene.happens()

        assert sorted(outcomes.values()) == ["IntegrityError", "done"]


class DrawnUpWhileNamed:
    """The days of a list are over; one names by it while another draws up its next version."""

    def __init__(self, monkeypatch):
        self.lists = TwoListsDrawnUp(monkeypatch)
        city, slate = self.lists.selection.organizer, Slate(1, 1, "第8次会议", "网站", "职工发展部")
        self.slate, approver = slate, account(Role.APPROVER, city)
        first = draft_notice(self.lists.selection.pk, slate, actor=self.lists.staff[0])
        self.notice = ended(post_notice(first.pk, starts_on=timezone.localdate(), actor=approver))
        self.approver, self.checked = approver, threading.Event()
        self.drawn_up, is_unchanged = threading.Event(), publicity.check_unchanged

        def lingers(*about):
            is_unchanged(*about)
            self.checked.set()
            self.drawn_up.wait(timeout=LINGERS_SECONDS)

        monkeypatch.setattr(publicity, "check_unchanged", lingers)

    def name(self):
        name_chosen(self.notice.pk, document_number="京工发〔2026〕9号", actor=self.approver)

    def draw_up(self):
        assert self.checked.wait(timeout=30)
        draft_notice(self.lists.selection.pk, self.slate, actor=self.lists.staff[1])
        self.drawn_up.set()

    def happens(self):
        return both({}, {"named": self.name, "drawn up": self.draw_up})


@pytest.mark.django_db(transaction=True)
class TestNamingWhileANextVersionIsDrawnUp:
    def test_the_next_version_waits_and_is_told_that_the_naming_is_done(
        self, monkeypatch, settings
    ):
        settings.INLINE_JOBS = False
        scene = DrawnUpWhileNamed(monkeypatch)

        assert scene.happens() == {"named": "done", "drawn up": "notice-at-hand"}
        assert PublicNotice.objects.get().state == "concluded"

    def test_control_without_the_locks_there_is_a_next_version_of_a_list_that_was_named_by(
        self, monkeypatch, settings
    ):
        settings.INLINE_JOBS = False
        scene = DrawnUpWhileNamed(monkeypatch)
        without_row_locks(monkeypatch)

        assert scene.happens() == {"named": "done", "drawn up": "done"}
        assert {notice.state for notice in PublicNotice.objects.all()} == {"concluded", "draft"}


class NamedWhileDrawnUp(DrawnUpWhileNamed):
    """The other way round: the next version is being drawn up when another names by the first."""

    def __init__(self, monkeypatch):
        super().__init__(monkeypatch)
        self.drafted, self.named = threading.Event(), threading.Event()

        def lingers(*about, **options):
            self.drafted.set()
            self.named.wait(timeout=LINGERS_SECONDS)

        monkeypatch.setattr(publicity, "tell_drafted", lingers)

    def name(self):
        assert self.drafted.wait(timeout=30)
        super().name()
        self.named.set()

    def draw_up(self):
        draft_notice(self.lists.selection.pk, self.slate, actor=self.lists.staff[1])


@pytest.mark.django_db(transaction=True)
class TestNamingBehindANextVersionThatIsDrawnUp:
    def test_the_naming_waits_and_is_told_of_the_next_version(self, monkeypatch, settings):
        settings.INLINE_JOBS = False
        scene = NamedWhileDrawnUp(monkeypatch)

        assert scene.happens() == {"named": "next-list-at-hand", "drawn up": "done"}

    def test_control_without_the_locks_titles_go_out_by_the_list_before(
        self, monkeypatch, settings
    ):
        settings.INLINE_JOBS = False
        scene = NamedWhileDrawnUp(monkeypatch)
        without_row_locks(monkeypatch)

        assert scene.happens() == {"named": "done", "drawn up": "done"}


def without_row_locks(monkeypatch):
    """No row is locked by those who look first."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows.all())
