from datetime import date

import pytest
from django.db.models import Q

from organizations.models import Organization
from policies.facts import Rows, rows_named
from policies.rules.measures import Measure, measure_of, register
from policies.rules.periods import up_to


def a_measure(**fixed):
    rows = Rows(code="unions", model=Organization, where=lambda asked: Q(**asked))
    return Measure(code="contests_held", rows=rows, has_data=lambda body, period: True, fixed=fixed)


@pytest.fixture
def contests(monkeypatch):
    """A measure registered for this test alone."""
    monkeypatch.setattr("policies.rules.measures._measures", {})
    monkeypatch.setattr("policies.facts._rows", {})
    measure = a_measure(kind="city")
    register(measure)
    return measure


def test_a_word_is_counted_by_who_registered_it(contests):
    assert measure_of("contests_held") is contests
    assert measure_of("seed_craftsmen") is None
    assert contests.term.label == "职工职业技能竞赛"
    assert rows_named("unions") is contests.rows


def test_a_word_is_counted_in_one_way(contests):
    register(contests)  # a module imported again is no second measure

    with pytest.raises(ValueError, match="registered twice"):
        register(a_measure())


def test_what_is_asked_is_what_json_holds(contests):
    asked = contests.params(Organization(pk=7), up_to(2026))

    assert asked == {
        "organization": 7, "kind": "city", "first": "1900-01-01", "last": "2026-12-31",
    }  # fmt: skip
    assert date.fromisoformat(asked["last"]) == up_to(2026).last
