import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.library import parse
from policies.library.policy import Criterion, Severity
from policies.rules.criteria import Evaluation, evaluation
from policies.rules.verdicts import Overall
from tests.policies.conftest import POLICY
from tests.policies.subjects import FACTS, THIS_MONTH, Segment, Subject, Verdict
from workflow.refusals import DomainError

ON = date(2026, 6, 30)


def criterion(code, fact, severity="must", **comparison):
    return Criterion(
        code=code,
        title=code,
        source=("S9",),
        tiers=("top",),
        severity=Severity(severity),
        fact=fact,
        **comparison,
    )


def judged(criteria, pk=1):
    return Evaluation(tuple(criteria), FACTS, ON).judge(Subject.objects.all(), pk)


MONTHS = criterion("months", "frontline_months", at_least=Decimal(60))
WORDS = criterion("words", "words", present=True)


@pytest.mark.parametrize(
    ("start", "end", "overall", "observed"),
    [
        (THIS_MONTH - 59, None, Overall.ELIGIBLE, 60),
        (THIS_MONTH - 58, None, Overall.INELIGIBLE, 59),
        (THIS_MONTH + 1, None, Overall.MISSING, None),
    ],
    ids=["sixty months to the month", "one month short", "a segment in the future covers nothing"],
)
def test_a_threshold_is_met_at_its_boundary(tables, start, end, overall, observed):
    Subject.objects.create(pk=1)
    Segment.objects.create(subject_id=1, start=start, end=end)

    verdict = judged([MONTHS])

    assert (verdict.overall, verdict.observed) == (overall, [observed])


def test_overlapping_segments_count_once_and_gaps_not_at_all(tables):
    Subject.objects.create(pk=1)
    for start, end in ((100, 109), (105, 114), (120, 129)):
        Segment.objects.create(subject_id=1, start=start, end=end)

    assert judged([MONTHS]).observed == [25]


def test_missing_is_not_false(tables):
    Subject.objects.create(pk=1, words="  ")

    verdict = judged([MONTHS, WORDS])

    assert verdict == type(verdict)(Overall.MISSING, met=0, known=0, observed=[None, None])


def test_a_false_must_outweighs_a_missing_one(tables):
    Subject.objects.create(pk=1, level=1)

    verdict = judged([criterion("level", "level", at_least=Decimal(3)), WORDS])

    assert (verdict.overall, verdict.met, verdict.known) == (Overall.INELIGIBLE, 0, 0b01)


@pytest.mark.parametrize("severity", ["warn", "human"])
def test_only_must_criteria_decide(tables, severity):
    Subject.objects.create(pk=1, level=1, words="事迹")
    compared = {} if severity == "human" else {"at_least": Decimal(3)}
    other = criterion("level", "level" if compared else "", severity, **compared)

    assert judged([other, WORDS]).overall == Overall.ELIGIBLE


@pytest.mark.parametrize(
    ("level", "age", "overall"),
    [
        (3, 10, Overall.ELIGIBLE),
        (1, 40, Overall.ELIGIBLE),
        (None, 40, Overall.ELIGIBLE),
        (1, 10, Overall.INELIGIBLE),
        (1, None, Overall.MISSING),
        (None, None, Overall.MISSING),
    ],
)
def test_one_alternative_of_a_group_is_enough(tables, level, age, overall):
    Subject.objects.create(pk=1, level=level, age=age)
    either = [
        criterion("level", "level", at_least=Decimal(3), group="either"),
        criterion("age", "age", at_least=Decimal(40), group="either"),
    ]

    assert judged(either).overall == overall


def test_a_fact_that_no_app_reads_is_missing_for_everybody(tables):
    Subject.objects.create(pk=1)

    verdict = judged([criterion("titles", "lower_titles", at_least=Decimal(1))])

    assert (verdict.overall, verdict.known, verdict.observed) == (Overall.MISSING, 0, [None])


def test_no_child_rows_may_mean_zero_where_the_fact_says_so(tables):
    Subject.objects.create(pk=1)

    verdict = judged([criterion("segments", "segments", at_most=Decimal(0))])

    assert (verdict.overall, verdict.observed) == (Overall.ELIGIBLE, [0])


