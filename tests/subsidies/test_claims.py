"""People's money: 50,000 once per person and title, career boosts by level, payment lists, the bank."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from organizations.models import Organization
from organizations.roles import Role
from subsidies.models import Claim, Entry
from subsidies.rules.proofs import every_break
from subsidies.rules.shared_accounts import is_held
from subsidies.selectors.flags import flags_raised
from subsidies.services.claims import (
    BankAccount,
    raise_awards,
    set_account,
    unclaimed_titles,
)
from subsidies.workflow.claims import approve_claim, call_back, endorse_claim, refuse_claim
from subsidies.workflow.payouts import (
    cancel_payout,
    draw_up_payout,
    fetch_file,
    receipt_transfer,
    return_transfer,
    sign_payout,
)
from talents.workflow.honours import doubt_honour
from tests.accounts.lending import again, lend
from tests.factories.organizations import MembershipFactory, account
from tests.factories.talents import PersonFactory
from tests.factories.workflow import ImportBatchFactory, moved
from tests.subsidies.claiming import (
    CARD,
    approved,
    awarded,
    balances,
    certificate,
    filed,
    fund_of,
    honour,
    people_of,
    refused,
)
from tests.waiting import titles
from workflow.models import Notice, Record
from workflow.refusals import DomainError


@pytest.fixture
def people(beijing):
    return people_of(beijing)


@pytest.fixture
def fund(people):
    return fund_of(people)


def test_a_title_raises_one_claim_of_fifty_thousand_and_a_second_certificate_none(people, fund):
    honour(people)
    honour(people)
    honour(people, person=PersonFactory(organization=people["unit"]), tier="district")
    revoked = honour(people, person=PersonFactory(organization=people["unit"]))
    doubt_honour(revoked.pk, actor=account(Role.HANDLER, people["city"]), note="材料不实")

    assert raise_awards(people["city"], actor=people["planner"]) == 1
    assert raise_awards(people["city"], actor=people["planner"]) == 0

    claim = Claim.objects.get()
    assert (claim.person, claim.gross, claim.net) == (people["worker"], 50_000, 50_000)
    told = Notice.objects.filter(recipient=people["nominator"]).values_list("title", flat=True)
    assert list(told) == ["北京大工匠奖励待填收款账号"]
    assert list(unclaimed_titles(people["city"])) == []


@pytest.mark.parametrize(
    ("named_on", "claims"),
    [(date(2024, 7, 3), 0), (date(2024, 7, 4), 1)],
    ids=["named before there was a policy", "named the day it began"],
)
def test_a_title_of_before_the_policy_draws_nothing(people, named_on, claims):
    honour(people, year=2024, named_on=named_on)
    assert raise_awards(people["city"], actor=people["planner"]) == claims


def test_a_title_of_the_register_as_kept_before_is_paid_where_somebody_says_it_was_not_yet(
    people, client
):
    batch = ImportBatchFactory(organization=people["city"])
    unpaid, _ = (
        honour(people, person=PersonFactory(organization=people["unit"]), batch=batch)
        for _ in range(2)
    )
    old = honour(
        people, person=PersonFactory(organization=people["unit"]), batch=batch, year=2023,
        named_on=date(2023, 8, 1),
    )  # fmt: skip
    client.force_login(people["planner"])
    page = reverse("subsidies:claims-raise")
    assert "导入名录中另有2名未见领取记录" in client.get(page).content.decode()

    client.post(page, {"unpaid": ""})
    assert not Claim.objects.exists()
    numbers = f"{unpaid.certificate_number}\n{old.certificate_number}"
    answer = client.post(page, {"unpaid": numbers})
    assert answer.status_code == 409
    assert f"证书{old.certificate_number}不在导入名录中" in answer.content.decode()
    client.post(page, {"unpaid": f" {unpaid.certificate_number} "})

    assert Claim.objects.get().honour == unpaid
    note = Record.objects.get(code="subsidies.claims-raised").note
    assert note == f"导入名录中经核实未曾发放的：{unpaid.certificate_number}"
    assert "导入名录中另有1名未见领取记录" in client.get(page).content.decode()


@pytest.mark.parametrize("second", ["电 工", "电　工", " 电工 "])
def test_one_trade_is_one_whatever_blanks_are_typed_in_it(people, fund, second):
    filed(people, certificate(people, level="1"))
    again = certificate(people, level="1", number="S000000000000000000002", occupation=second)
    lower = certificate(people, number="S000000000000000000003", occupation=second)

    assert refused(filed, people, again) == "claim-once-per-person-and-matter"
    assert refused(filed, people, lower) == "claim-climbs"


@pytest.mark.parametrize(
    "second", ["电工（特种）", "电工(高压)（外线）", "电工【特种】", "电工（特种"]
)
def test_what_stands_in_brackets_after_a_trade_opens_no_level_again(people, fund, second):
    first = filed(people, certificate(people, level="2"))
    again = certificate(people, level="2", number="S000000000000000000002", occupation=second)
    higher = certificate(people, level="1", number="S000000000000000000004", occupation=second)

    assert refused(filed, people, again) == "claim-once-per-person-and-matter"
    type(first).objects.filter(pk=first.pk).update(matter="电工（外线）:2")  # as it once was kept
    with pytest.raises(DomainError, match=r"“电工”同一等级.*括号内.*不另计") as caught:
        filed(people, again)
    assert caught.value.code == "claim-once-per-trade-and-level"
    assert filed(people, higher).matter == "电工:1"
    assert refused(filed, people, again) == "claim-climbs"
    other = certificate(people, number="S000000000000000000005", occupation="电工电子")
    assert filed(people, other).trade == "电工电子"


def test_an_award_is_reserved_listed_signed_and_paid_by_different_people(people, fund):
    honour(people)
    raise_awards(people["city"], actor=people["planner"])
    claim = Claim.objects.get()
    approve = approve_claim
    assert (
        refused(approve, claim.pk, Decimal(0), actor=people["approver"]) == "claim-without-account"
    )
    set_account(claim.pk, CARD, actor=people["nominator"])
    approve(claim.pk, Decimal("10000.00"), actor=people["approver"])
    assert balances("award") == {"budget": 100_000, "reserved": 50_000}
    assert refused(draw_up_payout, fund.pk, "boost", actor=people["orderer"]) == "nothing-to-pay"
    raised_it = people["planner"]
    to_list, to_sign = "待付款的个人申领", "待复核的付款清单"
    assert [to_list in titles(who) for who in (people["orderer"], raised_it)] == [True, False]
    assert refused(draw_up_payout, fund.pk, "award", actor=raised_it) == "nothing-to-pay"
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    hands = (people["checker"], people["orderer"], raised_it)
    assert [to_sign in titles(who) for who in hands] == [True, False, False]
    assert refused(fetch_file, payout.pk, actor=people["orderer"]) == "payout-not-signed"
    assert refused(sign_payout, payout.pk, actor=people["orderer"]) == "same-person"
    assert refused(sign_payout, payout.pk, actor=people["planner"]) == "same-person"
    payout = sign_payout(payout.pk, actor=people["checker"])

    assert balances("award") == {"budget": 100_000, "paid": 50_000}
    lines = list(
        csv.reader(io.StringIO(fetch_file(payout.pk, actor=people["orderer"]).decode("utf-8-sig")))
    )
    assert lines[1][1:5] == ["张三", CARD.number, "示例银行", "40000.00"]
    receipt_transfer(payout.transfers.get().pk, "R1", actor=people["orderer"])
    assert Claim.objects.get().state == "paid"
    assert list(every_break()) == []
    assert CARD.number not in str(list(Record.objects.values_list("before", "after", "note")))


def test_nobody_approves_refuses_lists_or_pays_their_own_claim(people, fund):
    own = bytes(people["worker"].identity_digest)
    honour(people)
    raise_awards(people["city"], actor=people["planner"])
    claim = Claim.objects.get()
    set_account(claim.pk, CARD, actor=people["nominator"])
    me = account(Role.APPROVER, people["city"], user__owner_digest=own)
    deputy = account(Role.APPROVER, people["city"])
    lend(me, deputy)

    for nobody in (me, again(deputy)):
        assert refused(approve_claim, claim.pk, Decimal(0), actor=nobody) == "own-affair"
        assert refused(refuse_claim, claim.pk, actor=nobody, note="材料不实") == "own-affair"
    approve_claim(claim.pk, Decimal(0), actor=people["approver"])
    MembershipFactory(user=me, organization=people["city"], role=Role.FINANCE)
    me = again(me)
    assert refused(draw_up_payout, fund.pk, "award", actor=me) == "nothing-to-pay"
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    assert refused(sign_payout, payout.pk, actor=me) == "own-affair"
    sign_payout(payout.pk, actor=people["checker"])
    assert Claim.objects.get().state == "paid"


def test_nobody_looks_into_their_own_claim(people, fund):
    claim = filed(people, certificate(people))
    above = Organization.objects.get(path=people["unit"].path_above)
    own = bytes(people["worker"].identity_digest)
    me = account(Role.HANDLER, above, user__owner_digest=own)

    assert refused(endorse_claim, claim.pk, "在职，会员", actor=me) == "own-affair"
    assert endorse_claim(claim.pk, "在职，会员", actor=people["handler"]).state == "endorsed"


def test_a_returned_transfer_is_booked_in_red_and_asks_for_another_account(people, fund):
    honour(people)
    awarded(people)
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    transfer = sign_payout(payout.pk, actor=people["checker"]).transfers.get()
    return_transfer(transfer.pk, actor=people["orderer"], note="账号户名不符")

    assert balances("award") == {"budget": 150_000}
    assert (
        refused(receipt_transfer, transfer.pk, "R1", actor=people["orderer"]) == "transfer-answered"
    )
    claim = set_account(Claim.objects.get().pk, CARD, actor=people["nominator"])
    approve_claim(claim.pk, Decimal(0), actor=people["approver"])
    again = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    sign_payout(again.pk, actor=people["checker"])
    assert balances("award") == {"budget": 100_000, "paid": 50_000}
    assert list(every_break()) == []


def test_money_of_two_people_to_one_account_waits_until_each_was_asked(people, fund, client):
    for who in (people["worker"], PersonFactory(organization=people["unit"], name="李四")):
        honour(people, person=who)
    raise_awards(people["city"], actor=people["planner"])
    first, second = Claim.objects.order_by("pk")
    for claim in (first, second):
        set_account(claim.pk, CARD, actor=people["nominator"])
        approve_claim(claim.pk, Decimal(0), actor=people["approver"])
    told = Notice.objects.filter(recipient=people["checker"], title__contains="与他人相同")
    assert {row.href for row in told} == {reverse("subsidies:claim", args=[second.pk])}
    with pytest.raises(DomainError, match="收款账号与他人的相同，待财务人员回访本人确认"):
        draw_up_payout(fund.pk, "award", actor=people["orderer"])
    with pytest.raises(DatabaseError, match="回访本人确认以后"), transaction.atomic():
        moved(Claim.objects.filter(pk=first.pk), "listed")

    assert "收款账号与他人相同、待回访的申领" in titles(people["checker"])
    client.force_login(people["approver"])
    address = reverse("subsidies:claim", args=[first.pk])
    assert "收款账号与他人的相同" in client.get(address).content.decode()
    listed = client.get(reverse("subsidies:claims"), {"account": "held"}).content.decode()
    assert ("张三" in listed, "李四" in listed) == (True, True)
    (hit,) = next(
        one.hits
        for one in flags_raised(account(Role.AUDITOR, people["city"]))
        if one.flag.code == "people-share-account"
    )
    assert (hit.amount, set(hit.claims)) == (100_000, {first.pk, second.pk})
    assert all(name in hit.words for name in ("张三", "李四", "还没有回访本人"))

    call = {"called_to": "张三 13800000000", "note": "本人确认"}
    for nobody, code in (("nominator", "role-required"), ("planner", "same-person")):
        assert refused(call_back, first.pk, actor=people[nobody], **call) == code
    client.force_login(people["checker"])
    assert client.post(f"{address}call/", call).status_code == 302
    assert refused(call_back, first.pk, actor=people["checker"], **call) == "account-not-shared"
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    assert [row.claim for row in payout.transfers.all()] == [first]
    call_back(second.pk, "李四 13900000000", actor=people["checker"], note="夫妻共用，本人确认")
    assert Claim.objects.filter(is_held()).count() == 0


def test_who_is_given_an_account_of_ones_own_waits_for_nobody(people, fund):
    for who in (people["worker"], PersonFactory(organization=people["unit"], name="李四")):
        honour(people, person=who)
    raise_awards(people["city"], actor=people["planner"])
    for claim in Claim.objects.order_by("pk"):
        set_account(claim.pk, CARD, actor=people["nominator"])
    call_back(claim.pk, "李四", actor=people["checker"], note="本人确认")
    own = set_account(claim.pk, BankAccount("示例银行", "622202777"), actor=people["nominator"])

    assert (own.called_by, own.called_to, own.called_at) == (None, "", None)
    assert not Claim.objects.filter(is_held()).exists()


def test_a_list_given_up_lets_its_claims_wait_for_another(people, fund):
    honour(people)
    awarded(people)
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
    cancel_payout(payout.pk, actor=people["orderer"], note="漏了一人")

    assert Claim.objects.get().state == "approved"
    assert draw_up_payout(fund.pk, "award", actor=people["orderer"]).number.endswith("-002")


def test_a_title_taken_back_before_the_money_goes_stops_it(people, fund):
    row = honour(people)
    claim = awarded(people)
    doubt_honour(row.pk, actor=account(Role.HANDLER, people["city"]), note="材料不实")

    assert refused(draw_up_payout, fund.pk, "award", actor=people["orderer"]) == "nothing-to-pay"
    refuse_claim(claim.pk, actor=people["approver"], note="称号撤销")
    assert balances("award") == {"budget": 150_000}


def test_a_boost_is_looked_into_above_the_unit_and_paid_by_the_level_of_the_policy(people, fund):
    claim = filed(people, certificate(people))
    assert claim.gross == 1_000
    assert (
        refused(approve_claim, claim.pk, Decimal(0), actor=people["approver"])
        == "illegal-transition"
    )
    endorse_claim(claim.pk, "在职，会员", actor=people["handler"])
    approve_claim(claim.pk, Decimal(0), actor=people["approver"])

    assert balances("boost") == {"budget": 2_000, "reserved": 1_000}
    assert Entry.objects.filter(kind="reserve").get().approved_by == people["approver"]


def test_a_boost_is_drawn_once_and_only_upwards(people, fund):
    approved(people, certificate(people))
    again = certificate(people, number="S000000000000000000002")
    assert refused(filed, people, again) == "claim-once-per-person-and-matter"
    higher = certificate(people, level="1", number="S000000000000000000003")
    assert filed(people, higher).gross == 2_000
    another = certificate(people, level="2", number="S000000000000000000004", occupation="焊工")
    assert filed(people, another).gross == 1_000


def test_after_a_higher_level_a_lower_one_is_not_drawn(people, fund):
    filed(people, certificate(people, level="1"))
    lower = certificate(people, level="2", number="S000000000000000000002")

    assert refused(filed, people, lower) == "claim-climbs"


def test_a_certificate_number_is_used_once_by_whomever(people, fund):
    filed(people, certificate(people))
    another = PersonFactory(organization=people["unit"])

    assert (
        refused(filed, people, certificate(people, person=another)) == "claim-once-per-certificate"
    )


@pytest.mark.parametrize(
    ("level", "stated", "code"),
    [
        ("2", {"days": 400}, "claim-too-late"),
        ("2", {"days": -1}, "claim-before-certificate"),
        ("2", {"is_member": False}, "claim-not-eligible"),
        ("3", {}, "claim-amount-unknown"),
        ("5", {}, "claim-not-provided-for"),
    ],
)
def test_what_the_policy_speaks_against_is_not_filed(people, fund, level, stated, code):
    row = certificate(people, level=level)

    assert refused(filed, people, row, **stated) == code
    assert not Claim.objects.exists()


def test_who_left_the_unit_claims_from_the_new_one(people, fund):
    claim = filed(people, certificate(people))
    worker = people["worker"]
    worker.organization = people["city"]
    worker.save()

    assert refused(endorse_claim, claim.pk, "x", actor=people["handler"]) == "claim-unit-left"


def test_the_budget_is_the_last_word(people, fund):
    for number, level, trade in ((1, "1", "电工"), (2, "1", "焊工")):
        row = certificate(people, level=level, number=f"S{number:021}", occupation=trade)
        claim = endorse_claim(filed(people, row).pk, "x", actor=people["handler"])
        if number == 1:
            approve_claim(claim.pk, Decimal(0), actor=people["approver"])

    assert (
        refused(approve_claim, claim.pk, Decimal(0), actor=people["approver"]) == "exceeds-budget"
    )
