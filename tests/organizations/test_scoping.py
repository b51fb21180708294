from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from organizations.models import Membership, Organization, User
from organizations.roles import SEPARATED_ADMINS, Role
from organizations.scoping import accounts_that_serve, holds_role, holds_role_anywhere
from tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    account,
    with_child,
)
from tests.factories.workflow import JobFactory, NoticeFactory
from workflow.models import Job, Notice, WorkingDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    nation = OrganizationFactory(kind="national", code="CN")
    city = with_child(nation, "city", code="BJ")
    for number in (1, 10):  # paths /…/n/ and /…/n0/ must not be taken for one another
        with_child(city, "district", code=f"D{number}")
    for code in ("D1", "D10"):
        with_child(Organization.objects.get(code=code), "unit", code=f"U-{code}")
    return {o.code: o for o in Organization.objects.all()}


def codes(user):
    return set(Organization.objects.visible_to(user).values_list("code", flat=True))


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_everybody_sees_their_subtree_and_nothing_else(tree):
    assert codes(account(Role.HANDLER, tree["D1"])) == {"D1", "U-D1"}
    assert codes(account(Role.NOMINATOR, tree["U-D10"])) == {"U-D10"}
    assert codes(account(Role.HANDLER, tree["BJ"])) == tree.keys() - {"CN"}
    assert codes(account(Role.HANDLER, tree["CN"])) == tree.keys()


def test_several_roles_add_up(tree):
    user = account(Role.HANDLER, tree["D1"])
    MembershipFactory(user=user, organization=tree["U-D10"], role=Role.NOMINATOR)
    MembershipFactory(user=user, organization=tree["U-D1"], role=Role.NOMINATOR)

    assert codes(user) == {"D1", "U-D1", "U-D10"}
    assert Organization.objects.visible_to(user).count() == 3


def test_a_body_whose_path_begins_alike_is_another_body(tree):
    nation = tree["CN"]
    Organization.objects.bulk_create(
        [
            Organization(pk=77_000_000, code="A", name="甲", kind="city", parent=nation,
                         path=f"{nation.path}77000000/", valid_from=date(2000, 1, 1)),
            Organization(pk=770_000_000, code="B", name="乙", kind="city", parent=nation,
                         path=f"{nation.path}770000000/", valid_from=date(2000, 1, 1)),
        ]
    )  # fmt: skip

    assert codes(account(Role.HANDLER, Organization.objects.get(code="A"))) == {"A"}


@pytest.mark.parametrize(
    ("begins", "ends", "sees"),
    [(-1, None, True), (0, None, True), (1, None, False), (-2, 0, False), (-2, 1, True)],
    ids=("since yesterday", "from today", "from tomorrow", "until today", "until tomorrow"),
)
def test_a_role_counts_on_its_days_only(tree, begins, ends, sees):
    today = timezone.localdate()
    user = account(
        Role.HANDLER,
        tree["D1"],
        valid_from=today + timedelta(days=begins),
        valid_until=None if ends is None else today + timedelta(days=ends),
    )

    assert bool(codes(user)) == sees
    assert holds_role_anywhere(fresh(user), {Role.HANDLER}) == sees


def test_a_role_reads_only_the_kinds_of_rows_that_are_its_business(tree):
    JobFactory(organization=tree["U-D1"])

    assert Job.objects.visible_to(account(Role.HANDLER, tree["D1"])).count() == 1
    assert Job.objects.visible_to(account(Role.EXPERT, tree["D1"])).count() == 0


@pytest.mark.parametrize(
    "person",
    [AnonymousUser(), User(username="x", is_active=True)],
    ids=("a stranger", "an account without roles"),
)
def test_who_holds_no_role_sees_nothing(tree, person):
    if person.is_authenticated:
        person.save()

    assert codes(person) == set()
    assert not holds_role(person, set(Role), "/")
    assert not holds_role_anywhere(person, set(Role))


def test_a_closed_account_sees_nothing_and_may_do_nothing(tree):
    user = account(Role.HANDLER, tree["CN"])
    user.is_active = False

    assert codes(user) == set()
    assert not holds_role(user, {Role.HANDLER}, tree["CN"].path)


def test_superuser_and_staff_flags_open_nothing(tree):
    user = UserFactory(is_staff=True, is_superuser=True)

    assert codes(user) == set()
    assert not holds_role_anywhere(user, set(Role))


