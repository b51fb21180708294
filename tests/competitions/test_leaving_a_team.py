"""Who leaves a team takes nobody's result along unsaid: captaincy passes on, or the team goes as one."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Entry
from competitions.selectors.board import board_of
from competitions.services import entries, leaving
from organizations.roles import Role
from tests.competitions.test_contest_flow import refused
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account, with_child
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
WHY = "因病不能参赛"


@pytest.fixture
def threes(item, hands, city):
    """A team of three of two units, with a number and a code."""
    trio = SchemeFactory(item=ItemFactory(competition=item.competition, team_size=3)).item
    other = with_child(city, "unit", code="U2", name="大兴装备示例公司")
    nominator = account(Role.NOMINATOR, other)
    captain = EntryFactory(
        item=trio, unit=hands["unit"], team="一队", number="001", work_code="K001"
    )
    mates = [
        EntryFactory(item=trio, unit=unit, team="一队", captain=captain, number="")
        for unit in (hands["unit"], other)
    ]
    return trio, [captain, *mates], nominator


def states(people):
    return list(
        Entry.objects.filter(pk__in=[p.pk for p in people])
        .order_by("pk")
        .values_list("state", flat=True)
    )


def test_a_captain_who_leaves_before_the_marking_hands_the_team_on(threes, hands):
    item, (captain, heir, third), _ = threes

    leaving.withdraw_entry(captain.pk, actor=hands["handler"], note=WHY)

    for entry in (captain, heir, third):
        entry.refresh_from_db()
    assert (captain.state, captain.number, captain.work_code) == ("withdrawn", "", "")
    assert (heir.captain, heir.number, heir.work_code, heir.state) == (
        None,
        "001",
        "K001",
        "entered",
    )
    assert (third.captain, third.state) == (heir, "entered")
    told = Record.objects.get(code="competitions.captaincy")
    assert captain.person.name in told.note
    marked(heir, 40, 3, 3, 3)
    short = refused(workflow.check_marks, item.pk, actor=hands["handler"])
    assert short == "team-incomplete"
    EntryFactory(item=item, team="一队", captain=heir, number="")
    assert workflow.check_marks(item.pk, actor=hands["handler"]).state == "checked"
    assert {p.entry_id for p in board_of(item)} >= {heir.pk, third.pk}


def test_a_mate_who_leaves_before_the_marking_leaves_the_others_as_they_are(threes, hands):
    item, people, _ = threes
    leaving.withdraw_entry(people[2].pk, actor=hands["handler"], note=WHY)
    assert states(people) == ["entered", "entered", "withdrawn"]
    assert Entry.objects.get(pk=people[0].pk).number == "001"
    marked(people[0], 40, 3, 3, 3)
    assert refused(workflow.check_marks, item.pk, actor=hands["handler"]) == "team-incomplete"


@pytest.mark.parametrize("who", [0, 2])
def test_once_the_work_is_judged_whoever_leaves_the_team_goes_with(threes, hands, who):
    item, people, nominator = threes
    marked(people[0], 40, 3, 3, 3)

    leaving.withdraw_entry(people[who].pk, actor=hands["handler"], note=WHY)

    assert states(people) == ["withdrawn"] * 3
    assert board_of(item) == []
    notes = list(
        Record.objects.filter(code="competitions.withdraw")
        .order_by("pk")
        .values_list("note", flat=True)
    )
    assert len(notes) == 3
    assert all(WHY in note for note in notes)
    assert sum(people[who].person.name in note for note in notes) == 2
    told = Notice.objects.filter(recipient=nominator)
    assert [WHY in notice.body for notice in told] == [True]


@pytest.mark.parametrize("who", [0, 1])
def test_who_is_disqualified_costs_the_team_its_result(threes, hands, who):
    item, people, nominator = threes
    marked(people[0], 40, 3, 3, 3)
    other = EntryFactory(item=item, team="二队")
    marked(other, 30, 3, 3, 3)

    leaving.disqualify_entry(people[who].pk, actor=hands["approver"], note="使用违禁工具")

    assert states(people) == ["disqualified"] * 3
    assert [(p.entry_id, p.rank) for p in board_of(item)] == [(other.pk, 1)]
    assert (
        Record.objects.filter(code="competitions.disqualify", note__contains="使用违禁工具").count()
        == 3
    )
    assert Notice.objects.filter(recipient=nominator, title__contains="已取消成绩").count() == 1


def test_the_question_says_what_becomes_of_the_team(client, threes, hands):
    _, people, _ = threes
    client.force_login(hands["approver"])

    def asked(name, entry):
        return client.get(reverse(f"competitions:{name}", args=[entry.pk])).content.decode()

    assert f"队长和参赛号移交{people[1].person.name}" in asked("entry-withdraw", people[0])
    mate = asked("entry-withdraw", people[1])
    assert "还剩2人" in mate
    assert "移交" not in mate
    assert "全队成绩一并取消" in asked("entry-disqualify", people[1])
    marked(people[0], 40, 3, 3, 3)
    assert "全队一并退赛" in asked("entry-withdraw", people[1])


def test_the_last_of_a_team_leaves_like_anybody(threes, hands):
    _, people, _ = threes
    for entry in people[::-1]:
        leaving.withdraw_entry(entry.pk, actor=hands["handler"], note=WHY)
    assert states(people) == ["withdrawn"] * 3
    assert entries.Entry.objects.get(pk=people[0].pk).number == "001"
