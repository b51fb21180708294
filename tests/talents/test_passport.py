"""The way up that a passport shows: from the bottom, of the place, with what may come next."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.selectors.attainments import Sight
from talents.selectors.passport import passport_of
from tests.factories.honours import HonourFactory
from tests.factories.organizations import (
    OrganizationFactory,
    account,
    with_child,
)
from tests.factories.talents import NominationFactory, PersonFactory

pytestmark = pytest.mark.django_db
YANTAI = "yantai-craftsman-2023"


@pytest.fixture
def cities():
    """A unit of Beijing and one of Yantai."""
    beijing = OrganizationFactory(kind="city", name="北京市总工会", region_code="110000")
    yantai = OrganizationFactory(kind="city", name="烟台市总工会", region_code="370600")
    return with_child(beijing, "unit"), with_child(yantai, "unit")


def ladders(person):
    reader = account(Role.HANDLER, person.organization.parent)
    return dict(passport_of(person, Sight(reader)).ladders)


def test_who_holds_nothing_sees_the_ladders_of_the_country_and_of_the_own_place(cities):
    beijing, yantai = (ladders(PersonFactory(organization=unit)) for unit in cities)

    country = {"大国工匠人才培育工程实施办法（试行）"}
    assert beijing.keys() == {"北京工匠人才培育选树工程实施办法（试行）"} | country
    assert yantai.keys() == {"烟台市工匠人才发展三年行动方案"} | country


def test_every_ladder_goes_up_whichever_way_its_document_lists_the_tiers(cities):
    beijing, yantai = cities
    person = PersonFactory(organization=yantai)
    HonourFactory(
        person=person, organization=yantai.parent, scheme=YANTAI, tier="district", title="区市工匠"
    )

    of_yantai = ladders(person)["烟台市工匠人才发展三年行动方案"]
    of_beijing = ladders(PersonFactory(organization=beijing))

    titles = [rung.title for rung in of_yantai]
    assert (titles[0], titles[-1]) == ("种子工匠", "大国工匠")
    assert titles.index("区市工匠") < titles.index("烟台大工匠") < titles.index("齐鲁（大）工匠")
    states = {rung.title: rung.state for rung in of_yantai}
    assert (states["区市工匠"], states["烟台大工匠"]) == ("done", "current")
    rungs = [rung.title for rung in of_beijing["北京工匠人才培育选树工程实施办法（试行）"]]
    assert rungs[-2:] == ["北京大工匠（京津冀大工匠）", "大国工匠"]


class TestTheFiveForces:
    """What a unit stated stands under its force, beside what is registered."""

    WORDS = {"force_leading": "领衔班组攻关，获评先进", "force_passing": ""}

    @pytest.fixture
    def nominated(self, cities):
        unit, _ = cities
        older = NominationFactory(unit=unit, force_passing="带徒三人")
        return NominationFactory(unit=unit, person=older.person, **self.WORDS)

    def stated(self, nominated, **sight):
        reader = sight.get("reader") or account(Role.HANDLER, nominated.unit.parent)
        forces = passport_of(nominated.person, Sight(reader)).forces
        return {force.code: force.stated for force in forces}

    def test_by_the_newest_papers_that_say_anything_of_it(self, nominated):
        stated = self.stated(nominated)

        leading = stated["leading"]
        assert (leading.words, leading.round) == (
            self.WORDS["force_leading"], nominated.round.name,
        )  # fmt: skip
        assert leading.href == reverse("talents:nomination", args=[nominated.pk])
        assert stated["passing"].words == "带徒三人"

    def test_on_its_page_and_on_ones_own(self, nominated, client):
        page = reverse("talents:passport", args=[nominated.person_id])
        client.force_login(account(Role.HANDLER, nominated.unit.parent))
        assert self.WORDS["force_leading"] in client.get(page).content.decode()
        digest = bytes(nominated.person.identity_digest)
        client.force_login(account(Role.CRAFTSMAN, nominated.unit, user__owner_digest=digest))
        assert self.WORDS["force_leading"] in client.get(reverse("talents:own")).content.decode()

    def test_not_where_the_papers_are_out_of_reach(self, nominated, cities):
        _, yantai = cities
        stranger = account(Role.HANDLER, yantai.parent)
        assert set(self.stated(nominated, reader=stranger).values()) == {None}
