"""Studios: entered by one and named by another; a project boosted year by year, and no year too many."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from organizations.roles import Role
from talents.models import BoostYear, Studio
from talents.rules.boosting import BoostRule
from talents.workflow.honours import doubt_honour, revoke_honour
from talents.workflow.studios import (
    add_member,
    ask_boost,
    close_studio,
    judge_boost,
    member_leaves,
    name_studio,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.studios import asked_year, named_studio, project_of, studio_of, titled
from tests.factories.talents import PersonFactory
from tests.refusals import refused
from workflow.models import Notice

pytestmark = pytest.mark.django_db


class House:
    def __init__(self):
        self.city = OrganizationFactory()
        self.unit = with_child(self.city, "unit")
        self.filer = account(Role.NOMINATOR, self.unit)
        self.clerk = account(Role.HANDLER, self.city)
        self.approver = account(Role.APPROVER, self.city)

    def year(self, project, year, *, passes=True):
        asked = asked_year(project, year, filed_by=self.filer)
        return judge_boost(
            asked.pk, is_passed=passes, note="专家组评审，进展符合计划", actor=self.clerk
        )


@pytest.fixture
def house():
    return House()


def test_a_studio_is_named_by_another_than_who_entered_it_and_rises_by_a_new_document(house):
    studio = studio_of(house.unit, proposed_by=house.approver)
    naming = {"level": "unit", "document_number": "通工发〔2024〕3号", "named_on": date(2024, 7, 1)}
    assert refused(name_studio, studio.pk, actor=house.approver, **naming) == "proposer-cannot-name"
    other = account(Role.APPROVER, house.city)
    name_studio(studio.pk, actor=other, **naming)
    name_studio(studio.pk, actor=other, **naming | {"level": "city"})
    studio.refresh_from_db()
    assert (studio.state, studio.level) == ("named", "city")
    assert Notice.objects.filter(recipient=house.filer, title__startswith="工作室已认定").exists()


def test_members_come_and_go_and_stay_on_file(house):
    studio, person = named_studio(house.unit), PersonFactory(organization=house.unit)
    member = add_member(studio.pk, person.pk, joined_on=date(2024, 8, 1), actor=house.filer)
    again = refused(add_member, studio.pk, person.pk, joined_on=date(2024, 9, 1), actor=house.filer)
    member_leaves(member.pk, left_on=date(2025, 1, 1), actor=house.filer)
    assert again == "studio-member-once-at-a-time"
    assert refused(member_leaves, member.pk, left_on=date(2025, 2, 1), actor=house.filer) == (
        "member-has-left"
    )
    assert studio.members.get().left_on == date(2025, 1, 1)


def test_three_consecutive_years_are_boosted_and_a_missed_one_is_lost(house):
    project = project_of(named_studio(house.unit))
    house.year(project, 2024)
    house.year(project, 2025, passes=False)
    house.year(project, 2026)

    assert refused(house.year, project, 2027) == "boost-years-over"
    passed = BoostYear.objects.filter(state="passed").values_list("year", flat=True)
    assert sorted(passed) == [2024, 2026]


def test_where_the_policy_moves_a_gap_up_the_third_year_comes_later(house, monkeypatch):
    project = project_of(named_studio(house.unit))
    kept = replace(BoostRule.current(), loses_gaps=False)
    monkeypatch.setattr(BoostRule, "current", classmethod(lambda cls: kept))
    for year in (2024, 2026, 2027):
        with time_machine.travel(datetime(year, 12, 1, tzinfo=UTC)):
            house.year(project, year)
    assert refused(house.year, project, 2028) == "boost-years-over"


def test_a_year_is_asked_for_once_it_has_begun_and_the_one_before_is_decided(house):
    project = project_of(named_studio(house.unit))
    with time_machine.travel(datetime(2024, 12, 31, 15, 59, tzinfo=UTC)):  # the year's last minute
        asked = asked_year(project, 2024, filed_by=house.filer)
        assert refused(house.year, project, 2025) == "boost-year-not-begun"
    with time_machine.travel(datetime(2024, 12, 31, 16, 0, tzinfo=UTC)):
        assert refused(house.year, project, 2025) == "boost-year-undecided"
        judge_boost(asked.pk, is_passed=False, note="进展不符合计划", actor=house.clerk)
        assert house.year(project, 2025).state == "passed"


def test_the_first_author_holds_the_title_in_force_and_has_one_project(house):
    studio = named_studio(house.unit)
    without = project_of(
        studio, lead=PersonFactory(organization=house.unit), title="他人领衔的项目"
    )
    assert refused(house.year, without, 2025) == "boost-without-title"
    house.year(project_of(studio), 2025)
    another = project_of(studio, title="另一个项目")
    assert refused(house.year, another, 2026) == "boost-of-another-project"
    assert refused(house.year, project_of(studio, title="第三个"), 2023) == "boost-before-title"


def test_a_title_revoked_before_the_review_boosts_nothing(house):
    project = project_of(named_studio(house.unit))
    asked = asked_year(project, 2025, filed_by=house.filer)
    honour = project.lead.honours.get()
    doubt_honour(honour.pk, actor=house.clerk, note="群众反映")
    revoke_honour(honour.pk, actor=house.approver)
    assert (
        refused(judge_boost, asked.pk, is_passed=True, note="同意通过", actor=house.clerk)
        == "boost-without-title"
    )
    judge_boost(asked.pk, is_passed=False, note="称号已撤销", actor=house.clerk)


def test_who_asks_does_not_judge_and_the_unit_does_not_judge_itself(house):
    project = project_of(named_studio(house.unit))
    asked = asked_year(project, 2025, filed_by=house.clerk)
    own = account(Role.HANDLER, house.unit)
    for user, code in ((house.clerk, "asker-cannot-judge"), (own, "role-required")):
        said = refused(judge_boost, asked.pk, is_passed=True, note="同意通过", actor=user)
        assert said == code


def test_a_closed_studio_takes_nothing_more(house):
    studio = named_studio(house.unit)
    project = project_of(studio)
    close_studio(studio.pk, note="连续两年无活动", actor=house.approver)
    words = {"year": 2025, "progress": "x", "accounts": "x"}
    assert refused(ask_boost, project.pk, actor=house.filer, **words) == "studio-closed"
    assert Studio.objects.get().state == "closed"


def test_the_page_of_a_studio_shows_its_people_projects_and_years(house, client):
    studio = named_studio(house.unit, leader=titled(house.unit))
    asked_year(project_of(studio), 2025, filed_by=house.filer)
    client.force_login(house.clerk)
    page = client.get(reverse("talents:studio", args=[studio.pk])).content.decode()
    for words in (studio.leader.name, "管道全位置自动焊", "待评审", "登记评审结论", "单位级"):
        assert words in page
    assert "待评审的年度助推" in client.get(reverse("portal:home")).content.decode()


def test_lists_by_rule_say_who_may_be_recommended_further_and_move_nothing(house, client):
    holder, other = titled(house.unit), titled(house.unit)
    revoked = other.honours.get()
    doubt_honour(revoked.pk, actor=house.clerk, note="群众反映")
    studio = named_studio(house.unit, leader=holder)
    house.year(project_of(studio), 2025)
    named_studio(house.unit, leader=PersonFactory(organization=house.unit))
    client.force_login(house.clerk)
    for code in ("priority_award", "priority_national"):
        page = client.get(reverse("talents:honours"), {"further": code}).content.decode()
        assert holder.name in page
        assert other.name not in page
    page = client.get(reverse("talents:studios"), {"further": "city"}).content.decode()
    assert studio.name in page
    assert page.count(reverse("talents:studios") + f"{studio.pk}/") >= 1
    studio.refresh_from_db()
    assert studio.level == "unit"
