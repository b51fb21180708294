import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import Role
from talents.services.nominations import file_nomination
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    ClassFactory,
    EvaluationFactory,
)
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory

pytestmark = pytest.mark.django_db
Kind = Organization.Kind


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def unit(city):
    return with_child(city, Kind.UNIT, name="首都示例公司")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, name="2026年北京大工匠选树", code="bj-2026")


@pytest.fixture
def nomination(selection, unit):
    return file_nomination(selection.pk, filing(unit), actor=User.objects.system())


def found(client, words):
    response = client.get(reverse("portal:search"), {"q": words})
    assert response.status_code == 200
    return response.content.decode().split("</form>")[-1]


@pytest.mark.parametrize("words", ["曾怡刚", "zengyi", "zyg", "ZY"])
def test_a_candidate_is_found_by_character_pinyin_and_initials(client, city, nomination, words):
    client.force_login(account(Role.HANDLER, city))

    assert reverse("talents:nomination", args=[nomination.pk]) in found(client, words)


def test_rounds_and_organizations_are_found_by_name(client, city, nomination):
    client.force_login(account(Role.HANDLER, city))

    assert reverse("talents:round", args=["bj-2026"]) in found(client, "大工匠")
    assert "首都示例公司" in found(client, "首都")


@pytest.mark.parametrize("words", ["怡刚", "刚", "zengyg"])
def test_a_candidate_is_found_by_what_stands_in_the_name(client, city, nomination, words):
    client.force_login(account(Role.HANDLER, city))

    assert reverse("talents:nomination", args=[nomination.pk]) in found(client, words)


def test_trades_codes_academies_and_classes_are_found(client, city, nomination):
    academy = AcademyFactory(
        code="A-SG",
        name="首钢技师学院工匠学院",
        supervising_union=city,
        name_initials="sgjsxygjxy",
    )
    BrandFactory(academy=academy, name="数控车工")
    course = ClassFactory(academy=academy, number="2025-007", name="焊接班", specialty="电焊工")
    type(nomination).objects.filter(pk=nomination.pk).update(
        occupation="数控车工", certificate_number="Y000011456754333190001"
    )
    client.force_login(account(Role.HANDLER, city))
    here = reverse("talents:nomination", args=[nomination.pk])
    school = reverse("academies:academy", args=["A-SG"])
    lesson = reverse("academies:class", args=[course.pk])

    looked_for = {
        "车工": {here, school}, "Y000011456754333190001": {here}, "a-sg": {school},
        "技师学院": {school}, "sgjs": {school}, "2025-007": {lesson}, "电焊": {lesson},
        "2026": {reverse("talents:round", args=["bj-2026"])},
    }  # fmt: skip
    for words, links in looked_for.items():
        page = found(client, words)
        assert {link for link in (here, school, lesson) if f'"{link}"' in page} | {
            link for link in links if f'"{link}"' in page
        } == links, words


def test_nobody_finds_what_they_may_not_see(client, city, nomination):
    client.force_login(account(Role.NOMINATOR, with_child(city, Kind.UNIT)))

    assert "没有查到" in found(client, "曾怡刚")
    assert "没有查到" in found(client, "首都示例")


def test_an_identity_number_finds_nothing_and_is_not_shown(client, city, nomination):
    client.force_login(account(Role.HANDLER, city))

    assert "没有查到" in found(client, identity_number())


def test_searching_costs_the_same_however_much_is_found(client, city, unit, selection, nomination):
    client.force_login(account(Role.HANDLER, city))
    counts = []
    for serials in ((), range(20, 30)):
        for serial in serials:
            told = filing(unit, identity=identity_number(serial))
            file_nomination(selection.pk, told, actor=User.objects.system())
        found(client, "曾怡刚")
        with CaptureQueriesContext(connection) as queries:
            found(client, "曾怡刚")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 10  # who asks: 3; each kind of thing: 5; persons read: 1; notices: 1


@pytest.mark.parametrize("junk", ["\0", "曾\0怡刚", "%_\\", "王" * 2000])
def test_whatever_is_typed_is_looked_for(client, city, junk):
    client.force_login(account(Role.HANDLER, city))

    assert client.get(reverse("portal:search"), {"q": junk}).status_code == 200


def test_the_code_on_a_paper_leads_to_what_it_is_about(client, city):
    mine = EvaluationFactory(academy__supervising_union=city)
    foreign = EvaluationFactory(academy__supervising_union=OrganizationFactory(code="YT"))
    client.force_login(account(Role.AUDITOR, city))
    page = reverse("academies:evaluation", args=[mine.pk])

    for words in (f"审核评价{mine.pk} CC3658D321A5", f"核对码 审核评价 {mine.pk} cc3658d321a5"):
        assert page in found(client, words)
    for words in (
        f"审核评价{foreign.pk} CC3658D321A5",
        f"审核评价{mine.pk}",
        f"没有这种{mine.pk} CC3658D321A5",
        f"审核评价{'9' * 40} CC3658D321A5",
    ):
        assert "印件所载" not in found(client, words)
