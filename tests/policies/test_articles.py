"""What the shipped policies say of the articles they were taken from, where it is easily got wrong."""

from decimal import Decimal

import pytest

from policies.library import known_facts, read_library
from policies.library.policy import (
    Amount,
    Criterion,
    Parameter,
    Severity,
    Softness,
    Subject,
    Tier,
    Use,
)
from policies.readings import is_explanatory, purposes_of
from policies.wording import baseline_words, target_period, use_words
from tests.policies.conftest import item


def feeds(policy):
    return {tier.code: set(tier.feeds) for tier in policy.tiers}


def test_the_shipped_library_is_whole():
    files = {f.policy.code: f.policy for f in read_library()}

    assert set(files) == {
        "national-great-craftsman-2024",
        "beijing-academy-system-2024",
        "beijing-craftsman-selection-2024",
        "beijing-academy-subsidy-2024",
        "yantai-craftsman-2023",
        "beijing-skill-chain-2024",
        "beijing-career-boost-2022",
        "contest-promotion",
    }
    for policy in files.values():
        for tier in policy.tiers:
            if tier.subject is Subject.PERSON:
                assert any(c.severity is Severity.MUST for c in policy.criteria_of(tier.code))


@pytest.mark.parametrize("edition", [1, 2])
def test_the_great_craftsman_of_beijing_needs_sixty_months_and_five_statements(edition):
    code = "beijing-craftsman-selection-2024"
    policy = next(
        f.policy for f in read_library() if (f.policy.code, f.policy.edition) == (code, edition)
    )

    must = [c for c in policy.criteria_of("beijing-great") if c.severity is Severity.MUST]

    assert [(c.code, c.threshold) for c in must] == [
        ("frontline_months", 60),
        ("force_leading", None),
        ("force_practice", None),
        ("force_innovation", None),
        ("force_tackling", None),
        ("force_passing", None),
    ]


def test_a_district_academy_owes_eighty_percent_of_the_capital_standard():
    (policy,) = [f.policy for f in read_library() if f.policy.code == "beijing-academy-system-2024"]

    assert {s.fact: (s.threshold, s.limit) for s in policy.criteria_of("district")} == {
        "brands": (2, 2),
        "trained_persons": (800, 800),
        "practical_sessions": (4, 4),
        "practical_persons": (160, 160),
        "upgraded_growth": (4, Decimal("3.6")),
    }


def test_every_fact_the_library_asks_for_is_known():
    asked = {
        c.fact for f in read_library() for c in (*f.policy.criteria, *f.policy.standards) if c.fact
    }

    assert asked <= known_facts()


def test_one_demonstration_academy_is_exactly_one(system):
    target = item(system.targets, "demonstration_2026")

    assert (target.equals, target.at_least, target.default) == (1, None, True)


def test_covering_every_union_is_hard_and_one_or_two_for_each_is_not(system):
    covered = item(system.targets, "capital_coverage_2026")
    spread = item(system.targets, "capital_per_union")

    assert (covered.softness, covered.at_least, covered.by) == (Softness.HARD, 1, 2026)
    assert (spread.softness, spread.at_least, spread.at_most) == (Softness.PRINCIPLE, 1, 2)
    assert covered.measure != spread.measure  # a report has one figure for each


@pytest.mark.parametrize("code", ["capital_upgraded", "district_upgraded"])
def test_about_five_percent_only_warns(system, code):
    assert item(system.standards, code).severity is Severity.WARN


def test_eighty_percent_stands_in_one_place(system):
    derived = [s for s in system.standards if s.derived_from]

    assert {s.factor for s in derived} == {"district_factor"}
    assert {s.derivation.factor for s in derived} == {Decimal("0.8")}


def test_what_was_built_before_is_five_at_the_end_of_2023(system):
    said = baseline_words(item(system.baselines, "built_before_2024"))

    assert said == "2023年底 5 家（首都示范性工匠学院、首都工匠学院总量合计）"


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ("tiers", "demonstration"),  # held to no standard
        ("targets", "capital_2024"),  # read as at least
        ("targets", "capital_2025"),
        ("targets", "demonstration_2026"),  # by the end of 2026
        ("targets", "capital_total_2026"),  # counted from the beginning
        ("parameters", "first_year_advises"),
    ],
)
def test_our_readings_of_the_academy_plan_are_marked(system, section, code):
    found = item(getattr(system, section), code)

    assert found.default
    assert found.note


def test_related_projects_are_paid_after_approval_and_only_unrelated_ones_are_refused(subsidy):
    words = {use.code: use_words(use) for use in subsidy.uses}

    assert words["training_class"] == "准予列支；应占不少于 50%（未达只提示）"
    assert words["related-project"] == "报批后列支"
    assert [code for code, said in words.items() if said == "不得列支"] == ["unrelated"]


def test_two_failures_in_a_row_end_the_grant_for_good(subsidy):
    criterion = item(subsidy.criteria, "no_two_failures")

    assert (criterion.fact, criterion.at_most) == ("longest_failing_streak", 1)


def test_every_cap_on_spending_only_warns(subsidy):
    caps = [amount for amount in subsidy.amounts if amount.cap]

    assert caps
    assert {cap.severity for cap in caps} == {Severity.WARN}


