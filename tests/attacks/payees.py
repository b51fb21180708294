"""Attacks on shares and bank accounts: beyond what was signed, to an account nobody called back about."""

from intake.pictures.reader import BITS
from subsidies.models import Evidence, EvidencePrint, Expense, Fund, Grant
from tests.attacks import budgets
from tests.attacks.attack import APP, OWNER, RECORD, Attack
from tests.attacks.generated import COLUMNS, copied
from tests.attacks.money import ENTRY, account
from tests.factories.academies import AcademyFactory
from tests.factories.subsidies import allocation_in, fund_of, payee_account
from tests.factories.workflow import AttachmentFactory

STATES = {
    "subsidies_allocation": ("subsidies.allocation", "allocation", "drawn", "dropped"),
    "subsidies_payeeaccount": ("subsidies.payeeaccount", "payee_account", "held", "refused"),
}
STATES |= budgets.STATES
CALLED = (
    "called_by_id = (select max(id) from organizations_user), called_to = 'x', called_at = now()"
)
CONFIRMED = (
    "(select max(a.id) from subsidies_payeeaccount a join subsidies_grant g on g.academy_id ="
    " a.academy_id where g.id = grant_id and a.state = 'confirmed')"
)
ALONG = {
    ("subsidies_payeeaccount", "refused"): f", {CALLED}",
    ("subsidies_payment", "ordered"): f", payee_account_id = {CONFIRMED}",
}
CHANGES = {
    "subsidies_allocation": {
        "allocation_state_is_known": ("state = 'x'",),
        "allocation_method_is_known": ("method = 'x'",),
        "allocation_is_some_money": ("amount = 0",),
        "allocation_is_signed_by_another": ("signed_by_id = drawn_by_id",),
        "allocation_signed_says_by_whom": ("signed_by_id = null", "state = 'signed'"),
    },
    "subsidies_evidence": {"evidence_kind_is_known": ("kind = 'x'",)},
    "subsidies_evidenceprint": {
        "print_is_of_a_picture_or_says_there_is_none": ("bits = null", "position > 0"),
    },
    "subsidies_share": {"share_is_nothing_or_some_money": ("amount = -1",)},
    "subsidies_payeeaccount": {
        "payee_account_state_is_known": (f"state = 'x', {CALLED}",),
        "payee_account_says_whose_and_why": ("reason = ''",),
        "payee_account_decided_says_who_was_called": ("called_to = ''", "state = 'confirmed'"),
        "payee_account_is_called_back_by_another": (
            "called_by_id = filed_by_id",
            "state = 'confirmed'",
        ),
    },
}

CHANGES |= budgets.CHANGES


