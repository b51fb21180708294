"""Values that stand in two places are one value; what a note owns up to is marked, in every file."""

import re
from collections import defaultdict

import pytest

from policies.library import read_library
from policies.library.policy import DayKind
from tests.policies.conftest import item

#: In these words a note owns up to a choice of ours.
CHOSEN = ("默认", "通行做法", "参照往届")
MARK = re.compile(r"(?<![A-Za-z0-9])[SW]\d+[a-f]?(?![A-Za-z0-9])")


def test_a_note_that_speaks_of_a_choice_marks_its_item_and_the_other_way_round():
    unmarked, unsaid = [], []
    for policy in (file.policy for file in read_library()):
        for each in policy.articles():
            owned = any(word in each.note for word in CHOSEN)
            if owned and not each.default:
                unmarked.append((policy.code, each.code))
            if each.default and not owned:
                unsaid.append((policy.code, each.code))

    assert (unmarked, unsaid) == ([], [])


def test_public_notice_is_as_long_wherever_it_stands(library):
    notices = [
        step
        for policy in library.values()
        for step in policy.procedure
        if step.days and "公示" in (step.title + step.output)
    ]

    assert len(notices) > 4
    assert {(n.days, n.day_kind, n.start_counts) for n in notices} == {(5, DayKind.WORKING, True)}


def test_five_years_on_the_line_are_sixty_months_in_every_policy(library):
    asked = [
        c for policy in library.values() for c in policy.criteria if c.fact == "frontline_months"
    ]

    assert len(asked) == 2
    assert {c.at_least for c in asked} == {60}


def test_a_source_is_described_alike_in_every_file(library):
    """Grade, publisher and date; a paper (S) has one title for each of its articles."""
    told = defaultdict(set)
    for policy in library.values():
        for source in policy.sources:
            title = "" if source.mark[0] == "S" else source.title
            told[source.mark].add((source.grade, source.publisher, source.published, title))

    assert {mark: found for mark, found in told.items() if len(found) > 1} == {}


def test_what_two_policies_ask_of_a_person_is_asked_alike(library):
    asked = defaultdict(set)
    for policy in library.values():
        told = defaultdict(set)
        for c in policy.criteria:
            told[c.fact].add((c.code, c.title, c.severity, c.limit, c.present, c.note[:40]))
        for fact in told.keys() - {None, ""}:
            asked[fact].add(frozenset(told[fact]))  # of its tiers one may ask less than another

    assert {fact: told for fact, told in asked.items() if len(told) > 1} == {}


def test_what_an_edition_costs_follows_from_its_amounts(selection):
    bonus, boost = (item(selection.amounts, c) for c in ("beijing_great_bonus", "studio_boost"))
    persons = item(selection.targets, "beijing_great_per_cycle").equals

    total = persons * (bonus.yuan + boost.years * boost.yuan)

    assert f"＝{total / 10000:.0f}万元" in item(selection.references, "exposure").gist


@pytest.mark.parametrize(
    ("policy", "parameter", "section", "code"),
    [
        ("beijing-career-boost-2022", "final_min_entrants", "criteria", "contest_final"),
        ("beijing-career-boost-2022", "final_min_entrants", "criteria", "contest_semifinal"),
        ("beijing-career-boost-2022", "semifinal_min_entrants", "criteria", "contest_semifinal"),
        ("beijing-academy-subsidy-2024", "long_class_days", "amounts", "training_day_cap"),
        ("beijing-academy-subsidy-2024", "long_class_percent", "amounts", "training_day_cap"),
        ("beijing-academy-subsidy-2024", "travel_days", "amounts", "training_day_cap"),
        ("beijing-academy-subsidy-2024", "phone_check_percent", "procedure", "evaluate_opinion"),
        ("beijing-academy-subsidy-2024", "excellent_share_max_percent", "procedure", "evaluate_panel"),
        ("beijing-academy-system-2024", "self_score_min", "procedure", "accredit_apply"),
    ],
)  # fmt: skip
def test_the_words_of_an_item_repeat_the_figure_of_its_parameter(
    library, policy, parameter, section, code
):
    figure = item(library[policy].parameters, parameter).number

    assert f"{figure:g}" in item(getattr(library[policy], section), code).gist


def test_the_weights_of_an_evaluation_are_a_hundred(subsidy):
    assert sum(item(subsidy.parameters, "evaluation_weights").numbers) == 100


def test_a_parameter_of_one_name_has_one_value(library):
    values = defaultdict(set)
    for policy in library.values():
        for parameter in policy.parameters:
            told = (parameter.number, parameter.numbers, parameter.enabled)
            values[parameter.code].add(told)

    assert {code: told for code, told in values.items() if len(told) > 1} == {}


def test_no_parameter_repeats_what_another_item_says(library):
    """The figure of a step, an amount, a target or a criterion stands there, and only there."""
    repeated = {
        "rectify_days", "consecutive_fail_stop", "exclude_demonstration", "cycle_years",
        "boost_years", "publicity_workdays", "publicity_start_day_counts", "amount_by_level",
        "report_interval_months", "final_top", "semifinal_top", "months", "steps",
    }  # fmt: skip

    assert not repeated & {p.code for policy in library.values() for p in policy.parameters}


def test_words_name_a_paper_and_never_its_mark():
    marked = [
        (file.policy.code, each.code)
        for file in read_library()
        for each in (file.policy, *file.policy.articles())
        for words in (each.title, each.note, getattr(each, "gist", ""))
        if MARK.search(words)
    ]

    assert marked == []