def test_arriving_and_leaving_are_a_day_each(subsidy):
    assert "分别不超过1日" in item(subsidy.parameters, "travel_days").gist


@pytest.mark.parametrize(
    ("policy", "section", "code"),
    [
        ("beijing-academy-subsidy-2024", "amounts", "yearly_grant"),  # to whom
        ("beijing-career-boost-2022", "criteria", "trade_listed"),  # a list for each year
        ("beijing-career-boost-2022", "procedure", "apply"),  # what is to be told
        ("beijing-career-boost-2022", "amounts", "level_3"),  # for each certificate
        ("beijing-career-boost-2022", "amounts", "contest"),  # for each person
    ],
)
def test_payee_unit_and_papers_that_nobody_published_are_marked(library, policy, section, code):
    assert item(getattr(library[policy], section), code).default


def test_evaluations_are_not_said_to_be_regular(subsidy):
    """“定期” speaks of guidance and inspection; of the evaluation only what follows is written."""
    steps = [s for s in subsidy.procedure if s.procedure == "审核评价"]

    assert not [s.code for s in steps if "“定期”审核评价" in s.note]


def test_district_and_unit_titles_stand_side_by_side(selection):
    ladder = feeds(selection)

    assert ladder["unit"] == ladder["district"]
    assert "district" not in ladder["unit"]
    assert item(selection.tiers, "unit").default


@pytest.mark.parametrize(
    "policy", ["beijing-craftsman-selection-2024", "national-great-craftsman-2024"]
)
def test_asking_for_a_statement_of_each_force_is_our_choice(library, policy):
    forces = [c for c in library[policy].criteria if c.code.startswith("force_")]

    assert [(c.severity, c.default) for c in forces] == [(Severity.MUST, True)] * 5


def test_the_cycle_of_two_years_begins_in_2024(selection):
    target = item(selection.targets, "beijing_great_per_cycle")

    assert target_period(target) == "每2年（自2024年起算）"


def test_both_readings_of_the_boost_are_parameters(selection):
    switches = {p.code: p.enabled for p in selection.parameters if p.default}

    assert switches["boost_is_one_project"] is True
    assert switches["boost_gap_year_is_lost"] is True


def test_sixty_percent_is_encouraged_in_yantai(yantai):
    assert item(yantai.targets, "seed_fund").softness is Softness.PRINCIPLE


def test_no_ladder_is_invented_in_yantai(yantai):
    ladder = feeds(yantai)

    assert "city-great" not in ladder["city-craftsman"]
    assert ladder["enterprise"] == ladder["district"] == {"city-craftsman", "city-great"}
    assert not ladder["seed"]
    assert not ladder["campus"]


def test_students_are_supported_in_contests(yantai):
    assert "支持职业院校学生" in item(yantai.provisions, "student_contests").quote


def test_supporting_more_craftsmen_than_named_is_not_too_many(library):
    targets = library["national-great-craftsman-2024"].targets

    for code in ("provincial_yearly", "city_yearly"):
        assert (item(targets, code).equals, item(targets, code).at_most) == (None, None)


def test_defending_a_project_is_our_choice(library):
    steps = library["national-great-craftsman-2024"].procedure

    assert item(steps, "cultivation_defence").default


def test_nobody_is_selected_into_a_payment(library):
    (tier,) = library["beijing-career-boost-2022"].tiers

    assert tier.subject is Subject.BENEFICIARY


def test_human_resources_services_are_partners_of_a_chain(library):
    provisions = library["beijing-skill-chain-2024"].provisions

    assert "人力资源服务机构" in item(provisions, "partners").quote


# ---------------------------------------------------------------- what is read, and what explains


def test_what_no_code_reads_is_explanatory(system, subsidy, selection):
    read = {
        section: {i.code for i in getattr(system, section) if not is_explanatory(system, i)}
        for section in ("tiers", "standards", "baselines", "parameters", "procedure")
    }

    assert read == {
        "tiers": {"capital", "district"},
        "standards": {standard.code for standard in system.standards},
        "baselines": {"built_before_2024"},
        "parameters": {
            "district_factor", "first_year_advises", "evaluation_pass", "training_reports",
            *(parameter.code for parameter in system.parameters if parameter.code.startswith("flag_")),
        },
        "procedure": set(),
    }  # fmt: skip
    rules = [each for each in subsidy.articles() if each not in subsidy.references]
    obeyed = {type(each) for each in rules if not is_explanatory(subsidy, each)}
    # who is subsidised, how much, what for, and what a day of it may cost; the rest is read by people
    # who is subsidised, how much, what for, and what a day may cost; the rest is read by people
    assert obeyed == {Tier, Criterion, Parameter, Use, Amount}
    assert purposes_of(selection, item(selection.criteria, "political")) == ["资格核验，由人判断"]
    assert purposes_of(selection, item(selection.tiers, "unit")) == ["可据以开设选树轮次"]


def test_the_same_word_of_another_policy_is_not_read(subsidy):
    unread = Parameter(code="first_year_advises", title="", source=("I",), enabled=True)

    assert is_explanatory(subsidy, unread)
