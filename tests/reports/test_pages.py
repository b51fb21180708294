"""Pages and API of the reports, as each reader meets them."""

import json
from datetime import date

import pytest
from django.urls import reverse

from academies.models import Enrolment
from organizations.roles import Role
from reports.models import TargetReport
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account
from tests.factories.reports import POLICY, draft_report, drawn_report, edition_of, figure_of
from workflow.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(city, client):
    client.force_login(account(Role.HANDLER, city.city))
    return client


@pytest.fixture
def below(city, client):
    client.force_login(account(Role.HANDLER, city.east))
    return client


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"reports:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_staff_ask_for_a_report_and_follow_it(city, staff):
    wish = {"policy": POLICY, "year": 2025, "organization": city.city.pk, "reason": ""}

    answer = staff.post(reverse("reports:new"), wish)

    report = TargetReport.objects.get()
    assert answer.url == reverse("reports:report", args=[report.pk])
    assert "排队中" in page(staff, "report", report.pk)
    assert Job.objects.get().subject == f"reports.targetreport:{report.pk}"


def test_the_form_says_what_is_wrong_where_it_is_wrong(city, staff):
    drawn_report(city.city)
    wish = {"policy": POLICY, "year": 2025, "organization": city.city.pk, "reason": ""}

    again = staff.post(reverse("reports:new"), wish).content.decode()
    short = staff.post(reverse("reports:new"), wish | {"reason": "错"}).content.decode()
    early = staff.post(reverse("reports:new"), wish | {"year": 2023}).content.decode()

    assert "该报告已有第1版，再次编制将成为第2版，请写明事由" in again
    assert "事由至少4个字" in short
    assert "没有适用的版本" in early
    assert TargetReport.objects.count() == 1


def form_of(client):
    return client.get(reverse("reports:new")).context["form"]


def test_the_form_offers_the_bodies_one_works_for(city, below):
    assert list(form_of(below).fields["organization"].queryset) == [city.east]


def test_the_form_offers_policies_at_home_first(city, staff):
    codes = [code for code, _ in form_of(staff).fields["policy"].choices]

    assert codes[:2] == [POLICY, "beijing-craftsman-selection-2024"]
    assert "beijing-academy-subsidy-2024" not in codes


def test_a_report_shows_its_figures_its_seal_and_its_files(city, staff):
    report = drawn_report(city.city)

    text = page(staff, "report", report.pk)

    assert "2025年再建成10家首都工匠学院" in text
    assert "北京市教育工会" in text
    assert report.sha256 in text
    for kind in ("xlsx", "pdf", "json", "txt"):
        assert reverse("reports:file", args=[report.pk, kind]) in text
    assert text.count("<svg") > 10


def test_results_come_first_and_the_seal_last(city, staff):
    report = drawn_report(city.city)

    for name in ("report", "print"):
        text = page(staff, name, report.pk)
        assert text.index("2025年再建成10家首都工匠学院") < text.index("封存哈希")
        assert "封存哈希" in text[text.rindex("<h2") :]


def test_a_union_below_sees_the_totals_and_its_own_figures_only(city, below):
    report = drawn_report(city.city)

    text, printed = page(below, "report", report.pk), page(below, "print", report.pk)

    for shown in (text, printed):
        assert "2025年再建成10家首都工匠学院" in shown
        assert "东城区总工会" in shown
        assert "BJ-I1" not in shown
    assert "只列与本级有关的指标" in text
    assert reverse("reports:file", args=[report.pk, "pdf"]) not in text
    page(below, "file", report.pk, "pdf", status=403)


def test_what_another_union_did_is_absent_for_a_union_below(city, below):
    report = drawn_report(city.city)

    page(below, "figure", figure_of(report, "district_academies", "BJ-1").pk)
    page(below, "figure", figure_of(report, "district_academies", "BJ-I1").pk, status=404)


def test_a_report_that_is_not_sealed_is_not_shown_below(city, below):
    report = draft_report(city.city, policy_edition=edition_of())

    page(below, "report", report.pk, status=404)


