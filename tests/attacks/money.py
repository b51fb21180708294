"""Attacks on the ledger: overspending, paying who may not be paid, forging, rewriting, mixing."""

from decimal import Decimal

from django.db import transaction

from academies.models import Evaluation
from organizations.models import User
from subsidies.models import Fund, Grant, Payment
from subsidies.services.expenses import withdraw_expense
from subsidies.services.ledger import Hands, Place, Purse, book
from tests.attacks.attack import APP, OWNER, RECORD, Attack
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory
from tests.factories.subsidies import appropriated, entitled, fund_of, paid_grant, spent
from tests.factories.workflow import moved, record
from workflow.models import Record
from workflow.records import subject_of

#: (kind, from, to, sum): what the attacker books; the accounts are those of the city's signed fund.
ACCOUNT = (
    "(select a.id from subsidies_account a join subsidies_fund f on f.id = a.fund_id"
    " left join academies_academy c on c.id = a.academy_id"
    " where f.source = '{source}' and a.kind = '{kind}' and coalesce(c.code, '') = '{academy}')"
)
POST = (
    "select subsidies_post('attack', '{kind}', {giver}, {taker}, {amount},"
    " (select min(id) from organizations_user), (select max(id) from organizations_user))"
)
ENTRY = (
    "insert into subsidies_entry (chain, sequence, kind, key, giver_id, taker_id, amount, reason,"
    " booked_on, note, evidence, made_by_id, approved_by_id, previous_hash, hash)"
    " select 'x', 99, '{kind}', 'attack', {giver}, {taker}, {amount}, '', current_date, '', '',"
    " min(id), max(id), '', '' from organizations_user"
)
RED = (
    "select subsidies_post('attack', 'red', taker_id, giver_id, {amount}, made_by_id, {by},"
    " current_date, '', id, 'mistyped') from subsidies_entry where {which} order by id limit 1"
)


def moneyed(city):
    """A signed budget partly approved and paid, a suspended and an ended academy, expenses."""
    hands = Hands(UserFactory(), UserFactory())
    fund = Fund.objects.create(
        organization=city.city, year=2025, source="municipal", drawn_up_by=hands.made_by,
        signed_by=hands.approved_by,
    )  # fmt: skip
    moved(Fund.objects.filter(pk=fund.pk), "signed")
    fund.lines.create(line="academy", amount=1000)
    appropriated(fund, 1200, hands=hands)
    fund_of(city.city, year=2026)
    Purse(fund).account(Place.RETURNED)
    others = [AcademyFactory(code=code) for code in ("A-STOP", "A-END", "A-NONE")]
    for academy in (city.academy, *others):
        entitled(academy)
        purse = Purse(fund, academy)
        budget, reserved = purse.account(Place.BUDGET), purse.account(Place.RESERVED)
        purse.account(Place.HELD)
        book("reserve", budget, reserved, Decimal(200), key=f"reserve:{academy.pk}", hands=hands)
        _failed(academy)
    entitled(others[-1], is_entitled=False)
    Purse(fund, AcademyFactory(code="A-NEVER")).account(Place.RESERVED)
    purse = Purse(fund, city.academy)
    entry = book(
        "pay", purse.account(Place.RESERVED), purse.account(Place.HELD), Decimal(100),
        key="pay", hands=hands,
    )  # fmt: skip
    _granted(city, fund, entry, hands)
    own = paid_grant(city.academy)
    spent(own)
    withdraw_expense(spent(own).pk, "mistyped", actor=User.objects.system(), note="x")


def _failed(academy):
    years = {"A-STOP": {2024: None}, "A-END": {2023: "2024-05-01", 2024: "2025-05-01"}}
    for year, closed in years.get(academy.code, {}).items():
        Evaluation.objects.create(
            academy=academy, year=year, grade="failed", evaluated_on=f"{year + 1}-03-01",
            due_on=f"{year + 1}-05-01", closed_on=closed, demand="x",
        )  # fmt: skip


def _granted(city, fund, entry, hands):
    """A grant that is paid in part, and one that is only drafted."""
    grant = Grant.objects.create(
        academy=city.academy, fund=fund, number="paid", applied=200, approved=200,
        applied_by=UserFactory(), endorsed_by=hands.made_by, approved_by=hands.approved_by,
    )  # fmt: skip
    grant.projects.create(use="seminar", use_title="专题研讨会", amount=200)
    moved(Grant.objects.filter(pk=grant.pk), "paid")
    payment = Payment.objects.create(
        grant=grant, position=1, amount=100, ordered_by=UserFactory(), checked_by=UserFactory(),
    )  # fmt: skip
    Payment.objects.create(grant=grant, position=2, amount=100, ordered_by=UserFactory())
    _pay(payment, entry)
    Grant.objects.create(
        academy=AcademyFactory(), fund=fund, number="draft", applied=200, approved=100,
        applied_by=UserFactory(),
    )  # fmt: skip


