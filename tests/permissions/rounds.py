"""What is set for a round as a whole: the days of its stages, and places that go over."""

from organizations.roles import FILING, STAFF
from tests.permissions.expectations import Form
from tests.permissions.talents import a_reason, a_round_with_bodies_below, an_open_round, by_code

ENDPOINTS = [
    Form(
        "talents:stages",
        FILING,
        actors=STAFF,
        target=by_code(an_open_round),
        data=a_reason,
        peeked=frozenset({200}),
        not_a_list="the stages of the house",
    ),
    Form(
        "talents:places-swap",
        STAFF,
        actors=STAFF,
        target=by_code(a_round_with_bodies_below),
        not_a_list="a form",
    ),
]
