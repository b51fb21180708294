"""Evaluations from the city's table, the two facts that money obeys, and the lock between them."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from academies.facts.evaluations import payment_bar
from academies.models import Academy, Evaluation, Review
from academies.services.corrections import agree_to_correction, propose_striking
from intake import services as imports
from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from policies.facts import facts_about
from policies.library.editions import edition_in_force, policy_by_digest
from policies.rules.criteria import evaluation
from tests.academies.overlapping import overlapping
from tests.factories.academies import AcademyFactory, EvaluationFactory, ReviewFactory
from tests.factories.organizations import account, with_child
from tests.inputs import FIXTURES
from workflow.refusals import DomainError

BOOK = FIXTURES / "evaluations.xlsx"
EXPECTED = json.loads((FIXTURES / "expected-later.json").read_text(encoding="utf-8"))["evaluations"]
HEADINGS = "序号,学院编码,学院名称,评价年度,等次,评价日期,整改要求,整改期限,整改完成日期"
ROW = {"学院编码": "A-U01", "评价年度": "2024", "等次": "合格", "评价日期": "2025-03-24"}
FAILED = {"等次": "不合格", "整改期限": "2025-05-23"}


def command(file, place, **options):
    out = io.StringIO()
    call_command(
        "import_evaluations", str(file), json=str(place), stdout=out, stderr=out, **options
    )
    return json.loads(Path(place).read_text(encoding="utf-8"))


@pytest.fixture
def brought(beijing, tmp_path):
    """Call it with rows to import them; what the command reports."""

    def bring(*rows):
        lines = [{"序号": str(n)} | ROW | row for n, row in enumerate(rows, start=1)]
        names = HEADINGS.split(",")
        text = "\n".join([HEADINGS, *(",".join(line.get(n, "") for n in names) for line in lines)])
        file = tmp_path / "评价.csv"
        file.write_text(text, encoding="utf-8")
        return command(file, tmp_path / "report.json")

    return bring


def codes(report):
    return {str(entry["row"]): entry["code"] for entry in report["refused"]}


def verdict_of(academy, on):
    policy = policy_by_digest(edition_in_force("beijing-academy-subsidy-2024", on).digest)
    judged = evaluation(policy, "grant", facts_about("academies.Academy"), on=on)
    return judged.judge(Academy.objects.all(), academy.pk)


def test_the_table_of_the_city_comes_out_as_an_independent_program_says(beijing, tmp_path):
    report = command(BOOK, tmp_path / "report.json", annotated=str(tmp_path / "marked.xlsx"))

    assert codes(report) == EXPECTED["refused"]
    assert (report["rows"], report["accepted"]) == (19, 16)
    assert all(entry["message"] for entry in report["refused"])
    assert (tmp_path / "marked.xlsx").stat().st_size
    for code, expected in EXPECTED["payable"].items():
        academy = Academy.objects.get(code=code)
        is_theirs = expected in (
            None,
            "not-subsidised",
        )  # whom the policy excludes has no evaluation
        assert payment_bar(academy) == ("" if is_theirs else expected), code
        verdict = verdict_of(academy, date(2026, 6, 30))
        if academy.tier == Academy.Tier.CAPITAL:
            assert (verdict.overall == 2) == (expected is None), code


def test_the_same_file_again_changes_nothing(beijing, tmp_path):
    command(BOOK, tmp_path / "report.json", dry_run=True)
    assert not Evaluation.objects.exists()
    command(BOOK, tmp_path / "report.json")

    assert command(BOOK, tmp_path / "again.json")["unchanged"]


def undone(user=None):
    imports.revert(batch_of().pk, actor=user or User.objects.system(), note="表格有误")


def undo_refused(user=None):
    with pytest.raises(DomainError) as refusal:
        undone(user)
    assert refusal.value.code == "import-touched"
    return refusal.value.message


def test_an_undo_takes_all_of_it_back_unless_one_was_worked_on_since(brought):
    brought({"学院编码": "A-S01"}, {})
    corrected = Evaluation.objects.get(batch_line=2)
    Evaluation.objects.filter(pk=corrected.pk).update(edited_at="2026-05-01T00:00Z")
    assert "第2行（" in undo_refused()
    Evaluation.objects.filter(pk=corrected.pk).update(edited_at=None)
    undone()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(
    ("closed_on", "bar"), [("", "payments-suspended"), ("2025-04-01", "")]
)  # what is put right counts towards two in a row
def test_no_failure_is_taken_back_with_its_file_nor_brought_in_again_as_put_right(
    brought, client, closed_on, bar
):
    academy = Academy.objects.get(code="A-U01")
    brought(FAILED | {"整改完成日期": closed_on}, {"学院编码": "A-U02"})
    handler = account(Role.HANDLER, batch_of().organization)

    said = undo_refused(handler)

    assert f"第2行（{academy.name}2024年度）" in said
    assert "第3行" not in said
    assert "由另一位审批人复核" in said
    again = brought(FAILED | {"整改完成日期": "2025-04-02"})
    assert codes(again) == {"1": "duplicate-evaluation"}
    assert payment_bar(academy) == bar
    client.force_login(handler)
    page = client.post(reverse("intake:revert", args=[batch_of().pk]), {"note": "表格有误"})
    assert said in page.content.decode()
    with pytest.raises(DatabaseError, match="另一人复核"), transaction.atomic():
        Evaluation.objects.filter(academy=academy).delete()


def test_what_passed_is_taken_back_once_the_failures_of_the_file_are_struck_by_two(brought):
    brought(FAILED, {"学院编码": "A-U02"})
    city = batch_of().organization
    failure = Evaluation.objects.get(grade=F)
    proposer, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    propose_striking(failure.pk, actor=proposer, note="该学院当年没有评价")
    assert "第2行" in undo_refused()
    agree_to_correction(failure.pk, actor=approver, note="已核对原表")

    undone()

    assert not Evaluation.objects.exists()


def test_a_pass_that_parts_two_failures_is_not_taken_back_by_one_alone(brought):
    academy = Academy.objects.get(code="A-U01")
    brought({}, {"学院编码": "A-U02"})
    for year in (2023, 2025):
        EvaluationFactory(academy=academy, year=year, grade=F, closed_on=date(year + 1, 3, 20))

    said = undo_refused()

    assert f"第2行（{academy.name}2024年度）" in said
    assert "第3行" not in said
    assert "终止补助" in said


def batch_of():
    """The first file that was brought in."""
    return ImportBatch.objects.filter(kind="academies.evaluations").earliest("pk")


@pytest.mark.parametrize("grade", ["合格", "优秀"])
def test_no_pass_is_brought_in_between_two_failures(brought, grade):
    academy = Academy.objects.get(code="A-U01")
    for year in (2022, 2024):
        EvaluationFactory(academy=academy, year=year, grade=F)
    between = {"评价年度": "2023", "评价日期": "2024-03-24", "等次": grade}
    before = {"评价年度": "2021", "评价日期": "2022-03-24", "等次": grade}

    report = brought(between, before, between | {"学院编码": "A-U02"})

    assert codes(report) == {"1": "failures-parted"}
    assert payment_bar(academy) == "subsidy-ended"
    with pytest.raises(DatabaseError, match="连续两次不合格"), transaction.atomic():
        EvaluationFactory(academy=academy, year=2023, grade=G)


def year_of(year, **facts):
    return {"评价年度": f"{year}", "评价日期": f"{year + 1}-03-24"} | facts


@pytest.mark.parametrize(
    ("passed", "refused"),
    [([2021], {}), ([2023], {}), ([2021, 2023], {"1": "failures-parted", "2": "failures-parted"})],
)
def test_a_pass_that_leaves_two_failures_in_a_row_is_brought_in(brought, passed, refused):
    academy = Academy.objects.get(code="A-U01")
    for year in (2020, 2022, 2024):
        EvaluationFactory(academy=academy, year=year, grade=F)

    report = brought(*(year_of(year) for year in passed))

    assert codes(report) == refused
    assert Evaluation.objects.count() == 3 + len(passed) - len(refused)
    assert payment_bar(academy) == "subsidy-ended"


def test_a_history_in_any_order_of_its_rows_is_brought_in_at_once(brought):
    report = brought(
        FAILED | {"评价年度": "2022", "评价日期": "2023-03-24"},
        FAILED,
        {"评价年度": "2023", "评价日期": "2024-03-24"},
    )

    assert (codes(report), report["accepted"]) == ({}, 3)
    assert payment_bar(Academy.objects.get(code="A-U01")) == "payments-suspended"


def test_only_an_objection_changes_one_of_two_failures(db):
    academy = AcademyFactory()
    rows = [EvaluationFactory(academy=academy, year=year, grade=F) for year in (2023, 2024)]
    review = ReviewFactory(academy=academy, evaluation=rows[1], campaign__year=2024)
    both = Evaluation.objects.filter(academy=academy)

    for at_once, said in (
        (both.filter(pk=rows[0].pk), "连续两次不合格"),
        (both.filter(pk=rows[1].pk), "一人提出、另一人复核"),
        (both, "连续两次不合格|一人提出、另一人复核"),
    ):
        with pytest.raises(DatabaseError, match=said), transaction.atomic():
            at_once.update(grade=G)
    one, another = (account(Role.APPROVER, review.campaign.organization) for _ in range(2))
    Review.objects.filter(pk=review.pk).update(
        objection="不同意", regrade_to=G, regrade_by=one, regrade_reason="少计", answered_by=another
    )
    assert both.filter(pk=rows[1].pk).update(grade=G) == 1
    assert payment_bar(academy) == "payments-suspended"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"学院编码": ""}, "code-missing"),
        ({"学院编码": "A-NONE"}, "unknown-academy"),
        ({"评价年度": "去年"}, "year-unreadable"),
        ({"评价年度": "2099"}, "year-unreadable"),
        ({"评价年度": "2025"}, None),
        ({"评价年度": "２０２４年度"}, None),
        ({"评价年度": "2026"}, "evaluated-before-year"),
        ({"等次": ""}, "grade-missing"),
        ({"等次": "良好"}, "grade-unreadable"),
        ({"评价日期": "明天"}, "evaluated-unreadable"),
        ({"评价日期": "2099-01-01"}, "evaluated-in-future"),
        (FAILED | {"整改期限": "2025-03-23"}, "due-before-evaluation"),
        (FAILED | {"整改完成日期": "2025-03-23"}, "closed-before-evaluation"),
        (FAILED | {"整改完成日期": "2025-03-24"}, None),
        (FAILED | {"整改完成日期": "2099-03-24"}, "closed-in-future"),
        ({"整改期限": "2025-05-23"}, None),  # a warning: a passed one is not rectified
    ],
)
def test_each_fault_is_named_where_it_stands_and_the_edges_are_let_through(brought, row, code):
    report = brought(row)

    assert codes(report) == ({} if code is None else {"1": code})
    assert Evaluation.objects.count() == (code is None)


def test_a_year_that_is_being_evaluated_is_not_decided_by_whoever_imports(brought):
    academy = Academy.objects.get(code="A-U01")
    ReviewFactory(academy=academy, campaign__year=2024)

    report = brought({}, {"评价年度": "2023", "评价日期": "2024-03-24"})

    assert codes(report) == {"1": "evaluation-under-way"}
    assert list(Evaluation.objects.values_list("academy", "year")) == [(academy.pk, 2023)]


def test_of_two_rows_about_one_year_the_first_sound_one_stands(brought):
    report = brought({"等次": "?"}, {"等次": "优秀"}, {"等次": "不合格"}, {"学院编码": "a-u02"})

    assert codes(report) == {"1": "grade-unreadable", "3": "duplicate-evaluation"}
    assert Evaluation.objects.get(academy__code="A-U01").grade == "excellent"


G, F = "qualified", "failed"


@pytest.mark.parametrize(
    ("grades", "streak", "bar"),
    [
        ([], 0, ""),
        ([G], 0, ""),
        ([F], 1, "payments-suspended"),
        ([F, G, F], 1, "payments-suspended"),
        ([F, F], 2, "subsidy-ended"),
        ([F, None, F], 2, "subsidy-ended"),  # a year without any evaluation is no pass
        ([F, F, G, "excellent"], 2, "subsidy-ended"),
    ],
)
def test_two_failures_without_a_pass_between_them_end_the_subsidy_for_good(db, grades, streak, bar):
    academy = AcademyFactory()
    for year, grade in enumerate(grades, start=2020):
        if grade:
            EvaluationFactory(academy=academy, year=year, grade=grade)

    assert payment_bar(academy) == bar
    with connection.cursor() as cursor:
        cursor.execute("select academies_failing_streak(%s)", [academy.pk])
        assert cursor.fetchone() == (streak,)
    Evaluation.objects.filter(grade=F).update(closed_on=date(2026, 6, 1))
    assert payment_bar(academy) == ("subsidy-ended" if streak > 1 else "")


def test_facts_are_those_of_the_day_that_is_asked_about(brought):
    brought(FAILED | {"整改完成日期": "2025-04-30"})
    academy = Academy.objects.get(code="A-U01")

    found = [
        verdict_of(academy, date(2025, *day)).overall
        for day in ((3, 23), (3, 24), (4, 29), (4, 30))
    ]

    assert found == [2, 0, 0, 2]


@pytest.mark.django_db(transaction=True)
def test_a_payment_waits_for_an_evaluation_written_at_the_same_moment():
    academy = AcademyFactory()

    def evaluated():
        EvaluationFactory(academy=academy, grade=F)
        return "evaluated"

    def paid():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select 1 from academies_academy where id = %s for share", [academy.pk])
            return payment_bar(academy)

    assert overlapping(evaluated, paid) == ["evaluated", "payments-suspended"]


def test_only_the_city_union_brings_evaluations_in_and_readers_see_what_they_mean(
    client, db, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    academy = AcademyFactory()
    city = academy.supervising_union
    district = with_child(city, "district", code="D1")
    EvaluationFactory(academy=academy, grade=F, due_on=date(2026, 5, 1))
    upload = reverse("intake:upload", args=["evaluations"])
    client.force_login(account(Role.HANDLER, district))
    assert client.get(upload).status_code in (403, 409)
    client.force_login(account(Role.HANDLER, city))
    assert client.get(upload).status_code == 200

    client.force_login(account(Role.ACADEMY_MANAGER, city))
    page = client.get(reverse("academies:academy", args=[academy.code])).content.decode()
    assert "整改完成前暂停拨付" in page
    home = client.get(reverse("portal:home")).content.decode()
    assert "整改未完成" in home
    listed = client.get(reverse("academies:evaluations") + "?is_open=true").content.decode()
    assert "逾期" in listed
