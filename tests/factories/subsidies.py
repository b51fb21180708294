"""Money as the product books it: funds, grants that were paid, expenses."""

import struct
import zlib
from datetime import date
from decimal import Decimal
from itertools import count

from django.db import connection, transaction
from django.utils.timezone import now

from academies.models import Academy
from organizations.models import User
from policies.models import PolicyEdition
from subsidies.models import (
    Allocation,
    BudgetChange,
    Claim,
    Entitlement,
    Entry,
    Evidence,
    Expense,
    Fund,
    Grant,
    PayeeAccount,
    Payment,
    Payout,
    Settlement,
    Transfer,
)
from subsidies.permissions.claims import SIGN_PAYOUT
from subsidies.rules.bank_files import bank_file, digest_of
from subsidies.services.claims import BankAccount
from subsidies.services.grants import enter_grant
from subsidies.services.ledger import Hands, Place, Purse, book
from talents.models import Certificate
from talents.services.scans import Scan, keep_scan
from tests.factories.academies import AcademyFactory
from tests.factories.honours import HonourFactory
from tests.factories.organizations import UserFactory
from tests.factories.policies import policy_edition
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved, record
from workflow.models import Record
from workflow.records import record_event, subject_of

YEAR = 2025
_numbers = count(1)


def fund_of(organization, *, year=YEAR, source="municipal"):
    return Fund.objects.get_or_create(organization=organization, year=year, source=source)[0]


def entitled(academy, *, is_entitled=True):
    """What the policy's evaluation came to for an academy, as the ledger asks for it."""
    edition = PolicyEdition.objects.first() or policy_edition()
    return Entitlement.objects.create(
        academy=academy, edition=edition, tier=academy.tier, is_entitled=is_entitled,
        words="" if is_entitled else "不是首都示范性工匠学院：层级为示范性",
    )  # fmt: skip


def appropriated(fund, amount, *, hands):
    """A budget of ``amount`` in the ledger, made by one and confirmed by another."""
    purse = Purse(fund)
    return book(
        Entry.Kind.APPROPRIATE, purse.account(Place.SOURCE), purse.account(Place.BUDGET),
        Decimal(amount), key=f"appropriate:{fund.pk}:{next(_numbers)}", hands=hands,
    )  # fmt: skip


def paid_grant(academy=None, amount="1000.00", *, year=YEAR, source="own"):
    """A grant entered with its payment; of a source that nobody has to qualify for."""
    academy = academy or AcademyFactory()
    academy = Academy.objects.select_related("organization", "supervising_union").get(pk=academy.pk)
    return enter_grant(academy, year, Decimal(amount), source, actor=User.objects.system())


def spent(grant, amount="100.00", **facts):
    """One expense of a paid grant, with its entry."""
    number = next(_numbers)
    facts = {
        "use": "teacher_training", "use_title": "师资培训", "payee": "示例公司", "invoice_code": "",
        "invoice_number": f"{number:020}", "voucher": f"记-{number:04}", "project": "", "summary": "耗材",
        "spent_on": date(grant.fund.year, 5, 9),
    } | facts  # fmt: skip
    purse = Purse(grant.fund, grant.academy)
    parts = ("use", "payee", "invoice_code", "invoice_number", "voucher", "project", "summary")
    with connection.cursor() as cursor:
        cursor.execute(
            "select subsidies_evidence(%s, %s, %s, %s, %s, %s, %s)", [facts[part] for part in parts]
        )
        evidence = cursor.fetchone()[0]
    entry = book(
        Entry.Kind.SPEND, purse.account(Place.HELD), purse.account(Place.SPENT), Decimal(amount),
        key=f"expense:test:{number}", hands=Hands(User.objects.system()),
        booked_on=facts["spent_on"], evidence=evidence,
    )  # fmt: skip
    return Expense.objects.create(
        academy=grant.academy, fund=grant.fund, amount=Decimal(amount), entry=entry, **facts
    )


def grant_in(state, academy, **facts):
    """An application from the fund of the academy's own body, moved to ``state`` whatever it took."""
    fund = facts.pop("fund", None) or fund_of(academy.organization, year=2020)
    facts = {
        "applied": Decimal(100), "number": f"申报{next(_numbers)}", "purpose": "师资研修",
        "headcount": 20, "days": 5,
    } | facts  # fmt: skip
    grant = Grant.objects.create(academy=academy, fund=fund, **facts)
    grant.projects.create(use="teacher_training", use_title="师资培训", amount=facts["applied"])
    if state != Grant.State.DRAFT:
        moved(Grant.objects.filter(pk=grant.pk), state)
    return Grant.objects.get(pk=grant.pk)


