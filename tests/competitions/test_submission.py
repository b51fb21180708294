"""The list for the labour authority: with identity numbers, for a reason, on everybody's record."""

import io

import openpyxl
import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Promotion
from organizations.roles import Role
from talents.models import Certificate, Person
from tests.competitions.test_certifying import proposal  # noqa: F401 - a fixture
from tests.competitions.test_contest_flow import NUMBER
from tests.competitions.windows import appeals_over, later
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Record
from workflow.records import subject_of
from workflow.storage import vault

pytestmark = pytest.mark.django_db
REASON = "报送市人力社保局核发证书"


@pytest.fixture
def person(proposal):  # noqa: F811
    sealed = vault.encrypt(identity_number().encode())
    Person.objects.filter(pk=proposal.person_id).update(identity_cipher=sealed)
    return proposal.person


def drawn_up(client, item, user, note=REASON):
    with appeals_over():
        client.force_login(user)
        where = reverse("competitions:promotions-submit", args=[item.code])
        return client.post(where, {"note": note})


def lines_of(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = list(book.active.values)
    at = next(n for n, line in enumerate(lines) if line[0] == "序号")
    return [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]


def test_the_list_has_the_number_of_each_and_each_has_it_on_record(client, item, hands, person):
    answer = drawn_up(client, item, hands["handler"])

    (line,) = lines_of(answer)
    told = [line[head] for head in ("姓名", "公民身份号码", "名次", "现职业技能等级", "拟晋升等级")]
    assert told == [person.name, identity_number(), 1, "高级工", "技师"]
    seen = Record.objects.get(kind=Record.Kind.REVEAL, subject=subject_of(person))
    assert (seen.actor, seen.note) == (hands["handler"], REASON)
    left = Record.objects.get(kind=Record.Kind.EXPORT, subject=subject_of(item))
    assert (left.after, left.note) == ({"count": 1}, REASON)
    assert identity_number() not in str([record.after for record in Record.objects.all()])


def test_the_page_leads_whoever_keeps_the_contest_to_this_list(client, item, hands, person):
    where = reverse("competitions:promotions", args=[item.code])
    with appeals_over():
        client.force_login(hands["handler"])
        page = client.get(where).content.decode()
    assert reverse("competitions:promotions-submit", args=[item.code]) in page
    client.force_login(hands["nominator"])
    page = client.get(reverse("competitions:promotions", args=[item.code])).content.decode()
    assert reverse("competitions:promotions-submit", args=[item.code]) not in page


def test_the_workbook_of_the_page_has_no_number_in_any_cell(client, item, hands, person):
    client.force_login(hands["handler"])

    answer = client.post(reverse("competitions:promotions-export", args=[item.code]))

    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    cells = [
        str(cell) for sheet in book for line in sheet.values for cell in line if cell is not None
    ]
    assert {person.name, "高级工", "技师"} <= set(cells)
    assert not [cell for cell in cells if identity_number() in cell or "****" in cell]
    assert "公民身份号码" not in cells
    assert not Record.objects.filter(kind=Record.Kind.REVEAL).exists()


def test_the_number_of_whom_one_may_not_see_is_left_to_their_body(client, item, hands, person):
    Person.objects.filter(pk=person.pk).update(organization=OrganizationFactory(code="YT"))

    (line,) = lines_of(drawn_up(client, item, hands["handler"]))

    assert line["公民身份号码"] == "由所属单位另报"
    assert not Record.objects.filter(kind=Record.Kind.REVEAL).exists()


def test_no_reason_nobody_proposed_or_a_proposal_that_does_not_hold_gives_no_list(
    client, item, hands, person
):
    assert drawn_up(client, item, hands["handler"], note="").status_code == 422
    certificate = Certificate.objects.create(
        person=person,
        number="S000011000000262200009",
        level="1",
        occupation="焊工",
        issued_year=2020,
    )
    refused = drawn_up(client, item, hands["handler"])
    assert refused.status_code == 409
    assert "请先处理" in refused.content.decode()
    certificate.delete()
    later(workflow.certify, Promotion.objects.get().pk, NUMBER, actor=hands["handler"])
    assert "没有待报送的晋升人员" in drawn_up(client, item, hands["handler"]).content.decode()
    assert not Record.objects.filter(kind=Record.Kind.REVEAL).exists()


def test_who_does_not_keep_the_contest_gets_none(client, item, hands, person, city):
    for user in (hands["nominator"], account(Role.AUDITOR, city)):
        assert drawn_up(client, item, user).status_code == 403
