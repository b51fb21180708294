"""Two units take back checked candidates of one round at the same moment: its figures follow both."""

import threading

import pytest

from intake import services as imports
from organizations.models import User
from talents.models import Assessment, AssessmentRun, Nomination
from talents.services import eligibility, nominations
from talents.services.eligibility import start_run
from talents.services.nominations import withdraw_nomination
from tests.talents.importing import call_of_nominations, roster_for, staged
from tests.talents.rosters import as_xlsx
from tests.talents.test_imports_at_once import at_once


@pytest.fixture
def checked_round(transactional_db, settings):
    """A round with an imported roster, all of it checked once."""
    settings.INLINE_JOBS = True
    call = call_of_nominations()
    batch = staged(call, as_xlsx(roster_for(call, 5, 40)))
    imports.commit(batch.pk, actor=User.objects.system())
    start_run(call.round.pk, actor=User.objects.system())
    return call.round


def withdrawal_of(pk):
    return lambda: withdraw_nomination(pk, actor=User.objects.system(), reason="本人放弃").action


def figures(selection):
    run = AssessmentRun.objects.get(round=selection)
    by_verdict = (run.eligible_count, run.ineligible_count, run.missing_count)
    return run.nomination_count, sum(by_verdict), sum(count for *_, count in run.patterns)


def two_of(selection):
    return Nomination.objects.filter(round=selection).values_list("pk", flat=True)[:2]


def test_the_figures_of_the_check_follow_both_withdrawals(checked_round):
    outcomes = at_once(*map(withdrawal_of, two_of(checked_round)))

    left = Nomination.objects.filter(round=checked_round).count()
    assert outcomes == ["撤回推荐"] * 2
    assert (Assessment.objects.count(), figures(checked_round)) == (left, (left,) * 3)


def test_without_the_lock_one_withdrawal_would_be_missing_from_the_figures(
    checked_round, monkeypatch
):
    """The control: both count before either is done, and the later figures forget the other."""
    both_counted, tallied = threading.Barrier(2), eligibility._tallied

    def tally_together(run):
        tally = tallied(run)
        both_counted.wait(timeout=10)
        return tally

    monkeypatch.setattr(eligibility, "_tallied", tally_together)
    for module in (eligibility, nominations):
        monkeypatch.setattr(module, "wait_for_deletions", lambda selection: None)

    at_once(*map(withdrawal_of, two_of(checked_round)))

    left = Nomination.objects.filter(round=checked_round).count()
    assert figures(checked_round) == (left + 1,) * 3
