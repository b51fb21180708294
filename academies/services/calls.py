"""Whom to call about a file of the evaluation: the policy's share of the year's people, by the seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from academies.models import AcademyYear, PhoneCheck
from academies.rules import PHONE_SHARE, parameters_in_force
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Review

UNREACHED, DENIED = PhoneCheck.Outcome.UNREACHED, PhoneCheck.Outcome.DENIED
#: The next of the year's people once each, in an order that the seed alone decides, but first those who
#: were not tried in vain for an earlier filing; what somebody told about that one stands.
DRAW = """
insert into academies_phonecheck
  (review_id, filed_at, person_id, place, outcome, called_by_id, called_at, earlier)
select %(review)s, %(filed_at)s, d.person_id,
  %(drawn)s + row_number() over (order by d.was_unreached, d.by_seed),
  coalesce(told.outcome, ''), told.called_by_id, told.called_at, coalesce(told.earlier, '[]')
from (
  select p.person_id, encode(sha256((%(seed)s || ':' || p.person_id)::bytea), 'hex') as by_seed,
    exists (
      select from academies_phonecheck c
      where c.review_id = %(review)s and c.person_id = p.person_id and c.outcome = 'unreached'
    ) as was_unreached
  from academies_academyyearperson p
  where p.academy_id = %(academy)s and p.year = %(year)s and not exists (
    select from academies_phonecheck c
    where c.review_id = %(review)s and c.filed_at = %(filed_at)s and c.person_id = p.person_id
  )
  order by was_unreached, by_seed limit %(count)s
) d
left join lateral (
  select c.outcome, c.called_by_id, c.called_at, c.earlier from academies_phonecheck c
  where c.review_id = %(review)s and c.person_id = d.person_id
    and c.outcome in ('confirmed', 'denied')
  order by c.called_at desc limit 1
) told on true
"""


@dataclass(frozen=True, slots=True)
class Calls:
    """How far the calls of a filing have come: how many have to be reached, were, were not, are left.

    Of those reached, how many say that they were not there.
    """

    due: int
    reached: int
    unreached: int
    left: int
    denied: int

    @property
    def drawn(self) -> int:
        return self.reached + self.unreached + self.left

    @property
    def words(self) -> str:
        said = f"应接通{self.due}人，已接通{self.reached}人（其中否认参训{self.denied}人）"
        return f"{said}，未接通{self.unreached}人（按种子次序递补），待抽查{self.left}人"

    @property
    def denials(self) -> str:
        """How many of those reached deny that they were trained, in words; "" where nobody does."""
        if not self.denied:
            return ""
        return f"电话抽查接通{self.reached}人，其中{self.denied}人否认参训"

    @property
    def shortfall(self) -> str:
        """That all of the year were drawn and too few of them reached, in words; "" else."""
        if self.left or self.reached >= self.due:
            return ""
        return f"应接通{self.due}人，全年学员{self.drawn}人都已抽取，只接通{self.reached}人"


def checks_of(review: Review) -> QuerySet[PhoneCheck]:
    """The calls of the file as it is filed now."""
    if review.filed_at is None:
        return review.checks.none()
    return review.checks.filter(filed_at=review.filed_at)


def calls_of(review: Review) -> Calls:
    outcomes = list(checks_of(review).values_list("outcome", flat=True))
    unreached, left = outcomes.count(UNREACHED), outcomes.count("")
    reached, denied = len(outcomes) - unreached - left, outcomes.count(DENIED)
    return Calls(calls_due(review), reached, unreached, left, denied)


def calls_due(review: Review) -> int:
    """How many people of the year have to be reached: the policy's share, rounded up."""
    campaign = review.campaign
    share = parameters_in_force([PHONE_SHARE], date(campaign.year, 12, 31)).get(PHONE_SHARE)
    year = AcademyYear.objects.filter(academy=review.academy, year=campaign.year).first()
    if not share or year is None:
        return 0
    return -(-year.persons * int(share[0]) // 100)


def draw_sample(review: Review) -> Calls:
    """Draw until as many as are due were reached or still may be; how far the calls have come then.

    Once is enough: nobody is drawn as unreached, so that fewer come than are missing only where the year
    has no more people.
    """
    calls = calls_of(review)
    missing = calls.due - calls.reached - calls.left
    if missing <= 0:
        return calls
    _draw(review, calls.drawn, missing)
    return calls_of(review)


def check_called(review: Review) -> str:
    """Refuse an opinion while somebody is still to be called; tell where too few could be reached.

    Whoever is not reached is replaced until all of the year were drawn: then the sample is not met, which
    counts like a hard line and keeps no file from its grade.
    """
    calls = draw_sample(review)  # somebody may have joined the year's rows since
    if calls.left:
        message = f"电话抽查还有{calls.left}人没有登记结果，请先办完再出具初审意见"
        raise DomainError("calls-left", message)
    return calls.shortfall


def _draw(review: Review, drawn: int, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            DRAW,
            {"review": review.pk, "filed_at": review.filed_at, "seed": review.campaign.seed,
             "academy": review.academy_id, "year": review.campaign.year, "drawn": drawn,
             "count": count},
        )  # fmt: skip
