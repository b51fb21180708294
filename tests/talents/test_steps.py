"""Between the end of filing and the list somebody is always told what is next; so they are of a decided objection."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, Review, SelectionRound
from talents.selectors.steps import step_queues
from talents.services.reviewing import submit_marks
from talents.workflow.objections import decide_objection, look_into
from talents.workflow.publicity import draft_notice
from tests.factories.organizations import account, with_child
from tests.factories.panels import confirmed
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from tests.talents.test_decided_by_marks import MARKS_GIVEN, marked
from tests.talents.test_oneself import oneself
from tests.talents.test_publicity import SLATE, city, objected, selection  # noqa: F401
from tests.talents.test_shares_at_naming import entry, up
from workflow.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["over", "closed"])
def ended(selection, request):  # noqa: F811
    """Filing is over: by its day, or because the round was closed."""
    rows = SelectionRound.objects.filter(pk=selection.pk)
    if request.param == "closed":
        moved(rows, SelectionRound.State.CLOSED)
    else:
        rows.update(closes_on=timezone.localdate() - timedelta(days=1))
    selection.refresh_from_db()
    return selection


def told(city, role=Role.HANDLER):  # noqa: F811
    return [queue.unit for queue in step_queues(account(role, city))]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_each_step_has_its_tile_for_the_staff_of_the_organizer(city, role):  # noqa: F811
    today = timezone.localdate()
    ended = RoundFactory(organizer=city, closes_on=today - timedelta(days=1))
    unit = with_child(city, "unit")
    first = eligible_nomination(round=ended, unit=unit)
    judged(ended)
    assert told(city, role) == ["名合格推荐待确认"]
    moved(Nomination.objects.filter(pk=first.pk), Nomination.State.CHECKED)
    assert told(city, role) == ["轮评审待抽取专家"]
    assert told(unit, Role.NOMINATOR) == []
    marked(first, ExpertFactory(organization=city), 90)
    assert told(city, role) == ["轮评审已结束，待上会或拟定名单"]
    marked(first, ExpertFactory(organization=city), 60)
    assert told(city, role) == ["轮评审待安排复评"]
    SelectionRound.objects.filter(pk=ended.pk).update(closes_on=today)
    assert told(city, role) == []


def test_who_is_found_eligible_is_to_be_confirmed_and_a_candidate_is_shown_no_step(ended, city):  # noqa: F811
    first = ended.nominations.first()
    judged(ended)
    assert step_queues(oneself(first, Role.HANDLER, city)) == []
    moved(Nomination.objects.filter(pk=first.pk), Nomination.State.DRAFT)
    judged(ended)
    assert told(city)[-1] == "轮评审已结束，待上会或拟定名单"


def test_a_confirmed_meeting_waits_for_its_list(ended, city):  # noqa: F811
    judged(ended)
    confirmed(ended)
    assert told(city) == ["份公示名单待拟定"]


def test_a_list_ends_the_steps(ended, city):  # noqa: F811
    judged(ended)
    draft_notice(ended.pk, SLATE, actor=account(Role.HANDLER, city))
    assert told(city) == []


def test_the_staff_is_told_as_the_last_paper_is_handed_in(selection, city):  # noqa: F811
    approver = account(Role.APPROVER, city)
    papers = [
        Review.objects.create(nomination=one, expert=ExpertFactory(organization=city))
        for one in selection.nominations.all()[:2]
    ]
    facts = {"is_recused": False, "remark": "", **dict.fromkeys(MARKS_GIVEN, 80)}
    rows = Notice.objects.filter(recipient=approver, title__startswith="专家评分已全部提交")
    submit_marks(papers[0].pk, facts, actor=papers[0].expert.user)
    assert not rows.exists()
    submit_marks(papers[1].pk, facts, actor=papers[1].expert.user)
    assert rows.count() == 1


@pytest.mark.parametrize("is_upheld", [True, False])
def test_a_decided_objection_is_told_to_the_staff_and_if_upheld_to_the_unit(
    selection, city, is_upheld  # noqa: F811
):  # fmt: skip
    line = entry(up(selection), 1)
    me = oneself(line.nomination, Role.APPROVER, city)
    namer, unit = account(Role.APPROVER, city), account(Role.NOMINATOR, line.nomination.unit)
    objection = objected(line)
    look_into(objection.pk, finding="已调阅项目档案", actor=account(Role.HANDLER, city))
    before = Notice.objects.count()

    decide_objection(objection.pk, is_upheld=is_upheld, actor=account(Role.APPROVER, city))

    said = Notice.objects.order_by("pk")[before:]
    whom = {notice.recipient_id for notice in said}
    assert namer.pk in whom
    assert me.pk not in whom
    assert (unit.pk in whom) == is_upheld
