"""Who gets no yearly subsidy at all: judged by the policy, kept, and held by the ledger itself."""

from decimal import Decimal

import psycopg
import pytest
from django.db import Error, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academies.models import Academy
from organizations.models import User
from subsidies import workflow
from subsidies.models import Entitlement, Entry
from subsidies.rules.eligibility import NEVER, failures
from subsidies.services.entitlements import judge_everyone, keep_outcome
from subsidies.services.grants import enter_grant
from subsidies.services.ledger import Hands, Place, Purse, book
from subsidies.tasks import judge_academies
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory
from tests.subsidies.granting import YEAR, approved, refused

pytestmark = pytest.mark.django_db


def latest(code):
    return Entitlement.objects.filter(academy__code=code).order_by("-pk").first()


def test_everyone_is_judged_once_and_again_only_when_it_comes_to_something_else(people):
    new = judge_everyone()

    assert new == Academy.objects.count()
    assert judge_everyone() == 0
    assert latest("A-U01").is_entitled
    assert not latest("A-DEMO").is_entitled
    assert "示范性" in latest("A-DEMO").words
    assert not latest("A-DX1").is_entitled
    Academy.objects.filter(code="A-U01").update(tier="demonstration")
    judge_academies()
    assert [row.is_entitled for row in Entitlement.objects.filter(academy__code="A-U01")] == [
        False,
        True,
    ]


def test_everyone_together_comes_to_what_each_comes_to_alone(people):
    """One statement for all judges as the one for one does, the academies of every kind."""
    Academy.objects.filter(code="A-U02").update(tier="demonstration")
    AcademyFactory(tier="district")
    judge_everyone()
    for academy in Academy.objects.all():
        denied = failures(academy, timezone.localdate()).get(NEVER)
        row = Entitlement.objects.get(academy=academy)
        assert (row.tier, row.is_entitled) == (academy.tier, denied is None)
        assert row.words == (f"{denied.criterion.title}：{denied.sentence}" if denied else "")
        assert keep_outcome(academy, denied, timezone.localdate()) == row
    assert {row.is_entitled for row in Entitlement.objects.all()} == {True, False}


def test_judging_everyone_costs_the_same_for_one_academy_and_for_fifty(people):
    costs = []
    for more in (0, 0, 50):
        AcademyFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            judge_everyone()
        costs.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        assert judge_everyone() == 0  # nothing to write: one query less
    costs.append(len(queries) + 1)

    # the first reads the policy, which is kept from then on; the second had nothing to write
    assert costs[2] == costs[3] == costs[1] + 1, costs
    assert costs[2] <= 7, costs


def test_the_ledger_refuses_the_demonstration_academy_whoever_books(people, signed):
    """Also where nobody asked the policy: the guard is the database's."""
    judge_everyone()
    purse = Purse(signed, Academy.objects.get(code="A-DEMO"))
    places = purse.account(Place.BUDGET), purse.account(Place.RESERVED)

    with pytest.raises(Error) as caught:
        book(
            Entry.Kind.RESERVE, *places, Decimal(1), key="x", hands=Hands(UserFactory(), UserFactory())
        )  # fmt: skip

    refusal = caught.value.__cause__
    assert isinstance(refusal, psycopg.Error)
    assert (refusal.sqlstate, refusal.diag.constraint_name) == ("JX013", "not_subsidised")
    assert "不属于补助对象" in refusal.diag.message_primary


def test_an_academy_raised_after_the_approval_is_not_paid(people, signed):
    _, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    Academy.objects.filter(code="A-U01").update(tier="demonstration")

    assert refused(workflow.check_payment, payment.pk, actor=made["checker"]) == "not-subsidised"


def test_a_replay_gives_the_receipt_whatever_the_academy_has_become(people):
    academy, _, _ = people
    system = User.objects.system()
    first = enter_grant(academy, YEAR, Decimal(100), "municipal", actor=system)
    academy.tier = "demonstration"
    academy.save()

    assert enter_grant(academy, YEAR, Decimal(100), "municipal", actor=system) == first
    with_another = (academy, YEAR - 1, Decimal(100), "municipal")
    assert refused(enter_grant, *with_another, actor=system) == "not-subsidised"
