"""People's money: 50,000 once per person and title, career boosts by level, payment lists, the bank."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Account, Claim, Entry
from subsidies.rules.claims import BOOST
from subsidies.rules.proofs import every_break
from subsidies.rules.shared_accounts import is_held
from subsidies.selectors.flags import flags_raised
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import (
    BankAccount,
    Statement,
    file_claim,
    raise_awards,
    set_account,
    unclaimed_titles,
    unclaimed_years,
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
from talents.models import Certificate
from talents.workflow.honours import doubt_honour
from talents.workflow.studios import judge_boost
from tests.accounts.lending import again, lend
from tests.factories.honours import HonourFactory
from tests.factories.organizations import MembershipFactory, account
from tests.factories.studios import asked_year, named_studio, project_of
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from tests.waiting import assert_waits, titles
from workflow.models import Notice, Record
from workflow.refusals import DomainError

CARD = BankAccount("示例银行", "6222021234567890123")
SCHEME = "beijing-craftsman-selection-2024"


@pytest.fixture
def people(beijing):
    """One account for every hand, and a unit of the city with somebody who works there."""
    unit = Organization.objects.filter(kind="unit", path__startswith=beijing.path).first()
    above = Organization.objects.get(path=unit.path_above)
    return {
        "city": beijing,
        "unit": unit,
        "worker": PersonFactory(organization=unit, name="张三"),
        "nominator": account(Role.NOMINATOR, unit),
        "handler": account(Role.HANDLER, above),
        "planner": account(Role.FINANCE, beijing),
        "approver": account(Role.APPROVER, beijing),
        "orderer": account(Role.FINANCE, beijing),
        "checker": account(Role.FINANCE, beijing),
    }


@pytest.fixture
def fund(people):
    lines = {"award": Decimal(150_000), "boost": Decimal(3_000)}
    year = timezone.localdate().year
    made = draw_up_budget(people["city"], year, "municipal", lines, actor=people["planner"])
    workflow.submit_budget(made.pk, actor=people["planner"])
    return workflow.sign_budget(made.pk, actor=people["approver"])


def honour(people, **facts):
    facts = {"person": people["worker"], "organization": people["city"], "scheme": SCHEME} | facts
    return HonourFactory(**facts)


def certificate(people, level="2", number="S000000000000000000001", **facts):
    facts = {"person": people["worker"], "occupation": "电工"} | facts
    return Certificate.objects.create(level=level, number=number, **facts)


def filed(people, row, *, days=30, is_member=True):
    issued = timezone.localdate() - timedelta(days=days)
    return file_claim(BOOST, row, Statement(issued, is_member), CARD, actor=people["nominator"])


def approved(people, row):
    claim = endorse_claim(filed(people, row).pk, "在职，会员", actor=people["handler"])
    return approve_claim(claim.pk, Decimal(0), actor=people["approver"])


def awarded(people):
    """An award that is approved, less tax."""
    raise_awards(people["city"], actor=people["planner"])
    claim = Claim.objects.get(state="filed")
    set_account(claim.pk, CARD, actor=people["nominator"])
    return approve_claim(claim.pk, Decimal("10000.00"), actor=people["approver"])


def refused(call, *args, **words):
    with pytest.raises(DomainError) as caught:
        call(*args, **words)
    return caught.value.code


def balances(line):
    rows = Account.objects.filter(line=line).exclude(kind="source")
    return {kind: balance for kind, balance in rows.values_list("kind", "balance") if balance}


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
    assert refused(draw_up_payout, fund.pk, "award", actor=raised_it) == "nothing-to-pay"
    payout = draw_up_payout(fund.pk, "award", actor=people["orderer"])
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


def test_a_boosted_year_raises_a_hundred_thousand_for_the_unit_of_the_studio_once(people):
    holder = people["worker"]
    honour(people, year=2024, named_on=date(2024, 6, 1))
    project = project_of(named_studio(people["unit"], leader=holder))
    year = timezone.localdate().year
    asked = asked_year(project, year, filed_by=people["nominator"])
    city = people["city"]
    assert unclaimed_years(city) == []
    judge_boost(asked.pk, is_passed=True, note="评审通过", actor=account(Role.HANDLER, city))
    lines = {"award": Decimal(50_000), "studio": Decimal(100_000)}
    budget = draw_up_budget(city, year, "municipal", lines, actor=people["planner"])
    workflow.submit_budget(budget.pk, actor=people["planner"])
    fund = workflow.sign_budget(budget.pk, actor=people["approver"])

    assert raise_awards(city, actor=people["planner"]) == 2  # the title, and the year
    assert raise_awards(city, actor=people["planner"]) == 0
    claim = Claim.objects.get(kind="studio")
    assert (claim.gross, claim.organization) == (100_000, people["unit"])
    set_account(claim.pk, CARD, actor=people["nominator"])
    approve_claim(claim.pk, Decimal(0), actor=people["approver"])
    assert balances("studio") == {"reserved": 100_000}
    payout = draw_up_payout(fund.pk, "studio", actor=people["orderer"])
    assert payout.transfers.get().payee == people["unit"].name
    assert list(every_break()) == []


def test_every_step_of_a_claim_waits_in_somebodys_home(people, fund):
    who = people
    claim = filed(who, certificate(who))
    assert_waits(claim, who["handler"])
    endorse_claim(claim.pk, "在职，会员", actor=who["handler"])
    assert_waits(claim, who["approver"])
    approve_claim(claim.pk, Decimal(0), actor=who["approver"])
    assert_waits(claim, who["orderer"])
    listed = draw_up_payout(fund.pk, "boost", actor=who["orderer"])
    assert_waits(claim, who["checker"])
    sign_payout(listed.pk, actor=who["checker"])
    assert_waits(listed, who["orderer"])
    honour(who)
    raise_awards(who["city"], actor=who["planner"])
    assert "待填收款账号的奖励" in titles(who["nominator"])
    set_account(Claim.objects.get(kind="award").pk, CARD, actor=who["nominator"])
    assert "待批准的个人申领" in titles(who["approver"])
