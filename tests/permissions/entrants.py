"""Entrants: finding that they may take part, taking published results away, and one's own contests."""

from organizations.roles import EVERYBODY, STAFF
from tests.permissions.competitions import a_reason, by_code, by_pk, entries, items
from tests.permissions.expectations import Form, Page

NOWHERE = frozenset({404})
ENDPOINTS = [
    Form("competitions:admission", STAFF, actors=STAFF, target=by_code(items)),
    Form(
        "competitions:entry-result",
        STAFF,
        actors=STAFF,
        target=by_pk(entries, deed="ask"),
        data=a_reason,
    ),
    Page("competitions:own", EVERYBODY, not_a_list="one's own contests"),
    # nobody of this world takes part in person: tests/competitions/test_own_entries.py
    Page("competitions:own-entry", EVERYBODY, target=by_pk(entries), shown=NOWHERE),
    Form(
        "competitions:own-appeal",
        EVERYBODY,
        actors=EVERYBODY,
        target=by_pk(entries),
        shown=NOWHERE,
        posted=NOWHERE,
    ),
]
