import json

import pytest
from django.core.management import CommandError, call_command

from organizations.models import Organization, User
from organizations.roles import Role
from policies.rules.verdicts import Overall
from talents.models import Nomination
from talents.rules import evaluation_of
from talents.selectors.assessments import criterion_tallies, verdict_counts
from talents.selectors.results import (
    ResultQuestion,
    results_count,
    results_for_list,
    results_in_full,
    results_page,
)
from talents.services.eligibility import start_run
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import (
    FORCES,
    THIS_MONTH,
    NominationFactory,
    RoundFactory,
    eligible_nomination,
    with_service,
)

pytestmark = pytest.mark.django_db

ENOUGH = (THIS_MONTH - 59, None)
SHORT = (THIS_MONTH - 58, None)


# Reading the results


@pytest.fixture
def results(check):
    """A checked round with one nomination of each sort, and one that is short and incomplete."""
    selection = RoundFactory()
    filed = {
        "eligible": eligible_nomination(round=selection),
        "short": with_service(NominationFactory(round=selection), SHORT),
        "unknown": NominationFactory(round=selection),
        "silent": eligible_nomination(round=selection, force_passing=""),
        "both": with_service(NominationFactory(round=selection, force_passing=""), SHORT),
    }
    return check(selection), filed


MONTHS_BIT, PASSING_BIT, ALL_BITS = 1, 1 << 5, (1 << 6) - 1


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (ResultQuestion(), ["eligible", "short", "unknown", "silent", "both"]),
        (ResultQuestion(overall=Overall.ELIGIBLE), ["eligible"]),
        (ResultQuestion(overall=Overall.INELIGIBLE), ["short", "both"]),
        (ResultQuestion(overall=Overall.MISSING), ["unknown", "silent"]),
        (ResultQuestion(missed=MONTHS_BIT), ["short", "both"]),
        (ResultQuestion(missing=MONTHS_BIT), ["unknown"]),
        (ResultQuestion(missing=PASSING_BIT), ["silent", "both"]),
        (ResultQuestion(missed=PASSING_BIT), []),
        (ResultQuestion(overall=Overall.MISSING, missing=PASSING_BIT), ["silent"]),
        (ResultQuestion(missed=MONTHS_BIT, missing=PASSING_BIT), ["both"]),
    ],
)
@pytest.mark.parametrize("few", [0, 10], ids=["by the list's order", "by the index on bits"])
def test_results_are_found_by_verdict_and_by_criterion(
    results, monkeypatch, question, expected, few
):
    monkeypatch.setattr("talents.selectors.results.FEW", few)
    run, filed = results

    system = User.objects.system()
    rows = results_for_list(system, run, question)
    page = results_page(system, run, question, {})

    assert list(rows) == page.rows == [filed[name] for name in expected]
    assert [row.overall for row in page.rows] == [row.overall for row in rows]
    assert results_count(system, run, question) == str(len(expected))


@pytest.mark.parametrize("few", [0, 10], ids=["by the list's order", "by the index on bits"])
@pytest.mark.parametrize(
    "question", [ResultQuestion(), ResultQuestion(missing=ALL_BITS)], ids=["everybody", "asked"]
)
def test_results_are_leafed_through_in_both_directions(check, monkeypatch, few, question):
    monkeypatch.setattr("talents.selectors.results.FEW", few)
    monkeypatch.setattr("talents.selectors.results.PAGE_SIZE", 2)
    selection, system = RoundFactory(), User.objects.system()
    blank = dict.fromkeys(FORCES, "")
    filed = [NominationFactory(round=selection, **blank) for _ in range(5)]
    run = check(selection)

    def leaf(**cursor):
        page = results_page(system, run, question, cursor)
        return page.rows, page.previous, page.following

    keys = [str(nomination.pk) for nomination in filed]
    assert leaf() == (filed[:2], "", keys[1])
    assert leaf(after=keys[1]) == (filed[2:4], keys[2], keys[3])
    assert leaf(after=keys[3]) == (filed[4:], keys[4], "")
    assert leaf(before=keys[4]) == (filed[2:4], keys[2], keys[3])
    assert leaf(before=keys[2]) == (filed[:2], "", keys[1])
    assert leaf(after="nonsense") == leaf()
    assert leaf(after=keys[4]) == ([], "", "")


def test_a_page_of_results_takes_the_same_queries_for_any_number(
    results, django_assert_num_queries
):
    run, _ = results
    system = User.objects.system()
    run.round.organizer.path  # noqa: B018 - loaded before counting

    for question in (ResultQuestion(), ResultQuestion(missing=PASSING_BIT)):
        with django_assert_num_queries(2):
            rows = results_page(system, run, question, {}).rows
            assert [row.person.name for row in rows if row.unit.name]


