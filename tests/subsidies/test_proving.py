"""The button 校验账本: pressed, not opened; by those who may; and what is broken as far as one may see it."""

import pytest
from django.conf import settings
from django.urls import reverse

from organizations.roles import Role
from subsidies.models import Account
from subsidies.rules.proofs import LISTS, PROOFS, Broken, every_break
from subsidies.selectors.proofs import ROWS, breaks_within_reach
from tests import database
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import paid_grant, spent
from workflow.records.anchors import PLACE
from workflow.records.chains import Break

ADDRESS = reverse("subsidies:verify")


def page(client, who, method="post"):
    client.force_login(who)
    answer = getattr(client, method)(ADDRESS)
    return answer.status_code, answer.content.decode()


def broken(grant):
    """One balance altered past every guard."""
    held = Account.objects.get(academy=grant.academy, kind="held")
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update subsidies_account set balance = balance + 1 where id = %s", [held.pk])
    return held


@pytest.mark.django_db(transaction=True)
def test_what_is_broken_is_listed_for_whom_it_is_within_reach_and_told_to_all_others(client):
    grants = [paid_grant(AcademyFactory(supervising_union=OrganizationFactory())) for _ in range(2)]
    auditors = [account(Role.AUDITOR, grant.academy.supervising_union) for grant in grants]
    for grant in grants:
        spent(grant)
    assert "核验通过" in page(client, auditors[0])[1]

    line = f"账户 {broken(grants[0]).pk}："

    (_, own), (_, other) = (page(client, who) for who in auditors)
    assert [line in text for text in (own, other)] == [True, False]
    assert [f"{len(list(every_break()))}处" in text for text in (own, other)] == [True, True]
    assert "核验未通过" in other


def test_opening_the_page_proves_nothing_and_the_button_is_for_oversight(client, db):
    grant = paid_grant(AcademyFactory(supervising_union=OrganizationFactory()))
    auditor = account(Role.AUDITOR, grant.academy.supervising_union)
    manager = account(Role.ACADEMY_MANAGER, grant.academy.organization)

    _, opened = page(client, auditor, "get")

    assert "开始校验" in opened
    assert "核验通过" not in opened
    assert page(client, manager)[0] == 403
    assert ADDRESS not in client.get(reverse("subsidies:entries")).content.decode()
    client.force_login(auditor)
    assert ADDRESS in client.get(reverse("subsidies:entries")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_of_no_row_any_more_is_told_to_those_at_the_root_alone(client):
    root = OrganizationFactory()
    grant = paid_grant(AcademyFactory(supervising_union=OrganizationFactory(parent=root)))
    gone = 999_999
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute(
            "update subsidies_entry set academy_id = %s, chain = %s where academy_id = %s",
            [gone, f"ledger:academy:{gone}", grant.academy_id],
        )

    top = page(client, account(Role.AUDITOR, root))[1]
    district = page(client, account(Role.AUDITOR, grant.academy.supervising_union))[1]

    assert [f"ledger:academy:{gone}" in text for text in (top, district)] == [True, False]


def test_among_ever_so_many_breaks_a_district_sees_its_own(db):
    grants = [paid_grant(AcademyFactory(supervising_union=OrganizationFactory())) for _ in range(2)]
    theirs, own = (Account.objects.get(academy=grant.academy, kind="held") for grant in grants)
    found = [Broken("账户", theirs.pk, "余额与分录合计不符")] * 1200
    auditor = account(Role.AUDITOR, grants[1].academy.supervising_union)

    said = breaks_within_reach([*found, Broken("账户", own.pk, "余额不符")], auditor, 20)

    assert said == [f"账户 {own.pk}：余额不符"]


def test_a_list_that_is_gone_and_the_anchors_file_are_told_at_the_root_alone(db):
    root = OrganizationFactory()
    district = OrganizationFactory(parent=root)
    found = [Broken(LISTS, "77", "清单已不存在"), Break("2026.jsonl", 1, PLACE, "不能读取")]

    told = [breaks_within_reach(found, account(Role.AUDITOR, at), 20) for at in (root, district)]

    assert told == [[str(one) for one in found], []]


def test_of_every_proof_it_is_known_which_rows_it_speaks_of():
    assert set(ROWS) == {*PROOFS, LISTS}