@pytest.mark.parametrize(("tenths", "met"), [(45, 1), (44, 0)])
def test_a_tolerance_lowers_the_deciding_figure_in_the_steps_of_the_fact(tables, tenths, met):
    Subject.objects.create(pk=1, level=tenths)
    about = criterion("growth", "growth", at_least=Decimal(5), tolerance=Decimal("0.5"))

    assert judged([about]).met == met


def test_a_threshold_finer_than_its_fact_is_an_error(tables):
    with pytest.raises(ValueError, match="finer"):
        judged([criterion("level", "level", at_least=Decimal("2.5"))])


def test_a_subject_outside_the_rows_has_no_verdict(tables):
    Subject.objects.create(pk=1)

    assert judged([MONTHS], pk=2) is None


def test_a_tier_without_a_deciding_criterion_is_refused():
    policy = parse(
        POLICY.replace('"must"', '"warn"').replace('"person"', '"academy"'), name="sample.toml"
    )

    with pytest.raises(DomainError) as refusal:
        evaluation(policy, "top", FACTS, on=ON)

    assert refusal.value.code == "policy-without-criteria"


def test_a_tier_the_policy_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(DomainError, match="可用：top（最高层级）") as refusal:
        evaluation(parse(POLICY, name="sample.toml"), "peak", FACTS, on=ON)

    assert refusal.value.code == "unknown-tier"


def test_the_criteria_of_a_tier_are_judged_in_the_order_of_the_file(tables):
    policy = parse(POLICY, name="sample.toml")
    Subject.objects.create(pk=1)
    Segment.objects.create(subject_id=1, start=THIS_MONTH - 59, end=None)

    verdict = evaluation(policy, "top", FACTS, on=ON).judge(Subject.objects.all(), 1)

    assert verdict.overall == Overall.ELIGIBLE


def test_store_writes_one_compact_row_for_each_subject_in_the_range(tables):
    for pk in (1, 2, 3, 4):
        Subject.objects.create(pk=pk, words="事迹", version=pk * 10)
        Segment.objects.create(subject_id=pk, start=THIS_MONTH - 57 - pk, end=None)

    count = Evaluation((MONTHS, WORDS), FACTS, ON).store(
        Subject.objects.exclude(pk=4),
        ids=(2, 4),
        into=Verdict,
        subject="subject_id",
        constants={"run_id": 7, "version": F("version")},
    )

    assert count == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM policies_tests_verdict ORDER BY subject_id")
        assert cursor.fetchall() == [
            (7, 2, Overall.ELIGIBLE, 0b11, 0b11, [60, 2], 20),
            (7, 3, Overall.ELIGIBLE, 0b11, 0b11, [61, 2], 30),
        ]


def scans(plan, table):
    """How often each scan of `table` in an EXPLAIN tree runs, and by which range."""
    found = []
    if plan.get("Relation Name") == table:
        conditions = (plan.get(k, "") for k in ("Index Cond", "Recheck Cond", "Filter"))
        found.append((plan["Actual Loops"], " ".join(conditions)))
    return found + [hit for part in plan.get("Plans", ()) for hit in scans(part, table)]


def nodes(plan):
    return [plan, *(n for part in plan.get("Plans", ()) for n in nodes(part))]


