"""A certificate is entered for a proposal that still holds: by the level, the board and the appeals of now."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Promotion
from competitions.services.promotions import present_levels, propose
from talents.models import Certificate
from tests.competitions.jury import decided
from tests.competitions.test_contest_flow import (
    NUMBER,
    given,
    newest,
    published,
    refused,
    seats,
)
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, marked
from tests.factories.talents import PersonFactory
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
HIGHER = NUMBER[:15] + "1" + NUMBER[16:]


@pytest.fixture
def proposal(item, hands):
    """First of the item, 高级工 as entered, proposed for 技师."""
    entry = EntryFactory(item=item, unit=hands["unit"])
    marked(entry, 40, 3, 3, 3)
    published(item, hands)
    later(propose, item.pk, actor=hands["handler"])
    return Promotion.objects.get()


def certify(promotion, hands, number=NUMBER):
    return later(workflow.certify, promotion.pk, number, actor=hands["handler"])


def holds(person, level, number="S000011000000262200009", occupation="焊工", year=2020):
    return Certificate.objects.create(
        person=person, number=number, level=level, occupation=occupation, issued_year=year
    )


def test_nobody_is_certified_below_what_is_on_file(proposal, hands):
    holds(proposal.person, "1")

    with pytest.raises(DomainError, match="现为高级技师") as said:
        certify(proposal, hands)

    assert said.value.code == "proposal-outdated"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.certificate) == ("proposed", None)


def test_the_level_that_is_on_file_is_not_certified_again(proposal, hands):
    holds(proposal.person, "2")  # what is proposed: the rules would lead to the next one
    assert refused(certify, proposal, hands) == "proposal-outdated"
    assert Certificate.objects.filter(person=proposal.person).count() == 1


def test_a_level_of_another_trade_stands_in_nobodys_way(proposal, hands):
    holds(proposal.person, "1", occupation="钳工")
    assert certify(proposal, hands).state == "certified"


def test_the_higher_of_what_is_on_file_and_what_was_entered_is_the_present_level(item, hands):
    typed_low, typed_high, unknown = (
        EntryFactory(item=item, present_level=level) for level in ("4", "2", None)
    )
    for entry in (typed_low, typed_high, unknown):
        holds(entry.person, "3")

    assert present_levels(item) == {typed_low.pk: "3", typed_high.pk: "2", unknown.pk: "3"}


def test_a_certificate_that_somebody_else_has_is_refused(proposal, hands):
    holds(PersonFactory(organization=hands["unit"]), "2", number=NUMBER)
    assert refused(certify, proposal, hands) == "certificate-of-another"


def test_a_certificate_of_another_trade_or_level_is_refused(proposal, hands):
    held = holds(proposal.person, "2", number=NUMBER, occupation="钳工")
    assert refused(certify, proposal, hands) == "certificate-says-otherwise"
    Certificate.objects.filter(pk=held.pk).update(occupation="焊工", level="3")
    assert refused(certify, proposal, hands) == "certificate-says-otherwise"


def test_a_certificate_that_the_person_has_put_on_file_already_is_taken(proposal, hands):
    own = holds(proposal.person, "2", number=NUMBER, year=2026)
    assert certify(proposal, hands).certificate == own


def test_the_year_of_a_certificate_is_the_one_in_its_number(proposal, hands):
    certify(proposal, hands, number=f"S00001100000019{proposal.target}000001")

    assert proposal.person.certificates.get().issued_year == 2019


def test_while_an_appeal_is_open_nobody_is_proposed_or_certified(item, hands, proposal):
    filed = workflow.appeal(proposal.entry_id, "第一项计时有误", actor=hands["nominator"])

    assert refused(certify, proposal, hands) == "appeals-open"
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "appeals-open"

    decided(filed, hands["approver"], is_upheld=False, verdict="计时无误")
    assert certify(proposal, hands).state == "certified"


@pytest.fixture
def second_edition(item, hands, city):
    """Six, the last two 技师 already: the fifth rises by the first edition, the sixth by the second."""
    people = [
        EntryFactory(item=item, unit=hands["unit"], present_level="3" if place < 4 else "2")
        for place in range(6)
    ]
    for place, entry in enumerate(people):
        marked(entry, 40 - place, 3, 3, 3)
    published(item, hands)
    assert later(propose, item.pk, actor=hands["handler"]) == 5
    filed = workflow.appeal(people[5].pk, "第一项少记", actor=hands["nominator"])
    decided(filed, hands["approver"], is_upheld=True, verdict="复核录像，应为40分")
    workflow.mark_anew(item.pk, actor=hands["approver"], note="按仲裁意见改第一项")
    judge = seats(item, city)[0]
    given(judge, people[5], 40, 3, seen=newest(judge, people[5]))
    return people


def proposal_of(entry):
    return Promotion.objects.exclude(state="withdrawn").get(entry=entry)


def test_while_an_item_is_marked_anew_nobody_is_certified(second_edition, hands):
    assert refused(certify, proposal_of(second_edition[0]), hands) == "board-not-published"


def test_a_proposal_of_an_earlier_edition_is_held_against_the_newest(item, second_edition, hands):
    published(item, hands)
    out, down = proposal_of(second_edition[4]), proposal_of(second_edition[1])

    with pytest.raises(DomainError, match=rf"{out.person.name}.*第2版成绩榜.*第6名.*撤回") as said:
        certify(out, hands, HIGHER)
    assert said.value.code == "proposal-outdated"
    with pytest.raises(DomainError, match=r"第2版成绩榜.*第3名.*重新提出") as said:
        certify(down, hands)  # rises still, by another rank than was sent to the authority
    assert said.value.code == "proposal-outdated"


def test_proposing_again_renews_what_still_rises_and_leaves_the_rest_to_be_withdrawn(
    item, second_edition, hands
):
    published(item, hands)
    out, down = proposal_of(second_edition[4]), proposal_of(second_edition[1])
    assert not Promotion.objects.filter(entry=second_edition[5]).exists()

    # three of the five rise by other ranks (the first shares his now), the sixth of before is new
    assert later(propose, item.pk, actor=hands["handler"]) == 4

    down.refresh_from_db()
    out.refresh_from_db()
    assert (down.rank, out.rank, out.state) == (3, 5, "proposed")
    assert certify(down, hands).state == "certified"
    assert Promotion.objects.get(entry=second_edition[5]).target == "1"
    assert Record.objects.filter(code="competitions.renewed").count() == 3
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "nobody-new-rises"


def test_a_proposal_is_withdrawn_for_a_reason_and_can_be_made_again(proposal, item, hands):
    words = {"actor": hands["handler"]}
    assert refused(workflow.withdraw_proposal, proposal.pk, note=" ", **words) == "reason-required"

    workflow.withdraw_proposal(proposal.pk, note="等级填报有误", **words)

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert refused(certify, proposal, hands) == "illegal-transition"
    assert later(propose, item.pk, **words) == 1
    assert certify(proposal_of(proposal.entry), hands).state == "certified"


def test_the_list_says_which_proposals_do_not_hold_any_more(client, item, second_edition, hands):
    published(item, hands)
    holds(second_edition[0].person, "1")
    client.force_login(hands["handler"])

    page = client.get(reverse("competitions:promotions", args=[item.code])).content.decode()

    assert "现为高级技师，按规定不再晋升" in page
    assert page.count("撤回") >= 1