@transaction.atomic
def _pay(payment, entry):
    """Move it as its arrow does: the record first, then state and entry in one statement."""
    words = {"source": "planned", "target": "paid", "subject": subject_of(payment)}
    record(None, kind=Record.Kind.TRANSITION, **words)
    Payment.objects.filter(pk=payment.pk).update(state="paid", entry=entry)


def account(kind, academy="", source="municipal"):
    return ACCOUNT.format(kind=kind, academy=academy, source=source)


def attacks(database):
    yield from _refused_moves()
    yield from _not_subsidised()
    yield from _reds()
    yield from _forgeries()
    yield from _papers()
    yield from _rewritings()
    yield from _states()


def _refused_moves():
    """Each as a plain INSERT and by the function; as the application and as the owner of the tables."""
    east = "A-EAST"
    moves = (
        ("reserve", account("budget"), account("reserved", east), 401, "JX014", "exceeds_budget"),
        ("pay", account("reserved", east), account("held", east), 101, "JX014", "exceeds_approval"),
        ("return", account("held", east), account("returned"), 101, "JX014", "insufficient_balance"),
        ("reserve", account("budget"), account("reserved", "A-STOP"), 1, "JX013", "payments_suspended"),
        ("pay", account("reserved", "A-STOP"), account("held", "A-STOP"), 1, "JX013", "payments_suspended"),
        ("pay", account("reserved", "A-END"), account("held", "A-END"), 1, "JX013", "subsidy_ended"),
        ("opening", account("budget"), account("held", "A-END"), 1, "JX013", "subsidy_ended"),
        ("opening", account("source"), account("held", east), 1, "JX014", "exceeds_budget"),
        ("pay", account("budget"), account("held", east), 1, "JX011", "wrong_accounts"),
        ("spend", account("reserved", east), account("held", east), 1, "JX011", "wrong_accounts"),
        ("pay", account("reserved", east), account("held", "A-STOP"), 1, "JX011", "earmarked_money_mixed"),
        ("pay", account("reserved", east), account("held", east, "own"), 1, "JX011", "earmarked_money_mixed"),
        ("carry", account("held", east), account("held", east, "own"), 1, "JX011", "carried_elsewhere"),
        ("pay", "-1", account("held", east), 1, "JX011", "unknown_account"),
    )  # fmt: skip
    guard = "subsidies_entry.entry_obeys_and_is_chained"
    for kind, giver, taker, amount, state, says in moves:
        words = {"kind": kind, "giver": giver, "taker": taker, "amount": amount}
        for role, form in ((APP, ENTRY), (APP, POST), (OWNER, ENTRY)):
            yield Attack(role, guard, form.format(**words), state, says)
    fair = {
        "kind": "pay",
        "giver": account("reserved", east),
        "taker": account("held", east),
        "amount": 100,
    }
    last = "(select e from subsidies_entry e where key = 'attack')"
    yield Attack(
        APP, guard, ENTRY.format(**fair),
        then=f"select ({last}).chain like 'ledger:academy:%' and length(({last}).hash) = 32",
    )  # fmt: skip
    yield Attack(
        APP, "subsidies_entry.entry_moves_balances", POST.format(**fair),
        then=f"select balance = 0 from subsidies_account where id = {account('reserved', east)}",
    )  # fmt: skip


def _not_subsidised():
    """Whoever the evaluation does not let have the subsidy, or has not looked at as it is now."""
    guard, east = "subsidies_entry.entry_pays_the_subsidised", "A-EAST"
    moves = (
        ("reserve", account("budget"), account("reserved", "A-NONE"), "JX013", "not_subsidised"),
        ("pay", account("reserved", "A-NONE"), account("held", "A-NONE"), "JX013", "not_subsidised"),
        ("opening", account("budget"), account("held", "A-NONE"), "JX013", "not_subsidised"),
        ("reserve", account("budget"), account("reserved", "A-NEVER"), "JX013", "not_subsidised"),
        ("receive", account("source"), account("held", east), "JX011", "subsidy_is_not_received"),
    )  # fmt: skip
    for kind, giver, taker, state, says in moves:
        words = {"kind": kind, "giver": giver, "taker": taker, "amount": 1}
        for role, form in ((APP, ENTRY), (APP, POST), (OWNER, ENTRY)):
            yield Attack(role, guard, form.format(**words), state, says)
    raised = "update academies_academy set tier = 'demonstration' where code = 'A-EAST'; "
    pay = {"kind": "pay", "giver": account("reserved", east), "taker": account("held", east), "amount": 1}  # fmt: skip
    for role in (APP, OWNER):
        yield Attack(role, guard, raised + ENTRY.format(**pay), "JX013", "not_subsidised")
    for control, statement in (
        ("entitlement_is_append_only", "update subsidies_entitlement set is_entitled = true"),
        ("entitlement_is_append_only", "delete from subsidies_entitlement where not is_entitled"),
        ("entitlement_is_never_truncated", "truncate subsidies_entitlement"),
    ):
        yield Attack(OWNER, f"subsidies_entitlement.{control}", statement, "JX001", control)


