"""Uses that the policy leaves open: asked for, approved item by item, and only then spent on; norms told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Account, Entry, Expense, Grant, Project
from subsidies.rules.norms import warnings
from subsidies.services.applications import Application, draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.services.items import approve_item
from subsidies.services.ledger import Hands, Place, Purse, book
from tests.factories.organizations import account
from tests.factories.subsidies import payee_account
from tests.subsidies.granting import YEAR, approved, refused
from workflow.models import Record
from workflow.records import subject_of

pytestmark = pytest.mark.django_db
OPEN = "related-project"
ASKED = Application(
    {"training_class": Decimal("300.00"), OPEN: Decimal("100.00")}, "电工班", told="编写实训教材",
)  # fmt: skip


def paid(people):
    _, _, made = people
    payment = approved(people, "400.00", ASKED).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    return Grant.objects.select_related("fund", "academy__organization").get(pk=payment.grant_id)


def facts(amount, number="1", use=OPEN):
    return {
        "spent_on": date(YEAR, 3, 1), "project": "", "use": use, "summary": "", "payee": "甲公司",
        "invoice_code": "", "invoice_number": number, "voucher": f"记{number}",
        "amount": Decimal(amount), "training_class": None,
    }  # fmt: skip


def item(grant):
    return grant.projects.get(use=OPEN)


def test_it_is_spent_only_after_its_own_approval_and_no_more_than_approved(people, signed):
    _, _, made = people
    grant, manager = paid(people), made["manager"]
    assert (item(grant).needs_approval, item(grant).told) == (True, "编写实训教材")

    def spend(amount, number):
        return enter_expense(grant, facts(amount, number), actor=manager, key=number)

    assert refused(spend, "60", "1") == "use-not-approved"
    approve_item(item(grant).pk, "批〔2026〕9号", actor=made["approver"])
    first = spend("60", "1")
    assert (first.use_title, first.amount) == ("其他与工匠人才培养相关的项目", 60)
    assert refused(spend, "40.01", "2") == "item-exceeded"
    spend("40", "2")
    withdraw_expense(first.pk, "mistake", actor=manager, note="开错发票")
    spend("60", "3")
    told = Record.objects.filter(subject=subject_of(grant), code="subsidies.item-approved").get()
    assert "批〔2026〕9号" in told.note


def booked_past_the_services(grant, line, hand):
    """The entry of an expense as any other is booked, and the expense before it is written."""
    purse = Purse(grant.fund, grant.academy)
    with connection.cursor() as cursor:
        cursor.execute(
            "select subsidies_evidence(%s, '甲公司', '', '1', '记1', '', '')", [line["use"]]
        )
        digest = cursor.fetchone()[0]
    entry = book(
        Entry.Kind.SPEND, purse.account(Place.HELD), purse.account(Place.SPENT), line["amount"],
        key="x", hands=Hands(hand), booked_on=line["spent_on"], evidence=digest,
    )  # fmt: skip
    return Expense(academy=grant.academy, fund=grant.fund, entry=entry, use_title="其他", **line)


@pytest.mark.parametrize(("use", "state"), [(OPEN, "use_not_approved"), ("seminar", "")])
def test_the_database_knows_open_uses_before_anybody_has_applied_for_one(
    people, signed, use, state
):
    _, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    grant = Grant.objects.select_related("fund", "academy__organization").get(pk=payment.grant_id)
    assert not Project.objects.filter(needs_approval=True).exists()
    row = booked_past_the_services(grant, facts("10", use=use), made["manager"])

    if not state:
        row.save()
        return
    with pytest.raises(Error) as caught, transaction.atomic():
        row.save()
    assert caught.value.__cause__.diag.constraint_name == state


def test_the_database_refuses_it_whoever_writes(people, signed):
    """Also where nobody asked the policy: the entry is booked as any other, the line is refused."""
    _, _, made = people
    grant = paid(people)
    row = booked_past_the_services(grant, facts("10"), made["manager"])
    with pytest.raises(Error, match="逐项报批") as caught, transaction.atomic():
        row.save()
    assert caught.value.__cause__.diag.constraint_name == "use_not_approved"
    with pytest.raises(Error, match="申报人、审核人以外"), transaction.atomic():
        Project.objects.filter(pk=item(grant).pk).update(
            decision="x", approved_by=grant.applied_by, approved_at="2026-03-01T00:00Z"
        )
    approve_item(item(grant).pk, "批1号", actor=made["approver"])
    with pytest.raises(Error, match="不能再改"), transaction.atomic():
        Project.objects.filter(pk=item(grant).pk).update(amount=9999)
    row.save()


def test_who_approves_is_another_of_the_payer_and_after_the_grant(people, signed):
    academy, city, made = people
    grant = draft_grant(academy, YEAR, "municipal", ASKED, actor=made["manager"])
    approver = made["approver"]
    assert refused(approve_item, item(grant).pk, "1", actor=approver) == "grant-not-approved"
    workflow.submit_grant(grant.pk, actor=made["manager"])
    workflow.endorse_grant(grant.pk, "同意上报", actor=made["handler"])
    workflow.approve_grant(grant.pk, Decimal(400), "批〔2026〕1号", actor=approver)
    assert refused(approve_item, item(grant).pk, "1", actor=made["handler"]) == "role-required"
    approve_item(item(grant).pk, "批1号", actor=approver)
    assert refused(approve_item, item(grant).pk, "批2号", actor=approver) == "item-not-open"
    plain = grant.projects.get(use="training_class")
    assert (
        refused(approve_item, plain.pk, "批2号", actor=account(Role.APPROVER, city))
        == "item-not-open"
    )


def test_an_open_item_says_what_it_is_on_the_form_and_in_the_service(client, people, signed):
    academy, _, made = people
    silent = replace(ASKED, told="")
    code = refused(draft_grant, academy, YEAR, "municipal", silent, actor=made["manager"])
    assert code == "project-open-item-says-what"
    client.force_login(made["manager"])
    new = reverse("subsidies:grant-new", args=[academy.code, YEAR])
    typed = {
        "purpose": "电工班", f"use_{OPEN}": "100", "headcount": "2", "days": "1", "hours": "9",
        "use_training_class": "1200",
    }  # fmt: skip
    assert client.post(new, typed).status_code == 409
    assert client.post(new, typed | {"told": "编写实训教材"}).status_code == 302
    grant = Grant.objects.get()
    page = client.get(reverse("subsidies:grant", args=[grant.pk])).content.decode()
    assert "编写实训教材" in page
    assert "批准前不能列支" in page
    assert "超过按培训综合定额" in page
    assert "2人1天计算的1,100.00元" in page
    assert "9学时，超过1天按每半天4学时计算的8学时" in page


def test_the_approver_approves_on_the_page_and_the_academy_then_finds_it_on_its_form(
    client, people, signed
):
    _, _, made = people
    grant = paid(people)
    spend = reverse("subsidies:expense-new", args=[grant.pk])
    client.force_login(made["manager"])
    assert "编写实训教材" not in client.get(spend).content.decode()
    client.force_login(made["approver"])
    approve = reverse("subsidies:item-approve", args=[item(grant).pk])
    assert approve in client.get(reverse("subsidies:grant", args=[grant.pk])).content.decode()
    assert client.get(approve).status_code == 200
    assert client.post(approve, {"decision": "批〔2026〕9号"}).status_code == 302
    client.force_login(made["manager"])
    assert "编写实训教材" in client.get(spend).content.decode()
    told = client.get(reverse("grant-detail", args=[grant.pk])).json()["projects"]
    assert [row["decision"] for row in told if row["needs_approval"]] == ["批〔2026〕9号"]


@pytest.mark.parametrize(
    ("asked", "headcount", "days", "says"),
    [
        ("550.00", 1, 1, []),
        ("550.01", 1, 1, ["550.00"]),
        ("17050.00", 1, 31, ["16,885.00"]),  # the day beyond thirty counts 70 %
        ("16885.00", 1, 31, []),
        ("100.00", None, 3, ["没有填写"]),
    ],
)
def test_the_norm_of_a_person_and_day_is_told_and_never_refuses(
    asked, headcount, days, says, people
):
    academy, _, made = people
    application = Application(
        {"training_class": Decimal(asked)},
        "电工班",
        headcount=headcount,
        days=days,
        audience="city",
    )
    grant = draft_grant(academy, YEAR, "municipal", application, actor=made["manager"])

    told = warnings(grant, dict(grant.projects.values_list("use", "amount")))

    assert len(told) == len(says)
    assert all(part in words for part, words in zip(says, told, strict=True))


@pytest.mark.parametrize(
    ("use", "audience", "says"),
    [
        ("training_class", "city", ""),
        ("training_class", "trade", "面向本行业（系统）职工"),
        ("training_class", "unit", "面向本单位职工"),
        ("training_class", "", "没有写明面向哪些职工"),
        ("seminar", "unit", ""),  # of other uses the policy says nothing
    ],
)
def test_training_that_is_not_open_to_all_workers_of_the_city_is_told_with_the_words_of_the_policy(
    use, audience, says, people, client
):
    academy, _, made = people
    application = Application({use: Decimal(100)}, "电工班", audience=audience, headcount=9, days=1)
    grant = draft_grant(academy, YEAR, "municipal", application, actor=made["manager"])
    client.force_login(made["handler"])

    page = client.get(reverse("subsidies:grant", args=[grant.pk])).content.decode()

    assert ("面向全市职工举办线上线下长短期工匠人才技能培训”（提示）" in page) == bool(says)
    assert says in page
    told = client.get(reverse("grant-detail", args=[grant.pk])).json()
    assert told["audience"] == audience


def test_the_own_money_of_the_host_is_asked_for_decided_paid_and_spent_apart(people, signed):
    """自筹, from the application to the expense: the host's own budget, people and accounts."""
    academy, _, made = people
    payee_account(academy)
    host = academy.organization
    made |= {
        "host-approver": account(Role.APPROVER, host),
        "host-orderer": account(Role.FINANCE, host),
        "host-checker": account(Role.FINANCE, host),
    }
    fund = draw_up_budget(host, YEAR, "own", {"academy": Decimal(90)}, actor=made["host-orderer"])
    workflow.submit_budget(fund.pk, actor=made["host-orderer"])
    workflow.sign_budget(fund.pk, actor=made["host-approver"])
    application = Application(
        {"training_class": Decimal("300.00")}, "电工班",
        matching={"own": {"training_class": Decimal("80.00")}},
    )  # fmt: skip
    lead = draft_grant(academy, YEAR, "municipal", application, actor=made["manager"])
    workflow.submit_grant(lead.pk, actor=made["manager"])
    workflow.endorse_grant(lead.pk, "同意上报", actor=made["handler"])
    own = lead.parts.get()
    assert (own.fund.organization, own.fund.source, own.applied) == (host, "own", 80)
    code = refused(workflow.approve_grant, own.pk, Decimal(80), "批1号", actor=made["handler"])
    assert code == "role-required"
    more = refused(
        workflow.approve_grant, own.pk, Decimal(81), "批1号", actor=made["host-approver"]
    )
    assert more == "grant-gives-no-more-than-asked"
    workflow.approve_grant(own.pk, Decimal(80), "自筹1号", actor=made["host-approver"])
    payment = own.payments.get()
    workflow.order_payment(payment.pk, actor=made["host-orderer"])
    workflow.check_payment(payment.pk, actor=made["host-checker"])
    own = Grant.objects.select_related("fund", "academy__organization").get(pk=own.pk)
    spent = facts("30.00", use="training_class")
    enter_expense(own, spent, actor=made["manager"], key="own")
    balances = Account.objects.filter(fund=own.fund, academy=academy)
    assert {row.kind: row.balance for row in balances if row.balance} == {"held": 50, "spent": 30}
    assert not Account.objects.filter(fund=lead.fund, academy=academy, kind="spent").exists()