def approved_grant(fund, academy, amount):
    """An application decided by others than asked, its sum appropriated and reserved."""
    hands, amount = Hands(UserFactory(), UserFactory()), Decimal(amount)
    appropriated(fund, amount, hands=hands)
    grant = grant_in(
        "approved", academy, fund=fund, applied=amount, approved=amount, applied_by=UserFactory(),
        endorsed_by=hands.made_by, approved_by=hands.approved_by,
    )  # fmt: skip
    purse = Purse(fund, academy)
    sides = purse.account(Place.BUDGET), purse.account(Place.RESERVED)
    book(Entry.Kind.RESERVE, *sides, amount, key=f"reserve:{grant.pk}", hands=hands)
    return grant


def payment_in(state, academy):
    """An instalment of an approved grant that has not been paid."""
    grant = grant_in("approved", academy, approved=Decimal(100))
    payment = Payment.objects.create(grant=grant, position=1, amount=Decimal(100))
    if state == Payment.State.ORDERED:
        to = academy.payee_accounts.filter(state="confirmed").first() or payee_account(academy)
        _moved_with(payment, state, ordered_by=UserFactory(), payee_account=to)
    return Payment.objects.get(pk=payment.pk)


ACCOUNT = BankAccount("示例银行", "6222021234567890123")
TO_ACCOUNT = {name: value for name, value in ACCOUNT.sealed().items() if name != "account_digest"}


def boost_claim(unit, payer, **facts):
    """A claim of somebody who works at ``unit``, filed and not looked into."""
    number = next(_numbers)
    person = PersonFactory(organization=unit, name=f"匠{number:03}")
    certificate = Certificate.objects.create(
        person=person, number=f"S{number:021}", level="2", occupation="电工"
    )
    facts = {
        "kind": "boost", "line": "boost", "person": person, "organization": unit, "payer": payer,
        "edition": PolicyEdition.objects.filter(code="beijing-career-boost-2022").last()
        or PolicyEdition.objects.first() or policy_edition(),
        "title": "电工技师助推资助", "matter": "电工:2", "certificate": certificate,
        "certificate_number": certificate.number, "trade": "电工", "level": "2",
        "issued_on": date(2026, 1, 1), "is_member": True, "gross": 1000, "tax": 0, "net": 1000,
        "filed_by": UserFactory(),
    } | TO_ACCOUNT | facts  # fmt: skip
    return Claim.objects.create(**facts)


def award_claim(unit, payer, **facts):
    """A claim that follows from a title."""
    honour = HonourFactory(organization=payer, person=PersonFactory(organization=unit))
    rests = {
        "kind": "award", "line": "award", "person": honour.person, "honour": honour,
        "certificate": None, "certificate_number": honour.certificate_number, "matter": "x:y",
        "title": "北京大工匠奖励", "level": "",
    }  # fmt: skip
    return boost_claim(unit, payer, **rests | facts)


def approved_claim(claim, fund):
    """It with its money reserved, whatever budget there was."""
    hands = Hands(UserFactory(), UserFactory())
    purse = Purse(fund, line=claim.line)
    budget = purse.account(Place.BUDGET)
    book(
        Entry.Kind.APPROPRIATE, purse.account(Place.SOURCE), budget, claim.gross,
        key=f"appropriate:claim:{claim.pk}", hands=hands,
    )  # fmt: skip
    reserve = book(
        Entry.Kind.RESERVE, budget, purse.account(Place.RESERVED), claim.gross,
        key=f"claim:{claim.pk}:0", hands=hands,
    )  # fmt: skip
    Claim.objects.filter(pk=claim.pk).update(
        fund=fund, reserve=reserve, endorsed_by=hands.made_by, approved_by=hands.approved_by
    )
    moved(Claim.objects.filter(pk=claim.pk), "approved")
    return Claim.objects.get(pk=claim.pk)


def drawn_payout(claim):
    """A list of one approved claim, waiting to be signed."""
    number = f"清单{next(_numbers)}"
    payout = Payout.objects.create(
        fund=claim.fund, line=claim.line, number=number, drawn_by=UserFactory()
    )
    Transfer.objects.create(
        payout=payout,
        position=1,
        claim=claim,
        payee=claim.person.name,
        amount=claim.net,
        **TO_ACCOUNT,
    )
    moved(Claim.objects.filter(pk=claim.pk), "listed")
    return payout


def signed_payout(claim):
    """The same, signed and booked."""
    payout = drawn_payout(claim)
    transfer, purse = payout.transfers.get(), Purse(claim.fund, line=claim.line)
    signer = UserFactory()
    transfer.entry = book(
        Entry.Kind.DISBURSE, purse.account(Place.RESERVED), purse.account(Place.PAID), claim.gross,
        key=f"disburse:{transfer.pk}", hands=Hands(payout.drawn_by, signer),
    )  # fmt: skip
    transfer.save(update_fields=["entry"])
    moved(Claim.objects.filter(pk=claim.pk), "paid")
    digest = digest_of(bank_file(payout))
    Payout.objects.filter(pk=payout.pk).update(signed_by=signer, digest=digest)
    record_event(
        SIGN_PAYOUT.event, subject_of(payout), actor=User.objects.system(), after={"digest": digest}
    )
    moved(Payout.objects.filter(pk=payout.pk), "signed")
    return payout