def _reds():
    """A red entry mirrors what it takes back, once, and public money takes two."""
    guard = "subsidies_entry.entry_obeys_and_is_chained"
    pay, red = "kind = 'pay'", "kind = 'red'"
    two = "(select max(id) from organizations_user)"
    for which, amount, by, says in (
        (pay, "amount - 1", two, "red_entry_mirrors"),
        (red, "amount", two, "red_entry_mirrors"),
        (pay, "amount", "null", "red_entry_takes_two"),
    ):
        statement = RED.format(which=which, amount=amount, by=by)
        for role in (APP, OWNER):
            yield Attack(role, guard, statement, "JX012", says)


def _forgeries():
    """Balances and postings without an entry; papers that were not what was booked."""
    by_entries = "JX016"
    posting = (
        "insert into subsidies_posting (entry_id, account_id, amount, balance, at)"
        " select entry_id, (select max(id) from subsidies_account), amount, balance, at from subsidies_posting"
        " limit 1"
    )
    yield Attack(
        OWNER, "subsidies_posting.posting_comes_with_its_entry", posting, by_entries,
        "posting_comes_with_its_entry",
    )  # fmt: skip
    for statement in (
        "update subsidies_account set balance = balance + 1",
        "update subsidies_account set kind = 'reserved'",
        "delete from subsidies_account where moved_at is null",
    ):
        yield Attack(
            OWNER, "subsidies_account.account_moves_by_entries", statement, by_entries,
            "account_moves_by_entries",
        )  # fmt: skip
    yield Attack(
        APP, "subsidies_account.account_opens_empty",
        "insert into subsidies_account (fund_id, line, kind, balance)"
        " select id, 'boost', 'budget', 5 from subsidies_fund limit 1", by_entries, "account_opens_empty",
    )  # fmt: skip
    unbalanced = (
        "alter table subsidies_entry disable trigger entry_moves_balances; "
        + ENTRY.format(
            kind="pay", giver=account("reserved", "A-EAST"), taker=account("held", "A-EAST"), amount=1
        )
    )  # fmt: skip
    yield Attack(OWNER, "subsidies_entry.entry_balances", unbalanced, "JX015", "entry_balances")


def _papers():
    """Expenses and payments that say otherwise than their entries."""
    expense = (
        "insert into subsidies_expense (academy_id, fund_id, spent_on, project, use, use_title, summary,"
        " payee, invoice_code, invoice_number, amount, voucher, entry_id) select academy_id, fund_id,"
        " {day}, project, use, use_title, summary, {payee}, invoice_code, '1', {amount}, 'x', entry_id"
        " from subsidies_expense limit 1"
    )
    fair = {"day": "spent_on", "payee": "payee", "amount": "amount"}
    for part, value in (("day", "spent_on + 1"), ("payee", "'x'"), ("amount", "amount + 1")):
        yield Attack(
            APP, "subsidies_expense.expense_is_what_was_booked", expense.format(**fair | {part: value}),
            "JX017", "expense_is_what_was_booked",
        )  # fmt: skip
    yield from _open_items()
    for change in (
        "update subsidies_payment set amount = amount + 1 where state = 'paid'",
        "update subsidies_payment set entry_id = (select min(id) from subsidies_entry) where state = 'paid'",
    ):
        yield Attack(
            APP, "subsidies_payment.payment_is_what_was_booked", change, "JX017",
            "payment_is_what_was_booked",
        )  # fmt: skip

    draft = "(select id from subsidies_grant where number = 'draft')"
    paid = "(select id from subsidies_grant where number = 'paid')"
    for lead, of in ((paid, "number = 'draft'"), (draft, "number = 'draft'")):
        yield Attack(
            APP,
            "subsidies_grant.grant_matches_its_lead",
            f"update subsidies_grant set lead_id = {lead} where {of}",
            "JX017",
            "grant_matches_its_lead",
        )

    for hand in ("ordered_by_id", "checked_by_id"):
        yield Attack(
            APP,
            "subsidies_payment.payment_takes_other_people",
            f"update subsidies_payment p set {hand} = g.applied_by_id from subsidies_grant g"
            " where g.id = p.grant_id and p.state = 'planned'",
            "JX019",
            "payment_takes_other_people",
        )
    of = "(select max(grant_id) from subsidies_payment where state = 'planned')"
    due = f"(select max(id) from subsidies_payment where grant_id = {of} and state = 'planned')"
    stands = f"' || (select state from subsidies_grant where id = {of}) || '"
    moves = [
        RECORD.format(subject=f"subsidies.{kind}:' || {pk} || '", source=source, target=target)
        + f"; update subsidies_{kind} set state = '{target}' where id = {pk}"
        for kind, pk, source, target in (
            ("grant", of, stands, "settled"), ("payment", due, "planned", "ordered"),
        )
    ]  # fmt: skip
    yield Attack(
        APP, "subsidies_payment.payment_is_of_an_open_grant", "; ".join(moves), "JX017",
        "payment_is_of_an_open_grant",
    )  # fmt: skip


