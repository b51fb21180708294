"""Yantai's five actions as measures: seeds, five-small results, own assessment, titles from below, pairs."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from policies.facts import facts_about
from policies.library.editions import edition_in_force, load_library, policy_by_digest
from policies.rules.criteria import evaluation
from policies.rules.measures import measure_of
from policies.rules.periods import Period
from talents.models import ActionEntry, Certificate, Honour, Nomination
from talents.services.actions import withdraw_entry
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.actions import DAY, assessing, patent_of, seed_of
from tests.factories.filings import identity_number
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
YANTAI, ON = "yantai-craftsman-2023", date(2025, 6, 30)
YEAR = Period(
    first=date(2025, 1, 1),
    last=date(2025, 12, 31),
    is_cumulative=False,
    is_due=True,
    words="2025年",
)


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="YT", name="烟台市总工会")


@pytest.fixture
def plant(city):
    return with_child(city, "unit", name="烟台机械示例公司")


def counted(code, body):
    measure = measure_of(code)
    rows = measure.rows
    found = rows.found(measure.params(body, YEAR)).values(rows.subject).distinct().count()
    return found if measure.has_data(body, YEAR) else None


def test_seeds_are_counted_by_person_in_their_year(city, plant):
    assert counted("seed_craftsmen", city) is None, "nothing on file is not none"
    seed_of(plant)
    seed_of(plant, sort="newcomer")
    seed_of(plant, held_on=date(2024, 12, 31))
    elsewhere = OrganizationFactory(kind="city")
    seed_of(elsewhere)

    assert counted("seed_craftsmen", city) == 2


def test_nobody_is_a_seed_twice_but_may_be_again_where_it_was_withdrawn(city, plant):
    entry = seed_of(plant)
    with pytest.raises(IntegrityError, match="seed_once_per_person"), transaction.atomic():
        seed_of(plant, person=entry.person)

    filer = account(Role.NOMINATOR, plant)
    with pytest.raises(DomainError):
        withdraw_entry(entry.pk, note="", actor=filer)
    withdraw_entry(entry.pk, note="学籍有误，重新登记", actor=filer)

    assert counted("seed_craftsmen", city) == 0
    seed_of(plant, person=entry.person)
    assert counted("seed_craftsmen", city) == 1


def test_enterprises_that_assess_by_themselves_are_counted_once(city, plant):
    assessing(plant)
    with pytest.raises(IntegrityError, match="assessing_once_per_enterprise"), transaction.atomic():
        assessing(plant, held_on=date(2025, 9, 1))
    assert counted("self_assessing_enterprises", city) == 1


def test_small_results_are_counted_each_in_their_year_whoever_made_them(city, plant):
    assert counted("small_results", city) is None, "nothing on file is not none"
    small = {"kind": "small", "sort": "renewal", "told": "焊枪夹具改进"}
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        seed_of(plant, **small, person=None, held_on=day)
    patent_of(plant)
    seed_of(OrganizationFactory(kind="city"), **small, person=None)
    assert counted("small_results", city) == 2
    withdrawn = ActionEntry.objects.filter(kind="small", held_on=date(2025, 1, 1))
    withdrawn.update(withdrawn_on=date(2025, 3, 1))
    assert counted("small_results", city) == 1


def test_certificates_are_counted_each_and_the_highly_skilled_by_person(city, plant):
    somebody, other = PersonFactory.create_batch(2, organization=plant)
    for number, (person, level, year) in enumerate(
        [(somebody, "3", 2025), (somebody, "2", 2025), (other, "5", 2025), (other, "3", 2024)]
    ):
        Certificate.objects.create(
            person=person, number=f"Y{number:021}", level=level, issued_year=year
        )
    assert counted("level_certificates", city) == 3
    assert counted("high_skilled_persons", city) == 1


class TestTheCityChoosesFromBelow:
    """市级每年从区市级和企业（行业）级的优秀工匠中选树."""

    @pytest.fixture
    def verdicts(self, city, plant):
        load_library(actor=User.objects.system())
        edition = edition_in_force(YANTAI, ON)
        selection = RoundFactory(
            organizer=city, edition=edition, tier="city-great", reference_day=ON
        )

        def judge(**honour):
            person = PersonFactory(organization=plant)
            if honour:
                facts = {"scheme": YANTAI, "tier": "district", "named_on": date(2024, 5, 1)}
                HonourFactory(person=person, organization=city, **(facts | honour))
            row = NominationFactory(round=selection, unit=plant, person=person)
            return overall(row)

        def overall(row):
            policy = policy_by_digest(edition.digest)
            judging = evaluation(policy, "city-great", facts_about("talents.Nomination"), on=ON)
            return judging.judge(Nomination.objects.all(), row.pk).overall

        judge.of = overall
        return judge

    @pytest.mark.parametrize("tier", ["district", "enterprise"])
    def test_who_holds_a_title_of_the_tier_below_is_eligible(self, verdicts, tier):
        assert verdicts(tier=tier) == 2

    def test_whose_title_was_taken_back_is_not(self, verdicts, city):
        verdicts(tier="district")
        honour = Honour.objects.get()
        doubt_honour(honour.pk, actor=account(Role.HANDLER, city), note="成果系他人完成")
        row = Nomination.objects.get()
        assert verdicts.of(row) == 2, "until it is decided it stands"
        revoke_honour(honour.pk, actor=account(Role.APPROVER, city), note="依会议纪要撤销")
        assert verdicts.of(row) == 0

    @pytest.mark.parametrize(
        "honour",
        [
            {},
            {"tier": "campus"},
            {"tier": "city-craftsman"},
            {"scheme": "beijing-craftsman-selection-2024"},
            {"named_on": date(2025, 7, 1)},
        ],
    )
    def test_nobody_else_is(self, verdicts, honour):
        assert verdicts(**honour) == 0


class TestThePages:
    def test_the_unit_enters_a_seed_with_a_person_not_on_file(self, client, plant):
        client.force_login(account(Role.NOMINATOR, plant))
        sent = {
            "kind": "seed", "sort": "student", "organization": plant.pk, "told": "实训基地，导师王工",
            "held_on": str(DAY), "identity": identity_number(7), "name": "孙小苗",
            "document_number": "",
        }  # fmt: skip

        page = client.post(reverse("talents:action-new"), sent, follow=True).content.decode()

        assert "已登记" in page
        entry = ActionEntry.objects.get()
        assert (entry.person.name, entry.person.organization) == ("孙小苗", plant)
        again = client.post(reverse("talents:action-new"), sent).content.decode()
        assert "此人已登记为种子工匠，同一人只计一次" in again

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"kind": "seed", "sort": "student"}, "登记种子工匠须填公民身份号码"),
            ({"kind": "small", "sort": "student"}, "五小成果须写明是小发明"),
            ({"kind": "assessing", "sort": ""}, "请填写自主评价的备案文号"),
            ({"kind": "small", "sort": "design", "held_on": "2099-01-01"}, "日期不能晚于今天"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_field(self, client, plant, facts, words):
        client.force_login(account(Role.NOMINATOR, plant))
        sent = {"organization": plant.pk, "told": "节能改造", "held_on": str(DAY)} | facts
        page = client.post(reverse("talents:action-new"), sent).content.decode()
        assert words in page
        assert not ActionEntry.objects.exists()
