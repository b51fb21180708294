"""The yearly evaluation: opening it, what the rows say of an academy, whom to call, what to propose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from academies.models import Academy, Campaign, Evaluation, Review, TrainingReport
from academies.permissions import may_extend, may_open_campaign
from academies.rules import (
    EXCELLENT_SHARE,
    WEIGHTS,
    parameter_in_force,
    parameters_in_force,
    positions,
)
from academies.selectors.explanations import cards
from academies.services.notices import tell_opened, tell_review
from organizations.models import User
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization

OPENED = Event("academies.campaign-opened", "发起审核评价")
ADDED = Event("academies.review-added", "补列评价件")
EXTENDED = Event("academies.review-extended", "准予延期自评")
#: Whom the document is about: 首都工匠学院, which the 示范性 one is not.
EVALUATED = Academy.Tier.CAPITAL
#: Which standards stand behind an item of the policy's list; of the others people judge alone.
COUNTED = {
    "品牌": ("brands",),
    "培训人数": ("trained",),
    "实操": ("practical",),
    "技能提升": ("upgraded",),
}
PASSING = "evaluation_pass"
#: First key of the advisory lock under which the grades of one campaign are given.
GRADING_LOCK = 1701999201


@refusing()
@transaction.atomic
def open_campaign(union: Organization, year: int, *, self_due_on: date, actor: User) -> Campaign:
    """One file for each academy of the year, filled in from its rows; the academies are told.

    Of a year that is over. Whose grade of it is on file already gets no file (``to_be_evaluated``).
    """
    may_open_campaign.check(actor, union)
    if year >= timezone.localdate().year:
        message = f"{year}年度尚未结束，{year + 1}年1月1日起才能发起该年度的审核评价"
        raise DomainError("campaign-year-not-over", message)
    check_not_past(self_due_on)
    stated = parameter_in_force(WEIGHTS, date(year, 12, 31))
    if stated is None:
        raise DomainError("no-evaluation-rules", f"{year}年度没有适用的评价办法，请先载入政策")
    campaign = Campaign.objects.create(
        organization=union, year=year, edition=stated[0], self_due_on=self_due_on, opened_by=actor,
        seed=secrets.token_hex(16),
    )  # fmt: skip
    academies = list(to_be_evaluated(campaign))
    reviews = Review.objects.bulk_create(
        Review(campaign=campaign, academy=academy, items=items)
        for academy, items in zip(academies, counted_items(academies, year), strict=True)
    )
    record_event(
        OPENED,
        subject_of(campaign),
        actor=actor,
        organization=union,
        after={"year": year, "academies": len(reviews), "seed": campaign.seed},
    )
    for review in reviews:
        tell_opened(review, actor=actor)
    return campaign


def to_be_evaluated(campaign: Campaign) -> QuerySet[Academy]:
    """The academies of the year that have no file in the campaign, and no grade of the year; a pass that
    one account brought in before the campaign is none, and gives way to the grade of the file.
    """
    first, last = date(campaign.year, 1, 1), date(campaign.year, 12, 31)
    below = Q(supervising_union__path__startswith=campaign.organization.path)
    found = Academy.objects.filter(Academy.DAYS.during(first, last), below, tier=EVALUATED)
    graded = Evaluation.objects.filter(year=campaign.year).exclude(
        pk__in=Evaluation.brought_by_one().values("pk")
    )
    filed = campaign.reviews.values("academy")
    return found.exclude(pk__in=graded.values("academy")).exclude(pk__in=filed).order_by("code")


@refusing()
@transaction.atomic
def add_to_campaign(
    campaign_id: int, academy: Academy, *, self_due_on: date, actor: User
) -> Review:
    """A file for an academy that was registered after the campaign was opened, with a day of its own."""
    rows = Campaign.objects.visible_to(actor).select_related("organization")
    campaign = rows.get(pk=campaign_id)
    may_open_campaign.check(actor, campaign.organization)
    check_not_past(self_due_on)
    Academy.objects.select_for_update(no_key=True).get(pk=academy.pk)
    if not to_be_evaluated(campaign).filter(pk=academy.pk).exists():
        message = (
            f"“{academy}”已有{campaign.year}年度的评价件或评价结果，或者不在评价范围，不能补列"
        )
        raise DomainError("not-to-be-evaluated", message)
    review = Review.objects.create(
        campaign=campaign, academy=academy, items=counted_items([academy], campaign.year)[0],
        extended_until=self_due_on,
    )  # fmt: skip
    record_event(
        ADDED, subject_of(review), actor=actor, organization=campaign.organization,
        after={"self_due_on": f"{self_due_on}"},
    )  # fmt: skip
    tell_opened(review, actor=actor)
    return review


@refusing()
@transaction.atomic
def extend_self_assessment(review_id: int, *, until: date, note: str, actor: User) -> Review:
    """Let an academy file after the day of the campaign, by exception until ``until``."""
    rows = Review.objects.visible_to(actor).select_related("academy__supervising_union", "campaign")
    review = rows.select_for_update(of=("self",), no_key=True).get(pk=review_id)
    may_extend.check(actor, review)
    check_reason(note, "准予延期自评")
    check_not_past(until)
    if until <= review.self_due_on:
        message = f"现在的自评期限是{review.self_due_on}，准予延期的日期应在其后"
        raise DomainError("extension-shortens", message)
    was, review.extended_until = review.self_due_on, until
    review.save(update_fields=["extended_until"])
    record_event(
        EXTENDED, subject_of(review), actor=actor, organization=review.academy.supervising_union,
        before={"self_due_on": f"{was}"}, after={"self_due_on": f"{until}"}, note=note,
    )  # fmt: skip
    title = f"准予延期自评：{review.campaign.year}年度审核评价"
    tell_review(review, "academy", title, f"至{until}（含当日）。事由：{note}", actor=actor)
    return review


def check_not_past(day: date) -> None:
    if day < timezone.localdate():
        raise DomainError("self-due-past", "自评期限不能早于今天")


def reports_of(review: Review) -> list[TrainingReport]:
    """The year's training reports, as everybody may know who has a part in the file."""
    rows = TrainingReport.objects.visible_to(User.whole_house())
    return list(rows.filter(academy=review.academy_id, year=review.campaign.year).order_by("part"))


