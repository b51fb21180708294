from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.facts import facts_about
from policies.library.policy import Criterion, Severity
from policies.rules.criteria import Evaluation
from talents.facts.service import Papers, service_of
from talents.models import Employment, Nomination, SkillLevel
from tests.factories.talents import (
    FORCES,
    THIS_MONTH,
    NominationFactory,
    PersonFactory,
    with_service,
)

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 30)
FACTS = facts_about("talents.Nomination")


def asking(*codes):
    """An evaluation that asks for the facts and judges nothing."""
    criteria = [
        Criterion(
            code=code,
            title=code,
            source=("S0",),
            tiers=("t",),
            severity=Severity.MUST,
            fact=code,
            at_least=Decimal(0),
        )
        for code in codes
    ]
    return Evaluation(tuple(criteria), FACTS, ON)


def observed(nomination, code):
    return asking(code).judge(Nomination.objects.all(), nomination.pk).observed[0]


@pytest.mark.parametrize(
    ("spans", "months"),
    [
        ([], None),
        ([(THIS_MONTH, THIS_MONTH)], 1),
        ([(THIS_MONTH - 59, None)], 60),
        ([(THIS_MONTH - 11, THIS_MONTH - 6), (THIS_MONTH - 5, None)], 12),
        ([(THIS_MONTH - 11, THIS_MONTH - 4), (THIS_MONTH - 5, None)], 12),
        ([(THIS_MONTH - 30, THIS_MONTH - 1), (THIS_MONTH - 20, THIS_MONTH - 10)], 30),
        ([(THIS_MONTH - 30, THIS_MONTH - 21), (THIS_MONTH - 9, THIS_MONTH)], 20),
        ([(THIS_MONTH - 4, THIS_MONTH)] * 3, 5),
        ([(THIS_MONTH - 1, THIS_MONTH + 40)], 2),
        ([(THIS_MONTH + 1, THIS_MONTH + 40)], 0),
        ([(THIS_MONTH + 1, None), (THIS_MONTH, None)], 1),
    ],
    ids=[
        "no history is no fact",
        "one month counts as one",
        "an open end counts the month of the reference day",
        "neighbours add up",
        "a shared month counts once",
        "a segment inside another adds nothing",
        "a gap counts nothing",
        "the same segment three times counts once",
        "months after the reference day do not count",
        "only future months are known to be none",
        "an open segment of the future adds nothing",
    ],
)
def test_frontline_months_are_the_union_of_calendar_months(spans, months):
    nomination = with_service(NominationFactory(), *spans)

    assert observed(nomination, "frontline_months") == months


def test_frontline_months_leave_out_what_is_not_frontline():
    nomination = with_service(NominationFactory(), (THIS_MONTH - 99, None), is_frontline=False)

    assert observed(nomination, "frontline_months") is None


def test_frontline_months_are_read_from_this_filing_only():
    person = PersonFactory()
    earlier = with_service(NominationFactory(person=person), (THIS_MONTH - 99, None))
    later = with_service(NominationFactory(person=person), (THIS_MONTH - 9, None))
    Employment.objects.create(person=person, start_month=THIS_MONTH - 300, is_frontline=True)

    assert observed(earlier, "frontline_months") == 100
    assert observed(later, "frontline_months") == 10


def months_by_hand(spans):
    """Write down every month of every segment, and count the different ones."""
    written = {
        month
        for first, last in spans
        for month in range(first, (THIS_MONTH if last is None else last) + 1)
        if month <= THIS_MONTH
    }
    return len(written) if spans else None


SPAN = st.tuples(
    st.integers(THIS_MONTH - 120, THIS_MONTH + 12), st.none() | st.integers(0, 150)
).map(lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1]))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories=st.lists(st.lists(SPAN, max_size=6), min_size=1, max_size=12))
def test_frontline_months_of_a_set_equal_counting_by_hand(db, histories):
    selection = NominationFactory().round
    filed = [with_service(NominationFactory(round=selection), *spans) for spans in histories]
    first, last = filed[0].pk, filed[-1].pk

    rows = Nomination.objects.filter(round=selection)
    statement = asking("frontline_months").statement(rows, first=first, last=last)

    assert values_of(statement) == {
        nomination.pk: months_by_hand(spans)
        for nomination, spans in zip(filed, histories, strict=True)
    }


def values_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return {row[0]: row[4][0] for row in cursor.fetchall()}


