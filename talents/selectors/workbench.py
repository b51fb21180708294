"""A round's workbench: where it stands, what may be done next, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.models import ImportBatch
from policies.wording import chinese_day
from talents.models import AssessmentRun, Nomination, SelectionRound
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import PublicNotice
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


def stages(
    selection: SelectionRound, run: AssessmentRun | None, lists: Sequence[PublicNotice] = ()
) -> list[Step]:
    """The road of a round, from preparation to the titles; ``lists`` are those that were put up."""
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
        *_publicity(next((one for one in lists if not one.of_level), None)),
    ]


def _publicity(notice: PublicNotice | None) -> list[Step]:
    """The list of the round and what came of it."""
    is_named = notice is not None and notice.state == notice.State.CONCLUDED
    if notice is None or notice.starts_on is None or notice.ends_on is None:
        return [Step("社会公示", "upcoming"), Step("命名公布", "upcoming")]
    span = f"{chinese_day(notice.starts_on)}至{chinese_day(notice.ends_on)}"
    named = f"命名{notice.named_count}名" if is_named else ""
    return [
        Step("社会公示", "done" if is_named or notice.is_over else "current", at=span),
        Step("命名公布", "done" if is_named else "upcoming", note=named),
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
