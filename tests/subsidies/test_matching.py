"""One application, two sources: each with its own budget, approval, payment and place in the ledger."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from academies.models import Academy
from organizations.models import User
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Account, Entry, Fund, Grant
from subsidies.rules.proofs import breaks
from subsidies.services.applications import Application, correct_application, draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.grants import enter_grant
from tests.factories.organizations import account
from tests.factories.subsidies import payee_account
from tests.subsidies.granting import YEAR, refused
from workflow.models import Record
from workflow.records import subject_of

pytestmark = pytest.mark.django_db
BOTH = Application(
    {"training_class": Decimal("300.00")}, "电工班",
    matching={"district": {"training_class": Decimal("80.00"), "seminar": Decimal("20.00")}},
)  # fmt: skip


@pytest.fixture
def scene(people, signed):
    """The people of the city, and of the academy's union, which has a budget of 90 to add."""
    _, _, made = people
    academy = Academy.objects.select_related("organization", "supervising_union").get(
        code="A-C202401"
    )
    union = academy.supervising_union
    made |= {
        "manager": account(Role.ACADEMY_MANAGER, academy.organization),
        "handler": account(Role.HANDLER, union),
        "union-approver": account(Role.APPROVER, union),
        "union-orderer": account(Role.FINANCE, union),
        "union-checker": account(Role.FINANCE, union),
    }
    fund = draw_up_budget(
        union, YEAR, "district", {"academy": Decimal(90)}, actor=made["union-orderer"]
    )
    workflow.submit_budget(fund.pk, actor=made["union-orderer"])
    workflow.sign_budget(fund.pk, actor=made["union-approver"])
    payee_account(academy)
    return academy, made


def drafted(scene, application=BOTH):
    academy, made = scene
    return draft_grant(academy, YEAR, "municipal", application, actor=made["manager"])


def endorsed(scene):
    _, made = scene
    lead = drafted(scene)
    workflow.submit_grant(lead.pk, actor=made["manager"])
    workflow.endorse_grant(lead.pk, "同意上报", actor=made["handler"])
    return Grant.objects.get(pk=lead.pk), lead.parts.get()


def balances(source):
    rows = Account.objects.filter(fund__source=source, fund__year=YEAR, balance__gt=0)
    return {row.kind: row.balance for row in rows}


def test_it_is_handed_in_and_endorsed_once_and_decided_and_paid_by_each_payer(scene):
    _, made = scene
    lead, part = endorsed(scene)
    assert (lead.state, part.state, part.applied) == ("endorsed", "endorsed", 100)
    assert part.fund.organization == part.academy.supervising_union

    approve = workflow.approve_grant
    assert refused(approve, part.pk, Decimal(100), "区批1号", actor=made["union-approver"]) == (
        "exceeds-budget"
    )
    approve(part.pk, Decimal(90), "区批1号", actor=made["union-approver"])
    approve(lead.pk, Decimal(250), "市批1号", actor=made["approver"])
    for grant, hand in ((lead, ""), (part, "union-")):
        payment = grant.payments.get()
        workflow.order_payment(payment.pk, actor=made[f"{hand}orderer"])
        workflow.check_payment(payment.pk, actor=made[f"{hand}checker"])

    assert (balances("municipal"), balances("district")) == (
        {"budget": 250, "held": 250},
        {"held": 90},
    )
    paid = Entry.objects.filter(kind="pay").values_list("giver__fund__source", "amount")
    assert dict(paid) == {"municipal": 250, "district": 90}
    assert list(breaks()) == []


def test_who_may_approve_the_one_may_not_approve_the_other(scene):
    _, made = scene
    lead, _ = endorsed(scene)

    code = refused(workflow.approve_grant, lead.pk, Decimal(1), "x", actor=made["union-approver"])
    assert code == "role-required"


def test_it_goes_back_whole_and_not_once_a_part_was_decided(scene):
    _, made = scene
    lead, part = endorsed(scene)
    workflow.return_grant(part.pk, actor=made["union-approver"], note="请补充面向全市职工的安排")
    assert set(lead.parts.values_list("state", flat=True)) == {"draft"}
    assert Grant.objects.get(pk=lead.pk).state == "draft"

    workflow.submit_grant(part.pk, actor=made["manager"])
    workflow.endorse_grant(lead.pk, "同意", actor=made["handler"])
    workflow.approve_grant(part.pk, Decimal(90), "区批1号", actor=made["union-approver"])
    code = refused(workflow.return_grant, lead.pk, actor=made["approver"], note="退回修改")
    assert code == "part-decided"


def test_what_others_are_asked_for_is_changed_dropped_and_asked_for_again(scene):
    _, made = scene
    lead = drafted(scene)
    part = lead.parts.get()
    less = Application(
        BOTH.projects, BOTH.purpose, matching={"district": {"seminar": Decimal("20.00")}}
    )
    for asked in (less, Application(BOTH.projects, BOTH.purpose), BOTH):
        version = Grant.objects.get(pk=lead.pk).version
        correct_application(lead.pk, asked, version=version, actor=made["manager"])

    assert [(row.state, row.applied) for row in lead.parts.order_by("pk")] == [
        ("refused", 20),
        ("draft", 100),
    ]
    assert Grant.objects.get(pk=lead.pk).version == 4
    told = Record.objects.filter(subject=subject_of(part)).values_list("code", flat=True)
    assert "subsidies.drop-matching" in told


def test_a_budgeted_source_is_drawn_on_when_past_matching_is_entered(scene):
    academy, made = scene
    enter = (academy, YEAR, Decimal(60), "district")
    assert refused(enter_grant, *enter, actor=made["union-orderer"]) == "grant-is-not-history"
    grant = enter_grant(*enter, actor=User.objects.system())

    assert balances("district") == {"budget": 30, "held": 60}
    assert grant.state == "paid"
    assert Fund.objects.get(source="district", year=YEAR).state == "signed"


def test_the_pages_ask_for_both_and_every_paper_names_both(scene, client):
    academy, made = scene
    client.force_login(made["manager"])
    typed = {"purpose": "电工班", "use_training_class": "300", "district_seminar": "100.50"}
    new = reverse("subsidies:grant-new", args=[academy.code, YEAR])
    assert client.post(new, typed).status_code == 302
    lead = Grant.objects.get(lead=None)
    own = reverse("subsidies:grant", args=[lead.pk])
    page = client.get(own).content.decode()
    assert "同一申报的资金来源" in page
    assert reverse("subsidies:grant", args=[lead.parts.get().pk]) in page
    ask = client.get(reverse("subsidies:grant-submit", args=[lead.pk])).content.decode()
    assert "区配套　专题研讨会 100.50元" in ask

    edit = reverse("subsidies:grant-edit", args=[lead.parts.get().pk])
    assert 'value="100.50"' in client.get(edit).content.decode()
    sheet = client.get(reverse("subsidies:application", args=[lead.pk, "xlsx"])).content
    cells = [
        str(cell) for ws in load_workbook(io.BytesIO(sheet)) for row in ws.values for cell in row if cell
    ]  # fmt: skip
    assert "区配套（元）" in cells
    assert any("合计400.50元" in cell for cell in cells)