def counted_items(academies: list[Academy], year: int) -> list[list[dict[str, Any]]]:
    """For each academy the items of the policy's list: weight, what was counted, whether it is short."""
    stated = parameter_in_force(WEIGHTS, date(year, 12, 31))
    if stated is None:
        return [[] for _ in academies]
    names = stated[1].title.partition("：")[2].split("、")
    weights = [int(number) for number in stated[1].numbers]
    found = []
    for position in positions(academies, year):
        rows_of = {
            standing.code: [
                finding.fact.rows[0].code
                for finding in standing.alternatives
                if finding.fact and finding.fact.rows
            ]
            for standing in position.standings
        }
        told = {card.code.removeprefix("capital_"): card for card in cards(position)}
        items = []
        for name, weight in zip(names, weights, strict=True):
            behind = [told[code] for code in COUNTED.get(name, ()) if code in told]
            readings = [reading for card in behind for reading in card.readings]
            said = "，或".join(
                f"{r.label}{r.actual}{r.unit}（标准{r.threshold}）" for r in readings
            )
            measures = [code for card in behind for code in rows_of.get(card.code, ())]
            is_short = any(card.met is False and not card.is_advice for card in behind)
            items.append(
                {"name": name, "weight": weight, "counted": said, "is_short": is_short,
                 "measures": measures}
            )  # fmt: skip
        found.append(items)
    return found


def counted_alone(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What of items is counted, to be compared with what is counted now."""
    return [(item["name"], item["counted"], item["is_short"]) for item in items]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What marks and hard lines come to; whoever decides otherwise says why."""

    grade: str
    score: Decimal | None
    experts: int
    short: list[str]
    words: str
    lines: tuple[Decimal, Decimal]

    @property
    def facts(self) -> dict[str, Any]:
        """What of it is kept on the file."""
        passing, excelling = self.lines
        return {
            "panel_mean": self.score, "panel_passing": passing, "panel_excelling": excelling,
        }  # fmt: skip


def proposal_of(review: Review) -> Proposal:
    """The grade that the policy's numbers suggest."""
    year_end = date(review.campaign.year, 12, 31)
    passing, excelling, fewest = parameters_in_force([PASSING], year_end).get(PASSING, (60, 85, 1))
    found = review.marks.filter(filed_at=F("review__filed_at")).aggregate(
        mean=Avg("total"), experts=Count("pk")
    )
    score = None if found["mean"] is None else _rounded(found["mean"])
    short, lines = review.missed, (Decimal(passing), Decimal(excelling))
    if found["experts"] < fewest:
        words = f"专家评分{found['experts']}份，不足{fewest}份"
        return Proposal("", score, found["experts"], short, words, lines)
    words = f"专家评分平均{score}分（合格{passing}分、优秀{excelling}分）"
    if short:
        words = f"{words}；{'、'.join(short)}未达标准"
    if short or score is None or score < passing:
        grade = "failed"
    else:
        grade = "excellent" if score >= excelling else "qualified"
    return Proposal(grade, score, found["experts"], short, words, lines)


def check_share_left(campaign: Campaign, grade: str) -> None:
    """Refuse one more 优秀 than the policy's share of the files; who gives it in a campaign queues up."""
    if grade != Evaluation.Grade.EXCELLENT:
        return
    with connection.cursor() as cursor:  # campaigns are append-only: their rows cannot be locked
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [GRADING_LOCK, campaign.pk])
    share = parameters_in_force([EXCELLENT_SHARE], date(campaign.year, 12, 31)).get(EXCELLENT_SHARE)
    if not share:
        return
    files = campaign.reviews.count()
    given = campaign.reviews.filter(evaluation__grade=Evaluation.Grade.EXCELLENT).count()
    most = files * int(share[0]) // 100
    if given >= most:
        message = f"优秀不超过{share[0]:f}%：{files}家中至多{most}家，已评{given}家"
        raise DomainError("too-many-excellent", message)


def _rounded(mean: Any) -> Decimal:
    return Decimal(mean).quantize(Decimal("0.1"), ROUND_HALF_UP)
