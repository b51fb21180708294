"""The yearly evaluation: opening it, what the rows say of an academy, whom to call, what to propose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Avg, Count, F

from academies.models import Academy, AcademyYear, Campaign, Evaluation, Review
from academies.permissions import may_open_campaign
from academies.rules import (
    EXCELLENT_SHARE,
    PHONE_SHARE,
    WEIGHTS,
    parameter_in_force,
    parameters_in_force,
    positions,
)
from academies.selectors.explanations import cards
from academies.services.notices import tell_opened
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import Organization, User

OPENED = Event("academies.campaign-opened", "发起审核评价")
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
#: Of the year's people once each, in an order that the seed alone decides.
DRAW = """
insert into academies_phonecheck (review_id, person_id, place, outcome)
select %(review)s, person_id, row_number() over (order by drawn), ''
from (
  select person_id, encode(sha256((%(seed)s || ':' || person_id)::bytea), 'hex') as drawn
  from academies_academyyearperson where academy_id = %(academy)s and year = %(year)s
) p
order by drawn limit %(count)s
on conflict (review_id, person_id) do nothing
"""


@refusing()
@transaction.atomic
def open_campaign(union: Organization, year: int, *, self_due_on: date, actor: User) -> Campaign:
    """One file for each academy of the year, filled in from its rows; the academies are told."""
    may_open_campaign.check(actor, union)
    stated = parameter_in_force(WEIGHTS, date(year, 12, 31))
    if stated is None:
        raise DomainError("no-evaluation-rules", f"{year}年度没有适用的评价办法，请先载入政策")
    campaign = Campaign.objects.create(
        organization=union, year=year, edition=stated[0], self_due_on=self_due_on, opened_by=actor,
        seed=secrets.token_hex(16),
    )  # fmt: skip
    found = Academy.objects.filter(tier=EVALUATED, supervising_union__path__startswith=union.path)
    academies = [academy for academy in found.order_by("code") if academy.stood_in(year)]
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


def draw_sample(review: Review) -> int:
    """Draw who is called: the policy's share of the year's people, at least one; how many."""
    campaign = review.campaign
    share = parameters_in_force([PHONE_SHARE], date(campaign.year, 12, 31)).get(PHONE_SHARE)
    year = AcademyYear.objects.filter(academy=review.academy, year=campaign.year).first()
    if not share or year is None or not year.persons:
        return 0
    count = -(-year.persons * int(share[0]) // 100)  # rounded up
    with connection.cursor() as cursor:
        cursor.execute(
            DRAW,
            {"review": review.pk, "seed": campaign.seed, "academy": review.academy_id,
             "year": campaign.year, "count": count},
        )  # fmt: skip
    return count


@dataclass(frozen=True, slots=True)
class Proposal:
    """What marks and hard lines come to; whoever decides otherwise says why."""

    grade: str
    score: Decimal | None
    experts: int
    short: list[str]
    words: str


def proposal_of(review: Review) -> Proposal:
    """The grade that the policy's numbers suggest."""
    year_end = date(review.campaign.year, 12, 31)
    passing, excelling, fewest = parameters_in_force([PASSING], year_end).get(PASSING, (60, 85, 1))
    found = review.marks.filter(filed_at=F("review__filed_at")).aggregate(
        mean=Avg("total"), experts=Count("pk")
    )
    score = None if found["mean"] is None else _rounded(found["mean"])
    short = [item["name"] for item in review.items if item["is_short"]]
    if found["experts"] < fewest:
        words = f"专家评分{found['experts']}份，不足{fewest}份"
        return Proposal("", score, found["experts"], short, words)
    words = f"专家评分平均{score}分（合格{passing}分、优秀{excelling}分）"
    if short:
        return Proposal(
            "failed", score, found["experts"], short, f"{words}；{'、'.join(short)}未达标准"
        )
    if score is None or score < passing:
        return Proposal("failed", score, found["experts"], short, words)
    grade = "excellent" if score >= excelling else "qualified"
    return Proposal(grade, score, found["experts"], short, words)


def check_excellent_left(campaign: Campaign) -> None:
    """Refuse one more 优秀 than the policy's share of the files; who grades in a campaign queues up."""
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
