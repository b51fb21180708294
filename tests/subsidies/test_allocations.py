"""A fund's year parted among academies: tried by three methods, signed by another, and then binding."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from academies.models import Academy, Evaluation
from organizations.models import User
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Allocation, Share
from subsidies.rules.allocating import candidates, parted
from subsidies.rules.eligibility import policy_on
from subsidies.services.applications import Application
from subsidies.services.budgets import draw_up_budget
from subsidies.services.grants import enter_grant
from subsidies.workflow.allocations import (
    draw_up_allocation,
    drop_allocation,
    sign_allocation,
)
from tests.factories.organizations import account
from tests.subsidies.granting import YEAR, approved, refused
from workflow.models import Notice

CODE = "A-U01"
LARGE = Application({"training_class": Decimal(4_000_000)}, "电工班")


def graded(code, grade, year=YEAR - 1, **facts):
    academy = Academy.objects.get(code=code)
    Evaluation.objects.create(
        academy=academy, year=year, grade=grade, evaluated_on=f"{year + 1}-03-01", **facts
    )


def trial(fund, method, amount="4000000"):
    today = localdate()
    parts = parted(candidates(fund, today), method, Decimal(amount), policy_on(today))
    return {part.candidate.academy.code: part for part in parts}


def drawn(fund, people, method="equal", amount="4000000"):
    return draw_up_allocation(fund.pk, method, Decimal(amount), actor=people[2]["planner"])


@pytest.fixture
def fund(people):
    """A budget of 5,000,000 for academies in force."""
    _, city, made = people
    lines = {"academy": Decimal(5_000_000)}
    drawn_up = draw_up_budget(city, YEAR, "municipal", lines, actor=made["planner"])
    workflow.submit_budget(drawn_up.pk, actor=made["planner"])
    return workflow.sign_budget(drawn_up.pk, actor=made["approver"])


def test_the_policy_leaves_out_the_demonstration_academy_and_says_why(fund):
    Academy.objects.filter(code=CODE).update(tier="demonstration")
    out = trial(fund, "equal")[CODE]
    assert out.amount == 0
    assert "示范" in out.basis or "首都工匠学院" in out.basis


def test_performance_counts_the_grade_of_the_year_before(fund):
    others = [code for code in trial(fund, "equal") if code != CODE]
    graded(CODE, "excellent")
    graded(others[0], "qualified")

    parts = trial(fund, "performance")
    assert parts[CODE].points == Decimal("1.2")
    assert parts[others[0]].points == 1
    assert parts[CODE].amount > parts[others[0]].amount
    assert "优秀，系数120%" in parts[CODE].basis


def test_what_is_still_to_be_put_right_has_its_share_set_aside_and_an_ended_one_none(fund):
    others = [code for code in trial(fund, "equal") if code != CODE]
    graded(CODE, "failed", due_on=f"{YEAR}-05-01", demand="补课")
    for year in (YEAR - 2, YEAR - 1):
        day = f"{year + 1}-04-01"
        graded(others[0], "failed", year, due_on=f"{year + 1}-05-01", demand="x", closed_on=day)

    parts = trial(fund, "performance")
    assert parts[CODE].points == Decimal("0.6")
    assert "整改" in parts[CODE].basis
    assert parts[others[0]].amount == 0


def test_shares_never_come_to_more_than_the_sum(fund):
    for method in Allocation.Method:
        parts = trial(fund, method, "3999999.99").values()
        assert 0 < sum(part.amount for part in parts) <= Decimal("3999999.99")


def test_a_signed_allocation_binds_every_grant_of_the_fund(people, fund):
    _, _, made = people
    allocation = drawn(fund, people)
    share = Share.objects.get(academy__code=CODE)
    sign_allocation(allocation.pk, actor=made["approver"])

    assert refused(approved, people, str(share.amount + 1), LARGE) == "exceeds-share"
    told = Notice.objects.filter(recipient=made["manager"]).values_list("title", flat=True)
    assert f"2026年市总补助可申报{share.amount:,.2f}元" in set(told)


def test_it_takes_two_people_and_the_budget(people, fund):
    _, city, made = people
    made["planner"].memberships.create(
        organization=city, role=Role.APPROVER, valid_from="2020-01-01"
    )
    allocation = drawn(fund, people)
    own = User.objects.get(pk=made["planner"].pk)
    assert refused(sign_allocation, allocation.pk, actor=own) == "same-person"
    assert refused(drawn, fund, people) == "allocation-one-per-fund"
    drop_allocation(allocation.pk, actor=made["planner"], note="总额有误")
    more = drawn(fund, people, amount="5000001")
    code = refused(sign_allocation, more.pk, actor=made["approver"])
    assert code == "allocation-fits-the-budget"


def test_what_was_approved_before_has_to_fit_in(people, fund):
    approved(people, "3000000", LARGE)
    allocation = drawn(fund, people)
    code = refused(sign_allocation, allocation.pk, actor=people[2]["approver"])
    assert code == "share-below-approved"


def test_the_trial_shows_all_methods_beside_last_year(people, fund, client):
    academy, _, made = people
    enter_grant(academy, YEAR - 1, Decimal(321), "municipal", actor=User.objects.system())
    client.force_login(made["planner"])
    address = reverse("subsidies:allocation-new", args=[fund.pk])

    page = client.get(address, {"amount": "4000000"}).content.decode()
    assert "321.00" in page
    assert all(f'data-label="{label}"' in page for label in Allocation.Method.labels)
    answer = client.post(address, {"amount": "4000000", "method": "weight"})
    assert answer.status_code == 302
    client.force_login(made["approver"])
    assert "分配方案" in client.get("/").content.decode()
    sign = reverse("subsidies:allocation-sign", args=[Allocation.objects.get().pk])
    assert client.post(sign, {"note": ""}).status_code == 302
    client.force_login(made["manager"])
    asked = client.get(reverse("subsidies:grant-new", args=[CODE, YEAR])).content.decode()
    assert "本年度分配给该学院" in asked


def test_others_may_look_but_not_part(people, fund, client):
    client.force_login(account(Role.AUDITOR, people[1]))
    assert client.get(reverse("subsidies:allocations")).status_code == 200
    assert client.get(reverse("subsidies:allocation-new", args=[fund.pk])).status_code == 403
