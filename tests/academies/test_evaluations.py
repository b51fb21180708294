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


def test_an_undo_takes_all_of_it_back_unless_one_was_worked_on_since(brought):
    brought(FAILED | {"学院编码": "A-S01"}, {})
    batch, system = batch_of(), User.objects.system()
    corrected = Evaluation.objects.order_by("pk").first()
    Evaluation.objects.filter(pk=corrected.pk).update(edited_at="2026-05-01T00:00Z")
    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=system, note="表格有误")
    assert refusal.value.code == "import-touched"
    Evaluation.objects.filter(pk=corrected.pk).update(edited_at=None)
    imports.revert(batch.pk, actor=system, note="表格有误")
    assert not Evaluation.objects.exists()
    assert payment_bar(Academy.objects.get(code="A-S01")) == ""


def batch_of():
    return ImportBatch.objects.get(kind="academies.evaluations")


TWICE = (FAILED, FAILED | {"评价年度": "2023", "评价日期": "2024-03-24"})


def test_an_undo_does_not_take_back_that_an_academy_failed_twice_in_a_row(brought):
    brought(*TWICE, {"学院编码": "A-U02"})
    batch, academy = batch_of(), Academy.objects.get(code="A-U01")

    with pytest.raises(DomainError) as refusal:
        imports.revert(batch.pk, actor=User.objects.system(), note="表格有误")

    assert refusal.value.code == "import-touched"
    assert f"“{academy.name}”" in refusal.value.message
    assert "连续两次不合格" in refusal.value.message
    assert Academy.objects.get(code="A-U02").name not in refusal.value.message
    assert (Evaluation.objects.count(), payment_bar(academy)) == (3, "subsidy-ended")


def test_the_second_failure_alone_is_not_taken_back_and_a_third_may_be(brought):
    academy = Academy.objects.get(code="A-U01")
    EvaluationFactory(academy=academy, year=2022, grade=F)
    EvaluationFactory(academy=academy, year=2023, grade=F)
    brought(FAILED)
    batch = batch_of()

    imports.revert(batch.pk, actor=User.objects.system(), note="表格有误")

    assert (Evaluation.objects.count(), payment_bar(academy)) == (2, "subsidy-ended")
    with pytest.raises(DatabaseError, match="连续两次不合格"), transaction.atomic():
        Evaluation.objects.filter(year=2023).delete()


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


LATE = {"等次": "不合格", "整改期限": "2026-05-23"}


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


@pytest.mark.parametrize(
    ("kept", "rows", "bar"),
    [
        ([2022, 2024], [year_of(2025, **LATE), year_of(2023)], "subsidy-ended"),
        ([2023], [year_of(2022), year_of(2021, **FAILED)], "payments-suspended"),
    ],
)
def test_an_undo_that_leaves_what_was_is_not_refused_for_the_order_of_its_rows(
    brought, kept, rows, bar
):
    academy = Academy.objects.get(code="A-U01")
    if len(kept) == 1:
        EvaluationFactory(academy=academy, year=kept[0], grade=F)
    report = brought(*rows)
    assert codes(report) == {}
    if len(kept) == 2:
        for year in kept:
            EvaluationFactory(academy=academy, year=year, grade=F)

    imports.revert(batch_of().pk, actor=User.objects.system(), note="表格有误")

    assert [row.year for row in Evaluation.objects.order_by("year")] == kept
    assert payment_bar(academy) == bar


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

    for rows_at_once in (both.filter(pk=rows[1].pk), both):
        with pytest.raises(DatabaseError, match="连续两次不合格"), transaction.atomic():
            rows_at_once.update(grade=G)
    Review.objects.filter(pk=review.pk).update(objection="不同意")
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
