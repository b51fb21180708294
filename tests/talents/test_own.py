"""One's own file: everything about oneself, nothing about anybody else, whatever role one holds."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.services.identities import reveal
from tests.factories.academies import AcademyFactory, ClassFactory, EnrolmentFactory
from tests.factories.growth import PairFactory
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, PersonFactory
from workflow.models import Record
from workflow.records import subject_of
from workflow.storage import vault

pytestmark = pytest.mark.django_db
DIGEST = b"the digest of somebody's number!"


@pytest.fixture
def unit():
    city = OrganizationFactory(kind="city", code="BJ")
    return with_child(with_child(city, "district"), "unit", name="京北精密制造有限公司")


@pytest.fixture
def me(unit):
    sealed = vault.encrypt(b"110101199001010003")
    return PersonFactory(
        name="赵兰梅", organization=unit, identity_digest=DIGEST, identity_cipher=sealed
    )


@pytest.fixture
def craftsman(client, unit):
    user = account(Role.CRAFTSMAN, unit, user__owner_digest=DIGEST)
    client.force_login(user)
    return user


def read(client):
    return client.get(reverse("talents:own")).content.decode()


def test_it_shows_what_is_kept_about_me_wherever_it_was_registered(client, craftsman, me, unit):
    elsewhere = with_child(OrganizationFactory(kind="city", code="TJ"), "district")
    NominationFactory(person=me, unit=unit, round__name="2026年北京大工匠选树")
    HonourFactory(
        person=me, organization=elsewhere, title="区级工匠", certificate_number="QJ-2024-1"
    )
    taught = ClassFactory(
        academy=AcademyFactory(supervising_union=elsewhere), name="焊工能力提升班"
    )
    EnrolmentFactory(training_class=taught, person=me)
    PairFactory(organization=unit, master=me, apprentice__name="郭宁宁")

    page = read(client)

    for words in ("赵兰梅", "2026年北京大工匠选树", "QJ-2024-1", "焊工能力提升班", "带徒 郭宁宁"):
        assert words in page


def test_it_shows_nothing_about_a_colleague_of_the_same_unit(client, craftsman, me, unit):
    other = PersonFactory(name="孙同事", organization=unit)
    NominationFactory(person=other, unit=unit, round__name="别人的轮次")
    HonourFactory(person=other, organization=unit, certificate_number="OTHER-1")
    PairFactory(organization=unit, master=other, apprentice__name="别人的徒弟")

    page = read(client)

    for words in ("孙同事", "别人的轮次", "OTHER-1", "别人的徒弟"):
        assert words not in page


def test_it_opens_no_page_of_the_office(client, craftsman, me, unit):
    nomination = NominationFactory(person=me, unit=unit)
    pair = PairFactory(organization=unit, master=me)

    page = read(client)

    assert reverse("talents:nomination", args=[nomination.pk]) not in page
    assert reverse("talents:pair", args=[pair.pk]) not in page
    assert client.get(reverse("talents:nomination", args=[nomination.pk])).status_code == 403
    assert client.get(reverse("talents:passport", args=[me.pk])).status_code == 403


def test_who_looked_at_my_number_is_told_with_the_reason(client, craftsman, me, unit):
    clerk = account(Role.NOMINATOR, unit, user__display_name="陈思雨")
    reveal(me.pk, "identity", actor=clerk, reason="核对身份证原件")

    page = read(client)

    assert "查看公民身份号码" in page
    assert "陈思雨" in page
    assert "核对身份证原件" in page


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "docx"])
def test_a_copy_is_taken_along_and_the_record_says_so(client, craftsman, me, kind):
    answer = client.get(reverse("talents:own-copy", args=[kind]))

    assert answer.status_code == 200
    assert len(answer.content) > 1000
    record = Record.objects.get(code="talents.own-copy")
    assert (record.actor, record.subject) == (craftsman, subject_of(me))


def test_without_a_file_the_page_says_so_and_there_is_no_copy(client, craftsman):
    assert "没有本人的人员档案" in read(client)
    assert client.get(reverse("talents:own-copy", args=["pdf"])).status_code == 404


def test_the_home_of_a_craftsman_says_how_things_stand(client, craftsman, me, unit):
    NominationFactory(person=me, unit=unit, round__name="2026年北京大工匠选树")
    HonourFactory(person=me, organization=unit)

    page = client.get(reverse("portal:home")).content.decode()

    assert "2026年北京大工匠选树" in page
    assert "有效称号" in page
    assert reverse("talents:own") in page
