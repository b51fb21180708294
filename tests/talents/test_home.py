from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination, SelectionRound
from talents.selectors.home import nominator_queues, oversight_queues, staff_queues
from talents.services.nominations import resubmit_nomination
from talents.services.quotas import allocate_quotas
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.models import Notice

pytestmark = pytest.mark.django_db
Kind = Organization.Kind


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def unit(city):
    return with_child(city, Kind.UNIT)


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, name="2026年选树")


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


@pytest.fixture
def clerk(unit):
    return account(Role.NOMINATOR, unit)


def told(queues):
    return {queue.title: (queue.count, queue.note) for queue in queues}


def closing_in(selection, days):
    day = timezone.localdate() + timedelta(days=days)
    SelectionRound.objects.filter(pk=selection.pk).update(closes_on=day)


def test_staff_see_open_rounds_and_what_is_not_checked_yet(handler, selection, unit):
    NominationFactory(round=selection, unit=unit)

    assert told(staff_queues(handler)) == {
        "2026年选树": ("1", "申报中"),
        "待核验轮次": (1, "尚未核验"),
    }


def test_a_check_that_covers_everything_leaves_nothing_to_do(handler, selection, unit, check):
    eligible_nomination(round=selection, unit=unit)
    check(selection)

    assert list(told(staff_queues(handler))) == ["2026年选树"]


@pytest.mark.parametrize("change", ["filed", "corrected"])
def test_what_came_after_the_check_makes_it_out_of_date(handler, selection, unit, check, change):
    nomination = eligible_nomination(round=selection, unit=unit)
    check(selection)
    later = timezone.now() + timedelta(minutes=1)
    if change == "filed":
        added = NominationFactory(round=selection, unit=unit)
        Nomination.objects.filter(pk=added.pk).update(created_at=later)
    else:
        Nomination.objects.filter(pk=nomination.pk).update(edited_at=later)

    assert told(staff_queues(handler))["待核验轮次"] == (1, "核验后又有新增或更正")


def test_a_unit_sees_its_places_left_and_its_own_verdicts(clerk, selection, unit, city, check):
    system = User.objects.system()
    allocate_quotas(selection.pk, organization_id=unit.pk, places=3, actor=system, note="分配")
    eligible_nomination(round=selection, unit=unit)
    eligible_nomination(round=selection, unit=with_child(city, Kind.UNIT))
    check(selection)

    assert told(nominator_queues(clerk)) == {
        "2026年选树": (2, "已推荐1名"),
        "核验不合格": ("0", ""),
        "核验资料缺失": ("0", ""),
        "核验合格": ("1", ""),
    }


def test_every_check_anew_counts_each_candidate_once_and_whom_it_missed_apart(
    clerk, selection, unit, check, client
):
    eligible_nomination(round=selection, unit=unit)
    NominationFactory(round=selection, unit=unit)
    for _ in range(3):
        check(selection)
    late = NominationFactory(round=selection, unit=unit)
    client.force_login(clerk)

    queues = nominator_queues(clerk)
    tiles = {queue.title: queue.count for queue in queues if queue.title != selection.name}
    (unjudged,) = (queue for queue in queues if queue.title == "尚未核验")
    rows = client.get(unjudged.href).context["page"].rows
    page = client.get(reverse("talents:round", args=[selection.code])).content.decode()

    assert tiles == {
        "核验不合格": "0", "核验资料缺失": "1", "核验合格": "1", "尚未核验": "1",
    }  # fmt: skip
    assert rows == [late]
    assert "其中草稿 3 名，尚未核验 1 名" in page


def test_what_was_given_back_is_the_units_to_do_with_its_reason(
    clerk, handler, selection, unit, client
):
    nomination = NominationFactory(round=selection, unit=unit)
    NominationFactory(round=selection, unit=unit)
    assert "被退回的推荐" not in told(nominator_queues(clerk))
    workflow.return_nomination(nomination.pk, actor=handler, note="证书编号与原件不符")
    client.force_login(clerk)

    (tile,) = (queue for queue in nominator_queues(clerk) if queue.title == "被退回的推荐")
    rows = client.get(tile.href).context["page"].rows
    home = client.get(reverse("portal:home")).content.decode()
    pages = [
        client.get(reverse(f"talents:{name}", args=[nomination.pk])).content.decode()
        for name in ("nomination", "nomination-edit")
    ]

    assert (tile.count, tile.tone, rows) == ("1", "bad", [nomination])
    assert "被退回的推荐" in home
    count = Notice.objects.filter(recipient=clerk).count()
    assert f'class="nav-link__count">{count}<span class="visually-hidden">条未读' in home
    assert all("退回事由：证书编号与原件不符" in page for page in pages)
    assert told(staff_queues(handler))["被退回的推荐"][0] == "1"


def test_an_answer_or_a_correction_takes_it_off_the_list(clerk, handler, selection, unit):
    answered, corrected = (NominationFactory(round=selection, unit=unit) for _ in range(2))
    for nomination in (answered, corrected):
        workflow.return_nomination(nomination.pk, actor=handler, note="请核对")

    resubmit_nomination(answered.pk, actor=clerk, note="已核对无误")
    Nomination.objects.filter(pk=corrected.pk).update(version=2)

    assert "被退回的推荐" not in told(nominator_queues(clerk))


def test_a_unit_without_places_of_its_own_is_told_so(clerk, selection, unit):
    NominationFactory(round=selection, unit=unit)

    assert told(nominator_queues(clerk))["2026年选树"] == ("1", "名额由上级工会统筹")


@pytest.mark.parametrize(("days", "tone"), [(30, "info"), (3, "warn"), (-1, "bad")])
def test_a_near_deadline_has_its_colour(handler, selection, days, tone):
    closing_in(selection, days)

    (queue,) = staff_queues(handler)

    assert (queue.tone, queue.deadline) == (tone, timezone.localdate() + timedelta(days=days))


def test_those_who_look_on_are_given_nothing_to_do(city, selection, unit):
    NominationFactory(round=selection, unit=unit)

    assert list(told(oversight_queues(account(Role.AUDITOR, city)))) == ["2026年选树"]


def test_a_desk_costs_the_same_for_few_rounds_and_many(handler, selection, city, unit):
    counts = []
    for more in (0, 4):
        for _ in range(more):
            other = RoundFactory(organizer=city, edition=selection.edition)
            NominationFactory(round=other, unit=unit)
        with CaptureQueriesContext(connection) as queries:
            staff_queues(User.objects.get(pk=handler.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_verdict_tile_opens_the_candidates_it_counts(selection, unit, clerk, check, client):
    closed = RoundFactory(organizer=selection.organizer, edition=selection.edition)
    for each in (selection, closed):
        eligible_nomination(round=each, unit=unit)
        check(each)
    moved(SelectionRound.objects.filter(pk=closed.pk), SelectionRound.State.CLOSED)
    client.force_login(clerk)

    tile = next(queue for queue in nominator_queues(clerk) if queue.title == "核验合格")
    rows = client.get(tile.href).context["page"].rows

    assert tile.count == "1"
    assert [row.round_id for row in rows] == [selection.pk]
