"""Rows of the yearly evaluation, as the product leaves them."""

from django.utils import timezone

from academies.models import Evaluation, Review
from tests.attacks.attack import APP, NO_RIGHT, SOMEBODY, Attack
from tests.attacks.generated import COLUMNS, copied
from tests.factories.academies import (
    EvaluationFactory,
    PanelMarkFactory,
    PhoneCheckFactory,
    ReviewFactory,
    evidence_of,
)
from tests.factories.organizations import UserFactory
from tests.factories.workflow import moved

STATES = {
    "academies_review": ("academies.review", "review", "draft", "filed"),
    "academies_trainingreport": (
        "academies.trainingreport",
        "training_report",
        "draft",
        "prepared",
    ),
    "academies_rectification": ("academies.rectification", "rectification", "proved", "demanded"),
}
ALONG = {
    ("academies_review", "filed"): f", filed_by_id = {SOMEBODY}",
    ("academies_trainingreport", "prepared"): f", prepared_by_id = {SOMEBODY}",
}

#: Table → constraint → what is set, and of which row.
CHANGES = {
    "academies_review": {
        "review_state_agrees_with_its_hands": ("graded_by_id = null", "state = 'graded'"),
        "review_is_endorsed_by_another": ("endorsed_by_id = filed_by_id", "state = 'graded'"),
        "review_is_graded_by_another": ("graded_by_id = filed_by_id", "state = 'graded'"),
        "review_lifting_says_by_whom": ("lifted_to = 'qualified'",),
        "review_lifting_is_agreed_to_by_another": (
            "lifted_to = 'qualified', lifted_by_id = graded_by_id",
            "state = 'graded'",
        ),
        "review_regrading_says_by_whom_and_why": (
            f"regrade_to = 'qualified', regrade_by_id = {SOMEBODY}, objection = 'x'",
        ),
        "review_regrading_is_agreed_to_by_another": (
            (
                "regrade_to = 'qualified', regrade_by_id = graded_by_id, regrade_reason = 'x',"
                " objection = 'x'"
            ),
            "state = 'graded'",
        ),
        "review_objection_is_answered_by_another": (
            "answered_by_id = graded_by_id",
            "state = 'graded'",
        ),
    },
    "academies_reviewevidence": {"review_evidence_names_its_item": ("item = ''",)},
    "academies_panelmark": {"panel_mark_within_the_scale": ("total = 101",)},
    "academies_phonecheck": {"phone_check_says_who_called": ("called_at = null",)},
}


def evaluated(city):
    """A file of the evaluation begun, and one graded, marked and called about."""
    begun = EvaluationFactory(academy=city.evaluated, year=2023)
    EvaluationFactory(academy=city.evaluated, year=2022, grade="failed")
    ReviewFactory(academy=city.evaluated, campaign__year=2023, evaluation=begun)
    graded = ReviewFactory(academy=city.evaluated, campaign__year=2024)
    rows = Review.objects.filter(pk=graded.pk)
    rows.update(
        filed_by=UserFactory(), endorsed_by=UserFactory(), graded_by=UserFactory(),
        answered_by=UserFactory(), objected_by=UserFactory(),
        evaluation=Evaluation.objects.get(year=2024),
    )  # fmt: skip
    moved(rows, "graded")
    evidence_of(Review.objects.get(state="draft", campaign__year=2023), "品牌")
    PanelMarkFactory(review=graded)
    PhoneCheckFactory(
        review=graded, outcome="confirmed", called_by=UserFactory(), called_at=timezone.now()
    )


def attacks(database):
    """Evidence after the assessment was filed, or a filing on what has expired."""
    columns = dict(database.execute(COLUMNS, ["academies_reviewevidence"]).fetchall())

    def another(**replaced):
        facts = {"id": "id + 1000", "item": "'z'"} | replaced
        return copied(database, "academies_reviewevidence", columns, facts)

    stays, valid = "review_evidence_stays", "review_brings_valid_evidence"
    late = another(review_id="(select id from academies_review where state = 'graded')")
    yield Attack(APP, f"academies_reviewevidence.{stays}", late, "JX022", stays)
    filed = (
        f"{another(valid_until='current_date - 2')}; update academies_review set state = 'filed',"
        f" filed_by_id = {SOMEBODY} where id = (select review_id from academies_reviewevidence limit 1)"
    )
    yield Attack(APP, f"academies_review.{valid}", filed, "JX022", valid)
    yield from _graded()
    yield from _rechecked()
    yield from _changed()
    yield from _failed_twice()
    yield from _history()
    yield from _struck()


