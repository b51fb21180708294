"""An application of 400.01 brought as far as a test asks, by those of the fixture ``people``."""

from decimal import Decimal

import pytest

from subsidies import workflow
from subsidies.models import Account
from subsidies.services.applications import Application, draft_grant
from tests.factories.subsidies import payee_account
from workflow.refusals import DomainError

YEAR = 2026
ASKED = Application({"training_class": Decimal("300.00"), "seminar": Decimal("100.01")}, "电工班")


def asked(people, application=ASKED):
    academy, _, made = people
    grant = draft_grant(academy, YEAR, "municipal", application, actor=made["manager"])
    return workflow.submit_grant(grant.pk, actor=made["manager"])


def approved(people, amount="400.00", application=ASKED, *, has_account=True):
    """Approved; the academy has a confirmed account to be paid to, unless the test is about that."""
    academy, _, made = people
    if has_account and not academy.payee_accounts.exists():
        payee_account(academy)
    grant = workflow.endorse_grant(asked(people, application).pk, "同意上报", actor=made["handler"])
    return workflow.approve_grant(
        grant.pk, Decimal(amount), "批〔2026〕1号", actor=made["approver"]
    )


def refused(call, *args, **words):
    with pytest.raises(DomainError) as caught:
        call(*args, **words)
    return caught.value.code


def balance_of(kind, academy="A-U01"):
    rows = Account.objects.filter(kind=kind, fund__year=YEAR)
    own = rows.filter(academy__code=academy) if kind in {"reserved", "held", "spent"} else rows
    return sum(own.values_list("balance", flat=True))
