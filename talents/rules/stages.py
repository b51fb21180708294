"""The stages of a round one after the other: on which days each runs, counted in working days.

Filing runs on the round's own days; the others stand in its calendar. A last day is reckoned from the
table of holidays when it is set and stays as it was announced: a table edited later is pointed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from policies.library.editions import policy_by_digest
from policies.wording import chinese_day
from talents.models.rounds import STAGE_TITLES
from workflow.calendar import exceptions_between, is_working
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from talents.models import Nomination, SelectionRound

FILING, ENDORSING, REVIEW, NOTICE, NAMING = "filing", "endorsing", "review", "notice", "naming"
#: The policy's step that says for how many working days a stage runs at least.
LEAST_BY_STEP = {NOTICE: "publicity"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as announced; ``days`` are working days by the table of today, None without both ends."""

    code: str
    starts_on: date | None
    ends_on: date | None
    days: int | None
    announced: int | None = None

    @property
    def title(self) -> str:
        return STAGE_TITLES[self.code]

    @property
    def standing(self) -> str:
        """Done | current | upcoming, today."""
        today = timezone.localdate()
        if self.ends_on and today > self.ends_on:
            return "done"
        return "current" if self.starts_on is None or today >= self.starts_on else "upcoming"

    @property
    def span(self) -> str:
        first = chinese_day(self.starts_on) if self.starts_on else "即日"
        return f"{first}至{chinese_day(self.ends_on) if self.ends_on else '另行通知'}"

    @property
    def has_moved(self) -> bool:
        """Whether the table of holidays was edited since the days were announced."""
        return self.announced is not None and self.days != self.announced


def stages_of(selection: SelectionRound) -> list[Stage]:
    """The stages whose days are set, in their order; one query for all."""
    spans: dict[str, tuple[date | None, date | None, int | None]] = {}
    if selection.opens_on or selection.closes_on:
        spans[FILING] = (selection.opens_on, selection.closes_on, None)
    for code, stage in selection.stages.items():
        first, last = (date.fromisoformat(stage[end]) for end in ("starts_on", "ends_on"))
        spans[code] = (first, last, stage["days"])
    known = [day for first, last, _ in spans.values() for day in (first, last) if day]
    exceptions = exceptions_between(min(known), max(known)) if known else {}
    return [
        Stage(code, first, last, _working(first, last, exceptions), announced)
        for code in STAGE_TITLES
        if code in spans
        for first, last, announced in [spans[code]]
    ]


def _working(first: date | None, last: date | None, exceptions: dict[date, bool]) -> int | None:
    if first is None or last is None:
        return None
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_working(day, exceptions) for day in days)


def least_days(selection: SelectionRound) -> dict[str, int]:
    """For how many working days the policy wants a stage to run at least."""
    steps = {step.code: step.days for step in policy_by_digest(selection.edition.digest).procedure}
    return {stage: days for stage, step in LEAST_BY_STEP.items() if (days := steps.get(step))}


def is_late(selection: SelectionRound, code: str) -> bool:
    """Whether the announced last day of a stage has passed."""
    stage = selection.stages.get(code)
    return stage is not None and timezone.localdate() > date.fromisoformat(stage["ends_on"])


def unless_filed(selection: SelectionRound) -> DomainError | None:
    """Why nothing is decided yet: the announced last day of filing is still to come."""
    closes_on = selection.closes_on
    if closes_on is None or selection.is_over or selection.state != selection.State.OPEN:
        return None
    message = f"“{selection.name}”申报到{chinese_day(closes_on)}截止，截止后再办理"
    return DomainError("filing-not-over", message)


def unless_begun(selection: SelectionRound, code: str, on: date) -> DomainError | None:
    """Why a stage's own act waits: by the calendar it begins later than ``on``."""
    stage = selection.stages.get(code)
    if stage is None or on >= (first := date.fromisoformat(stage["starts_on"])):
        return None
    message = (
        f"按阶段日历，“{STAGE_TITLES[code]}”自{chinese_day(first)}开始；"
        "确需提前的，请主办工会先调整阶段日历"
    )
    return DomainError("stage-not-begun", message)


def mends_today(to_round: str = "") -> Q:
    """That the levels are looking through what was filed in time: a condition on rounds."""
    today, path = timezone.localdate().isoformat(), f"{to_round}stages__{ENDORSING}__"
    return Q(**{f"{path}starts_on__lte": today, f"{path}ends_on__gte": today})


def may_still_mend(nomination: Nomination) -> bool:
    """Whether what was sent in on time and given back is still put right, though filing is over."""
    selection = nomination.round
    stage = selection.stages.get(ENDORSING)
    today = timezone.localdate().isoformat()
    return (
        selection.is_over
        and stage is not None
        and stage["starts_on"] <= today <= stage["ends_on"]
        and nomination.endorsements.exists()
    )