def settlement_in(state, academy):
    """The account of a year of which everything is spent, or nothing."""
    grant = paid_grant(academy, "100.00", year=2024)
    spent_of_it = Decimal(0)
    if state == Settlement.State.CONFIRMED:
        spent(grant, "100.00")
        spent_of_it = Decimal(100)
    left = Decimal(100) - spent_of_it
    made = Settlement.objects.create(
        grant=grant, received=100, spent=spent_of_it, left=left, carried=0, given_back=left,
        unpaid=0, results="培训120人", explanation="尾款未结", drawn_by=UserFactory(),
    )  # fmt: skip
    if state == Settlement.State.CONFIRMED:
        _moved_with(made, state, confirmed_by=UserFactory())
    elif state != Settlement.State.SUBMITTED:
        moved(Settlement.objects.filter(pk=made.pk), state)
    return Settlement.objects.get(pk=made.pk)


def payee_account(academy, state="confirmed", to=ACCOUNT, **facts):
    """A bank account of an academy, moved to ``state`` by somebody who called back."""
    facts = {"holder": "示例公司", "reason": "新设专用账户", "filed_by": UserFactory()} | facts
    made = PayeeAccount.objects.create(academy=academy, **facts, **to.sealed())
    if state != PayeeAccount.State.HELD:
        _moved_with(made, state, called_by=UserFactory(), called_to="张三", called_at=now())
    return PayeeAccount.objects.get(pk=made.pk)


def allocation_in(state, fund, *academies, amount="100.00"):
    """Equal shares of a fund that has a budget of twice as much, in force as far as ``state`` asks."""
    fund.lines.get_or_create(line="academy", defaults={"amount": Decimal(amount) * 2})
    made = Allocation.objects.create(
        fund=fund, method="equal", amount=Decimal(amount), drawn_by=UserFactory(),
        edition=PolicyEdition.objects.first() or policy_edition(),
    )  # fmt: skip
    for academy in academies:
        share = Decimal(amount) / len(academies)
        made.shares.create(academy=academy, points=1, basis="均等", amount=share, last_year=0)
    if state == Allocation.State.SIGNED:
        if fund.state != Fund.State.SIGNED:
            signed_fund(fund)
        _moved_with(made, state, signed_by=UserFactory())
    elif state != Allocation.State.DRAWN:
        _moved_with(made, state)
    return Allocation.objects.get(pk=made.pk)


def budget_change(fund, amount="50.00", line="academy", *, state="drawn", **facts):
    """A change of a signed budget that waits to be signed; ``signed``, it is booked by another."""
    facts = {"reason": "按市总批复增加", "drawn_by": UserFactory()} | facts
    made = BudgetChange.objects.create(fund=fund, line=line, amount=Decimal(amount), **facts)
    if state == BudgetChange.State.SIGNED:
        signer, purse = UserFactory(), Purse(fund, line=line)
        kind, giver, taker = Entry.Kind.APPROPRIATE, Place.SOURCE, Place.BUDGET
        if made.amount < 0:
            kind, giver, taker = Entry.Kind.WITHHOLD, taker, giver
        entry = book(
            kind, purse.account(giver), purse.account(taker), abs(made.amount),
            key=f"budget-change:{made.pk}", hands=Hands(made.drawn_by, signer),
        )  # fmt: skip
        _moved_with(made, state, signed_by=signer, entry=entry)
    return made


def signed_fund(fund):
    """The same fund with its budget in force, drawn up by one and signed by another."""
    _moved_with(fund, "signed", drawn_up_by=UserFactory(), signed_by=UserFactory())


@transaction.atomic
def _moved_with(row, state, **facts):
    """Move a row as its arrow does: the record first, then state and facts in one statement."""
    words = {"source": row.state, "target": state, "subject": subject_of(row)}
    record(None, kind=Record.Kind.TRANSITION, **words)
    type(row).objects.filter(pk=row.pk).update(state=state, **facts)


def picture(text="凭证"):
    """A picture of its own for every text, as small as can be."""
    rest = zlib.compress(b"\x00\xff\xff\xff")
    parts = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"tEXt", text.encode()), (b"IDAT", rest), (b"IEND", b"")  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def evidence_of(expense, kind="invoice", content=b""):
    """A scan of its own kept with an expense, that nobody looked at."""
    body, owner = expense.academy.organization, User.objects.system()
    scan = Scan(content or picture(f"{expense.pk}"), "发票.png")
    kept = keep_scan(scan, organization=body, actor=owner)
    return Evidence.objects.create(
        expense=expense, attachment=kept, kind=kind, sha256=kept.sha256, added_by=owner
    )
