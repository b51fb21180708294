"""A certificate put on file once marks were closed lets nobody rise before somebody else has looked at it."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Entry, Promotion
from competitions.selectors.admission import who_owes
from competitions.services.admitting import admit
from competitions.services.entries import correct_entry
from competitions.services.promotions import propose
from tests.competitions.jury import opened_again
from tests.competitions.test_certifying import holds
from tests.competitions.test_contest_flow import NUMBER, published, refused
from tests.competitions.test_facts_told_late import LEVEL_PROOF, WHY
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, marked, on_file
from tests.factories.talents import NominationFactory
from workflow.records import CORRECTED, record_event, subject_of

pytestmark = pytest.mark.django_db
OPEN = "锁定后在册证书改变的现职业技能等级"
OWN = "S000011000000263200007"


@pytest.fixture
def two(item, hands):
    """The first has a level, nobody filled in that of the second."""
    return [
        marked(EntryFactory(item=item, unit=hands["unit"], present_level=level), 40 - n, 3, 3, 3)
        for n, level in enumerate(("4", None))
    ]


def owed(item):
    return {one.entry.pk: one.titles for one in who_owes(item)}


def shown(entry, hands):
    entry.refresh_from_db()
    facts = on_file(entry, proof=LEVEL_PROOF)
    return correct_entry(entry.pk, facts, actor=hands["nominator"], note=WHY)


def test_what_was_on_file_before_locking_counts_as_the_level_that_was_entered(item, hands, two):
    for entry in two:
        holds(entry.person, "3", number=OWN)
    published(item, hands)
    assert owed(item) == {}
    assert later(propose, item.pk, actor=hands["handler"]) == 2
    assert set(Promotion.objects.values_list("present", "target")) == {("3", "2")}


def test_what_is_put_on_file_later_is_open_until_another_has_looked_at_a_document(
    client, item, hands, two
):
    published(item, hands)
    for entry in two:
        holds(entry.person, "3", number=OWN)
    first, second = (entry.pk for entry in two)
    assert owed(item) == {first: (OPEN,), second: (OPEN,)}
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "proof-owed"
    client.force_login(hands["approver"])
    page = client.get(reverse("competitions:entry", args=[second])).content.decode()
    assert OPEN in page
    assert "补交证明" in page

    looking = {"actor": hands["approver"], "note": "核验证书原件"}
    assert refused(admit, item.pk, [second], **looking) == "proof-missing"
    shown(two[1], hands)
    admit(item.pk, [second], **looking)

    assert owed(item) == {first: (OPEN,)}
    assert later(propose, item.pk, actor=hands["handler"]) == 1
    assert Promotion.objects.get().entry == two[1]
    holds(two[1].person, "2", number="S000011000000262200008")
    assert owed(item) == {first: (OPEN,), second: (OPEN,)}, "another one nobody looked at"


def test_one_of_another_trade_or_below_the_level_that_was_entered_opens_nothing(item, hands, two):
    published(item, hands)
    holds(two[0].person, "1", number=OWN, occupation="钳工")
    holds(two[0].person, "5", number="S000011000000265200007")
    assert owed(item) == {}


@pytest.mark.parametrize("door", ["nomination", "correction"])
def test_who_put_it_on_file_does_not_vouch_for_it(item, hands, two, door):
    published(item, hands)
    entry, user = two[0], hands["approver"]
    certificate = holds(entry.person, "3", number=OWN)
    if door == "nomination":
        NominationFactory(person=entry.person, unit=hands["unit"], certificate_number=OWN, filed_by=user)  # fmt: skip
    else:
        where = {"organization": hands["unit"], "after": {"level": "3"}}
        record_event(CORRECTED, subject_of(certificate), actor=user, **where)
    shown(entry, hands)

    assert refused(admit, item.pk, [entry.pk], actor=user, note=WHY) == "filer-cannot-admit"

    admit(item.pk, [entry.pk], actor=hands["second"], note=WHY)
    assert owed(item) == {}


def test_while_marks_are_given_anew_nothing_more_becomes_known_by_locking_again(
    item, hands, two, city
):
    published(item, hands)
    opened_again(two[0], hands["second"], filed_by=hands["nominator"])
    holds(two[0].person, "3", number=OWN)
    published(item, hands)
    assert owed(item) == {two[0].pk: (OPEN,)}


def test_a_certificate_that_came_of_a_rise_is_known_everywhere(item, hands, two):
    """And the one that is being registered is not weighed against its own proposal."""
    published(item, hands)
    assert later(propose, item.pk, actor=hands["handler"]) == 1
    proposal = Promotion.objects.get()
    own = holds(proposal.person, proposal.target, number=NUMBER, year=2026)

    assert later(workflow.certify, proposal.pk, NUMBER, actor=hands["handler"]).certificate == own

    assert owed(item) == {}


def test_a_proposal_is_not_renewed_by_a_certificate_nobody_has_looked_at(item, hands, two):
    published(item, hands)
    later(propose, item.pk, actor=hands["handler"])
    assert Promotion.objects.get().present == "4"
    holds(two[0].person, "3", number=OWN)

    assert refused(later, propose, item.pk, actor=hands["handler"]) == "proof-owed"

    assert Promotion.objects.get().present == "4"
    assert Entry.objects.get(pk=two[0].pk).level_on_file == ""
