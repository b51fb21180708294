from datetime import date
from decimal import Decimal

import pytest

from policies.library.policy import Criterion, Severity
from policies.rules.criteria import Evaluation, Verdict
from policies.rules.findings import figure, findings, required
from policies.rules.verdicts import Overall
from tests.policies.subjects import FACTS

ON = date(2026, 6, 30)


def criterion(code, fact="", severity="must", **more):
    return Criterion(
        code=code,
        title="政治素质过硬",
        source=("S0", "S2"),
        quote="有5年以上一线生产现场工作经历",
        tiers=("top",),
        severity=Severity(severity),
        fact=fact,
        **more,
    )


def one(asked, observed, *, met=None, on=ON):
    """The finding of one criterion whose fact was observed as given."""
    verdict = Verdict(0, met=int(met is True), known=int(met is not None), observed=[observed])
    (finding,) = findings(Evaluation((asked,), FACTS, on), verdict)
    return finding


MONTHS = criterion("months", "frontline_months", at_least=Decimal(60))


def test_a_finding_says_what_was_found_what_is_missing_and_when_it_would_be_met():
    finding = one(MONTHS, 56, met=False)

    assert finding.sentence == (
        "一线工作月数为 56 个月，不符合“不少于 60 个月”。还差 4 个月；若持续在一线，预计 2026年10月满足。"
    )
    assert (finding.actual, finding.threshold, finding.source) == (56, 60, "S0、S2")
    assert (finding.code, finding.severity, finding.clause) == ("months", "must", "")
    assert finding.words == "有5年以上一线生产现场工作经历"
    assert finding.is_open


def test_the_month_of_fulfilment_runs_over_the_end_of_the_year():
    assert "预计 2028年1月满足" in one(MONTHS, 41, met=False).sentence


def test_a_met_criterion_says_so():
    finding = one(MONTHS, 60, met=True)

    assert finding.sentence == "一线工作月数为 60 个月，符合“不少于 60 个月”。"
    assert not finding.is_open


def test_missing_data_are_asked_for():
    finding = one(MONTHS, None)

    assert finding.met is None
    assert (
        finding.sentence == "资料缺失：没有“一线工作月数”的有效资料，无法核验。请补填一线工作经历。"
    )
    assert finding.is_open


@pytest.mark.parametrize(
    ("asked", "observed", "met", "sentence"),
    [
        (criterion("l", "level", at_least=Decimal(3)), 1, False, "等级为 1 级，不符合“不少于 3 级”。还差 2 级。"),
        (criterion("a", "age", at_most=Decimal(45)), 47, False, "年龄为 47 岁，不符合“不超过 45 岁”。超出 2 岁。"),
        (criterion("e", "level", equals=Decimal(0)), 1, False, "等级为 1 级，不符合“等于 0 级”。"),
        (criterion("w", "words", present=True), 12, True, "已填写事迹（12字）。"),
        (criterion("w", "words", present=True), None, None, "资料缺失：没有“事迹”的有效资料，无法核验。请补填事迹。"),
        (criterion("t", "lower_titles", at_least=Decimal(1)), None, None, "资料缺失：系统尚未登记“下一层级工匠称号”，无法核验。"),
        (criterion("h", severity="human"), None, None, "待人工核定：政治素质过硬。"),
        (
            criterion("g", "growth", at_least=Decimal(5), tolerance=Decimal("0.5")),
            38,
            False,
            "增长率为 3.8 %，不符合“不少于 5 %（允许相差 0.5）”。还差 0.7 %。",
        ),
    ],
)  # fmt: skip
def test_every_comparison_has_its_sentence(asked, observed, met, sentence):
    assert one(asked, observed, met=met).sentence == sentence


@pytest.mark.parametrize("severity", ["warn", "human"])
def test_only_must_criteria_stay_open(severity):
    assert not one(criterion("x", "level", severity, at_least=Decimal(3)), 1, met=False).is_open


def test_an_unmet_alternative_is_excused_by_a_met_one():
    either = (
        criterion("level", "level", at_least=Decimal(3), group="either"),
        criterion("age", "age", at_least=Decimal(40), group="either"),
    )
    verdict = Verdict(Overall.ELIGIBLE, met=0b10, known=0b11, observed=[1, 45])

    level, age = findings(Evaluation(either, FACTS, ON), verdict)

    assert level.sentence.endswith("同组的另一项条件已满足，此项不影响结论。")
    assert (level.met, level.is_open, age.is_open) == (False, False, False)


def test_an_unmet_group_stays_open():
    either = (
        criterion("level", "level", at_least=Decimal(3), group="either"),
        criterion("age", "age", at_least=Decimal(40), group="either"),
    )
    verdict = Verdict(Overall.INELIGIBLE, met=0, known=0b11, observed=[1, 30])

    assert [f.is_open for f in findings(Evaluation(either, FACTS, ON), verdict)] == [True, True]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("60", "60"),
        ("0.80", "0.8"),
        ("1000", "1000"),
        ("50000", "50,000"),
        ("1E+5", "100,000"),
        ("0", "0"),
    ],
)
def test_a_figure_reads_as_people_write_it(value, words):
    assert figure(Decimal(value)) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (criterion("m", "frontline_months", at_least=Decimal(60)), "不少于 60 个月"),
        (criterion("m", "frontline_months", at_most=Decimal(60)), "不超过 60 个月"),
        (criterion("m", "frontline_months", equals=Decimal(60)), "等于 60 个月"),
        (criterion("m", "words", present=True), "须填写"),
        (criterion("m", severity="human"), "由人工核定"),
    ],
)
def test_what_is_required_is_said_in_words(asked, words):
    assert required(asked, "个月") == words
