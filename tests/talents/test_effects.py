"""What a later edition would do to the nominations judged by the one before: counted, nothing moved."""

from dataclasses import replace
from decimal import Decimal

import pytest

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import policy_by_digest
from policies.readings import effects_of
from tests.factories.organizations import account
from tests.factories.talents import RoundFactory, eligible_nomination

pytestmark = pytest.mark.django_db


def with_months(policy, months):
    """The policy with another number of months of front-line work."""
    first, *others = policy.criteria
    assert first.fact == "frontline_months"
    return replace(policy, criteria=(replace(first, at_least=Decimal(months)), *others))


@pytest.fixture
def selection():
    selection = RoundFactory()
    for _ in range(2):
        eligible_nomination(round=selection)
    return selection


@pytest.mark.parametrize(
    ("months", "told"), [(600, "2名由合格变为不合格，0名不变"), (12, "2名不变")]
)
def test_it_is_said_how_many_verdicts_would_be_others(selection, months, told):
    policy = policy_by_digest(selection.edition.digest)
    staff = account(Role.HANDLER, selection.organizer)

    (effect,) = effects_of(staff, policy, with_months(policy, months))

    assert effect.title == selection.name
    assert f"已推荐2名，按新版核验：{told}" in effect.words


def test_nothing_is_said_where_no_criterion_changes_or_nobody_may_know(selection):
    policy = policy_by_digest(selection.edition.digest)

    assert effects_of(User.objects.system(), policy, policy) == []
    assert (
        effects_of(account(Role.AUDIT_ADMIN, selection.organizer), policy, with_months(policy, 1))
        == []
    )
