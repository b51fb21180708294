"""``import_reviews`` and ``rank_round``: the marks of an offline review, and what they come to."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from intake import services as imports
from intake.models import ImportBatch
from organizations.models import User
from talents.models import Expert, Review, SelectionRound
from talents.rules.ranking import ReviewRule, ranking
from tests.factories.reviews import judged
from tests.inputs import FIXTURES, take_in_beijing

EXPECTED = json.loads((FIXTURES / "expected-later.json").read_text("utf-8"))["reviews"]
CODE = "BJ-2026"


def take_in(folder):
    report = folder / "report.json"
    file = FIXTURES / "reviews-beijing-great-2026.xlsx"
    call_command("import_reviews", str(file), round=CODE, json=str(report), stdout=io.StringIO())
    return json.loads(report.read_text("utf-8"))


@pytest.fixture(scope="module")
def lasting_round(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviews")
    with django_db_blocker.unblock(), transaction.atomic():
        take_in_beijing()
        call_command(
            "create_round", CODE, policy="beijing-craftsman-selection-2024",
            tier="beijing-great", year="2026", reference_day="2026-06-30", stdout=io.StringIO(),
        )  # fmt: skip
        call_command(
            "import_nominations", str(FIXTURES / "nominations-beijing-great-2026.xlsx"),
            round=CODE, stdout=io.StringIO(),
        )  # fmt: skip
        selection = SelectionRound.objects.get(code=CODE)
        with pytest.raises(CommandError, match="round-not-assessed"):
            take_in(folder)
        judged(selection)
        yield selection, take_in(folder)
        transaction.set_rollback(True)


@pytest.fixture
def reviewed(lasting_round):
    with transaction.atomic():
        yield lasting_round
        transaction.set_rollback(True)


def test_what_is_refused_is_named_by_its_number_with_one_code_each(reviewed):
    _, report = reviewed

    assert {str(e["row"]): e["code"] for e in report["refused"]} == EXPECTED["refused"]
    assert len(report["refused"]) == len(EXPECTED["refused"])
    assert report["warnings"] == []


def test_the_ranking_is_exactly_what_was_worked_out_elsewhere(reviewed, tmp_path):
    out = tmp_path / "ranking.json"

    call_command("rank_round", round=CODE, json=str(out), stdout=io.StringIO())

    told = json.loads(out.read_text("utf-8"))
    assert told["round"] == CODE
    assert told["entries"] == EXPECTED["entries"]
    assert told["rule"]["drop_extremes_from"] == 5


def test_the_rule_is_the_policys(reviewed):
    selection, _ = reviewed
    plain = {one.row: one for one in ranking(selection, ReviewRule(drop_extremes_from=99))}
    dropped = {one.row: one for one in ranking(selection)}

    assert ReviewRule.of(selection) == ReviewRule()
    assert plain[17].score != dropped[17].score
    assert plain[17].rank == dropped[17].plain_rank
    assert plain[19].score == dropped[19].score, "four experts: nothing is dropped"


def test_marks_are_kept_as_given_and_taken_back_with_their_file(reviewed, tmp_path):
    rows = Review.objects.filter(status="submitted")
    assert rows.filter(is_recused=True, mark_leading__isnull=False).count() == 0
    assert rows.count() == 213
    assert Expert.objects.filter(code__startswith="E").exists()
    assert take_in(tmp_path)["unchanged"]

    batch = ImportBatch.objects.get(kind="talents.reviews")
    imports.revert(batch.pk, actor=User.objects.system(), note="评分登记有误")

    assert not Review.objects.exists()