@pytest.mark.parametrize("code", FORCES)
@pytest.mark.parametrize(
    ("text", "length"), [("", None), ("   ", None), ("有", 1), ("牵头攻关", 4)]
)
def test_a_statement_is_missing_only_where_nothing_is_written(code, text, length):
    assert observed(NominationFactory(**{code: text}), code) == length


@pytest.mark.parametrize(
    ("level", "rank"),
    [
        ("", None),
        (SkillLevel.APPRENTICE, 0),
        (SkillLevel.JUNIOR, 1),
        (SkillLevel.MIDDLE, 2),
        (SkillLevel.SENIOR, 3),
        (SkillLevel.TECHNICIAN, 4),
        (SkillLevel.SENIOR_TECHNICIAN, 5),
        (SkillLevel.SPECIAL, 6),
        (SkillLevel.CHIEF, 7),
    ],
)
def test_skill_levels_rank_upwards_though_their_digits_descend(level, rank):
    assert observed(NominationFactory(skill_level=level), "certificate_rank") == rank


@pytest.mark.parametrize(
    ("birth_on", "age"),
    [(None, None), (date(1986, 6, 30), 40), (date(1986, 7, 1), 39)],
    ids=["unknown", "birthday on the reference day", "birthday the day after"],
)
def test_age_is_counted_in_full_years_on_the_reference_day(birth_on, age):
    nomination = NominationFactory(person=PersonFactory(birth_on=birth_on))

    assert observed(nomination, "age") == age


@pytest.mark.parametrize(
    ("code", "field", "value", "found"),
    [
        ("patents", "patents_count", None, None),
        ("patents", "patents_count", 0, 0),
        ("apprentices", "apprentices_count", 3, 3),
        ("certificate_characters", "certificate_number", "", None),
        ("certificate_characters", "certificate_number", "Y332211649709192555929", 22),
        ("honours_text", "honours_text", "全国技术能手", 6),
    ],
)
def test_filed_figures_are_read_as_filed(code, field, value, found):
    assert observed(NominationFactory(**{field: value}), code) == found


def test_every_fact_tells_what_to_file_when_it_is_missing():
    assert [fact.code for fact in FACTS.values() if not fact.remedy] == []


def papers_of(nomination):
    return Papers(nomination, service_of(nomination, ON))


def test_months_say_from_which_segments_they_come():
    nomination = with_service(
        NominationFactory(), (THIS_MONTH - 29, THIS_MONTH - 10), (THIS_MONTH - 11, None)
    )
    months, papers = FACTS["frontline_months"], papers_of(nomination)

    assert months.formula_of(papers) == "20 + 12 － 重叠 2 = 30 个月"
    first, second = months.lines_of(papers)
    assert first.endswith("：20 个月")
    assert second.endswith("：12 个月，其中 2 个月与前段重叠，不重复计")


def test_months_of_one_segment_or_none_need_no_sum():
    one = with_service(NominationFactory(), (THIS_MONTH - 4, None))
    none = NominationFactory()
    months = FACTS["frontline_months"]

    assert months.formula_of(papers_of(one)) == "合计 5 个月"
    assert (months.formula_of(papers_of(none)), months.lines_of(papers_of(none))) == ("", [])


def test_segments_that_begin_alike_each_add_what_the_others_do_not_cover():
    nomination = with_service(
        NominationFactory(),
        (THIS_MONTH - 9, THIS_MONTH - 5),
        (THIS_MONTH - 9, THIS_MONTH),
        (THIS_MONTH - 9, THIS_MONTH - 5),
    )

    service = service_of(nomination, ON)

    assert [(row.months, row.added) for row in service.rows] == [(5, 5), (10, 5), (5, 0)]
    assert service.total == observed(nomination, "frontline_months") == 10


def test_what_was_written_is_shown_in_its_own_words():
    nomination = NominationFactory(
        certificate_number="Y000011000000123000001", honours_text="", force_leading="带头攻关"
    )
    papers = papers_of(nomination)

    told = {fact.code: list(fact.lines_of(papers)) for fact in FACTS.values() if fact.is_text}
    assert told["certificate_characters"] == ["Y000011000000123000001"]
    assert told["honours_text"] == []
    assert told["force_leading"] == ["带头攻关"]
    assert told.keys() == {*FORCES, "honours_text", "certificate_characters"}
