"""What a stage leads to: who goes on to the next, who rises by the last, who stands in reserve."""

from functools import partial

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Competition, Item, Promotion
from competitions.services import entries
from competitions.services.promotions import propose
from tests.competitions.jury import decided
from tests.competitions.test_contest_flow import REASON, published, refused
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, marked
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def test_nobody_is_proposed_by_a_stage_that_another_follows(podium, item, hands):
    final = ItemFactory(competition=item.competition, follows=item)

    with pytest.raises(DomainError) as refusal:
        later(propose, item.pk, actor=hands["handler"])

    assert refusal.value.code == "promotions-in-the-final"
    assert not Promotion.objects.exists()
    final.delete()
    later(propose, item.pk, actor=hands["handler"])
    assert Promotion.objects.filter(item=item).exists()


@pytest.mark.parametrize(
    ("level", "says"),
    [("national", "第一届全国大赛的办法只对该届"), ("international", "没有可据以计算的晋升规定")],
)
def test_of_a_contest_of_a_level_without_a_rule_nobody_is_proposed_and_the_page_says_why(
    client, podium, hands, level, says
):
    item = podium[0].item
    Competition.objects.filter(pk=item.competition_id).update(level=level)

    with pytest.raises(DomainError) as refusal:
        later(propose, item.pk, actor=hands["handler"])
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()

    assert refusal.value.code == "no-promotion-rule"
    assert says in refusal.value.message
    assert not Promotion.objects.exists()
    assert "没有现行规定，不提出晋升建议" in page
    assert says in page
    assert ("人民日报" in page) is (level == "national")  # the source is told where there is one
    assert reverse("competitions:item-deed", args=[item.code, "propose"]) not in page


def test_where_there_is_a_rule_it_is_offered(client, podium, hands):
    item = podium[0].item
    where = reverse("competitions:item", args=[item.code])
    with appeals_over():
        client.force_login(hands["handler"])
        page = client.get(where).content.decode()

    assert "没有现行规定" not in page
    assert reverse("competitions:item-deed", args=[item.code, "propose"]) in page


@pytest.mark.parametrize(
    ("tier", "is_there"),
    [
        ("national", True),
        ("worldskills", True),
        ("worldskills-mechatronics", True),
        ("general", False),
    ],
)
def test_on_the_reserve_list_stands_who_the_rules_in_force_name(
    client, podium, hands, tier, is_there
):
    Item.objects.filter(pk=podium[0].item_id).update(entry_tier=tier)
    client.force_login(hands["handler"])

    page = client.get(reverse("competitions:reserves")).content.decode()

    assert (podium[0].person.name in page) is is_there


def test_nobody_goes_on_by_a_board_that_is_appealed_against_or_to_be_mended(item, hands):
    people = EntryFactory.create_batch(2, item=item, unit=hands["unit"])
    for measured, entry in zip((40, 39), people, strict=True):
        marked(entry, measured, 3, 3, 3)
    final = ItemFactory(competition=item.competition, follows=item)
    Item.objects.filter(pk=item.pk).update(places=1)
    published(item, hands)
    taking_over = partial(refused, entries.take_over_qualified, final.pk, actor=hands["handler"])

    filed = workflow.appeal(people[1].pk, "第一项少记一分半", actor=hands["nominator"])
    assert taking_over() == "appeals-open"
    decided(filed, hands["approver"], is_upheld=True, verdict="少记属实，须重评")
    assert taking_over() == "board-to-be-mended"
    workflow.mark_anew(item.pk, actor=hands["approver"], note=REASON)
    assert taking_over() == "board-not-published"
    assert not final.entries.exists()

    published(item, hands)
    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 1
