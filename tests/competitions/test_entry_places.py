"""Who enters people of one unit has no hand in those of another; numbers and stages that lead nowhere are refused."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from competitions.models import Entry, Item
from competitions.services import contests, entries
from competitions.services.awards import name_coach
from competitions.services.terms import sign_terms
from organizations.roles import Role
from tests.competitions.sheets import identity
from tests.competitions.test_contest_flow import refused
from tests.factories.competitions import EntryFactory, ItemFactory, TermsFactory, on_file
from tests.factories.organizations import MembershipFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
NOTE = "核对后更正"


@pytest.fixture
def elsewhere(item, hands, city):
    """An entrant of one unit, and somebody who enters for another but reads of this one, too."""
    other = with_child(city, "unit", code="U2", name="大兴装备示例公司")
    reader = account(Role.NOMINATOR, other)
    MembershipFactory(user=reader, organization=hands["unit"], role=Role.AUDITOR)
    TermsFactory(competition=item.competition)
    return EntryFactory(item=item, unit=hands["unit"]), reader, other


def corrected(entry, actor):
    facts = on_file(entry, present_level="1")
    return entries.correct_entry(entry.pk, facts, actor=actor, note=NOTE)


def coached(entry, actor):
    return name_coach(entry.pk, PersonFactory(), actor=actor)


def signed(entry, actor):
    return sign_terms(entry.pk, 1, actor=actor)


@pytest.mark.parametrize("act", [corrected, coached, signed])
def test_a_role_at_another_unit_is_none_here(elsewhere, hands, act):
    entry, reader, _ = elsewhere
    assert refused(act, entry, reader) == "role-required"
    entry.refresh_from_db()
    assert (entry.present_level, entry.coach, entry.terms) == ("3", None, None)
    assert act(entry, hands["nominator"]).pk == entry.pk


@pytest.mark.parametrize("act", [corrected, coached, signed])
def test_a_role_above_the_unit_and_that_of_the_organizer_count(elsewhere, hands, city, act):
    assert act(elsewhere[0], hands["handler"]).pk == elsewhere[0].pk


def test_nobody_is_entered_for_a_unit_one_has_no_role_at(item, elsewhere, hands):
    _, reader, other = elsewhere
    who = entries.Entrant("张三", read_identity(identity(1), today=date(2026, 1, 1)), 1)
    facts = {"present_level": "3"}
    assert refused(entries.enter, item.pk, who, facts, unit=hands["unit"], actor=reader) == (
        "role-required"
    )
    assert entries.enter(item.pk, who, facts, unit=other, actor=reader).unit == other


def test_the_page_offers_what_may_be_done_and_its_forms_refuse_the_rest(client, elsewhere):
    entry, reader, _ = elsewhere
    client.force_login(reader)
    page = client.get(reverse("competitions:entry", args=[entry.pk])).content.decode()
    assert reverse("competitions:entry-edit", args=[entry.pk]) not in page
    for name, status in (("entry-edit", 422), ("entry-sign", 409), ("coach", 409)):
        answer = client.post(reverse(f"competitions:{name}", args=[entry.pk]), {"note": NOTE})
        assert (name, answer.status_code) == (name, status)
    assert Entry.objects.get(pk=entry.pk).version == 1


@pytest.mark.parametrize("number", ["A/1", "1 2", "#3", "/", "1?x", "-1"])
def test_a_number_that_cannot_stand_in_an_address_is_refused_everywhere(
    client, item, hands, number
):
    entry = EntryFactory(item=item, number="007")
    with pytest.raises(IntegrityError, match="can_stand_in_an_address"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(number=number)
    client.force_login(hands["handler"])
    answer = client.post(
        reverse("competitions:entry-edit", args=[entry.pk]),
        {"number": number, "present_level": "3", "version": "1", "note": NOTE},
    )
    assert answer.status_code == 422
    assert "参赛号应由汉字、字母、数字" in answer.content.decode()


@pytest.mark.parametrize("number", ["A-1", "甲01", "2.7", "k_9"])
def test_a_number_of_letters_digits_and_hyphens_is_taken(item, number):
    assert EntryFactory(item=item, number=number).number == number


def test_stages_that_follow_each_other_in_a_ring_are_refused(client, item, hands):
    second = ItemFactory(competition=item.competition, follows=item, name="复赛")
    third = ItemFactory(competition=item.competition, follows=second, name="决赛")

    with pytest.raises(DatabaseError, match="首尾相接"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(follows=third)
    facts = on_file(item, follows=third)
    assert refused(contests.correct_item, item.pk, facts, actor=hands["handler"], note=NOTE) == (
        "item-stages-have-a-first"
    )
    client.force_login(hands["handler"])
    sent = {"name": "焊工", "entry_tier": "general", "group": "workers", "team_size": "1",
            "stage": "final", "follows": third.pk, "version": "1", "note": NOTE}  # fmt: skip
    answer = client.post(reverse("competitions:item-edit", args=[item.code]), sent)
    assert answer.status_code == 422
    assert "不能再晋级到" in answer.content.decode()
