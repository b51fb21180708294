"""Who of the confirmed is not ranked is told before a table or a list is made, and left out by a word only."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, Review
from talents.permissions.panels import may_convene
from talents.permissions.publicity import may_draft_notice
from talents.rules.left_out import left_out
from talents.services.panels import Minutes, Seats, convene_panel
from talents.services.reviewing import order_second_look
from talents.workflow.publicity import draft_notice, post_notice
from tests.factories.organizations import account
from tests.factories.panels import FORCES
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import eligible_nomination
from tests.factories.workflow import moved
from tests.refusals import refused
from tests.talents.test_objected_titles import office_objects
from tests.talents.test_publicity import SLATE, city, selection  # noqa: F401
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(city):  # noqa: F811
    return account(Role.HANDLER, city)


@pytest.fixture
def unmarked(selection):  # noqa: F811
    """Confirmed after the draw, so that nobody marked them."""
    one = eligible_nomination(round=selection, unit=selection.nominations.first().unit)
    moved(Nomination.objects.filter(pk=one.pk), Nomination.State.CHECKED)
    return one


def test_nobody_is_asked_where_all_are_ranked(selection, handler):  # noqa: F811
    assert left_out(selection) == []
    assert draft_notice(selection.pk, SLATE, actor=handler).state == "draft"


def test_a_list_is_drawn_up_without_the_unmarked_only_by_who_says_to_know(
    client, selection, unmarked, handler  # noqa: F811
):  # fmt: skip
    name = unmarked.person.name
    with pytest.raises(DomainError, match=f"{name}（没有评分）") as refusal:
        draft_notice(selection.pk, SLATE, actor=handler)
    assert refusal.value.code == "left-out-unconfirmed"

    client.force_login(handler)
    address = reverse("talents:notice-new", args=[selection.code])
    assert name in client.get(address).content.decode()
    words = {
        "places": 2, "reserve": 1, "minutes_number": "第8次", "posted_at": "网站", "contact": "部门",
    }  # fmt: skip
    assert client.post(address, words).status_code == 409
    assert not selection.notices.exists()
    client.post(address, words | {"leaves_out": "on"})

    notice = selection.notices.get()
    assert unmarked.pk not in notice.entries.values_list("nomination", flat=True)
    assert f"{name}（没有评分）" in Record.objects.get(code="talents.notice-drafted").note


def test_a_panel_meets_without_them_only_by_who_says_to_know(
    selection, unmarked, handler  # noqa: F811
):  # fmt: skip
    met = selection.pk, Minutes(timezone.localdate(), "第8次"), Seats()
    assert refused(convene_panel, *met, tabled=4, actor=handler) == "left-out-unconfirmed"
    code = refused(convene_panel, *met, tabled=4, leaves_out=True, actor=handler)
    assert code != "left-out-unconfirmed"


def test_whom_an_office_objects_to_is_told_as_such(selection, city):  # noqa: F811
    first = selection.nominations.order_by("pk").first()
    office_objects(first, city)
    assert left_out(selection) == [(first.person.name, "部门有异议")]


class TestTheDesk:
    """No button that ends in a refusal."""

    @pytest.fixture
    def shown(self, client, selection, handler):  # noqa: F811
        client.force_login(handler)
        desk = reverse("talents:review-desk", args=[selection.code])

        def page():
            return client.get(desk).content.decode()

        return page

    def test_offers_no_list_while_marks_are_missing_and_says_why(
        self, selection, shown  # noqa: F811
    ):  # fmt: skip
        address = reverse("talents:notice-new", args=[selection.code])
        assert address in shown()
        late = ExpertFactory(organization=selection.organizer, user=None)
        Review.objects.create(nomination=selection.nominations.first(), expert=late)
        page = shown()
        assert address not in page
        assert "评分没有全部提交" in page

    def test_offers_neither_marks_nor_another_list_beside_one_that_waits(
        self, selection, handler, city, shown  # noqa: F811
    ):  # fmt: skip
        notice = draft_notice(selection.pk, SLATE, actor=handler)
        page = shown()
        for name, key in (
            ("intake:upload", ("reviews", selection.code)),
            ("talents:notice-new", (selection.code,)),
            ("talents:second-look", (selection.code,)),
        ):
            assert reverse(name, args=key) not in page
        assert "不能再拟一份" in page
        approver = account(Role.APPROVER, city)
        post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)
        assert reverse("talents:notice-new", args=[selection.code]) in shown()

    def test_offers_no_meeting_list_or_second_look_where_nobody_is_confirmed(
        self, selection, handler, shown  # noqa: F811
    ):  # fmt: skip
        far = selection.nominations.order_by("pk").first()
        online = ExpertFactory(organization=selection.organizer)
        marks = {f"mark_{force}": 5 for force in FORCES}
        Review.objects.create(
            nomination=far, expert=online, status="submitted", submitted_at=timezone.now(), **marks
        )
        look, meeting, to_list = (
            reverse(f"talents:{name}", args=[selection.code])
            for name in ("second-look", "panel-new", "notice-new")
        )
        assert look in shown()
        order_second_look(selection.pk, actor=handler, note="分差超限")
        Review.objects.filter(look=2).update(
            status="submitted", submitted_at=timezone.now(), **marks
        )
        assert {address in shown() for address in (meeting, to_list)} == {True}

        moved(selection.nominations.all(), Nomination.State.DRAFT)
        page = shown()
        assert "80.00" in page, "the marks are there"
        assert not [address for address in (look, meeting, to_list) if address in page]
        assert may_convene.why_not(handler, selection).code == "nobody-confirmed"
        assert may_draft_notice.why_not(handler, selection).code == "nobody-confirmed"
        assert "还没有已确认的推荐" in page
