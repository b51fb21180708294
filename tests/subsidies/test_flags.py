"""Red flags: each is raised by what crosses its line, and by nothing else."""

from datetime import date

import pytest
from django.urls import reverse

from academies.models import Evaluation
from organizations.models import Organization, User
from organizations.roles import Role
from subsidies.models import Claim
from subsidies.selectors.flags import flags_raised
from subsidies.services.claims import BankAccount
from subsidies.services.expenses import withdraw_expense
from tests.factories.academies import AcademyFactory, hosted_academy
from tests.factories.organizations import account, with_child
from tests.factories.subsidies import boost_claim, paid_grant, payee_account, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(beijing):
    return paid_grant(AcademyFactory(supervising_union=beijing), "900000.00")


def raised(user=None):
    found = flags_raised(user or User.objects.system())
    return {one.flag.code: [set(hit.expenses) for hit in one.hits] for one in found if one.hits}


def test_honest_spending_raises_nothing(grant):
    for month in range(1, 12):
        spent(grant, f"{1234 * month}.56", payee=f"公司{month}", spent_on=date(2025, month, 9))

    assert raised() == {}


def test_each_line_that_is_crossed_is_flagged_with_its_expenses(grant):
    a = spent(grant, "333.33", payee="甲", spent_on=date(2025, 3, 1))
    b = spent(grant, "333.33", payee="甲", spent_on=date(2025, 3, 8))
    c = spent(grant, "77.77", payee="乙", invoice_number="12345678901234567890")
    d = spent(grant, "77.77", payee="丙", invoice_number="12345678901234567809")
    split = [
        spent(grant, "20001.00", payee="丁", spent_on=date(2025, 6, day)) for day in (1, 12, 25)
    ]
    whole = spent(grant, "60000.00", payee="戊", spent_on=date(2025, 8, 1))
    late = spent(grant, "200000.01", payee="己", spent_on=date(2025, 12, 20))
    void = spent(grant, "9.99", payee="庚", invoice_number="55555555555555555555")
    withdraw_expense(void.pk, "invoice", actor=User.objects.system(), note="发票作废")
    again = spent(grant, "9.98", payee="庚", invoice_number="55555555555555555555")

    assert raised() == {
        "near-duplicate": [{a.pk, b.pk}, {c.pk, d.pk}],
        "split": [{row.pk for row in split}],
        "round-sum": [{whole.pk}],
        "year-end": [{late.pk}],
        "reinvoiced": [{void.pk, again.pk}],
    }


def test_payees_of_one_credit_code_are_one_whatever_they_call_themselves(grant, beijing):
    """A firm that was renamed, and one whose name is typed with other brackets; a third is another's."""
    unit = Organization.objects.filter(kind="unit").exclude(uscc="").first()
    Organization.objects.filter(pk=unit.pk).update(
        name="甲（北京）公司", valid_until=date(2024, 1, 1)
    )
    with_child(beijing, "unit", name="乙公司", code="renamed", uscc=unit.uscc)
    rows = [
        spent(grant, "20001.00", payee=payee, spent_on=date(2025, 6, day))
        for day, payee in ((1, "甲（北京）公司"), (9, "甲(北京) 公司"), (20, "乙公司"))
    ]
    spent(grant, "20001.00", payee="丙公司", spent_on=date(2025, 6, 3))

    assert raised() == {"split": [{row.pk for row in rows}]}


def test_an_academy_revived_under_another_name_is_flagged(beijing):
    ended = hosted_academy(union=beijing)
    other = AcademyFactory(host=ended.host, supervising_union=beijing)
    for year in (2023, 2024):
        Evaluation.objects.create(
            academy=ended, year=year, grade="failed", evaluated_on=f"{year + 1}-03-01",
            closed_on=f"{year + 1}-04-01",
        )  # fmt: skip
    row = spent(paid_grant(other), "1.01")

    assert raised() == {"revival": [{row.pk}]}


def filed_account(academy, number, state="confirmed"):
    """An account of the academy with a number of its own, as far as ``state``."""
    return payee_account(academy, state, to=BankAccount("工商银行", number))


def test_academies_of_other_hosts_and_persons_on_one_account_are_flagged(beijing):
    """However the number is set apart; one host's two academies may share, a refused account tells nothing."""
    first, second = hosted_academy(union=beijing), hosted_academy(union=beijing)
    sister = AcademyFactory(host=first.host, supervising_union=beijing)
    alone, doubted = hosted_academy(union=beijing), hosted_academy(union=beijing)
    mine = filed_account(first, "6222 0000 1111 2222")
    theirs = filed_account(second, "6222-000011112222")
    filed_account(sister, "9999000011112222")
    filed_account(alone, "9999000011113333")
    filed_account(doubted, "6222000011112222", "refused")
    own = filed_account(
        AcademyFactory(host=alone.host, supervising_union=beijing), "7777000011113333"
    )
    worker = boost_claim(second.host, beijing)
    Claim.objects.filter(pk=worker.pk).update(
        account_digest=BankAccount("", "7777000011113333").sealed()["account_digest"]
    )

    found = {
        hit.accounts[0]: hit.words
        for one in flags_raised(User.objects.system())
        for hit in one.hits
        if one.flag.code == "shared-account"
    }

    assert set(found) == {mine.pk, theirs.pk, own.pk}
    assert second.name in found[mine.pk]
    assert "1名职工" in found[own.pk]