def _graded():
    """A better grade than proposed is given by one alone, or a file graded by who marked it."""
    guard, begun = "review_is_graded_by_who_may", "state = 'draft' and evaluation_id is not null"
    graded = f"update academies_review set state = 'graded', graded_by_id = {SOMEBODY}"
    mark = (
        "insert into academies_panelmark (review_id, expert_id, scores, total, words, filed_at, marked_at)"
        f" select id, {SOMEBODY}, '[]', 1, '', now(), now() from academies_review where {begun}"
    )
    marked = (
        f"update academies_review set filed_at = now() where {begun};"
        f" {mark.replace('min(', 'max(')}"
    )
    short = "items = '[{\"is_short\": true}]'"
    unreached = "calls_short = 'x'"
    for statement in (
        f"{mark}; {graded} where {begun}",
        f"{graded}, {short} where {begun}",
        f"{graded}, {unreached} where {begun}",
        f"{marked}; {graded}, panel_mean = 1, panel_passing = 60, panel_excelling = 85 where {begun}",
        f"{marked}; {graded}, panel_mean = 60, panel_passing = 60, panel_excelling = 85 where {begun}",
    ):
        yield Attack(APP, f"academies_review.{guard}", statement, "JX021", guard)


def _failed_twice():
    """That an academy failed, or twice in a row, is taken back, parted by a pass, or graded away."""
    of = (
        "(select a.id from academies_academy a where not exists (select from academies_evaluation e"
        " where e.academy_id = a.id) order by a.id limit 1)"
    )
    add = (
        "insert into academies_evaluation (academy_id, year, grade, evaluated_on, demand, version)"
        " select {}, y, {}, make_date(y + 1, 3, 9), 'twice', 1 from unnest(array[{}]) y"
    )
    twice, theirs = add.format(of, "'failed'", "2020, 2022"), "where demand = 'twice'"
    academy = f"(select max(academy_id) from academies_evaluation {theirs})"
    for name, statement in (
        ("deleted", f"delete from academies_evaluation {theirs}"),
        ("deleted", f"delete from academies_evaluation {theirs} and year = 2022"),
        ("parted", add.format(academy, "'qualified'", "2021")),
        ("regraded", f"update academies_evaluation set grade = 'qualified' {theirs}"),
        (
            "regraded",
            f"update academies_evaluation set grade = 'qualified' {theirs} and year = 2020",
        ),
    ):
        stays = f"evaluation_failures_stay_{name}"
        yield Attack(APP, f"academies_evaluation.{stays}", f"{twice}; {statement}", "JX021", stays)
    stays, once = "evaluation_failures_stay_deleted", add.format(of, "'failed'", "2020")
    alone = f"{once}; delete from academies_evaluation {theirs}"
    yield Attack(APP, f"academies_evaluation.{stays}", alone, "JX021", stays)
    yield Attack(
        APP,
        "academies_evaluation.UPDATE",
        "update academies_evaluation set batch_line = 9",
        NO_RIGHT,
    )


def _struck():
    """A failure of the history goes as one proposed and another agreed, and not otherwise."""
    stays = "evaluation_failures_stay_deleted"
    row = "where batch_id is not null"
    another = (
        f"(select min(id) from organizations_user where id <> {SOMEBODY} and id not in (select"
        f" uploaded_by_id from intake_importbatch b, academies_evaluation {row} and b.id = batch_id))"
    )
    twice = (
        "insert into academies_evaluation (academy_id, year, grade, evaluated_on, demand, version)"
        f" select academy_id, 2024, 'failed', '2025-03-09', '', 1 from academies_evaluation {row}; "
    )
    proposed = (
        "update academies_evaluation set proposal = '{}', proposal_reason = 'x', proposed_at = now(),"
        f" proposed_by_id = {SOMEBODY}, corrected_by_id = {{}} {row}; "
    )
    gone = f"delete from academies_evaluation {row}"
    fair = ('{"struck": true}', another)
    for proposal, by in (('{"struck": true}', "null"), ('{"year": 2010}', another)):
        yield Attack(
            APP, f"academies_evaluation.{stays}",
            twice + proposed.replace("'{}'", f"'{proposal}'").replace("{}", by) + gone, "JX021", stays,
        )  # fmt: skip
    yield Attack(
        APP, f"academies_evaluation.{stays}",
        twice + proposed.replace("'{}'", f"'{fair[0]}'").replace("{}", another) + gone,
        then=f"select count(*) = 0 from academies_evaluation {row}",
    )  # fmt: skip