def test_a_figure_opens_its_rows_and_tells_what_changed_since(city, staff):
    report = drawn_report(city.city)
    figure = figure_of(report, "capital_trained", "A-EAST")
    before = page(staff, "figure", figure.pk)
    Enrolment.objects.filter(pk=city.risen.pk).update(passed=False)

    after = page(staff, "figure", figure.pk)

    assert "封存时计入 <strong>4</strong> 行，去重后 <strong>3</strong> 人" in before
    assert "每年培训职工不少于1000人" in before
    assert city.risen.person.name in before
    assert "封存后数据有变化" not in before
    assert "封存后数据有变化" in after
    assert "<del>是</del> <ins>否</ins>" in after


def test_a_figure_of_two_years_has_a_tab_for_each(city, staff):
    figure = figure_of(drawn_report(city.city), "capital_upgraded", "A-EAST")

    first, second = page(staff, "figure", figure.pk), page(staff, "figure", figure.pk, part=2)

    assert "上年提升技能" in first
    assert city.risen.person.name in first
    assert "没有行" in second


@pytest.mark.parametrize("query", [{"part": "99"}, {"part": "x"}, {"page": "-1"}, {"change": "no"}])
def test_an_address_typed_wrong_shows_the_first_page(city, staff, query):
    figure = figure_of(drawn_report(city.city), "capital_trained", "A-EAST")

    assert city.risen.person.name in page(staff, "figure", figure.pk, **query)


def test_a_later_edition_is_pointed_out_and_compared(city, staff):
    first = drawn_report(city.city)
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 5, 1))
    second = drawn_report(city.city, reason="补登一家学院")

    assert "这不是最新版" in page(staff, "report", first.pk)
    assert "这不是最新版" not in page(staff, "report", second.pk)
    for one, other in ((second, first), (first, second)):
        compared = page(staff, "compare", one.pk, other.pk)
        assert "补登一家学院" in compared
        assert "增 1，减 0" in compared


def test_reports_of_different_things_are_not_compared(city, staff):
    one, other = drawn_report(city.city), drawn_report(city.city, year=2026)

    page(staff, "compare", one.pk, other.pk, status=404)


def test_the_register_is_filtered_by_policy_year_tree_and_state(city, staff):
    drawn_report(city.city)
    drawn_report(city.city, year=2026)
    drawn_report(city.city, policy="yantai-craftsman-2023")

    def count(**query):
        return staff.get(reverse("reports:list"), query).context["count"].number

    assert count() == 3
    assert count(year="2026") == 1
    assert count(policy="yantai-craftsman-2023") == 1
    assert count(policy=POLICY, organization="BJ", state="sealed") == 2


def test_the_interface_asks_states_and_opens_rows(city, staff):
    wish = {"policy": POLICY, "year": 2025, "organization": "BJ"}
    asked = staff.post("/api/reports/ask/", wish, content_type="application/json")
    draft = asked.json()["id"]
    unsealed = staff.get(f"/api/reports/{draft}/statement/")
    report = drawn_report(city.city, year=2026)

    stated = staff.get(f"/api/reports/{report.pk}/statement/").json()
    figure = figure_of(report, "capital_academies", "BJ")
    (rows,) = staff.get(f"/api/figures/{figure.pk}/rows/").json()

    assert (asked.status_code, asked.json()["state"]) == (202, "draft")
    assert unsealed.status_code == 404
    assert stated["sha256"] == report.sha256
    assert len(stated["figures"]) == report.figure_count
    assert (rows["row_count"], rows["changes"]["same"]) == (1, 1)
    assert rows["rows"][0]["was"][0] == "A-EAST"


def test_the_interface_does_not_state_a_part_under_the_hash_of_the_whole(city, below):
    report = drawn_report(city.city)

    refused = below.get(f"/api/reports/{report.pk}/statement/")

    assert refused.status_code == 403
    assert report.sha256 not in refused.content.decode()


def test_the_interface_tells_the_second_who_asks_that_it_is_under_way(city, staff):
    wish = json.dumps({"policy": POLICY, "year": 2025, "organization": "BJ"})

    first, second = (
        staff.post("/api/reports/ask/", wish, content_type="application/json") for _ in range(2)
    )

    assert (first.status_code, second.status_code) == (202, 409)
    assert second.json()["type"].endswith("report-already-going")
