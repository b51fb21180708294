"""The goals of a plan beside what is on file for each, and what gives reason to look after somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from organizations.models import User
from policies.wording import chinese_day
from talents.models import Cultivation, CultivationGoal, CultivationReport, PairLog, Studio
from talents.rules.cultivating import CultivationRule, quiet_before
from talents.selectors.attainments import TRAINING, Attainment, Sight, attainments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from talents.selectors.attainments import Attainments

Kind = CultivationGoal.Kind


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal, and what the house itself knows that speaks for it."""

    goal: CultivationGoal
    found: Sequence[Attainment]

    @property
    def is_late(self) -> bool:
        return not self.goal.outcome and self.goal.due_on < timezone.localdate()


def goals_in_scope(user: User) -> QuerySet[CultivationGoal]:
    rows = CultivationGoal.objects.visible_to(user)
    return rows.select_related(
        "cultivation__person", "cultivation__organization", "project__studio"
    )


def aims_of(row: Cultivation, sight: Sight, known: Sequence[Attainments]) -> list[Aim]:
    """The goals in the order of their days, each with what speaks for it since the beginning."""
    rows = sight.rows(CultivationGoal).filter(cultivation=row).select_related("project__studio")
    goals = list(rows.order_by("due_on", "pk"))
    studios = {goal.project.studio_id for goal in goals if goal.project is not None}
    seen = sight.rows(Studio).filter(pk__in=studios).values_list("pk", flat=True) if studios else ()
    pages = {pk: sight.href("talents:studio", pk) for pk in seen}
    return [Aim(goal, _speaking(goal, pages, known)) for goal in goals]


def _speaking(
    goal: CultivationGoal, pages: Mapping[int, str], known: Sequence[Attainments]
) -> list[Attainment]:
    """A course by the name of its class, a project by its page, a force by what speaks for it.

    ``pages`` are those of the studios that the reader may see, by number.
    """
    if goal.kind == Kind.PROJECT:
        project = goal.project
        if project is None:
            return []
        words = (f"计划{project.ends_on:%Y-%m-%d}结题",)
        return [
            Attainment(
                f"{project.studio}：{project.title}",
                project.starts_on,
                words,
                pages.get(project.studio_id, ""),
            )
        ]
    if goal.kind == Kind.COURSE:
        classes = [one for kind in known if kind.title == TRAINING for one in kind.found]
        return [one for one in classes if one.title in goal.goal or goal.goal in one.title]
    return [
        one
        for kind in known
        for one in kind.found
        if one.speaks is not None and one.speaks.force == goal.kind
    ]


def warnings_of(row: Cultivation, aims: Sequence[Aim], known: Sequence[Attainments]) -> list[str]:
    """Reasons to look after somebody while it goes on; reminders, from which nothing follows by itself.

    They are about the person, whoever reads them: what academies and pairs of other bodies have on
    file counts, though the reader may not see those rows. Only the sentence is shown. The same
    reasons are asked of many rows at once by ``warnings.warned``.
    """
    if row.state != Cultivation.State.GOING:
        return []
    return list(_reasons(row, aims, known, timezone.localdate()))


def _reasons(
    row: Cultivation, aims: Sequence[Aim], known: Sequence[Attainments], today: date
) -> Iterator[str]:
    whole = Sight(User.whole_house())
    reports = whole.rows(CultivationReport).filter(cultivation=row)
    late = list(reports.filter(state="due", due_on__lt=today).order_by("due_on"))
    if late:
        yield f"有{len(late)}份报备逾期，最早的应于{chinese_day(late[0].due_on)}报送"
    if reports.filter(finding=CultivationReport.Finding.BEHIND).exists():
        yield "中期检查认定进度滞后"
    if overdue := sum(aim.is_late for aim in aims):
        yield f"有{overdue}项目标已到完成时间，还没有登记完成情况"
    is_half_over = today > row.starts_on + (row.ends_on - row.starts_on) / 2
    if is_half_over and not _is_trained(row, whole, known):
        yield "培育期已过半，还没有归集到培训记录"
    if quiet := _quiet(row, whole, today):
        yield quiet


def _is_trained(row: Cultivation, whole: Sight, known: Sequence[Attainments]) -> bool:
    """Whether a class is on file since the beginning; what the reader sees spares the question."""
    if any(kind.title == TRAINING for kind in known):
        return True
    return bool(attainments_of(row.person, whole, since=row.starts_on, only=TRAINING))


def _quiet(row: Cultivation, whole: Sight, today: date) -> str:
    """That the mentor taught nothing that both have confirmed for longer than the rule has it."""
    if row.mentor_id is None:
        return ""
    months = CultivationRule.of(row.scheme).quiet
    logs = whole.rows(PairLog).filter(
        mentorship__master=row.mentor_id,
        mentorship__apprentice=row.person_id,
        master_by__isnull=False,
        apprentice_by__isnull=False,
    )
    last = logs.aggregate(last=Max("held_on"))["last"]
    if max(row.starts_on, last or row.starts_on) >= quiet_before(today, months):
        return ""
    since = f"最近一次为{chinese_day(last)}" if last else "培育开始以来一次也没有"
    return f"导师已有{months}个月以上没有双方确认的带教日志，{since}"
