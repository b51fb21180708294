"""What is told of an entrant once marks were closed is shown by a document, and somebody else looks at it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from competitions import workflow
from competitions.models import Award, Entry, Item, Promotion
from competitions.selectors.admission import who_owes
from competitions.services.admitting import admit
from competitions.services.awards import give_awards
from competitions.services.entries import correct_entry, take_over_qualified
from competitions.services.promotions import outdated, propose, proposed
from tests.competitions.jury import opened_again
from tests.competitions.test_admission import DOCUMENT, WHY
from tests.competitions.test_contest_flow import published, refused
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked, on_file

pytestmark = pytest.mark.django_db
LONG_AGO = date(2015, 1, 1)
PROOF = "社会保险缴费记录 2015-01"
LEVEL_PROOF = "高级工证书 S000011000000263200007"


@pytest.fixture
def first(item, hands):
    """The winner, a month in the city; somebody else is second."""
    newcomer = EntryFactory(item=item, unit=hands["unit"], in_city_since=date(2026, 8, 1))
    marked(newcomer, 40, 3, 3, 3)
    marked(EntryFactory(item=item, unit=hands["unit"]), 39, 3, 3, 3)
    return newcomer


@pytest.mark.parametrize("closed", ["checked", "published"])
def test_another_date_without_a_document_is_refused_once_marks_are_closed(
    item, hands, first, closed
):
    if closed == "published":
        published(item, hands)
    else:
        workflow.check_marks(item.pk, actor=hands["handler"])
    facts = on_file(first, in_city_since=LONG_AGO)

    for who in ("nominator", "handler"):
        assert (
            refused(correct_entry, first.pk, facts, actor=hands[who], note=WHY) == "proof-missing"
        )

    first.refresh_from_db()
    assert first.in_city_since == date(2026, 8, 1)


def test_with_a_document_the_debt_stays_until_somebody_else_has_looked_at_it(item, hands, first):
    published(item, hands)
    facts = on_file(first, in_city_since=LONG_AGO, proof=PROOF)

    correct_entry(first.pk, facts, actor=hands["handler"], note=WHY)

    (owed,) = who_owes(item)
    assert (owed.entry, owed.titles) == (first, ("在本市学习或工作满1年",))
    assert later(propose, item.pk, actor=hands["handler"]) == 1
    later(give_awards, item.pk, actor=hands["approver"], **DOCUMENT)
    assert not Award.objects.filter(line__entry=first).exists()
    assert not Promotion.objects.filter(entry=first).exists()
    cleared = on_file(Entry.objects.get(pk=first.pk), proof="")
    assert refused(correct_entry, first.pk, cleared, actor=hands["nominator"], note=WHY) == "proof-missing"  # fmt: skip
    by_filer = refused(admit, item.pk, [first.pk], actor=hands["handler"], note=WHY)
    assert by_filer == "filer-cannot-admit"

    admit(item.pk, [first.pk], actor=hands["approver"], note=WHY)

    assert who_owes(item) == []
    assert later(propose, item.pk, actor=hands["handler"]) == 1


def test_while_the_item_is_marked_anew_the_date_is_no_more_the_units_word_than_before(
    item, hands, first
):
    published(item, hands)
    opened_again(first, hands["second"], filed_by=hands["nominator"])
    facts = on_file(first, in_city_since=LONG_AGO)

    assert refused(correct_entry, first.pk, facts, actor=hands["nominator"], note=WHY) == "proof-missing"  # fmt: skip
    correct_entry(first.pk, facts | {"proof": PROOF}, actor=hands["nominator"], note=WHY)
    assert [one.entry for one in who_owes(item)] == [first]


def test_before_marks_are_closed_a_date_is_put_right_as_it_was_told(item, hands, first):
    correct_entry(
        first.pk, on_file(first, in_city_since=LONG_AGO), actor=hands["handler"], note=WHY
    )

    first.refresh_from_db()
    assert not first.since_told_late
    assert who_owes(item) == []


def test_the_database_asks_for_the_document_too(first):
    for fact in ("since_told_late", "level_told_late"):
        with pytest.raises(IntegrityError, match="entry_told_late_shows_a_proof"), transaction.atomic():  # fmt: skip
            Entry.objects.filter(pk=first.pk).update(**{fact: True})
        Entry.objects.filter(pk=first.pk).update(**{fact: True, "proof": PROOF})
        Entry.objects.filter(pk=first.pk).update(**{fact: False, "proof": ""})


@pytest.fixture
def untold(item, hands):
    """The winner, whose level nobody filled in, and a second; published."""
    entry = marked(EntryFactory(item=item, unit=hands["unit"], present_level=None), 40, 3, 3, 3)
    marked(EntryFactory(item=item, unit=hands["unit"], present_level="2"), 39, 3, 3, 3)
    published(item, hands)
    return entry


def test_a_level_left_open_is_filled_in_after_publication_and_leads_to_a_rise(
    client, item, hands, untold
):
    name = untold.person.name
    client.force_login(hands["handler"])
    listed = reverse("competitions:promotions", args=[item.code])
    assert f"未提出：第1名{name}，没有填写现职业技能等级" in client.get(listed).content.decode()
    entry_page = reverse("competitions:entry", args=[untold.pk])
    assert "补填等级" in client.get(entry_page).content.decode()
    edit = reverse("competitions:entry-edit", args=[untold.pk])
    form = client.get(edit).context["form"]
    sent = {key: form[key].value() or "" for key in form.fields} | {"present_level": "3"}
    assert client.post(edit, sent | {"note": WHY}).status_code == 409

    assert client.post(edit, sent | {"note": WHY, "proof": LEVEL_PROOF}).status_code == 302

    untold.refresh_from_db()
    assert (untold.present_level, untold.level_told_late) == ("3", True)
    page = client.get(entry_page).content.decode()
    assert "锁定后填报的现职业技能等级" in page
    assert later(propose, item.pk, actor=hands["handler"]) == 1
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "proof-owed"
    assert refused(admit, item.pk, [untold.pk], actor=hands["handler"], note=WHY) == "filer-cannot-admit"  # fmt: skip

    admit(item.pk, [untold.pk], actor=hands["approver"], note="核验证书原件")

    assert later(propose, item.pk, actor=hands["handler"]) == 1
    assert Promotion.objects.get(entry=untold).present == "3"


def test_a_level_told_late_holds_no_award_back(item, hands, untold):
    facts = on_file(untold, present_level="3", proof=LEVEL_PROOF)
    correct_entry(untold.pk, facts, actor=hands["nominator"], note=WHY)

    later(give_awards, item.pk, actor=hands["approver"], **DOCUMENT)

    assert Award.objects.filter(line__entry=untold).exists()


def test_whoever_had_a_finding_before_is_looked_at_anew_with_the_level(item, hands, untold):
    Entry.objects.filter(pk=untold.pk).update(in_city_since=None)
    admit(item.pk, [untold.pk], actor=hands["approver"], note=WHY)
    untold.refresh_from_db()
    facts = on_file(untold, present_level="3", proof=LEVEL_PROOF)

    correct_entry(untold.pk, facts, actor=hands["handler"], note=WHY)

    assert [one.entry for one in who_owes(item)] == [untold]


def test_a_level_put_right_with_a_proposal_waiting_holds_its_certificate(item, hands, untold):
    later(propose, item.pk, actor=hands["handler"])
    rise = Promotion.objects.get()
    facts = on_file(rise.entry, present_level="3", proof=LEVEL_PROOF)

    correct_entry(rise.entry_id, facts, actor=hands["nominator"], note=WHY)

    assert "尚未认定" in outdated(item, [rise])[rise.pk]


def test_who_does_not_rise_is_named_where_nobody_new_does(item, hands, untold):
    later(propose, item.pk, actor=hands["handler"])

    with appeals_over(), pytest.raises(workflow.DomainError, match=untold.person.name) as said:
        propose(item.pk, actor=hands["handler"])

    assert said.value.code == "nobody-new-rises"
    assert [one.place.entry_id for one in proposed(item)[1]] == [untold.pk]


def test_proof_and_finding_go_along_to_the_next_stage_of_the_contest(item, hands):
    Item.objects.filter(pk=item.pk).update(stage="preliminary", places=1)
    item.refresh_from_db()
    entry = EntryFactory(item=item, unit=hands["unit"], in_city_since=None, proof=PROOF)
    marked(entry, 40, 3, 3, 3)
    admit(item.pk, [entry.pk], actor=hands["approver"], note=WHY)
    published(item, hands)
    made = ItemFactory(competition=item.competition, follows=item)
    final = SchemeFactory(item=made).item

    take_over_qualified(final.pk, actor=hands["handler"])

    there = final.entries.get()
    assert (there.proof, there.admitted_by, there.admitted_for) == (PROOF, hands["approver"], WHY)
    assert who_owes(final) == []
