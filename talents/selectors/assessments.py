"""Eligibility checks as pages show them: the current run, its progress, its counts, what it counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery

from policies.rules.verdicts import Overall
from talents.models import (
    Assessment,
    AssessmentRun,
    Nomination,
    SelectionRound,
)
from talents.permissions import sees_all_of
from workflow import jobs
from workflow.models import Job
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from policies.library.policy import Criterion
    from policies.rules.criteria import Evaluation


def runs_for_list(user: User, round_id: int) -> QuerySet[AssessmentRun]:
    """The eligibility checks of a round, newest first."""
    rows = AssessmentRun.objects.visible_to(user).filter(round_id=round_id)
    return rows.select_related("round__edition", "round__organizer", "requested_by").order_by("-pk")


def current_run(selection: SelectionRound) -> AssessmentRun | None:
    """The newest finished check of a round: the one that counts."""
    rows = selection.runs.filter(status=AssessmentRun.Status.DONE)
    return rows.select_related("round__edition", "round__organizer").order_by("-pk").first()


def current_assessment(nomination: Nomination) -> Assessment | None:
    """The verdict of the newest finished check; compare its ``version`` with the nomination's."""
    run = current_run(nomination.round)
    return None if run is None else nomination.assessments.filter(run=run).first()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, over all its parts; ``error`` says why it stands still."""

    done: int
    total: int
    is_over: bool
    error: str

    @property
    def percent(self) -> int:
        if self.is_over and not self.error:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


def progress_of(run: AssessmentRun) -> Progress:
    """The run's jobs taken together."""
    parts = jobs.jobs_of(subject_of(run))
    done = sum(job.progress_done for job in parts)
    is_done = run.status == run.Status.DONE
    parked = [] if is_done else [job.error for job in parts if job.status == Job.Status.PARKED]
    return Progress(
        done=done,
        total=max(run.nomination_count, done),
        is_over=is_done or bool(parked),
        error=parked[0] if parked else "",
    )


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many came out how, among what this account may see."""

    eligible: int
    ineligible: int
    missing: int

    @property
    def total(self) -> int:
        return self.eligible + self.ineligible + self.missing


def verdict_counts(run: AssessmentRun, user: User) -> VerdictCounts:
    """The stored counts for whoever sees the whole round, else a count of what is in scope."""
    if sees_all_of(user, run.round):
        return VerdictCounts(run.eligible_count, run.ineligible_count, run.missing_count)
    # looked up nomination by nomination: of a fresh run a join would be planned as if it had one row
    verdict = run.assessments.filter(nomination_id=OuterRef("pk")).values("overall")[:1]
    rows = Nomination.objects.visible_to(user).filter(round=run.round_id).order_by()
    found = dict(rows.values_list(Subquery(verdict)).annotate(count=Count("pk")))
    return VerdictCounts(**{v.code: found.get(v, 0) for v in Overall})


@dataclass(frozen=True, slots=True)
class CriterionTally:
    """How many of a run failed one criterion, and how many lack its fact."""

    criterion: Criterion
    missed: int
    missing: int


def criterion_tallies(run: AssessmentRun, evaluation: Evaluation) -> list[CriterionTally]:
    """The criteria a machine can judge, with how often each was missed in the whole run."""
    return [
        CriterionTally(
            criterion,
            missed=sum(p.count for p in patterns_of(run) if p.missed >> bit & 1),
            missing=sum(p.count for p in patterns_of(run) if p.missing >> bit & 1),
        )
        for bit, criterion in enumerate(evaluation.criteria)
        if criterion.comparison is not None
    ]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One combination of bits that came out of a run, and how often."""

    overall: int
    met: int
    known: int
    count: int

    @property
    def missed(self) -> int:
        return self.known & ~self.met

    @property
    def missing(self) -> int:
        return ~self.known


def patterns_of(run: AssessmentRun) -> Iterator[Pattern]:
    return (Pattern(*numbers) for numbers in run.patterns)
