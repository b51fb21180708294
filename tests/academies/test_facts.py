"""What the facts of academies say of themselves is what their rows come to."""

import pytest

from academies.facts.counts import COUNTS, TILES
from academies.models import Academy
from academies.rules import positions
from policies.facts import facts_about
from tests.factories.academies import AcademyFactory, BrandFactory, ClassFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db

FACTS = facts_about("academies.Academy")


@pytest.fixture
def position():
    """A year with a person who came twice, and the year before it."""
    academy = AcademyFactory()
    BrandFactory.create_batch(2, academy=academy)
    for year, people in ((2024, 1), (2025, 3)):
        practical = ClassFactory(academy=academy, year=year, is_practical=True)
        risen = EnrolmentFactory.create_batch(
            people, training_class=practical, passed=True, level_before="5", level_after="4"
        )
        plain = ClassFactory(academy=academy, year=year)
        EnrolmentFactory(training_class=plain, person=risen[0].person, passed=True)
        EnrolmentFactory(training_class=plain, passed=True)
    (found,) = positions(Academy.objects.filter(pk=academy.pk), 2025)
    return found


def counted(count, position):
    found = count.rows.found(count.params(position.academy, position.year))
    return found.values(count.rows.subject).distinct().count() if count.is_distinct else len(found)


def test_every_figure_is_the_number_of_its_rows(position):
    behind = [count for fact in FACTS.values() for count in fact.rows]

    assert {c.code: c.of(position) for c in TILES} == {
        "persons": 4, "person-times": 5, "practical-classes": 1, "practical-persons": 3,
        "upgraded-persons": 3, "brands": 2,
    }  # fmt: skip
    for count in (*COUNTS.values(), *behind):
        assert counted(count, position) == count.of(position), count


def test_a_growth_stands_on_the_rows_of_both_years(position):
    growth = FACTS["upgraded_growth"]

    assert [(c.title, c.of(position)) for c in growth.rows] == [
        ("本年提升技能", 3),
        ("上年提升技能", 1),
    ]
    assert growth.formula_of(position) == "（3－1）÷1 = 200.00%（2025年与2024年）"


def test_every_figure_with_rows_says_how_it_came_about(position):
    assert {code for code, fact in FACTS.items() if fact.rows} == {
        code for code, fact in FACTS.items() if fact.formula_of(position)
    }
