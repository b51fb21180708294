from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from policies.facts import Fact, facts_about, offered_codes, offered_label, register, told
from policies.library import read_library
from policies.library.policy import Severity


def a_fact(code="shoe_size", **more):
    read = {} if "grouped" in more else {"expression": lambda on: F("size")}
    return Fact(code=code, label="鞋码", unit="码", explanation="", **(read | more))


@pytest.mark.parametrize(
    "shape",
    [
        {"expression": None},
        {"expression": lambda on: F("size"), "key": "subject_id"},
        {"grouped": lambda on: None},
        {"grouped": lambda on: None, "key": "subject_id", "expression": lambda on: F("size")},
    ],
    ids=["no way to read it", "a key without children", "children without a key", "two ways"],
)
def test_a_fact_is_read_in_exactly_one_way(shape):
    with pytest.raises(ValueError, match="fact shoe_size"):
        a_fact(**shape)


@pytest.fixture
def shoe_size(monkeypatch):
    """A fact registered for this test alone."""
    monkeypatch.setattr("policies.facts._offered", {})
    fact = a_fact()
    register("talents.Nomination", fact)
    return fact


def test_a_registered_fact_is_offered_under_its_model(shoe_size):
    assert dict(facts_about("talents.nomination")) == {"shoe_size": shoe_size}
    assert facts_about("talents.Person") == {}
    assert offered_codes() == {"shoe_size"}


def test_a_fact_is_registered_once(shoe_size):
    register("talents.Nomination", shoe_size)  # a module imported again is no second fact

    with pytest.raises(ValueError, match="registered twice"):
        register("talents.Nomination", a_fact())


def test_a_fact_outside_the_vocabulary_is_named_by_the_app_that_reads_it(shoe_size):
    assert offered_label("shoe_size") == ("鞋码", "码")
    assert offered_label("hat_size") == ("hat_size", "")


def test_every_deciding_fact_of_the_craftsman_policies_is_read_from_nominations():
    offered = facts_about("talents.Nomination")

    for file in read_library():
        if file.policy.code in {
            "beijing-craftsman-selection-2024",
            "national-great-craftsman-2024",
        }:
            must = [c.fact for c in file.policy.criteria if c.severity is Severity.MUST]
            assert set(must) <= set(offered)


def test_facts_state_what_they_read_on_any_day():
    for fact in facts_about("talents.Nomination").values():
        read = fact.expression or fact.grouped
        assert read(date(2026, 6, 30)) is not None


@pytest.mark.parametrize(
    ("judged", "limit", "shown"),
    [
        ("-2.8410", "5", "-2.84"),
        ("38.7283", "5", "38.73"),
        ("38.7250", None, "38.73"),
        ("4.9975", "5", "4.9975"),  # "5.00" beside "not met" would be a riddle
        ("5.0012", "5", "5.0012"),
        ("5.0000", "5", "5.00"),
    ],
)
def test_a_figure_is_told_rounded_unless_that_carries_it_to_its_limit(judged, limit, shown):
    growth = a_fact(decimals=4, shown_decimals=2)

    read = told(Decimal(judged), growth, None if limit is None else Decimal(limit))

    assert str(read) == shown


def test_a_fact_is_not_told_more_finely_than_it_is_judged():
    with pytest.raises(ValueError, match="more finely"):
        a_fact(decimals=1, shown_decimals=2)