def test_results_show_each_account_its_own_candidates_only(results):
    run, filed = results
    unit = with_child(run.round.organizer, Organization.Kind.UNIT)
    Nomination.objects.filter(pk=filed["short"].pk).update(unit=unit)
    nominator = account(Role.NOMINATOR, unit)

    assert list(results_for_list(nominator, run, ResultQuestion())) == [filed["short"]]
    assert results_page(nominator, run, ResultQuestion(), {}).rows == [filed["short"]]
    assert results_page(nominator, run, ResultQuestion(overall=Overall.MISSING), {}).rows == []
    assert results_count(nominator, run, ResultQuestion()) == "1"
    counts = verdict_counts(run, nominator)
    assert (counts.eligible, counts.ineligible, counts.missing, counts.total) == (0, 1, 0, 1)
    whole = verdict_counts(run, account(Role.HANDLER, run.round.organizer))
    assert (whole.eligible, whole.ineligible, whole.missing, whole.total) == (1, 2, 2, 5)


def test_tallies_say_how_often_each_criterion_was_missed(results):
    run, _ = results

    tallies = {
        tally.criterion.code: (tally.missed, tally.missing)
        for tally in criterion_tallies(run, evaluation_of(run))
    }

    assert tallies["frontline_months"] == (2, 1)
    assert tallies["force_passing"] == (0, 2)
    assert tallies["force_leading"] == (0, 0)
    assert "political" not in tallies


@pytest.mark.parametrize("count", [1, 3])
def test_spelling_out_results_takes_the_same_queries_for_any_number(
    check, count, django_assert_num_queries
):
    selection = RoundFactory()
    for _ in range(count):
        eligible_nomination(round=selection, unit=OrganizationFactory(parent=selection.organizer))
    run, system = check(selection), User.objects.system()
    run.round.organizer.path  # noqa: B018 - loaded before counting

    with django_assert_num_queries(2):
        found = list(results_in_full(system, run))

    assert [result.nomination.person.name for result in found]
    assert len(found) == count


# The command


@pytest.fixture
def command(tmp_path, settings):
    settings.INLINE_JOBS = False
    place = tmp_path / "results.json"

    def run(code, **options):
        call_command("check_eligibility", round=code, json=str(place), verbosity=0, **options)
        return json.loads(place.read_text(encoding="utf-8"))

    return run


def test_the_command_writes_what_was_found(command):
    selection = RoundFactory()
    person = {"person__name": "曾怡刚", "row_number": 7}
    with_service(NominationFactory(round=selection, force_passing="", **person), SHORT)

    told = command(selection.code)

    assert told["round"] == selection.code
    assert (told["policy"], told["edition"]) == ("beijing-craftsman-selection-2024", 1)
    assert told["counts"] == {"eligible": 0, "ineligible": 1, "missing": 0}
    (nomination,) = told["nominations"]
    assert {key: nomination[key] for key in ("row", "name", "verdict")} == {
        "row": 7,
        "name": "曾怡刚",
        "verdict": "ineligible",
    }
    findings = {finding["criterion"]: finding for finding in nomination["findings"]}
    assert findings["frontline_months"] == {
        "criterion": "frontline_months",
        "met": False,
        "actual": 59,
        "threshold": 60,
        "source": "S0、S2",
    }
    assert findings["force_passing"]["met"] is None
    assert findings["force_passing"]["actual"] is None
    assert findings["political"]["met"] is None


def test_the_command_names_the_rounds_there_are(command):
    known = RoundFactory()

    with pytest.raises(CommandError, match=f"没有编码为 XX 的轮次；已有的轮次：{known.code}"):
        command("XX")


def test_the_command_waits_its_turn(command):
    selection = RoundFactory()
    start_run(selection.pk, actor=User.objects.system())

    with pytest.raises(CommandError, match="正在进行"):
        command(selection.code)


def test_the_command_leaves_no_half_file_where_it_cannot_write(command, tmp_path):
    selection = RoundFactory()
    eligible_nomination(round=selection)

    with pytest.raises(CommandError, match="无法写入"):
        call_command("check_eligibility", round=selection.code, json=str(tmp_path / "no" / "x"))
    call_command("check_eligibility", round=selection.code, json=str(tmp_path / "x"))

    assert [path.name for path in tmp_path.iterdir()] == ["x"]
