from datetime import date

import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.models import SelectionRound
from tests.factories.organizations import account
from tests.factories.talents import RoundFactory
from workflow.queues import Queue

TEMPLATES = {
    Role.HANDLER: "portal/home_staff.html",
    Role.APPROVER: "portal/home_staff.html",
    Role.NOMINATOR: "portal/home_nominator.html",
    Role.ACADEMY_MANAGER: "portal/home_academy.html",
    Role.EXPERT: "portal/home_expert.html",
    Role.JUDGE: "portal/home_expert.html",
    Role.CRAFTSMAN: "portal/home_craftsman.html",
    Role.FINANCE: "portal/home_finance.html",
    Role.AUDITOR: "portal/home_auditor.html",
    Role.SYSTEM_ADMIN: "portal/home_administrator.html",
    Role.SECURITY_ADMIN: "portal/home_administrator.html",
    Role.AUDIT_ADMIN: "portal/home_administrator.html",
}


@pytest.mark.parametrize("role", Role)
def test_home_is_the_desk_of_the_role(client, account_with, role):
    client.force_login(account_with(role))

    response = client.get(reverse("portal:home"))

    assert response.status_code == 200
    assert response.templates[0].name == TEMPLATES[role]


def test_a_round_that_others_file_for_is_nothing_for_an_auditor_to_do(client, beijing):
    selection = RoundFactory(organizer=beijing)
    SelectionRound.objects.filter(pk=selection.pk).update(closes_on=date(2099, 12, 31))
    client.force_login(account(Role.AUDITOR, beijing))

    tiles = client.get(reverse("portal:home")).context["tiles"]

    (tile,) = [tile for tile in tiles if tile.title == selection.name]
    assert not tile.waits
    assert "2099-12-31截止" in tile.note


def test_home_of_someone_without_a_role_says_whom_to_ask(client, account_with):
    client.force_login(account_with())

    response = client.get(reverse("portal:home"))

    assert response.templates[0].name == "portal/home_unassigned.html"
    assert "您的账号还没有分配角色" in response.content.decode()


def test_home_without_login_says_what_the_programme_is(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(reverse("portal:home"))

    assert response.templates[0].name == "portal/home_public.html"
    assert reverse("account_login") in response.content.decode()


def test_account_line_names_person_organization_and_role(client, account_with):
    client.force_login(account_with(Role.HANDLER))

    page = client.get(reverse("portal:home")).content.decode()

    assert "周岚" in page
    assert "东城区总工会 · 经办人" in page


def test_expired_membership_opens_no_desk(client, district):
    over = {"valid_from": "2020-01-01", "valid_until": "2021-01-01"}
    client.force_login(account(Role.HANDLER, district, **over))

    response = client.get(reverse("portal:home"))

    assert response.templates[0].name == "portal/home_unassigned.html"


def test_an_account_without_a_role_is_the_security_administrators_to_do(client, account_with):
    keeper = account_with(Role.SECURITY_ADMIN)
    waiting = User.objects.create_user("liuwei", password="pw", display_name="刘薇")
    gone = User.objects.create_user("gone", password="pw", display_name="离职")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    client.force_login(keeper)

    page = client.get(reverse("portal:home"))
    (tile,) = page.context["tiles"]
    listed = client.get(tile.href)

    assert (tile.title, tile.count) == ("待授予角色的账号", "1")
    assert [line.row for line in listed.context["list"].lines] == [waiting]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_others_of_the_three_are_not_asked_to_give_roles(client, account_with, role):
    User.objects.create_user("liuwei", password="pw", display_name="刘薇")
    client.force_login(account_with(role))

    assert client.get(reverse("portal:home")).context["tiles"] == []


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ({}, False),
        ({"tone": "good"}, False),
        ({"tone": "info"}, True),
        ({"tone": "warn"}, True),
        ({"tone": "bad"}, True),
        ({"deadline": date(2026, 12, 18)}, True),
    ],
)
def test_what_is_marked_or_has_a_deadline_waits_for_somebody(told, waits):
    assert Queue("待复核", 1, **told).waits == waits


def test_how_things_stand_is_told_apart_from_what_waits(client, account_with):
    client.force_login(account_with(Role.FINANCE))

    page = client.get(reverse("portal:home")).content.decode()

    waiting, _, standing = page.partition(">概况<")
    assert "目前没有待拨付事项" in waiting
    assert "待制单的拨款" not in waiting
    assert "待制单的拨款" in standing
