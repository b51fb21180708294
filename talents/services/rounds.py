"""Calling a selection round and putting its particulars right before and while it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from talents.models import SelectionRound
from talents.models.rounds import BOUNDS, GROUP_TITLES, LEAST, STAGE_TITLES
from talents.permissions import may_run, may_set_composition, may_set_stages
from talents.rules.composition import CATEGORIES
from talents.rules.stages import FILING, least_days
from workflow.calendar import add_working_days
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import Organization, User
    from policies.models import PolicyEdition

CREATED = Event("talents.round-created", "创建轮次")
#: A code is part of addresses and file names: words of letters and digits between - _ and dots.
CODE = re.compile(r"\w+([.-]\w+)*")
LONGEST_CODE = 60
ALL = 100
#: Working days of one stage, at most.
MOST_DAYS = 250
#: Addresses that stand where a round's would.
RESERVED_CODES = frozenset({"new"})
#: What the round is judged by; it stands once the call is out.
PINNED_FIELDS = ("edition", "tier", "reference_day", "organizer", "by_levels")


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round is called for: tier and edition, year, day of reckoning, organizer, dates."""

    name: str
    edition: PolicyEdition
    tier: str
    year: int
    organizer: Organization
    reference_day: date
    opens_on: date | None = None
    closes_on: date | None = None
    by_levels: bool = False

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


#: How the database calls the rule that a code stands once.
CODE_ONCE = "talents_selectionround_code_key"


@transaction.atomic
def create_round(code: str, plan: RoundPlan, *, actor: User) -> SelectionRound:
    """Prepare a round; it is pinned to its policy edition and opens later."""
    may_run.check(actor, plan.organizer)
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE or code in RESERVED_CODES:
        message = f"编码“{code[:LONGEST_CODE]}”不能用：只用字母、数字、短横线和点，不超过{LONGEST_CODE}个字符"
        raise DomainError("round-code-invalid", message)
    taken = DomainError("round-code-taken", f"编码“{code}”已被使用，请另取编码")
    with refusing({CODE_ONCE: taken}), transaction.atomic():
        selection = SelectionRound.objects.create(code=code, **plan.fields())
    record_event(
        CREATED,
        subject_of(selection),
        actor=actor,
        organization=selection.organizer,
        after=SelectionRound.CORRECTABLE.recorded(selection),
    )
    return selection


@transaction.atomic
def correct_round(
    round_id: int, plan: RoundPlan, *, version: int | None = None, actor: User, note: str
) -> SelectionRound:
    """Change a round's particulars; what it is judged by only while it is being prepared."""
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",)).get(pk=round_id)
    may_run.check(actor, selection.organizer)
    may_run.check(actor, plan.organizer)
    if selection.state == SelectionRound.State.CLOSED:
        raise DomainError("round-closed", f"“{selection.name}”已截止，不再更改")
    fields = plan.fields()
    if selection.state != SelectionRound.State.DRAFT and any(
        getattr(selection, field) != fields[field] for field in PINNED_FIELDS
    ):
        message = "轮次开放后，政策版本、层级、主办工会、基准日和推荐程序不再更改，以保证同一轮次同一把尺子"
        raise DomainError("round-is-pinned", message)
    correct(selection, fields, version=version, actor=actor, note=note)
    return selection


@dataclass(frozen=True, slots=True)
class Span:
    """From which day a stage runs, for how many working days; the first day counts if it works."""

    starts_on: date
    days: int


@transaction.atomic
def set_stages(
    round_id: int,
    spans: dict[str, Span],
    *,
    version: int | None = None,
    actor: User,
    note: str,
) -> SelectionRound:
    """Set the days of the stages, on record; each ends on its last working day, as of today's table.

    What is not among ``spans`` has no days, but for filing, whose days then stay as they are.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",)).get(pk=round_id)
    may_set_stages.check(actor, selection)
    asked: dict[str, Any] = {"stages": {}}
    begun: date | None = None
    for code, title in STAGE_TITLES.items():
        span = spans.get(code)
        if span is None:
            continue
        if begun and span.starts_on < begun:
            message = f"“{title}”的开始日期早于前一阶段，请按先后顺序填写"
            raise DomainError("stage-out-of-order", message)
        least = least_days(selection).get(code, 1)
        if not least <= span.days <= MOST_DAYS:
            message = f"“{title}”应为{least}至{MOST_DAYS}个工作日"
            raise DomainError("stage-length-invalid", message)
        begun = span.starts_on
        ends_on = add_working_days(span.starts_on, span.days).day
        if code == FILING:
            asked |= {"opens_on": span.starts_on, "closes_on": ends_on}
        else:
            asked["stages"][code] = {
                "starts_on": span.starts_on.isoformat(),
                "ends_on": ends_on.isoformat(),
                "days": span.days,
            }
    days = {name: asked.get(name, getattr(selection, name)) for name in ("opens_on", "closes_on")}
    if selection.state == SelectionRound.State.CLOSED and any(
        getattr(selection, name) != day for name, day in days.items()
    ):
        message = f"“{selection.name}”已截止申报，申报日期不再更改；确需延长的，请先重新开放申报"
        raise DomainError("round-closed", message)
    correct(selection, asked, version=version, actor=actor, note=note)
    return selection


@transaction.atomic
def set_requirements(  # noqa: PLR0913 - what a correction consists of
    round_id: int,
    *,
    composition: dict[str, dict[str, Any]],
    papers: dict[str, list[str]] | None = None,
    version: int | None = None,
    actor: User,
    note: str,
) -> SelectionRound:
    """Say which shares the slate is to keep and which papers are asked for, on record.

    Shares: group → percent (1–100), bound, is_hard. Papers: kind of person → kinds; None leaves them.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",)).get(pk=round_id)
    may_set_composition.check(actor, selection)
    for group, facts in composition.items():
        if (
            group not in GROUP_TITLES
            or facts["bound"] not in BOUNDS
            or not 1 <= facts["percent"] <= ALL
        ):
            raise DomainError("share-invalid", "结构比例应是1至100的百分数，并写明不少于或不多于")
    least = sum(
        facts["percent"]
        for group, facts in composition.items()
        if group in CATEGORIES and facts["bound"] == LEAST
    )
    if least > ALL:
        message = f"各人员类别的下限合计{least}%，超过100%，没有名单能够符合"
        raise DomainError("shares-exceed-whole", message)
    asked: dict[str, Any] = {"composition": composition}
    if papers is not None:
        asked["required_papers"] = papers
    correct(selection, asked, version=version, actor=actor, note=note)
    return selection
