"""The days announced for a stage bind what is done in it: too early is refused, late is refused or said."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Endorsement, Review, SelectionRound
from talents.models.reviews import FORCES
from talents.selectors.home import nominator_queues
from talents.services.drawing import draw_experts
from talents.services.reviewing import keep_marks, submit_marks
from talents.workflow.endorsing import endorse, submit_nomination
from talents.workflow.publicity import Slate, draft_notice, name_chosen, post_notice
from tests.factories.endorsing import all_clear, levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, UserFactory, account, with_child
from tests.factories.publicity import drafted_notice, posted_notice
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import NominationFactory, RoundFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
MARKS = {f"mark_{force}": 80 for force in FORCES} | {"remark": "工艺扎实", "is_recused": False}


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


def announced(selection, stage, first, last):
    """The stage runs between two days counted from today."""
    today = timezone.localdate()
    days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
    selection.stages = {stage: {end: str(day) for end, day in days.items()} | {"days": 5}}
    selection.save(update_fields=["stages"])
    return selection


@pytest.mark.parametrize(("left", "code"), [(1, "filing-not-over"), (0, "filing-not-over")])
def test_nobody_draws_experts_or_a_list_up_before_the_last_day_of_filing_has_passed(
    city, handler, left, code, client
):
    closes_on = timezone.localdate() + timedelta(days=left)
    selection = RoundFactory(organizer=city, closes_on=closes_on)
    slate = Slate(1, 0, "纪要1号", "网站", "部门")
    assert refused(draw_experts, selection.pk, 7, actor=handler) == code
    assert refused(draft_notice, selection.pk, slate, actor=handler) == code
    client.force_login(handler)
    page = client.get(reverse("talents:review-desk", args=[selection.code])).content.decode()
    assert reverse("talents:notice-new", args=[selection.code]) not in page

    SelectionRound.objects.filter(pk=selection.pk).update(
        closes_on=timezone.localdate() - timedelta(days=1)
    )
    assert refused(draw_experts, selection.pk, 7, actor=handler) != code
    assert refused(draft_notice, selection.pk, slate, actor=handler) != code


def test_a_list_goes_up_and_names_on_the_days_announced_and_not_before(city, monkeypatch):
    approver = account(Role.APPROVER, city)
    selection = announced(RoundFactory(organizer=city), "notice", 1, 8)
    notice = drafted_notice(selection)
    today = timezone.localdate()
    assert refused(post_notice, notice.pk, starts_on=today, actor=approver) == "stage-not-begun"
    tomorrow = today + timedelta(days=1)
    assert post_notice(notice.pk, starts_on=tomorrow, actor=approver).starts_on == tomorrow

    other = posted_notice(RoundFactory(organizer=city))
    naming = (other.ends_on - today).days + 3
    announced(other.round, "naming", naming, naming + 5)
    named = {"document_number": "京工发〔2026〕9号", "actor": approver}
    before = today + timedelta(days=naming - 1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: before)
    assert refused(name_chosen, other.pk, **named) == "stage-not-begun"
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: before + timedelta(days=1))
    assert len(name_chosen(other.pk, **named)) == 1


@pytest.mark.parametrize(("last", "is_taken"), [(0, True), (-1, False)])
def test_marks_are_handed_in_until_the_last_day_and_kept_after_it(city, last, is_taken):
    selection = announced(RoundFactory(organizer=city), "review", -9, last)
    user = UserFactory()
    expert = ExpertFactory(organization=city, user=user)
    nomination = NominationFactory(round=selection, unit=with_child(city, "unit"))
    review = Review.objects.create(nomination=nomination, expert=expert)

    if is_taken:
        assert submit_marks(review.pk, MARKS, actor=user).status == "submitted"
        return
    assert refused(submit_marks, review.pk, MARKS, actor=user) == "review-closed"
    keep_marks(review.pk, MARKS, actor=user)
    review.refresh_from_db()
    assert (review.status, review.mark_leading) == ("assigned", 80)


@pytest.mark.parametrize(("last", "is_late"), [(0, False), (-1, True)])
def test_what_a_level_says_after_its_last_day_is_taken_and_marked_late(city, client, last, is_late):
    district = with_child(city, "district")
    unit = with_child(district, "unit")
    clerk = account(Role.HANDLER, district)
    selection = levelled_round(city)
    row = on_its_way(selection, unit)
    submit_nomination(row.pk, note="同意推荐", actor=account(Role.NOMINATOR, unit))
    announced(selection, "endorsing", -20, last)
    all_clear(row)
    asked = Endorsement.objects.get(nomination=row, state="asked")
    assert endorse(asked.pk, note="审核属实，同意推荐", actor=clerk).is_late is is_late

    client.force_login(clerk)
    page = client.get(reverse("talents:nomination", args=[row.pk])).content.decode()
    assert (">逾期<" in page) is is_late


def test_a_unit_is_not_asked_to_file_in_a_round_whose_last_day_has_passed(city):
    filer = account(Role.NOMINATOR, with_child(city, "unit"))
    today = timezone.localdate()
    over = RoundFactory(organizer=city, closes_on=today - timedelta(days=1))
    still = RoundFactory(organizer=city, closes_on=today)
    titles = {queue.title for queue in nominator_queues(filer)}
    assert still.name in titles
    assert over.name not in titles
