"""Attacks on what guards the declarations of experts."""

from tests.attacks.attack import APP, Attack

#: Rows that a copy or a change is made of.
ROWS = {
    "talents_declaration": "status = 'asked'",
    "talents_declaredtie": "declaration_id in (select id from talents_declaration where status = 'asked')",
}
DANGLING = {
    ("talents_declaration", "answered_by_id"): (
        "status = 'clear', answered_at = now(), answered_by_id = -1",
    ),
    ("talents_declaredtie", "unit_id"): ("unit_id = -1, name = ''",),
}
CHANGES = {
    "talents_declaration": {
        "declaration_answered_by_somebody": ("status = 'x'",),
    },
    "talents_declaredtie": {
        "declared_tie_is_with_a_unit_or_a_name": ("name = '', unit_id = null",),
        "declared_tie_says_why": ("reason = ''",),
    },
}


def attacks():
    once = "declaration_is_given_once"
    yield Attack(
        APP, f"talents_declaration.{once}",
        "update talents_declaration set status = 'recused' where status = 'clear'", "JX003", once,
    )  # fmt: skip
    along = "declared_tie_comes_with_its_declaration"
    yield Attack(
        APP, f"talents_declaredtie.{along}",
        (
            "insert into talents_declaredtie (declaration_id, name, reason)"
            " select id, 'x', 'x' from talents_declaration where status = 'clear' limit 1"
        ),
        "JX003", along,
    )  # fmt: skip
