import io
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.management.commands import enrol_administrators
from organizations.models import Membership, User
from organizations.roles import Role
from organizations.scoping import holds_role
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, UserFactory, account, with_child
from tests.workflow.admin_pages import at
from workflow.models import Record

pytestmark = pytest.mark.django_db
THREE = {
    "system": ["gaoqiang", "高强"],
    "security": ["linfang", "林芳"],
    "audit": ["guoning", "郭宁"],
}
PASSWORD = "qinfen-jingye-2026"


def enrol(**given):
    told = io.StringIO()
    options = {**THREE, "generate": True, **given}
    call_command("enrol_administrators", stdout=told, stderr=told, **options)
    return told.getvalue()


def log_in(client, username, password):
    answer = client.post(reverse("account_login"), {"login": username, "password": password})
    assert answer.status_code == 302


def refusal(**given):
    with pytest.raises(CommandError) as caught:
        enrol(**given)
    return str(caught.value)


@pytest.fixture
def terminal(monkeypatch):
    """Call it with what is typed, line by line."""

    def types(*lines):
        waiting = iter(lines)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr(enrol_administrators, "getpass", lambda prompt: next(waiting))

    return types


def test_three_people_are_enrolled_at_the_top_and_on_record(city, district):
    enrol()

    held = Membership.objects.order_by("pk").values_list("user__username", "role", "organization")
    records = Record.objects.filter(kind=Record.Kind.GRANT).order_by("pk")
    assert list(held) == [
        ("gaoqiang", "system_admin", city.pk),
        ("linfang", "security_admin", city.pk),
        ("guoning", "audit_admin", city.pk),
    ]
    assert [r.action for r in records] == ["开立账号", "授权"] * 3
    assert {r.actor.username for r in records} == {"system"}


def test_generated_passwords_differ_work_and_are_told_once_but_not_recorded(city):
    told = enrol()

    words = [line.split()[-1] for line in told.splitlines()[:3]]
    users = [User.objects.get(username=name) for name, _ in THREE.values()]
    kept = str(list(Record.objects.values_list("before", "after", "note")))
    assert len(set(words)) == 3
    assert all(user.check_password(word) for user, word in zip(users, words, strict=True))
    assert not [word for word in words if word in kept]


def test_passwords_are_typed_twice_and_asked_again_while_weak_or_different(city, terminal):
    terminal(
        PASSWORD, "another", "12345", "12345", PASSWORD, PASSWORD,
        PASSWORD + "b", PASSWORD + "b", PASSWORD + "c", PASSWORD + "c",
    )  # fmt: skip

    told = enrol(generate=False)

    assert User.objects.get(username="guoning").check_password(PASSWORD + "c")
    assert PASSWORD not in told
    assert "两次输入不同" in told


def test_after_three_bad_passwords_nobody_is_enrolled(city, terminal):
    terminal(*["12345"] * 6)

    assert "没有设立任何账号" in refusal(generate=False)
    assert not User.objects.filter(username="gaoqiang").exists()


def test_without_a_terminal_passwords_are_not_read_from_a_pipe(city, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert "--generate" in refusal(generate=False)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_it_is_refused_while_any_administrator_serves(city, role):
    account(role, city, user__username="sitting")

    assert "administrators-exist" in refusal()
    assert not User.objects.filter(username="gaoqiang").exists()


def test_one_whose_role_begins_tomorrow_counts_as_serving(city):
    account(Role.SYSTEM_ADMIN, city, valid_from=timezone.localdate() + timedelta(days=1))

    assert "administrators-exist" in refusal()


def test_those_who_ended_or_whose_accounts_are_closed_do_not_stand_in_the_way(city):
    account(Role.SYSTEM_ADMIN, city, valid_until=timezone.localdate())
    account(Role.AUDIT_ADMIN, city, user__is_active=False)

    enrol()

    assert Membership.objects.filter(user__username="linfang").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"audit": ["gaoqiang", "郭宁"]}, "三个不同的人"),
        ({"audit": ["gaoqiang2", "高强"]}, "三个不同的人"),
        ({"audit": ["guo ning", "郭宁"]}, "username-invalid"),
        ({"audit": ["taken", "郭宁"]}, "already-exists"),
        ({"organization": "NONE"}, "没有编码为 NONE"),
        ({"username": "taken"}, "不要使用 --as"),
    ],
    ids=["one account twice", "one name twice", "blank in a name", "name taken", "no body", "as"],
)
def test_what_cannot_be_enrolled_leaves_nothing_behind(city, given, said):
    UserFactory(username="taken")

    assert said in refusal(**given)
    assert not Membership.objects.exists()
    assert User.objects.exclude(username="system").count() == 1


def test_without_organizations_there_is_nothing_to_administer():
    assert "import_organizations" in refusal()


def test_of_two_bodies_at_the_top_one_has_to_be_named(city):
    other = OrganizationFactory(kind="city", code="TJ")

    assert "--organization" in refusal()
    enrol(organization="TJ")
    assert set(Membership.objects.values_list("organization", flat=True)) == {other.pk}


def log_in_and_change(client, username, password):
    """With a password that was drawn one gets no further than to setting one of one's own."""
    log_in(client, username, password)
    change = reverse("account_change_password")
    assert client.get(reverse("admin:index")).url == change
    own = f"{PASSWORD}-{username}"
    client.post(change, {"oldpassword": password, "password1": own, "password2": own})
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_walk_from_an_empty_house_to_the_first_handler(client, city):
    told = enrol().splitlines()
    system, security = (User.objects.get(username=n) for n in ("gaoqiang", "linfang"))

    log_in_and_change(client, "gaoqiang", told[0].split()[-1])
    opened = client.post(
        at("organizations_user_add"),
        {
            "username": "limin",
            "display_name": "李敏",
            "new_password": PASSWORD,
            "identity": identity_number(),
        },
    )
    client.logout()
    log_in_and_change(client, "linfang", told[1].split()[-1])
    user = User.objects.get(username="limin")
    granted = client.post(
        at("organizations_membership_add"),
        {"user": user.pk, "organization": city.pk, "role": "handler",
         "valid_from": str(timezone.localdate()), "note": "到岗"},
    )  # fmt: skip

    assert (opened.status_code, granted.status_code) == (302, 302)
    assert holds_role(User.objects.get(pk=user.pk), {Role.HANDLER}, city.path)
    actors = Record.objects.filter(subject=f"organizations.user:{user.pk}").order_by("pk")
    assert [r.actor for r in actors] == [system, security]


def test_a_unit_below_may_be_where_they_serve(city, district):
    enrol(organization="D1")

    assert set(Membership.objects.values_list("organization", flat=True)) == {district.pk}


@pytest.mark.django_db(transaction=True)
def test_of_two_enrolments_at_once_one_is_refused():
    top = OrganizationFactory()
    with_child(top, "district")
    gate, told = threading.Barrier(2), []

    def run(number):
        gate.wait()
        names = {post: [f"{name}{number}", said] for post, (name, said) in THREE.items()}
        try:
            enrol(**names)
        except CommandError as refused:
            told.append(str(refused))
        connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 1
    assert "administrators-exist" in told[0]
    assert Membership.objects.count() == 3
