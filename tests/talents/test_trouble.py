"""What goes wrong in a round: too late, two at once, somebody leaves in the middle; refused, and nothing lost."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from pages.models import FormDraft
from talents.models import Assessment, Honour, Nomination, PublicNotice, Review, SelectionRound
from talents.services.nominations import withdraw_nomination
from talents.services.reviewing import submit_marks
from talents.workflow import publicity
from talents.workflow.publicity import Slate, draft_notice, name_chosen
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import ended, posted_notice
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.refusals import DomainError

FORCES = ("leading", "practice", "innovation", "tackling", "passing")
SLATE = Slate(1, 1, "2026年第8次党组会纪要", "市总工会网站", "职工发展部")


@pytest.mark.django_db
class TestTooLate:
    """The deadline passes while the form is open."""

    TYPED = {
        "identity": identity_number(), "name": "曾怡刚", "post": "班组长", "occupation": "焊工",
        "segments-TOTAL_FORMS": "0", "segments-INITIAL_FORMS": "0",
    }  # fmt: skip

    def test_what_was_typed_is_kept_and_the_page_says_why(self, client):
        city = OrganizationFactory(kind="city")
        unit = with_child(city, "unit", name="示例公司")
        clerk = account(Role.NOMINATOR, unit)
        selection = RoundFactory(organizer=city)
        client.force_login(clerk)
        address = reverse("talents:nomination-new", args=[selection.code])
        assert client.get(address).status_code == 200
        yesterday = timezone.localdate() - timedelta(days=1)
        SelectionRound.objects.update(closes_on=yesterday)

        answer = client.post(address, self.TYPED | {"unit": unit.name})

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "申报已截止" in page or "截止" in page
        assert 'value="曾怡刚"' in page
        assert FormDraft.objects.get(owner=clerk).typed()["post"] == "班组长"
        assert not Nomination.objects.exists()
        assert client.get(address).status_code in {403, 409}


@pytest.mark.django_db
def test_who_is_under_review_is_not_withdrawn_and_nothing_is_lost():
    city = OrganizationFactory(kind="city")
    unit = with_child(city, "unit")
    clerk, selection = account(Role.NOMINATOR, unit), RoundFactory(organizer=city)
    nomination = eligible_nomination(round=selection, unit=unit)
    judged(selection)
    review = Review.objects.create(nomination=nomination, expert=ExpertFactory(organization=city))
    facts = {f"mark_{force}": 80 for force in FORCES} | {"remark": "", "is_recused": False}
    submit_marks(review.pk, facts, actor=review.expert.user)

    with pytest.raises(DomainError) as refused:
        withdraw_nomination(nomination.pk, actor=clerk, reason="本人提出退出")

    assert refused.value.code == "nomination-in-use"
    assert Nomination.objects.get().employments.exists()
    assert Assessment.objects.filter(nomination=nomination).exists()
    assert Review.objects.get().mark_leading == 80


def at_once(*acts):
    """Each in a thread of its own, begun together; what each gave or was refused with."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def attempt(act):
        barrier.wait(timeout=20)
        try:
            outcomes.append(type(act()).__name__)
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
class TestTwoPanelsAtOnce:
    def panels(self):
        """Marks are in; two of the staff draw the list up at the same moment."""
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        selection, unit = RoundFactory(organizer=city), with_child(city, "unit")
        expert = ExpertFactory(organization=city, user=None)
        for mark in (90, 80):
            Review.objects.create(
                nomination=eligible_nomination(round=selection, unit=unit), expert=expert,
                status="submitted", submitted_at=timezone.now(),
                **{f"mark_{force}": mark for force in FORCES},
            )  # fmt: skip
        moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)
        staff = [account(Role.HANDLER, city) for _ in range(4)]
        return [lambda one=one: draft_notice(selection.pk, SLATE, actor=one) for one in staff]

    def test_one_list_is_drawn_up(self):
        outcomes = at_once(*self.panels())
        assert outcomes == ["PublicNotice", *["notice-at-hand"] * 3]
        assert PublicNotice.objects.count() == 1

    def test_of_two_who_name_at_once_one_does(self, settings):
        settings.INLINE_JOBS = False
        notice, acts = self.ended()

        outcomes = at_once(*acts)

        assert outcomes.count("list") == 1
        assert len(outcomes) == 4
        assert Honour.objects.count() == 1
        notice.refresh_from_db()
        assert (notice.state, notice.named_count) == ("concluded", 1)

    def test_control_without_the_lock_on_the_list_the_database_still_gives_one(
        self, settings, monkeypatch
    ):
        settings.INLINE_JOBS = False
        _, acts = self.ended()
        monkeypatch.setattr(publicity, "locked_list", unlocked)

        outcomes = at_once(*acts)

        assert outcomes.count("list") == 1, "a place is taken by a guarded UPDATE"
        assert Honour.objects.count() == 1

    def ended(self):
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city")
        notice = ended(posted_notice(RoundFactory(organizer=city)))
        approvers = [account(Role.APPROVER, city) for _ in range(4)]
        number = "京工发〔2026〕9号"
        return notice, [
            lambda one=one: name_chosen(notice.pk, document_number=number, actor=one)
            for one in approvers
        ]


def unlocked(notice_id, actor):
    rows = PublicNotice.objects.visible_to(actor)
    rows = rows.select_related("organization", "round__edition", "round__organizer")
    return rows.get(pk=notice_id), []