def test_the_system_account_sees_everything_and_cannot_log_in(tree, client):
    system = User.objects.system()

    assert codes(system) == tree.keys()
    assert holds_role(system, {Role.HANDLER}, "/")
    assert not system.has_usable_password()
    assert User.objects.system() == system


def test_an_account_named_system_with_a_password_is_nobody_special(tree):
    system = User.objects.system()
    system.set_password("anything-at-all")

    assert not system.is_system
    assert codes(system) == set()


def test_acting_is_asked_at_the_body_itself_or_above(tree):
    user = account(Role.HANDLER, tree["D1"])

    assert holds_role(user, {Role.HANDLER}, tree["D1"].path)
    assert holds_role(user, {Role.HANDLER}, tree["U-D1"].path)
    assert not holds_role(user, {Role.HANDLER}, tree["BJ"].path)
    assert not holds_role(user, {Role.HANDLER}, tree["D10"].path)
    assert not holds_role(user, {Role.APPROVER}, tree["D1"].path)


def test_those_who_serve_a_body_stand_there_or_above_today(tree):
    at_unit = account(Role.NOMINATOR, tree["U-D1"])
    above = account(Role.HANDLER, tree["D1"])
    account(Role.HANDLER, tree["D10"])
    account(Role.HANDLER, tree["D1"], valid_until=date(2020, 1, 1))
    account(Role.EXPERT, tree["D1"])

    roles = {Role.NOMINATOR, Role.HANDLER}
    serving = User.objects.filter(accounts_that_serve(roles, tree["U-D1"].path))

    assert set(serving) == {at_unit, above}


@pytest.mark.usefixtures("no_policies")
def test_accounts_are_seen_by_administrators_of_the_subtree_and_while_unplaced(tree):
    placed = account(Role.HANDLER, tree["U-D1"])
    ended = account(Role.HANDLER, tree["U-D1"], valid_until=date(2020, 1, 1))
    foreign, unplaced = account(Role.HANDLER, tree["D10"]), UserFactory()
    keeper = account(Role.SYSTEM_ADMIN, tree["D1"])

    seen = set(User.objects.visible_to(keeper))

    assert seen == {placed, ended, unplaced, keeper}
    assert foreign not in seen
    assert not User.objects.visible_to(placed).exists()


@pytest.mark.usefixtures("no_policies")
def test_an_account_with_several_roles_is_listed_once(tree):
    user = account(Role.HANDLER, tree["D1"])
    MembershipFactory(user=user, organization=tree["U-D1"], role=Role.APPROVER)
    MembershipFactory(user=user, organization=tree["BJ"], role=Role.FINANCE)
    keeper = account(Role.SYSTEM_ADMIN, tree["D1"])

    assert sorted(User.objects.visible_to(keeper), key=lambda u: u.pk) == [user, keeper]


def test_roles_are_seen_by_administrators_and_overseers(tree):
    held = MembershipFactory(organization=tree["U-D1"], role=Role.NOMINATOR)

    for role in Role:
        seen = Membership.objects.visible_to(account(role, tree["D1"])).filter(pk=held.pk).exists()
        allowed = {Role.HANDLER, Role.APPROVER, Role.FINANCE, Role.AUDITOR} | SEPARATED_ADMINS
        assert seen == (role in allowed), role


def test_a_notice_is_seen_by_its_recipient_and_by_overseers(tree):
    recipient = account(Role.NOMINATOR, tree["U-D1"])
    notice = NoticeFactory(recipient=recipient)

    def seen_by(user):
        return Notice.objects.visible_to(user).filter(pk=notice.pk).exists()

    assert seen_by(recipient)
    assert seen_by(account(Role.HANDLER, tree["D1"]))
    assert not seen_by(account(Role.NOMINATOR, tree["U-D1"]))
    assert not seen_by(account(Role.HANDLER, tree["D10"]))
    assert not seen_by(AnonymousUser())


def test_the_calendar_is_open_to_whoever_is_logged_in():
    WorkingDay.objects.create(day=date(2026, 10, 1), is_working=False)

    assert WorkingDay.objects.visible_to(UserFactory()).count() == 1
    assert WorkingDay.objects.visible_to(AnonymousUser()).count() == 0


def test_roles_are_read_once_per_request(tree, django_assert_num_queries):
    user = account(Role.HANDLER, tree["D1"])
    user = fresh(user)

    with django_assert_num_queries(1):
        holds_role(user, {Role.HANDLER}, "/")
        holds_role_anywhere(user, {Role.HANDLER})
        Organization.objects.visible_to(user)