def allocated(city):
    """Shares that bind the fund that pays, others that are tried; accounts in use and on hold."""
    signed = Fund.objects.get(organization=city.city, source="municipal", year=2025)
    drafted = Grant.objects.get(number="draft").academy
    allocation_in("signed", signed, city.academy, drafted, amount="400.00")
    budgets.changed(city)
    trying = fund_of(city.city, year=2027)
    allocation_in("drawn", trying, city.academy, AcademyFactory(), amount="50.00")
    payee_account(city.academy)
    payee_account(AcademyFactory(code="A-HELD"), "held")
    expense = Expense.objects.filter(red__isnull=True).first()
    attached = AttachmentFactory(organization=city.city)
    original = Evidence.objects.create(
        expense=expense, attachment=attached, kind="invoice", sha256=attached.sha256,
        added_by=expense.entry.made_by,
    )  # fmt: skip
    EvidencePrint.objects.create(evidence=original, position=1, bits="01" * (BITS // 2))


def attacks(database):
    yield from _shares(database)
    yield from _accounts(database)
    yield from _orders()
    yield from _receipts()
    yield from _originals(database)
    yield from budgets.attacks(database)


def _copy(database, table, where, **replaced):
    columns = dict(database.execute(COLUMNS, [table]).fetchall())
    return copied(database, table, columns, replaced, where)


def _shares(database):
    first = "allocation_begins_at_the_first_state"
    copy = _copy(
        database, "subsidies_allocation", "state = 'drawn'", id="id + 1000", state="'dropped'"
    )
    yield Attack(APP, f"subsidies_allocation.{first}", copy, "JX006", first)
    fits = "allocation_fits_the_budget"
    signer = "signed_by_id = (select max(id) from organizations_user where id <> drawn_by_id)"
    for statement, state, says in (
        ("update subsidies_allocation set amount = 1 where state = 'signed'", "JX017", fits),
        (
            f"update subsidies_allocation set state = 'signed', {signer} where state = 'drawn'",
            "JX014",
            fits,
        ),
    ):
        yield Attack(APP, f"subsidies_allocation.{fits}", statement, state, says)
    stays, signed = (
        "share_stays_as_signed",
        "(select id from subsidies_allocation where state = 'signed')",
    )
    for statement in (
        f"update subsidies_share set amount = amount + 1 where allocation_id = {signed}",
        (
            "insert into subsidies_share (allocation_id, academy_id, points, basis, amount, last_year)"
            f" select {signed}, max(id), 1, '', 1, 0 from academies_academy"
        ),
    ):
        yield Attack(APP, f"subsidies_share.{stays}", statement, "JX017", stays)
    for academy in ("(select academy_id from subsidies_grant where number = 'paid')", "academy_id"):
        yield Attack(
            APP, "subsidies_grant.grant_keeps_to_its_share",
            "insert into subsidies_grant (academy_id, fund_id, number, applied, approved, purpose, brand,"
            f" state, opinion, decision, version) select {academy}, fund_id, 'y', 300, 201, '', '', 'draft',"
            " '', '', 1 from subsidies_grant where number = 'draft'", "JX014", "exceeds_share",
        )  # fmt: skip


def _accounts(database):
    first = "payee_account_begins_at_the_first_state"
    copy = _copy(
        database, "subsidies_payeeaccount", "state = 'held'", id="id + 1000", state="'refused'",
        called_by_id="(select max(id) from organizations_user)", called_to="'x'", called_at="now()",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_payeeaccount.{first}", copy, "JX006", first)
    hold = (
        "insert into subsidies_payeeaccount (academy_id, holder, bank, account_cipher, account_mask,"
        " reason, state, filed_by_id, filed_at, called_to) select academy_id, holder, bank, 'y',"
        " account_mask, 'x', 'held', filed_by_id, now(), '' from subsidies_payeeaccount"
        " where state = 'confirmed'; "
    )
    east = "A-EAST"
    pay = ENTRY.format(
        kind="pay", giver=account("reserved", east), taker=account("held", east), amount=1
    )
    yield Attack(
        APP, "subsidies_entry.entry_pays_no_account_on_hold", hold + pay, "JX013", "account_on_hold"
    )
    goes = "transfer_goes_where_it_was_confirmed"
    copy = _copy(
        database, "subsidies_transfer", "payment_id is not null", id="id + 1000", position="9",
        payout_id="(select max(id) from subsidies_payout where line = 'award')",
        account_cipher="'y'",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_transfer.{goes}", copy, "JX013", goes)


def _moved(table, pk, source, target, also=""):
    """A move with its record, as the app makes it."""
    subject = f"subsidies.{table}:' || {pk} || '"
    told = RECORD.format(subject=subject, source=source, target=target)
    return f"{told}; update subsidies_{table} set state = '{target}'{also} where id = {pk}"


def _orders():
    """An instalment goes to the account in use when it was ordered, while that is in use."""
    control = "subsidies_payment.payment_pays_where_it_was_ordered"
    due = "(select max(id) from subsidies_payment where state = 'planned')"
    held = "(select max(id) from subsidies_payeeaccount where state = 'held')"
    for also in ("", f", payee_account_id = {held}"):
        order = _moved("payment", due, "planned", "ordered", also)
        yield Attack(APP, control, order, "JX013", "payee_account_changed")
    order = _moved("payment", due, "planned", "ordered", f", payee_account_id = {CONFIRMED}")
    ordered = "(select max(id) from subsidies_payment where state = 'ordered')"
    used = f"(select payee_account_id from subsidies_payment where id = {ordered})"
    replaced = _moved("payeeaccount", used, "confirmed", "replaced")
    pay = _moved("payment", ordered, "ordered", "paid")
    for statement, says in (
        (f"{order}; {replaced}; {pay}", "payee_account_changed"),
        (
            f"{order}; update subsidies_payment set payee_account_id = {held} where state = 'ordered'",
            "payment_keeps_its_account",
        ),
    ):
        for role in (APP, OWNER):
            yield Attack(role, control, statement, "JX013", says)


def _receipts():
    """The orderer enters no receipt; one that was entered is changed by another, after it is taken back."""
    control = "subsidies_payment.payment_answer_takes_another"
    change = "update subsidies_payment set {} where state = 'paid' and ordered_by_id is not null"
    another = "answered_by_id = (select max(id) from organizations_user where id <> ordered_by_id)"
    entered = change.format(f"receipt = 'a', {another}")
    for then, says in (
        (
            change.format("receipt = 'b', answered_by_id = ordered_by_id"),
            "receipt_is_not_overwritten",
        ),
        (change.format("receipt = ''"), "answer_takes_another"),
        (change.format("receipt = '', answered_by_id = null"), "answer_takes_another"),
        (
            _moved(
                "payment",
                "(select max(id) from subsidies_payment where receipt = 'a')",
                "paid",
                "bounced",
            ),
            "answer_takes_another",
        ),
    ):
        yield Attack(APP, control, f"{entered}; {then}", "JX017", says)
    own = change.format("receipt = 'a', answered_by_id = ordered_by_id")
    yield Attack(APP, control, own, "JX017", "receipt_takes_another")


def _originals(database):
    once = "evidence_is_used_once"
    other = _copy(
        database, "subsidies_evidence", "true", id="id + 1000",
        expense_id="(select max(id) from subsidies_expense where id not in"
        " (select expense_id from subsidies_evidence))",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_evidence.{once}", other, "JX023", once)
    forged = _copy(database, "subsidies_evidence", "true", id="id + 1000", sha256="repeat('a', 64)")
    yield Attack(APP, f"subsidies_evidence.{once}", forged, "JX017", once)