def _history():
    """What came with the history is changed by one alone, otherwise than proposed, or was graded here."""
    guard = "evaluation_is_put_right_by_two"
    row = "where batch_id is not null"
    brought = f"(select max(uploaded_by_id) from intake_importbatch b, academies_evaluation {row} and b.id = batch_id)"
    proposed = (
        "update academies_evaluation set proposal = jsonb_build_object('academy', academy_id, 'year',"
        " {year}, 'grade', '{grade}', 'evaluated_on', evaluated_on), proposal_reason = 'x',"
        f" proposed_at = now(), proposed_by_id = {SOMEBODY}, corrected_by_id = null {row}; "
    )
    agreed = (
        "update academies_evaluation set year = 2010, grade = 'excellent', due_on = null, closed_on = null, proposal = '{{}}',"
        f" corrected_by_id = {{}} {row}"
    )
    fair = proposed.format(year=2010, grade="excellent")
    another = f"(select min(id) from organizations_user where id not in ({SOMEBODY}, {brought}))"
    for statement in (
        f"update academies_evaluation set year = 2010 {row}",
        f"update academies_evaluation set grade = 'excellent' {row}",
        f"update academies_evaluation set evaluated_on = evaluated_on + 1 {row}",
        f"update academies_evaluation set academy_id = (select max(id) from academies_academy) {row}",
        "update academies_evaluation set year = 2009 where batch_id is null",
        fair + agreed.format("null"),
        fair + agreed.format(brought),
        proposed.format(year=2011, grade="excellent") + agreed.format(another),
        proposed.format(year=2010, grade="failed") + agreed.format(another),
        fair + f"update academies_evaluation set year = 2010, grade = 'excellent', corrected_by_id = {another} {row}",
    ):  # fmt: skip
        yield Attack(APP, f"academies_evaluation.{guard}", statement, "JX021", guard)
    yield Attack(
        APP, "academies_evaluation.evaluation_is_put_right_by_two", fair + agreed.format(another),
        then=f"select bool_and(year = 2010 and grade = 'excellent') from academies_evaluation {row}",
    )  # fmt: skip


def _changed():
    """A grade changed without the two of an answered objection, or a call that forgets what it first told."""
    guard, kept = "evaluation_changes_by_an_answer_of_two", "phone_check_keeps_what_was_said"
    of = "select evaluation_id from academies_review where state = 'graded'"
    yield Attack(
        APP, f"academies_evaluation.{guard}",
        "update academies_evaluation set grade = case grade when 'excellent' then 'qualified'"
        f" else 'excellent' end where id = ({of})", "JX021", guard,
    )  # fmt: skip
    for change in ("outcome = 'denied'", "outcome = ''", "called_at = now() - interval '1 day'"):
        statement = f"update academies_phonecheck set {change}"
        yield Attack(APP, f"academies_phonecheck.{kept}", statement, "JX022", kept)


def _rechecked():
    """Who graded looks again, or who looked again comes to have graded, or to have answered."""
    graded = "from academies_review where state = 'graded'"
    not_again, not_decided = (
        "rectification_is_not_checked_by_the_grader",
        "review_is_not_decided_by_the_rechecker",
    )
    for part in ("graded_by_id", "answered_by_id"):
        yield Attack(
            APP, f"academies_rectification.{not_again}",
            f"update academies_rectification set checked_by_id = (select {part} {graded})"
            f" where evaluation_id = (select evaluation_id {graded})", "JX021", not_again,
        )  # fmt: skip
        yield Attack(
            APP, f"academies_review.{not_decided}",
            f"update academies_review v set {part} = (select max(checked_by_id) from"
            " academies_rectification where evaluation_id = v.evaluation_id) where state = 'graded'",
            "JX021", not_decided,
        )  # fmt: skip
