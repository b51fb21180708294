"""Two people at the same page press the same button at the same moment: one does it, the other is told.

Both have passed every check of the page before either locks anything. Each race has its control: with
its guard gone both do it.
"""

import re
import threading
from contextlib import ExitStack, contextmanager
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies import workflow
from subsidies.models import Entry, Expense, Grant, PayeeAccount, Payment
from subsidies.rules.proofs import every_break
from subsidies.services.applications import draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import BankAccount
from subsidies.workflow.accounts import file_account
from tests import database
from tests.factories.academies import hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import paid_grant
from tests.subsidies.granting import ASKED, YEAR, approved, asked

LOCK, RECORD = "for no key update", 'insert into "workflow_record"'
PATIENCE = 5


@pytest.fixture
def scene(transactional_db):
    """An academy, a city with a budget of 500 in force, two for every hand; all committed."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ")
    academy = hosted_academy(union=city, code="A-U01")
    places = {
        "manager": (Role.ACADEMY_MANAGER, academy.organization),
        "head": (Role.ACADEMY_MANAGER, academy.organization),
        "handler": (Role.HANDLER, city),
        "approver": (Role.APPROVER, city),
        "deputy": (Role.APPROVER, city),
        "orderer": (Role.FINANCE, city),
        "checker": (Role.FINANCE, city),
        "cashier": (Role.FINANCE, city),
    }
    made = {name: account(*place) for name, place in places.items()}
    fund = draw_up_budget(city, YEAR, "municipal", {"academy": Decimal(500)}, actor=made["orderer"])
    workflow.submit_budget(fund.pk, actor=made["orderer"])
    workflow.sign_budget(fund.pk, actor=made["approver"])
    return academy, city, made


class Meeting:
    """Holds each session just before its first statement of a kind, until the other is there too."""

    def __init__(self, barrier, words):
        self.barrier, self.words, self.has_met = barrier, words, False

    def __call__(self, execute, statement, params, many, context):
        if not self.has_met and self.words in statement.lower():
            self.has_met = True
            self.barrier.wait(PATIENCE)
        return execute(statement, params, many, context)


def read(answer):
    """What a page says in its main part, without its marks."""
    main = answer.content.decode().partition("<main")[2].partition("</main")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", f"<{main}").split())


def at_once(*posts, meeting=LOCK):
    """Send each of ``posts`` (who, address, what is typed) in a session of its own; how each was answered."""
    barrier, answers = threading.Barrier(len(posts)), {}

    def one(number, who, address, typed):
        client = Client()
        client.force_login(who)
        try:
            with connection.execute_wrapper(Meeting(barrier, meeting)):
                answer = client.post(address, typed)
            followed = client.get(answer.url) if answer.status_code == 302 else answer
            answers[number] = (answer.status_code, read(followed))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n, *post)) for n, post in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not barrier.broken
    return [answers[number] for number in range(len(posts))]


def one_of(answers, said):
    """One session went on; the other was shown why not, in words that contain ``said``."""
    done = [text for status, text in answers if status == 302]
    (told,) = [text for status, text in answers if status != 302]
    assert len(done) == 1
    assert said in told, told
    assert list(every_break()) == []


@contextmanager
def unguarded(monkeypatch, *dropped):
    """Nothing is locked any more, and the guards named in ``dropped`` are gone, until the block ends."""
    with ExitStack() as stack, monkeypatch.context() as patched:
        patched.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
        for guard in dropped:
            stack.enter_context(database.without_trigger(*guard))
        yield


def both(answers):
    return [status for status, _ in answers] == [302, 302]


def applying(scene):
    academy, _, made = scene
    address = reverse("subsidies:grant-new", args=[academy.code, YEAR])
    typed = {"purpose": "面向全市职工的电工班", "use_seminar": "100"}
    return [(made[name], address, typed) for name in ("manager", "head")]


def test_of_two_applications_of_one_academy_one_is_kept(scene):
    one_of(at_once(*applying(scene)), "该学院本年度已有同一来源的补助")

    assert Grant.objects.count() == 1


def submitting(scene):
    academy, _, made = scene
    grant = draft_grant(academy, YEAR, "municipal", ASKED, actor=made["manager"])
    address = reverse("subsidies:grant-submit", args=[grant.pk])
    return [(made[name], address, {}) for name in ("manager", "head")]


def test_of_two_who_hand_in_one_application_one_does(scene):
    one_of(at_once(*submitting(scene)), "当前状态为")


def approving(scene):
    _, _, made = scene
    grant = workflow.endorse_grant(asked(scene).pk, "同意上报", actor=made["handler"])
    address = reverse("subsidies:grant-approve", args=[grant.pk])
    return [
        (made["approver"], address, {"amount": "400.00", "decision": "批1号"}),
        (made["deputy"], address, {"amount": "400.00", "decision": "批2号"}),
    ]


def test_of_two_approvals_one_counts(scene):
    one_of(at_once(*approving(scene)), "已批复")

    assert Payment.objects.count() == 1
    assert Entry.objects.filter(kind="reserve").count() == 1


def ordered(scene):
    _, _, made = scene
    payment = approved(scene).payments.get()
    return workflow.order_payment(payment.pk, actor=made["orderer"])


def paying(scene):
    _, _, made = scene
    address = reverse("subsidies:payment-check", args=[ordered(scene).pk])
    return [(made[name], address, {}) for name in ("checker", "cashier")]


def test_of_two_who_pay_one_instalment_one_does(scene):
    one_of(at_once(*paying(scene)), "已拨付")

    assert Entry.objects.filter(kind="pay").count() == 1


def receipting(scene):
    _, _, made = scene
    payment = ordered(scene)
    workflow.check_payment(payment.pk, actor=made["checker"])
    address = reverse("subsidies:payment-receipt", args=[payment.pk])
    return [(made[n], address, {"receipt": f"回单{n}"}) for n in ("checker", "cashier")]


def test_of_two_receipts_of_one_payment_one_is_entered(scene):
    one_of(at_once(*receipting(scene)), "回单")

    assert Payment.objects.get().receipt in {"回单checker", "回单cashier"}


def filing(scene):
    academy, _, made = scene
    address = reverse("subsidies:account-new", args=[academy.code])
    typed = {"holder": "首都工匠学院", "bank": "示例银行", "reason": "开户行更换"}
    return [
        (made["manager"], address, typed | {"account": "6222021234567890123"}),
        (made["head"], address, typed | {"account": "6222021234567890999"}),
    ]


def test_of_two_changes_of_an_account_one_is_on_hold(scene):
    answers = at_once(*filing(scene), meeting='insert into "subsidies_payeeaccount"')

    one_of(answers, "账户")
    assert PayeeAccount.objects.count() == 1


def calling(scene):
    academy, _, made = scene
    held = file_account(
        academy, "首都工匠学院", BankAccount("示例银行", "6222021234567890123"), "首次填报",
        actor=made["manager"],
    )  # fmt: skip
    typed = {"called_to": "010-65120001", "note": "已核实"}
    return [
        (made["orderer"], reverse("subsidies:account-confirm", args=[held.pk]), typed),
        (made["checker"], reverse("subsidies:account-refuse", args=[held.pk]), typed),
    ]


def test_an_account_is_confirmed_or_refused_never_both(scene):
    one_of(at_once(*calling(scene)), "当前状态为")

    assert PayeeAccount.objects.get().state in {"confirmed", "refused"}


def test_one_invoice_in_two_academies_at_once_is_spent_once(scene):
    academy, city, made = scene
    other = hosted_academy(union=city, code="A-U02")
    stranger = account(Role.ACADEMY_MANAGER, other.organization)
    grants = [paid_grant(one, "900.00", year=YEAR) for one in (academy, other)]
    typed = {
        "spent_on": f"{YEAR}-05-09", "amount": "20.00", "use": "seminar", "payee": "示例公司",
        "invoice_number": "26110000000000000001", "voucher": "记-1", "summary": "场地",
    }  # fmt: skip
    posts = [
        (who, reverse("subsidies:expense-new", args=[grant.pk]), typed)
        for who, grant in zip((made["manager"], stranger), grants, strict=True)
    ]

    answers = at_once(*posts, meeting='insert into "subsidies_expense"')

    one_of(answers, "该发票已经报销过")
    assert Expense.objects.count() == 1
    assert other.name not in answers[0][1]
    assert Entry.objects.filter(kind="spend").count() == 1


#: Who races, for what, and where both have looked and neither has written.
CONTROLS = {
    "hand in": (submitting, "grant", RECORD),
    "pay": (paying, "payment", "subsidies_entitlement"),
    "receipt": (receipting, "payment", RECORD),
    "call back": (calling, "payee_account", RECORD),
}


#: What else would refuse the second.
ALSO = {"payment": ("payment_answer_takes_another",)}


@pytest.mark.parametrize(("race", "thing", "meeting"), CONTROLS.values(), ids=CONTROLS.keys())
def test_without_lock_and_guard_both_do_it(scene, monkeypatch, race, thing, meeting):
    posts = race(scene)
    table = f"subsidies_{thing.replace('_', '')}"
    guards = (f"{thing}_moves_on_record", *ALSO.get(thing, ()))
    with unguarded(monkeypatch, *((table, guard) for guard in guards)):
        assert both(at_once(*posts, meeting=meeting))
