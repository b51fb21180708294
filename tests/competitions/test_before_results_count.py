"""What is looked at before results count: who judged whom by now, which stage it is, what a board still bears out."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Entry, Item, Promotion
from competitions.selectors.awards import awaits_awards, risen_in_vain
from competitions.services.awards import give_awards
from competitions.services.contests import correct_item
from competitions.services.entries import take_over_qualified
from competitions.services.judging import assign_judge, dismiss_judge
from competitions.services.leaving import ask_away, disqualify_entry, take_away
from competitions.services.promotions import propose
from organizations.roles import Role
from tests.competitions.test_contest_flow import (
    NUMBER,
    REASON,
    given,
    newest,
    published,
    refused,
    seats,
)
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, ItemFactory, marked, on_file
from tests.factories.organizations import account, with_child

pytestmark = pytest.mark.django_db


def judged(item, city, entry):
    """Marked by three judges; the judges."""
    judges = seats(item, city)
    given(judges[0], entry, 40, 3)
    for judge in judges[1:]:
        given(judge, entry, 3)
    return judges


def test_marks_of_a_judge_who_serves_where_the_entrant_turns_out_to_work_are_not_vouched_for(
    item, hands, city
):
    entry = EntryFactory(item=item, number="001")
    judges = judged(item, city, entry)
    unit = with_child(city, "unit", code="U9", name="燕山石化示例车间")
    account(Role.JUDGE, unit)
    judges[1].user.memberships.create(organization=unit, role=Role.JUDGE)
    Entry.objects.filter(pk=entry.pk).update(unit=unit)

    with pytest.raises(workflow.DomainError, match=r"同属“燕山石化示例车间”.*另聘裁判在该席重评"):
        workflow.check_marks(item.pk, actor=hands["handler"])

    dismiss_judge(judges[1].pk, actor=hands["handler"], note="须回避")
    other = assign_judge(item.pk, account(Role.JUDGE, city), 2, actor=hands["handler"])
    given(other, entry, 2, seen=newest(other, entry))
    assert workflow.check_marks(item.pk, actor=hands["handler"]).state == "checked"


def test_a_judge_is_told_on_which_aspect_the_judges_differ_too_much(client, item, city):
    entry = EntryFactory(item=item, number="001")
    judges = judged(item, city, entry)
    client.force_login(judges[1].user)
    address = reverse("competitions:marking", args=[item.code, "001"])
    assert "相差过大" not in client.get(address).content.decode()

    given(judges[1], entry, 1, seen=newest(judges[1], entry))

    assert "B1各位裁判打分相差过大，请重新评定" in client.get(address).content.decode()


@pytest.fixture
def preliminary(item, hands):
    """A first stage, published, of which nobody said how many go on and to where."""
    Item.objects.filter(pk=item.pk).update(stage="preliminary")
    item.refresh_from_db()
    for points in (40, 39):
        marked(EntryFactory(item=item, unit=hands["unit"]), points, 3, 3, 3)
    published(item, hands)
    return item


def test_a_first_stage_brings_no_medal_no_title_and_no_rise(preliminary, hands):
    assert {line.medal for line in preliminary.boards.get().lines.all()} == {""}
    words = {"actor": hands["approver"], "document_number": "京工发〔2026〕12号"}
    assert refused(later, give_awards, preliminary.pk, **words) == "awards-in-the-final"
    proposing = refused(later, propose, preliminary.pk, actor=hands["handler"])
    assert proposing == "promotions-in-the-final"
    assert not Item.objects.filter(awaits_awards()).exists()


def test_how_many_go_on_may_be_said_until_somebody_has(client, preliminary, hands):
    final = ItemFactory(competition=preliminary.competition, follows=preliminary)
    facts = on_file(preliminary)
    correcting = {"actor": hands["handler"], "note": "补定晋级名额"}
    renamed = facts | {"places": 1, "name": "电焊工"}
    assert refused(correct_item, preliminary.pk, renamed, **correcting) == "marking-closed"
    client.force_login(hands["handler"])
    edit = reverse("competitions:item-edit", args=[preliminary.code])
    assert (
        edit in client.get(reverse("competitions:item", args=[preliminary.code])).content.decode()
    )

    assert correct_item(preliminary.pk, facts | {"places": 1}, **correcting).places == 1
    assert take_over_qualified(final.pk, actor=hands["handler"]) == 1

    more = refused(correct_item, preliminary.pk, facts | {"places": 2}, **correcting)
    assert more == "stage-went-on"
    assert edit not in client.get(reverse("competitions:item", args=[preliminary.code])).content.decode()  # fmt: skip


def test_a_rise_that_a_later_board_does_not_bear_out_is_named(client, item, hands, city):
    """市级一类前3名: the first has the certificate when two people take the result away."""
    type(item.competition).objects.filter(pk=item.competition_id).update(contest_class="first")
    item = Item.objects.get()
    people = [
        marked(EntryFactory(item=item, unit=hands["unit"], present_level="2"), 40 - n, 3, 3, 3)
        for n in range(4)
    ]
    published(item, hands)
    assert later(propose, item.pk, actor=hands["handler"]) == 3
    first = Promotion.objects.get(entry=people[0])
    number = NUMBER[:15] + "1" + NUMBER[16:]
    later(workflow.certify, first.pk, number, actor=hands["handler"])
    assert risen_in_vain(item) == []
    later(ask_away, people[0].pk, actor=hands["approver"], note=REASON)
    later(take_away, people[0].pk, actor=hands["second"], note=REASON)

    assert risen_in_vain(item) == [first]
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert f"按第1名晋升高级技师，证书{number}，按第2版成绩榜不在晋升之列" in page


def test_after_publication_nobody_is_disqualified_and_told_what_there_is_to_do(podium, hands):
    with pytest.raises(
        workflow.DomainError, match=r"写明事由提出，另一人决定，随即公布新版成绩榜"
    ) as said:
        disqualify_entry(podium[0].pk, actor=hands["approver"], note="冒名顶替")

    assert said.value.code == "result-published"
