"""Money for workers' education: what an enterprise says of a year, and the share the policy of Yantai asks for."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from organizations.roles import Role
from talents.models import EducationSpend
from talents.services.spending import withdraw_spend
from tests.factories.actions import spend_of
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reports import drawn_report

pytestmark = pytest.mark.django_db
YANTAI = "yantai-craftsman-2023"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="YT", name="烟台市总工会", region_code="370600")


@pytest.fixture
def plant(city):
    return with_child(city, "unit", name="烟台机械示例公司", code="YT-01")


def share_in(city):
    figures = drawn_report(city, policy=YANTAI, year=2025).figures.filter(
        measure="frontline_fund_share"
    )
    return figures.get()


def test_the_share_is_of_all_that_was_spent_together_not_the_mean_of_shares(city, plant):
    other = with_child(city, "unit", name="海工示例公司")
    spend_of(plant, spent=Decimal(10_000), frontline=Decimal(9_000))
    spend_of(other, spent=Decimal(90_000), frontline=Decimal(45_000))
    spend_of(other, year=2024, spent=Decimal(50_000), frontline=Decimal(0))
    spend_of(OrganizationFactory(kind="city"), frontline=Decimal(0))

    figure = share_in(city)

    assert figure.actual == Decimal("54.00")
    assert figure.standing == "advised"
    assert "还差6%" in figure.note
    (kept,) = figure.rows.all()
    assert kept.row_count == 2


def test_enough_for_the_line_meets_it(city, plant):
    spend_of(plant)
    figure = share_in(city)
    assert (figure.actual, figure.standing) == (Decimal("64.00"), "met")


def test_nothing_said_or_nothing_spent_is_no_figure(city, plant):
    assert share_in(city).standing == "no-data"
    said = spend_of(plant, spent=Decimal(0), frontline=Decimal(0))
    figure = share_in(city)
    assert (figure.standing, figure.actual) == ("no-data", None)
    withdraw_spend(said.pk, note="单位填错", actor=account(Role.NOMINATOR, plant))
    assert share_in(city).actual is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"wages": Decimal(0), "spent": Decimal(0), "frontline": Decimal(0)},
        {"spent": Decimal(2_000_000)},
        {"frontline": Decimal("25000.01")},
        {"frontline": Decimal(-1)},
    ],
)
def test_a_part_is_not_more_than_its_whole(plant, wrong):
    with pytest.raises(IntegrityError, match="education_spend_is_part_of_wages"):
        spend_of(plant, **wrong)


def test_it_is_said_once_a_year_until_it_is_withdrawn(plant):
    first = spend_of(plant)
    with pytest.raises(IntegrityError, match="education_spend_once_a_year"), transaction.atomic():
        spend_of(plant)
    withdraw_spend(first.pk, note="单位填错", actor=account(Role.NOMINATOR, plant))
    spend_of(plant, frontline=Decimal(20_000))


class TestThePages:
    def sent(self, plant, **other):
        facts = {
            "organization": plant.pk, "year": "2025", "wages": "1000000", "spent": "25000",
            "frontline": "16000",
        }  # fmt: skip
        return facts | other

    def test_the_enterprise_says_it_and_reads_both_shares(self, client, plant):
        client.force_login(account(Role.NOMINATOR, plant))
        page = client.post(reverse("talents:spend-new"), self.sent(plant), follow=True)
        told = page.content.decode()
        assert "2.50%" in told
        assert "64.00%" in told
        again = client.post(reverse("talents:spend-new"), self.sent(plant)).content.decode()
        assert "该企业当年已填报" in again

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"wages": "0"}, "工资薪金总额须大于零"),
            ({"spent": "1000001"}, "不能超过工资薪金总额"),
            ({"frontline": "25000.01"}, "不能超过职工教育经费支出"),
            ({"year": str(date.today().year + 1)}, "年度不能晚于今年"),  # noqa: DTZ011
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, client, plant, wrong, words):
        client.force_login(account(Role.NOMINATOR, plant))
        page = client.post(reverse("talents:spend-new"), self.sent(plant, **wrong))
        assert words in page.content.decode()
        assert not EducationSpend.objects.exists()

    def test_a_union_is_no_enterprise(self, client, city, plant):
        client.force_login(account(Role.HANDLER, city))
        page = client.post(reverse("talents:spend-new"), self.sent(city)).content.decode()
        assert not EducationSpend.objects.exists()
        assert "请选择" in page or "选择" in page
