"""A round's workbench: where it stands, what may be done next, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.models import ImportBatch
from policies.wording import chinese_day
from talents.models import AssessmentRun, Nomination, SelectionRound
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.selectors.assessments import Progress

BATCHES_SHOWN = 5
State = SelectionRound.State


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a round: done, current or upcoming."""

    title: str
    state: str
    at: str = ""
    note: str = ""


def stages(selection: SelectionRound, run: AssessmentRun | None) -> list[Step]:
    """The road of a round, from preparation to the end of filing."""
    state = State(selection.state)
    opened = "" if selection.opens_on is None else f"{chinese_day(selection.opens_on)}起"
    closes = "" if selection.closes_on is None else f"{chinese_day(selection.closes_on)}止"
    checked = state is not State.DRAFT and run is not None and run.nomination_count > 0
    return [
        Step("筹备", "current" if state is State.DRAFT else "done", note="选定政策版本，分配名额"),
        Step(
            "申报",
            {State.DRAFT: "upcoming", State.OPEN: "current", State.CLOSED: "done"}[state],
            at=opened,
            note="推荐单位申报，导入汇总表",
        ),
        Step(
            "资格核验",
            "done" if checked else "upcoming",
            at=chinese_day(run.finished_at.date()) if checked and run and run.finished_at else "",
            note="按条款逐人核验，说明依据；资料更正后可再次核验",
        ),
        Step("截止", "done" if state is State.CLOSED else "upcoming", at=closes),
    ]


def late_in(selection: SelectionRound, user: User) -> int:
    """How many drafts of a round by levels were not sent in before filing ended, as this account sees."""
    if not (selection.by_levels and selection.is_over):
        return 0
    rows = Nomination.objects.visible_to(user).filter(
        round=selection, state=Nomination.State.DRAFT, endorsements=None
    )
    return rows.count()


def job_of(progress: Progress, title: str) -> dict[str, Any]:
    """A run's progress in the shape the progress component reads."""
    status = "parked" if progress.error else "done" if progress.is_over else "running"
    label = f"已核验{progress.done}人" if progress.done else "等待执行"
    return {
        "name": title,
        "status": status,
        "progress_done": progress.done,
        "progress_total": progress.total,
        "progress_label": label,
        "error": progress.error,
    }


def batches_of(selection: SelectionRound, user: User) -> QuerySet[ImportBatch]:
    """The latest workbooks handed in for a round."""
    rows = ImportBatch.objects.visible_to(user).filter(subject=subject_of(selection))
    return rows.select_related("organization", "attachment", "uploaded_by").order_by("-pk")[
        :BATCHES_SHOWN
    ]