def test_the_child_table_is_scanned_once_and_only_in_the_range(tables):
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO policies_tests_subject SELECT g, g % 7, g % 50, 'x' FROM generate_series(1, 5000) g;
            INSERT INTO policies_tests_segment (subject_id, start, "end")
                SELECT g, g % 100, NULL FROM generate_series(1, 5000) g, generate_series(1, 3);
            ANALYZE policies_tests_subject; ANALYZE policies_tests_segment;
        """)
    # Two facts of the same child rows share one scan; each is used in verdict, bits and observed.
    criteria = (MONTHS, criterion("segments", "segments", at_least=Decimal(2)), WORDS)
    statement, params = Evaluation(criteria, FACTS, ON).statement(
        Subject.objects.all(), first=1001, last=2000
    )
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
        row = cursor.fetchone()[0]
    plan = (json.loads(row) if isinstance(row, str) else row)[0]["Plan"]

    ((loops, condition),) = scans(plan, "policies_tests_segment")
    assert loops == 1
    assert "1001" in condition
    assert "2000" in condition
    assert any(n["Node Type"] == "Subquery Scan" and n["Alias"] == "facts" for n in nodes(plan))


NUMBER = st.none() | st.integers(0, 6)
SPAN = st.tuples(
    st.integers(THIS_MONTH - 8, THIS_MONTH + 2), st.none() | st.integers(THIS_MONTH - 8, THIS_MONTH)
)
ROW = st.tuples(
    NUMBER, NUMBER, st.sampled_from(["", " ", "事迹", "很长的事迹"]), st.lists(SPAN, max_size=3)
)
COMPARED = st.one_of(
    st.integers(0, 7).map(lambda n: {"at_least": Decimal(n)}),
    st.integers(0, 7).map(lambda n: {"at_most": Decimal(n)}),
    st.integers(0, 7).map(lambda n: {"equals": Decimal(n)}),
    st.just({"present": True}),
)
ASKED = st.tuples(
    st.sampled_from(["frontline_months", "segments", "level", "age", "words", "lower_titles"]),
    st.sampled_from(["must", "warn"]),
    st.sampled_from(["", "", "one", "two"]),
    COMPARED,
)


def oracle(row, criteria):
    """The same rule said slowly in Python: (overall, met, known, observed)."""
    level, age, words, spans = row
    covered = {
        m for start, end in spans for m in range(start, (THIS_MONTH if end is None else end) + 1)
    }
    facts = {
        "frontline_months": len(covered) or None,
        "segments": len(spans),
        "level": level,
        "age": age,
        "words": len(words.strip()) or None,
        "lower_titles": None,
    }
    answers = []
    for c in criteria:
        value = facts[c.fact]
        if value is None:
            answers.append(None)
        elif c.present:
            answers.append(True)
        elif c.at_least is not None:
            answers.append(value >= c.at_least)
        elif c.at_most is not None:
            answers.append(value <= c.at_most)
        else:
            answers.append(value == c.equals)
    clauses = {}
    for c, answer in zip(criteria, answers, strict=True):
        if c.severity is Severity.MUST:
            clauses.setdefault(c.group or c, []).append(answer)
    outcomes = [
        True if True in members else None if None in members else False
        for members in clauses.values()
    ]
    overall = (
        Overall.INELIGIBLE
        if False in outcomes
        else Overall.MISSING
        if None in outcomes
        else Overall.ELIGIBLE
    )
    return (
        overall,
        sum(1 << i for i, a in enumerate(answers) if a),
        sum(1 << i for i, a in enumerate(answers) if a is not None),
        [facts[c.fact] for c in criteria],
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(ROW, min_size=1, max_size=8), asked=st.lists(ASKED, min_size=1, max_size=7))
def test_the_set_the_person_and_a_slow_oracle_agree(tables, rows, asked):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM policies_tests_subject; DELETE FROM policies_tests_segment;")
        cursor.execute("DELETE FROM policies_tests_verdict")
    Subject.objects.bulk_create(
        Subject(pk=pk, level=level, age=age, words=words)
        for pk, (level, age, words, _) in enumerate(rows, start=1)
    )
    Segment.objects.bulk_create(
        Segment(subject_id=pk, start=start, end=end)
        for pk, row in enumerate(rows, start=1)
        for start, end in row[3]
    )
    decisive = criterion("decisive", "level", present=True)
    others = (
        criterion(f"c{i}", fact, severity, group=group if severity == "must" else "", **compared)
        for i, (fact, severity, group, compared) in enumerate(asked)
    )
    criteria = (decisive, *others)
    ev = Evaluation(criteria, FACTS, ON)

    ev.store(
        Subject.objects.all(),
        ids=(1, len(rows)),
        into=Verdict,
        subject="subject_id",
        constants={"run_id": 1},
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT overall, met, known, observed FROM policies_tests_verdict ORDER BY subject_id"
        )
        stored = cursor.fetchall()
    assert stored == [oracle(row, criteria) for row in rows]
    for pk in range(1, len(rows) + 1):
        one = ev.judge(Subject.objects.all(), pk)
        assert (one.overall, one.met, one.known, one.observed) == stored[pk - 1]
