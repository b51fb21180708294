"""Attacks on how a signed budget is changed: by one hand, by another sum than booked, after the fact."""

from subsidies.models import Fund
from tests.attacks.attack import APP, OWNER, Attack
from tests.factories.subsidies import budget_change

STATES = {"subsidies_budgetchange": ("subsidies.budgetchange", "budget_change", "drawn", "dropped")}
ROWS = {"subsidies_budgetchange": "state = 'drawn'"}
DISARMED = {"subsidies_budgetchange": ("budget_change_stands",)}
CHANGES = {
    "subsidies_budgetchange": {
        "budget_change_state_is_known": ("state = 'x'",),
        "budget_change_line_is_known": ("line = 'x'",),
        "budget_change_is_some_money_for_a_reason": ("amount = 0",),
        "budget_change_is_signed_by_another": ("signed_by_id = drawn_by_id", "state = 'signed'"),
        "budget_change_signed_says_by_whom_and_names_its_entry": (
            "signed_by_id = null",
            "state = 'signed'",
        ),
    },
}


def changed(city):
    """Two changes of the city's signed budget in force, there and back, and one that waits."""
    fund = Fund.objects.get(organization=city.city, source="municipal", year=2025)
    for amount in (50, -50):
        budget_change(fund, amount, state="signed")
    budget_change(fund, "-5.00")


def attacks(database):
    stands = "budget_change_stands"
    drawn, signed = ("where state = '" + state + "'" for state in ("drawn", "signed"))
    of_open = "(select min(id) from subsidies_fund where state = 'open')"
    names = "fund_id, line, amount, reason, state, drawn_by_id, drawn_at"
    for statement in (
        f"update subsidies_budgetchange set amount = amount - 1 {drawn}",
        f"update subsidies_budgetchange set reason = 'y' {signed}",
        f"update subsidies_budgetchange set entry_id = (select min(id) from subsidies_entry) {drawn}",
        f"update subsidies_budgetchange set signed_by_id = null, entry_id = null {signed}",
        (
            f"insert into subsidies_budgetchange ({names}) select {of_open}, line, amount, reason, 'drawn',"
            f" drawn_by_id, now() from subsidies_budgetchange {drawn}"
        ),
    ):
        for role in (APP, OWNER):
            no_right = role == APP and ("amount =" in statement or "reason =" in statement)
            if not no_right:
                yield Attack(role, f"subsidies_budgetchange.{stands}", statement, "JX017", stands)
    first = "budget_change_begins_at_the_first_state"
    yield Attack(
        APP, f"subsidies_budgetchange.{first}",
        f"insert into subsidies_budgetchange ({names}) select fund_id, 'award', amount, reason, 'dropped',"
        f" drawn_by_id, now() from subsidies_budgetchange {drawn}", "JX006", first,
    )  # fmt: skip
