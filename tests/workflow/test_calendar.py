import json
from datetime import date

import pytest
from django.core.management import call_command

from tests.inputs import FIXTURES
from workflow.calendar import add_working_days, published_years
from workflow.management.commands.working_days import Command as WorkingDays
from workflow.models import WorkingDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    call_command("load_calendar", verbosity=0)


@pytest.mark.parametrize(
    ("start", "count", "start_counts", "day"),
    [
        (date(2021, 9, 14), 5, True, date(2021, 9, 18)),
        (date(2025, 5, 8), 5, True, date(2025, 5, 14)),
        (date(2023, 8, 22), 5, True, date(2023, 8, 28)),
        (date(2021, 12, 10), 7, True, date(2021, 12, 20)),
        (date(2026, 2, 12), 5, False, date(2026, 2, 26)),
        (date(2026, 9, 28), 5, False, date(2026, 10, 10)),
        (date(2026, 6, 1), 1, True, date(2026, 6, 1)),
        (date(2026, 6, 6), 1, True, date(2026, 6, 8)),
    ],
    ids=(
        "a Saturday worked for a holiday", "plain week", "over a weekend", "seven days",
        "over Spring Festival", "over National Day", "the day itself", "from a Saturday",
    ),
)  # fmt: skip
def test_working_days_are_counted_as_in_published_notices(
    published, start, count, start_counts, day
):
    deadline = add_working_days(start, count, start_counts=start_counts)

    assert (deadline.day, deadline.unpublished_years) == (day, ())


def test_without_the_table_only_weekends_are_left_out_and_the_year_is_named():
    deadline = add_working_days(date(2026, 2, 12), 5, start_counts=False)

    assert (deadline.day, deadline.unpublished_years) == (date(2026, 2, 19), (2026,))


def test_a_deadline_that_crosses_into_an_unpublished_year_says_so(published):
    deadline = add_working_days(date(2026, 12, 28), 6)

    assert deadline.unpublished_years == (2027,)


def test_every_published_year_is_loaded(published):
    assert published_years() == list(range(2004, 2027))
    assert (
        WorkingDay.objects.filter(is_working=True, day__week_day__in=(2, 3, 4, 5, 6)).count() == 0
    )
    assert WorkingDay.objects.get(day=date(2021, 9, 18)).is_working
    assert not WorkingDay.objects.get(day=date(2026, 10, 1)).is_working


def test_loading_again_changes_nothing(published):
    before = set(WorkingDay.objects.values_list("pk", "day", "is_working", "note"))

    call_command("load_calendar", verbosity=0)

    assert set(WorkingDay.objects.values_list("pk", "day", "is_working", "note")) == before


def test_loading_again_keeps_what_somebody_edited(published):
    WorkingDay.objects.filter(day=date(2026, 10, 10)).update(is_working=False, note="临时通知")

    call_command("load_calendar", verbosity=0)

    assert WorkingDay.objects.get(day=date(2026, 10, 10)).note == "临时通知"
    assert add_working_days(date(2026, 9, 28), 5, start_counts=False).day == date(2026, 10, 12)


def test_the_command_counts_as_the_state_council_has_it_and_brings_the_calendar_along(tmp_path):
    expected = json.loads((FIXTURES / "expected-later.json").read_text("utf-8"))["working_days"]
    out = tmp_path / "days.json"
    for wanted in expected:
        call_command(
            "working_days", start=date.fromisoformat(wanted["start"]), days=wanted["days"],
            json=str(out), verbosity=0,
        )  # fmt: skip
        assert json.loads(out.read_text("utf-8")) == wanted


def test_a_day_that_is_none_is_said_in_a_sentence(capsys):
    typed = ["manage.py", "working_days", "--start", "2026-02-30", "--days", "5"]

    with pytest.raises(SystemExit):
        WorkingDays().run_from_argv(typed)

    said = capsys.readouterr().err
    assert "“2026-02-30”不是日期，请写成 2026-09-28" in said
    assert "Traceback" not in said
