from datetime import date

import pytest

from accounts.services import structure
from organizations.models import Organization
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account, credit_code, with_child
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """nation - city - two districts - a unit and its workshop under the first."""
    nation = OrganizationFactory(kind="national", code="CN")
    city = with_child(nation, "city", code="BJ")
    east, west = with_child(city, "district", code="D1"), with_child(city, "district", code="D2")
    unit = with_child(east, "unit", code="U1")
    with_child(unit, "unit", code="V1")
    return {o.code: o for o in Organization.objects.all()} | {"W": west}


def refusal(deed, *args, **facts):
    with pytest.raises(DomainError) as caught:
        deed(*args, **facts)
    return caught.value.code


def path_of(code):
    return Organization.objects.get(code=code).path


def test_a_new_body_stands_below_its_parent_with_its_search_keys(tree):
    handler = account(Role.HANDLER, tree["D1"])

    body = structure.register(
        parent=tree["D1"], actor=handler, code="N", name="重庆路机械厂", kind="unit",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip

    assert body.path == f"{tree['D1'].path}{body.pk}/"
    assert body.name_initials == "cqljxc"
    assert Record.objects.get(subject=f"organizations.organization:{body.pk}").action == "登记"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "city"}, "organization-misplaced"),
        ({"kind": "district"}, "organization-misplaced"),
        ({"uscc": credit_code("81", 1)}, "organization-invalid"),
        ({"uscc": "1" * 18}, "organization-invalid"),
        ({"code": "U1"}, "organization-invalid"),
        ({"region_code": "12"}, "organization-invalid"),
    ],
    ids=("a city", "a district", "a union's code", "wrong check", "code taken", "region code"),
)
def test_a_body_that_cannot_be_is_refused(tree, facts, code):
    given = {"code": "N", "name": "新", "kind": "unit", "valid_from": date(2026, 1, 1)} | facts

    found = refusal(
        structure.register, parent=tree["U1"], actor=account(Role.HANDLER, tree["BJ"]), **given
    )

    assert found == code
    assert Organization.objects.count() == 6


def test_a_correction_is_recorded_with_before_and_after(tree):
    handler, old = account(Role.HANDLER, tree["D1"]), tree["U1"].name

    structure.correct(tree["U1"], {"name": "新名称"}, version=None, actor=handler, note="更名批复")

    record = Record.objects.get(kind=Record.Kind.CHANGE, action="更正")
    assert Organization.objects.get(code="U1").name == "新名称"
    assert (record.before, record.after) == ({"name": old}, {"name": "新名称"})
    assert record.note == "更名批复"


@pytest.mark.usefixtures("no_policies")
def test_a_correction_that_changes_nothing_leaves_no_record(tree):
    actor, same = account(Role.HANDLER, tree["D1"]), {"name": tree["U1"].name}

    structure.correct(tree["U1"], same, version=None, actor=actor, note="核对")

    assert not Record.objects.exists()


def test_moving_a_body_takes_along_all_below_it(tree):
    structure.move(tree["U1"], parent=tree["D2"], actor=account(Role.APPROVER, tree["BJ"]))

    assert path_of("U1") == f"{path_of('D2')}{tree['U1'].pk}/"
    assert path_of("V1") == f"{path_of('U1')}{tree['V1'].pk}/"
    assert path_of("D1") == tree["D1"].path
    record = Record.objects.get(action="更正")
    assert (record.before, record.after) == ({"parent": "D1"}, {"parent": "D2"})


@pytest.mark.usefixtures("no_policies")
def test_moving_to_where_it_stands_changes_nothing(tree):
    structure.move(tree["U1"], parent=tree["D1"], actor=account(Role.APPROVER, tree["BJ"]))

    assert path_of("V1") == tree["V1"].path
    assert not Record.objects.exists()


@pytest.mark.parametrize("target", ["U1", "V1"])
def test_a_body_cannot_stand_below_itself(tree, target):
    actor = account(Role.HANDLER, tree["CN"])

    assert (
        refusal(structure.move, tree["U1"], parent=tree[target], actor=actor)
        == "organization-cycle"
    )


def test_a_move_is_decided_above_both_places(tree):
    only_east = account(Role.HANDLER, tree["D1"])

    assert (
        refusal(structure.move, tree["U1"], parent=tree["D2"], actor=only_east) == "role-required"
    )


def test_those_below_the_old_place_lose_sight_and_those_of_the_new_gain_it(tree):
    east, west = account(Role.HANDLER, tree["D1"]), account(Role.HANDLER, tree["D2"])

    structure.move(tree["U1"], parent=tree["D2"], actor=account(Role.HANDLER, tree["BJ"]))

    def seen_by(user):
        fresh = type(user).objects.get(pk=user.pk)
        return set(Organization.objects.visible_to(fresh).values_list("code", flat=True))

    assert seen_by(east) == {"D1"}
    assert seen_by(west) == {"D2", "U1", "V1"}


def test_a_body_ends_only_after_those_below_it(tree):
    actor = account(Role.HANDLER, tree["BJ"])

    assert refusal(structure.close, tree["U1"], on=date(2026, 7, 1), actor=actor) == (
        "organization-has-children"
    )
    structure.close(tree["V1"], on=date(2026, 7, 1), actor=actor)
    structure.close(tree["U1"], on=date(2026, 7, 1), actor=actor)

    assert Organization.objects.get(code="U1").valid_until == date(2026, 7, 1)
    assert Record.objects.filter(after={"valid_until": "2026-07-01"}).count() == 2


def test_a_body_does_not_end_before_it_began(tree):
    actor = account(Role.HANDLER, tree["BJ"])

    assert refusal(structure.close, tree["V1"], on=date(1999, 1, 1), actor=actor) == (
        "organization-invalid"
    )


def test_a_role_ends_with_its_body(tree):
    nominator = account(Role.NOMINATOR, tree["V1"])
    structure.close(tree["V1"], on=date(2020, 1, 1), actor=account(Role.HANDLER, tree["BJ"]))

    fresh = type(nominator).objects.get(pk=nominator.pk)

    assert not Organization.objects.visible_to(fresh).exists()


def test_a_credit_code_is_free_again_when_its_body_has_ended(tree):
    actor, code = account(Role.HANDLER, tree["BJ"]), credit_code("91", 3)
    coded = {"version": None, "actor": actor, "note": "登记信用代码"}
    structure.correct(tree["V1"], {"uscc": code}, **coded)
    taken = refusal(structure.correct, tree["U1"], {"uscc": code}, **coded)
    structure.close(tree["V1"], on=date(2026, 1, 1), actor=actor)

    structure.correct(tree["U1"], {"uscc": code}, **coded)

    assert taken == "organization-uscc-once-in-force"
    assert Organization.objects.get(code="U1").uscc == code


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HANDLER, Role.APPROVER}))
def test_only_staff_change_the_tree(tree, role):
    actor = account(role, tree["CN"])
    facts = {"code": "N", "name": "新", "kind": "unit", "valid_from": date(2026, 1, 1)}

    assert {
        refusal(structure.register, parent=tree["D1"], actor=actor, **facts),
        refusal(
            structure.correct, tree["U1"], {"name": "x"}, version=None, actor=actor, note="更名"
        ),
        refusal(structure.move, tree["U1"], parent=tree["D2"], actor=actor),
        refusal(structure.close, tree["V1"], on=date(2026, 1, 1), actor=actor),
    } == {"role-required"}
