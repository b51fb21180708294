import io

import openpyxl
import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number, month, segment
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, name="2026年选树")


@pytest.fixture
def run(selection, city, check):
    spans = segment(month(2010, 1), month(2012, 6)), segment(month(2015, 1), month(2017, 5))
    told = filing(with_child(city, "unit", name="示例公司"), *spans, filed={"post": "=1+1"})
    file_nomination(selection.pk, told, actor=User.objects.system())
    return check(selection)


@pytest.fixture
def sheet_of(client, city):
    """Call it with an export's name and key for the rows of its one sheet."""
    client.force_login(account(Role.HANDLER, city))

    def rows(name, key):
        response = client.post(reverse(f"talents:{name}", args=[key]))
        content = io.BytesIO(b"".join(response))
        return list(openpyxl.load_workbook(content).active.iter_rows(values_only=True))

    return rows


def test_results_tell_the_value_of_every_criterion_and_why(sheet_of, run):
    title, note, headings, row = sheet_of("run-export", run.pk)

    told = dict(zip(headings, row, strict=True))
    assert title[0] == "2026年选树资格核验结果"
    assert "2026-06-30" in note[0]
    assert told["核验结果"] == "不合格"
    assert told["五年以上一线生产现场工作经历（个月）"] == 59
    assert told["引领力事迹已填报"] == "已填写"
    assert "还差 1 个月" in told["未通过的原因"]


@pytest.mark.parametrize("name", ["run-export", "nominations-export"])
def test_what_leaves_the_house_is_masked_and_runs_nothing(sheet_of, run, selection, name):
    rows = sheet_of(name, run.pk if name == "run-export" else selection.code)

    told = dict(zip(rows[2], rows[3], strict=True))
    assert told["公民身份号码（掩码）"] == "******************"
    assert told["职务/岗位"] == "=1+1"
    assert identity_number() not in str(rows)
    assert "12012345678" not in str(rows)
