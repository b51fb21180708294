"""The step that comes next: its conditions held against what is on file, and only what can be reached."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Person
from talents.models.persons import month_number
from talents.selectors.attainments import Sight
from talents.selectors.explanations import explanation_now
from talents.selectors.passport import passport_of
from talents.workflow.cultivation import Course, cultivate
from talents.workflow.growth import agree_pair
from tests.factories.actions import patent_of
from tests.factories.growth import PairFactory, consented, cultivated
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import POLICY, NominationFactory, PersonFactory, with_service

pytestmark = pytest.mark.django_db
YEARS_AGO = month_number(date(2020, 1, 1))
NATIONAL = "national-great-craftsman-2024"


@pytest.fixture
def unit():
    city = OrganizationFactory(kind="city", name="北京市总工会", region_code="110000")
    return with_child(city, "unit")


@pytest.fixture
def person(unit):
    return PersonFactory(organization=unit)


def opened(person):
    return passport_of(person, Sight(account(Role.HANDLER, person.organization.parent)))


@pytest.mark.parametrize(
    ("tier", "said"), [("beijing-great", "证书"), ("district", "名录中没有同层级称号")]
)
def test_the_register_answers_whether_somebody_holds_a_title_of_the_tier(unit, tier, said):
    nomination = NominationFactory(unit=unit, round__tier="beijing-great")
    HonourFactory(
        person=nomination.person, scheme=POLICY, tier=tier, certificate_number="BJ20240007"
    )
    asked = {clause.code: clause.actual for clause in explanation_now(nomination).human}
    assert said in asked["no_same_tier_title"]


def taught(person):
    pair = consented(PairFactory(organization=person.organization, master=person))
    return agree_pair(pair.pk, actor=User.objects.system())


def titles(person):
    return {step.title for step in opened(person).steps}


def held(person, tier):
    city = person.organization.parent
    return HonourFactory(person=person, organization=city, scheme=POLICY, tier=tier)


def test_whoever_holds_nothing_is_shown_the_lowest_step_alone(person):
    """Both are the trunk of the system (主体); the document puts neither before the other."""
    assert titles(person) == {"区级（产业级）工匠", "企事业单位工匠"}


def test_a_title_leads_to_the_steps_it_feeds_there_and_on_the_ladder_of_the_country(person):
    held(person, "unit")

    assert titles(person) == {"北京大工匠（京津冀大工匠）", "大国工匠培育对象"}


def test_the_highest_title_of_the_city_leads_to_the_ladder_of_the_country(person):
    held(person, "beijing-great")

    assert titles(person) == {"大国工匠培育对象"}


def test_whoever_is_cultivated_for_a_step_is_shown_so_and_not_asked_again(person):
    held(person, "beijing-great")
    course = Course(NATIONAL, "great-craftsman", "大国工匠", "引领力：…", timezone.localdate())
    cultivate(
        person.pk, course, organization_id=person.organization_id, actor=User.objects.system()
    )

    passport = opened(person)

    assert passport.steps == []
    assert [row.title for row in passport.cultivations] == ["大国工匠"]
    (rungs,) = (rungs for title, rungs in passport.ladders if "大国工匠" in title)
    assert [rung.note[:4] for rung in rungs if rung.state == "current"] == ["正在培育"]


def test_conditions_are_held_against_the_newest_papers_by_the_evaluator_of_the_rounds(person):
    """Fifty of sixty months: ten are missing, and it is said since when it would do."""
    now = month_number(timezone.localdate())
    nomination = NominationFactory(person=person, unit=person.organization, force_leading="带班组")
    with_service(nomination, (now - 49, None))

    (step, _) = opened(person).steps

    months = next(one for one in step.missing if one.code == "frontline_months")
    assert (months.met, months.actual) == (False, "50 个月")
    then = now + 10
    assert (
        f"还差 10 个月；继续在一线岗位工作，预计 {then // 12}年{then % 12 + 1}月满足" in months.gap
    )
    assert months.clause.startswith(("《", "据"))
    assert "force_leading" in {one.code for one in step.met}
    assert {one.severity for one in step.human} == {"human"}


def test_what_is_met_is_not_missing(person):
    now = month_number(timezone.localdate())
    with_service(NominationFactory(person=person, unit=person.organization), (now - 59, None))

    (step, _) = opened(person).steps

    assert "frontline_months" in {one.code for one in step.met}


def test_without_papers_nothing_is_said_to_be_missing_from_them(person):
    (step, _) = opened(person).steps

    assert step.verdict == ""
    assert {one.gap for one in step.missing} == {""}
    assert "还没有本人的推荐材料" in step.against


def test_queries_do_not_grow_with_what_is_on_file(person, django_assert_num_queries):
    unit = person.organization
    sight = Sight(account(Role.HANDLER, unit.parent))
    known = Person.objects.select_related("organization").get(pk=person.pk)

    def more(number):
        with_service(NominationFactory(person=person, unit=unit), (YEARS_AGO, None))
        taught(person)
        patent_of(unit, person=person, document_number=f"200310102344{number}")
        held(person, "unit")

    more(5)
    cultivated(unit, actor=User.objects.system(), person=person)
    passport_of(known, sight)  # the policies are read once
    with CaptureQueriesContext(connection) as asked:
        passport_of(known, sight)
    more(6)
    more(7)
    with django_assert_num_queries(len(asked)):
        passport_of(known, sight)


class TestPages:
    @pytest.fixture
    def file(self, person):
        unit = person.organization
        now = month_number(timezone.localdate())
        with_service(NominationFactory(person=person, unit=unit), (now - 49, None))
        self.pair, self.result = taught(person), patent_of(unit, person=person)
        return person

    def test_staff_read_the_step_and_open_the_evidence_of_every_force(self, file, client):
        client.force_login(account(Role.HANDLER, file.organization.parent))

        page = client.get(reverse("talents:passport", args=[file.pk])).content.decode()

        assert "还差 10 个月" in page
        assert "五力佐证" in page
        assert reverse("talents:action", args=[self.result.pk]) in page
        assert reverse("talents:pair", args=[self.pair.pk]) in page

    def test_the_craftsman_reads_the_same_of_himself_and_is_led_to_the_self_check(
        self, file, client
    ):
        me = account(
            Role.CRAFTSMAN, file.organization, user__owner_digest=bytes(file.identity_digest)
        )
        client.force_login(me)

        page = client.get(reverse("talents:own")).content.decode()

        assert "还差 10 个月" in page
        assert reverse("talents:own-pair", args=[self.pair.pk]) in page
        href = f"{reverse('talents:self-check')}?step={POLICY}%3Aunit"
        assert href in page
        assert "企事业单位工匠" in client.get(href).context["chosen"].title