def _rewritings():
    """What was booked is not changed, taken away or emptied, by the owner either."""
    for table, still, whole in (
        ("entry", "entry_is_append_only", "entry_is_never_truncated"),
        ("posting", "posting_is_append_only", "posting_is_never_truncated"),
    ):
        for statement in (
            f"update subsidies_{table} set amount = amount + 1",
            f"delete from subsidies_{table}",
        ):
            yield Attack(OWNER, f"subsidies_{table}.{still}", statement, "JX001", still)
        truncate = f"truncate subsidies_{table} cascade"
        yield Attack(OWNER, f"subsidies_{table}.{whole}", truncate, "JX001", whole)
    for statement in (
        "update subsidies_expense set amount = 1",
        "update subsidies_expense set red_id = null where red_id is not null",
        "update subsidies_expense set red_id = (select min(id) from subsidies_entry) where red_id is null",
        "delete from subsidies_expense",
    ):
        yield Attack(OWNER, "subsidies_expense.expense_stays", statement, "JX001", "expense_stays")
    for table in ("account", "expense"):
        whole = f"{table}_is_never_truncated"
        yield Attack(
            OWNER,
            f"subsidies_{table}.{whole}",
            f"truncate subsidies_{table} cascade",
            "JX001",
            whole,
        )


def _states():
    """Nothing begins in the middle of its way."""
    for table, name, statement in (
        ("fund", "fund",
         ("insert into subsidies_fund (organization_id, year, source, state) select organization_id, 2020,"
         " source, 'closed' from subsidies_fund limit 1")),
        ("grant", "grant",
         ("insert into subsidies_grant (academy_id, fund_id, number, applied, purpose, brand, state, opinion,"
         " decision, version) select academy_id, fund_id, 'x', 1, '', '', 'refused', '', '', 1"
         " from subsidies_grant limit 1")),
        ("payment", "payment",
         ("insert into subsidies_payment (grant_id, position, amount, state, receipt)"
         " select grant_id, 9, 1, 'ordered', '' from subsidies_payment limit 1")),
    ):  # fmt: skip
        trigger = f"{name}_begins_at_the_first_state"
        yield Attack(APP, f"subsidies_{table}.{trigger}", statement, "JX006", trigger)


def _open_items():
    """An item approved by who asked for it; money for an open use that nobody approved."""
    once = "project_is_approved_once"
    yield Attack(
        APP, f"subsidies_project.{once}",
        "update subsidies_project p set needs_approval = true, told = 'x', decision = 'x',"
        " approved_at = now(), approved_by_id = g.applied_by_id from subsidies_grant g"
        " where g.id = p.grant_id and g.number = 'paid'",
        "JX022", once,
    )  # fmt: skip
    opened = (
        "insert into subsidies_project (grant_id, use, use_title, amount, needs_approval, told, decision)"
        " select (select id from subsidies_grant where number = 'draft'), use, use_title, 1, true, 'x', ''"
        " from subsidies_expense where red_id is null limit 1"
    )
    columns = (
        "academy_id, fund_id, spent_on, project, use, use_title, summary, payee, invoice_code,"
        " invoice_number, amount, voucher, entry_id"
    )
    again = (
        f"insert into subsidies_expense ({columns}) select {columns} from subsidies_expense"
        " where red_id is null limit 1"
    )
    yield Attack(
        APP, "subsidies_expense.expense_of_open_use_is_approved", f"{opened}; {again}", "JX017",
        "use_not_approved",
    )  # fmt: skip
