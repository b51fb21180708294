"""A trade is known by its code, however it is called: once a year, and never to the level that is held."""

import pytest
from django.db import IntegrityError, transaction

from competitions import workflow
from competitions.forms.contests import ItemForm
from competitions.models import Competition, Item, Promotion
from competitions.services.contests import register_item
from competitions.services.promotions import present_levels, propose, proposed
from talents.models import Certificate
from tests.competitions.filing import faults, handed_in
from tests.competitions.sheets import book
from tests.competitions.test_contest_flow import NUMBER, published
from tests.competitions.test_plan import FIRST, HEAD, KEYS
from tests.competitions.windows import later
from tests.factories.competitions import (
    ChainFactory,
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    PromotionFactory,
    SchemeFactory,
    marked,
)
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
WELDING, OTHER = "6-18-02-04", "6-18-02-05"


def item_called(city, name, code):
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(Competition.objects.filter(pk=contest.pk), "announced")
    made = ItemFactory(competition=contest, name=name, occupation=name, occupation_code=code)
    return SchemeFactory(item=made).item


def won(item, person, hands):
    marked(EntryFactory(item=item, person=person, present_level="4"), 40, 3, 3, 3)
    published(item, hands)
    return item


@pytest.fixture
def person(item, hands):
    """``item`` has the policies loaded."""
    return PersonFactory(organization=hands["unit"])


@pytest.mark.parametrize(
    ("second", "rises"),
    [
        (("电焊工", WELDING), 0),
        (("电焊工", OTHER), 1),
        (("电焊工", ""), 1),
        (("焊工", ""), 0),
    ],
)
def test_nobody_rises_twice_a_year_in_one_trade_however_it_is_called(
    item, hands, person, second, rises
):
    (name, code), city = second, item.competition.organizer
    first = won(item_called(city, "焊工", WELDING), person, hands)
    assert later(propose, first.pk, actor=hands["handler"]) == 1
    again = won(item_called(city, name, code), person, hands)

    found, held = proposed(again)

    assert len(found) == rises
    assert [one.reason for one in held] == (
        [] if rises else ["同一职业（工种）本年度已由“焊工”提出晋升"]
    )


def unnamed(city, code, year=2026):
    """An item called 焊工, of which nobody said what the trade is called."""
    made = item_called(city, "焊工", code)
    Item.objects.filter(pk=made.pk).update(occupation="")
    Competition.objects.filter(pk=made.competition_id).update(year=year)
    return Item.objects.select_related("competition__organizer").get(pk=made.pk)


@pytest.mark.parametrize("code", [WELDING, ""])
def test_where_the_trade_has_no_name_the_repeater_is_held_by_name_and_others_rise(
    item, hands, person, code
):
    city = item.competition.organizer
    first = won(unnamed(city, code), person, hands)
    assert later(propose, first.pk, actor=hands["handler"]) == 1
    again = unnamed(city, code)
    marked(EntryFactory(item=again, present_level="4"), 39, 3, 3, 3)
    won(again, person, hands)

    assert later(propose, again.pk, actor=hands["handler"]) == 1

    assert Promotion.objects.exclude(person=person).get().item == again
    (held,) = proposed(again)[1]
    assert (held.place.name, held.reason) == (
        person.name,
        "同一职业（工种）本年度已由“焊工”提出晋升",
    )


@pytest.mark.parametrize("name", ["焊工", "焊接"])
def test_the_level_risen_to_is_held_the_year_after_too(item, hands, person, name):
    """``name``: the item of the year before may be called otherwise by now."""
    city = item.competition.organizer
    first = won(unnamed(city, WELDING), person, hands)
    later(propose, first.pk, actor=hands["handler"])
    rise = Promotion.objects.get()
    later(workflow.certify, rise.pk, NUMBER, actor=hands["handler"])
    Item.objects.filter(pk=first.pk).update(name=name)
    again = won(unnamed(city, WELDING, 2027), person, hands)
    Item.objects.filter(pk=again.pk).update(name="电焊")
    again.refresh_from_db()

    assert list(present_levels(again).values()) == [rise.target]
    assert rise.target not in {one.target for one in proposed(again)[0]}


@pytest.mark.parametrize(("code", "present"), [(WELDING, "2"), (OTHER, "4")])
def test_the_level_held_counts_under_every_name_of_the_trade(city, hands, person, code, present):
    item_called(city, "焊工", WELDING)
    Certificate.objects.create(person=person, number="S000011000000262200001", level="2", occupation="焊工")  # fmt: skip
    item = won(item_called(city, "电焊工", code), person, hands)

    (rise,), _ = proposed(item)

    assert rise.present == present


def test_the_database_keeps_it_too(person):
    facts = {"person": person, "year": 2026, "occupation_code": WELDING}
    PromotionFactory(**facts, occupation="焊工")
    withdrawn = PromotionFactory(
        **facts | {"occupation_code": ""}, occupation="气焊工", state="proposed"
    )
    moved(Promotion.objects.filter(pk=withdrawn.pk), "withdrawn")
    Promotion.objects.filter(pk=withdrawn.pk).update(occupation_code=WELDING)

    with pytest.raises(IntegrityError, match="promotion_once_a_year_per_occupation_code"), transaction.atomic():  # fmt: skip
        PromotionFactory(**facts, occupation="电焊工")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(WELDING, WELDING), ("６—18－02-04 ", WELDING), ("", ""), ("不是编码", None), ("6-18-2-4", None)],
)  # fmt: skip
def test_a_code_is_one_of_the_national_list_or_none(typed, kept):
    field = ItemForm.base_fields["occupation_code"]
    if kept is None:
        with pytest.raises(Exception, match="职业分类大典"):
            field.clean(typed)
    else:
        assert field.clean(typed) == kept


def test_what_is_no_code_is_kept_nowhere(client, item, hands, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    contest = item.competition
    with pytest.raises(Exception, match="职业分类大典"):
        register_item(contest.pk, "X-1", {"name": "焊工", "occupation_code": "焊"}, actor=hands["handler"])  # fmt: skip
    with pytest.raises(IntegrityError, match="item_occupation_code_is_of"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(occupation_code="焊")
    ChainFactory(organization=contest.organizer, name="海工装备")
    client.force_login(hands["handler"])
    row = FIRST | {"organizer": "BJ", "occupation_code": "焊"}
    batch = handed_in(client, book([[row.get(key, "") for key in KEYS]], columns=[], head=HEAD, title="2026年竞赛计划"))  # fmt: skip
    assert faults(batch) == {(3, "occupation_code", "occupation-code-unusable")}
