from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F, Q

from policies.facts import (
    Fact,
    Rows,
    displayed,
    facts_about,
    offered_codes,
    offered_label,
    register,
    register_rows,
    rows_named,
)
from policies.library import read_library
from policies.library.policy import Severity
from policies.library.vocabulary import TERMS
from policies.models import PolicyEdition


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


def test_a_word_of_the_vocabulary_names_the_fact_of_its_code():
    brands = Fact(code="brands", expression=lambda on: F("brands"))
    own = Fact(code="brands", label="招牌", expression=lambda on: F("brands"))

    told = TERMS["brands"]
    assert (brands.label, brands.unit, brands.explanation) == (
        told.label, told.unit, told.explanation,
    )  # fmt: skip
    assert own.label == "招牌"
    with pytest.raises(ValueError, match="no such word"):
        Fact(code="shoe_size", expression=lambda on: F("size"))


def test_a_fact_says_how_it_came_about_and_what_it_rests_on_if_it_was_told():
    plain = a_fact(decimals=1)
    told = a_fact(formula="长{}".format, lines=lambda subject: [subject])

    assert plain.in_units(415) == Decimal("41.5")
    assert (plain.formula_of("脚"), list(plain.lines_of("脚"))) == ("", [])
    assert (told.formula_of("脚"), told.lines_of("脚")) == ("长脚", ["脚"])


def test_two_sets_of_rows_do_not_share_a_name(monkeypatch):
    monkeypatch.setattr("policies.facts._rows", {})
    editions = Rows(code="editions", model=PolicyEdition, where=lambda asked: Q(**asked))
    register_rows(editions)
    register_rows(editions)

    assert rows_named("editions") is editions
    with pytest.raises(ValueError, match="two sets of rows"):
        register_rows(Rows(code="editions", model=PolicyEdition, where=lambda asked: Q()))


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

    read = displayed(Decimal(judged), growth, None if limit is None else Decimal(limit))

    assert str(read) == shown


def test_a_fact_is_not_told_more_finely_than_it_is_judged():
    with pytest.raises(ValueError, match="more finely"):
        a_fact(decimals=1, shown_decimals=2)
