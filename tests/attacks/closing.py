"""Attacks on a fund whose books are closed."""

from tests.attacks.attack import APP, OWNER, RECORD, Attack
from tests.attacks.money import ENTRY, POST, RED, account


def attacks(database):
    yield from _closed()
    yield from _settled()
    yield from _approvals()


def _settled():
    """What is new in an academy's settled year, however it is called; its accounts are waited for."""
    guard = "subsidies_entry.entry_spares_settled_years"
    of = (
        "(select a.id from subsidies_settlement s join subsidies_grant g on g.id = s.grant_id"
        " join subsidies_account a on a.fund_id = g.fund_id and coalesce(a.academy_id, g.academy_id)"
        " = g.academy_id where s.state = 'confirmed' and a.kind = '{}')"
    )
    receive = {"kind": "receive", "giver": of.format("source"), "taker": of.format("held"), "amount": 1}  # fmt: skip
    for role, form in ((APP, ENTRY), (APP, POST), (OWNER, ENTRY)):
        yield Attack(role, guard, form.format(**receive), "JX017", "grant_settled")
    spent = f"kind = 'spend' and giver_id = {of.format('held')}"
    red = RED.format(which=spent, amount="amount", by="null")
    for statement in (red, red.replace("'mistyped'", "'returned'")):
        yield Attack(APP, guard, statement, "JX017", "grant_settled")


def _approvals():
    """What is spent of, or carried into, a year whose grant is not approved; approvals with money under them."""
    refused = "(select id from subsidies_grant where number = 'paid')"
    lowered = (
        "alter table subsidies_grant disable trigger user; update subsidies_grant set state = 'endorsed'"
        f" where id = {refused}; alter table subsidies_grant enable trigger user;"
        " select subsidies_account_of(fund_id, line, academy_id, 'spent') from subsidies_account"
        f" where id = {account('held', 'A-EAST')}; "
    )
    spend = {"kind": "spend", "giver": account("held", "A-EAST"), "taker": account("spent", "A-EAST"), "amount": 1}  # fmt: skip
    for form in (ENTRY, POST):
        yield Attack(
            OWNER, "subsidies_entry.entry_spends_of_an_approval", lowered + form.format(**spend),
            "JX017", "grant_not_approved",
        )  # fmt: skip
    keeps = "grant_taken_back_leaves_nothing"
    for role in (APP, OWNER):
        for target in ("endorsed", "refused"):
            yield Attack(
                role, f"subsidies_grant.{keeps}",
                RECORD.format(subject=f"subsidies.grant:' || {refused} || '", source="paid", target=target)
                + f"; update subsidies_grant set state = '{target}' where id = {refused}",
                "JX017", keeps,
            )  # fmt: skip


def _closed():
    """What is new in a fund whose books are closed; what comes back is booked, and entries are waited for."""
    of = "(select id from subsidies_fund where source = 'municipal' and year = 2025)"
    closing = (
        RECORD.format(subject=f"subsidies.fund:' || {of} || '", source="signed", target="closed")
        + f"; update subsidies_fund set state = 'closed' where id = {of}; "
    )
    grants = "subsidies_grant (academy_id, fund_id, number, applied, purpose, brand, state, opinion, decision, version)"
    parting = "subsidies_allocation"
    for control, statement in (
        ("grant.grant_is_of_an_open_fund",
         (f"insert into {grants} select academy_id, fund_id, 'x', 1, '', '', 'draft', '', '', 1"
         " from subsidies_grant where number = 'draft'")),
        ("grant.grant_is_of_an_open_fund",
         "update subsidies_grant set state = 'submitted' where number = 'draft'"),
        ("budgetline.budget_line_is_of_an_open_fund",
         f"insert into subsidies_budgetline (fund_id, line, amount) values ({of}, 'award', 1)"),
        ("budgetline.budget_line_is_of_an_open_fund", f"update subsidies_budgetline set amount = 9 where fund_id = {of}"),
        ("budgetline.budget_line_is_of_an_open_fund", f"delete from subsidies_budgetline where fund_id = {of}"),
        ("allocation.allocation_is_of_an_open_fund",
         f"update {parting} set fund_id = {of} where state <> 'dropped'"),
    ):  # fmt: skip
        for role in (APP, OWNER):
            yield Attack(role, f"subsidies_{control}", closing + statement, "JX017", "fund_closed")
    guard, east = "subsidies_entry.entry_spares_closed_funds", "A-EAST"
    pay = {"kind": "pay", "giver": account("reserved", east), "taker": account("held", east), "amount": 1}  # fmt: skip
    for role, form in ((APP, ENTRY), (APP, POST), (OWNER, ENTRY)):
        yield Attack(role, guard, closing + form.format(**pay), "JX017", "fund_closed")
    red = RED.format(which="key = 'pay'", amount="amount", by="(select max(id) from organizations_user)")  # fmt: skip
    yield Attack(APP, guard, closing + red, "JX017", "fund_closed")
    held = (
        "select bool_and(xmax::text::bigint >= pg_current_xact_id()::xid::text::bigint)"
        f" from subsidies_account where fund_id = {of}"
    )
    yield Attack(APP, "subsidies_fund.fund_closes_after_its_entries", closing, then=held)