def test_who_sees_one_side_of_a_shared_account_is_not_told_the_other(beijing):
    first, foreign = hosted_academy(union=beijing), hosted_academy()
    filed_account(first, "6222000011112222")
    filed_account(foreign, "6222000011112222")

    hits = [
        hit.words
        for one in flags_raised(account(Role.AUDITOR, beijing))
        for hit in one.hits
        if one.flag.code == "shared-account"
    ]

    assert len(hits) == 1
    assert "其他学院（不在您的范围内）" in hits[0]
    assert foreign.name not in hits[0]


def test_an_academy_revived_on_the_old_account_is_flagged(beijing):
    ended, other = hosted_academy(union=beijing), hosted_academy(union=beijing)
    for year in (2023, 2024):
        Evaluation.objects.create(
            academy=ended, year=year, grade="failed", evaluated_on=f"{year + 1}-03-01",
            closed_on=f"{year + 1}-04-01",
        )  # fmt: skip
    row = spent(paid_grant(other), "1.01")
    assert "revival" not in raised()
    for academy in (ended, other):
        filed_account(academy, "6222000011112222")

    assert raised()["revival"] == [{row.pk}]


def ended_academy(**facts):
    """One that failed two years running."""
    made = hosted_academy(**facts)
    for year in (2023, 2024):
        Evaluation.objects.create(
            academy=made, year=year, grade="failed", evaluated_on=f"{year + 1}-03-01",
            closed_on=f"{year + 1}-04-01",
        )  # fmt: skip
    return made


def test_every_ended_academy_within_reach_is_named_and_no_other(beijing):
    """Two of one's own and two of somebody else's, all on one account: neither hides the other."""
    own = [ended_academy(union=beijing) for _ in range(2)]
    foreign = [ended_academy() for _ in range(2)]
    again = hosted_academy(union=beijing)
    for academy in (*own, *foreign, again):
        filed_account(academy, "6222000011112222")
    AcademyFactory(host=own[0].host, supervising_union=beijing)
    sister = AcademyFactory(host=own[1].host, supervising_union=beijing)
    for academy in (again, sister):
        spent(paid_grant(academy), "1.01")

    words = {
        hit.academy_id: hit.words
        for one in flags_raised(account(Role.AUDITOR, beijing))
        for hit in one.hits
        if one.flag.code == "revival"
    }

    assert set(words) == {again.pk, sister.pk}
    assert all(f"收款账号与已终止补助的“{one.name}”相同" in words[again.pk] for one in own)
    assert words[again.pk].count("其他学院（不在您的范围内）") == 1
    assert not any(one.name in said for one in foreign for said in words.values())
    assert words[sister.pk] == f"举办单位与已终止补助的“{own[1].name}”相同"


def test_an_invoice_taken_back_by_somebody_out_of_reach_is_not_described(beijing):
    foreign = paid_grant(hosted_academy())
    void = spent(foreign, "9.99", voucher="外-77", invoice_number="55555555555555555555")
    withdraw_expense(void.pk, "invoice", actor=User.objects.system(), note="发票作废")
    mine = paid_grant(hosted_academy(union=beijing))
    spent(mine, "9.98", invoice_number="55555555555555555555")

    found = flags_raised(account(Role.AUDITOR, beijing))

    (hit,) = next(one.hits for one in found if one.flag.code == "reinvoiced")
    assert "外-77" not in hit.words
    assert "其他学院" in hit.words


def test_the_page_leads_to_the_account_that_two_share(client, beijing):
    accounts = [filed_account(hosted_academy(union=beijing), "6222000011112222") for _ in range(2)]
    client.force_login(account(Role.AUDITOR, beijing))

    page = client.get(reverse("subsidies:flags")).content.decode()

    assert all(reverse("subsidies:account", args=[one.pk]) in page for one in accounts)


def test_flags_are_about_what_one_may_see(grant, beijing):
    spent(grant, "60000.00", payee="戊")
    elsewhere = account(Role.AUDITOR, hosted_academy().supervising_union)

    assert raised(elsewhere) == {}
    assert set(raised(account(Role.AUDITOR, beijing))) == {"round-sum"}
