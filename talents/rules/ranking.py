"""How marks become a ranking: the rule as the policy has it, and one statement that applies it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from policies.library.editions import policy_by_digest
from talents.models.reviews import FORCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from policies.library.policy import Policy
    from talents.models import SelectionRound

WEIGHTS, DROPPED_FROM = "review_force_weights", "review_extremes_dropped_from"
DECIMALS, SPREAD = "review_decimals", "review_spread_limit"
PER_CANDIDATE, PER_EXPERT = "review_experts_per_candidate", "review_candidates_per_expert"
#: What a policy sets that a review goes by.
PARAMETERS = (WEIGHTS, DROPPED_FROM, DECIMALS, SPREAD, PER_CANDIDATE, PER_EXPERT)
#: One division at the end, so that nothing is rounded twice. Of an expert in whose place another looked
#: a second time, the other's mark counts.
RANKING = """
with counted as (
  select distinct on (r.nomination_id, r.expert_id) r.nomination_id, r.expert_id,
    <weighted> as mark
  from talents_review r
  join talents_nomination n on n.id = r.nomination_id
  where n.round_id = %(round)s and r.status = 'submitted' and not r.is_recused
    and not exists (
      select from talents_review relieved
      where relieved.nomination_id = r.nomination_id and relieved.expert_id = r.expert_id
        and relieved.look = 2 and relieved.status = 'replaced'
    )
  order by r.nomination_id, r.expert_id, r.look desc
), scored as (
  select nomination_id, count(*) as experts, max(mark) - min(mark) as spread,
    round(case when count(*) >= %(dropped_from)s
      then (sum(mark) - max(mark) - min(mark)) / ((count(*) - 2) * %(weight)s)
      else sum(mark) / (count(*) * %(weight)s) end, %(decimals)s) as score,
    round(sum(mark) / (count(*) * %(weight)s), %(decimals)s) as plain
  from counted
  group by nomination_id
)
select n.id, n.row_number, p.name, s.experts, s.score, rank() over (order by s.score desc),
  round(s.spread / %(weight)s, %(decimals)s), rank() over (order by s.plain desc)
from scored s
join talents_nomination n on n.id = s.nomination_id
join talents_person p on p.id = n.person_id
order by n.row_number nulls last, n.id
""".replace("<weighted>", " + ".join(f"r.mark_{force} * %({force})s" for force in FORCES))


#: How those of equal rank follow one another where a list has to tell them apart (``rules.merit``).
TIES = "取人时依次比较不去极值的平均分（高者在前）、分差（小者在前）、人选序号"


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """What the policy of a round says about marks; where it says nothing, what is usual."""

    weights: tuple[Decimal | int, ...] = (1,) * len(FORCES)
    drop_extremes_from: int = 5
    decimals: int = 2
    spread_limit: int = 15
    experts_per_candidate: int = 5
    #: How many candidates one expert is given at most; None: as the lot falls.
    candidates_per_expert: int | None = None

    @classmethod
    def of(cls, selection: SelectionRound) -> ReviewRule:
        return cls.in_policy(policy_by_digest(selection.edition.digest))

    @classmethod
    def in_policy(cls, policy: Policy) -> ReviewRule:
        found = {code: policy.parameter(code) for code in PARAMETERS}
        usual = cls()
        numbers = {
            code: int(p.number)
            for code, p in found.items()
            if p is not None and p.number is not None
        }
        weights = found[WEIGHTS]
        return cls(
            weights=weights.numbers if weights else usual.weights,
            drop_extremes_from=numbers.get(DROPPED_FROM, usual.drop_extremes_from),
            decimals=numbers.get(DECIMALS, usual.decimals),
            spread_limit=numbers.get(SPREAD, usual.spread_limit),
            candidates_per_expert=numbers.get(PER_EXPERT),
            experts_per_candidate=numbers.get(PER_CANDIDATE, usual.experts_per_candidate),
        )

    @property
    def in_words(self) -> str:
        shares = "、".join(
            f"{label}{weight}" for label, weight in zip(FORCES.values(), self.weights, strict=True)
        )
        evenly = len(set(self.weights)) == 1
        return (
            f"一名专家的评分为五力{'平均' if evenly else f'加权平均（{shares}）'}；"
            f"未回避的专家满{self.drop_extremes_from}名的，去掉一个最高分和一个最低分后取平均，"
            f"四舍五入保留{self.decimals}位小数；得分相同的名次并列，{TIES}"
        )

    @property
    def as_json(self) -> dict[str, Any]:
        facts = asdict(self) | {"weights": [str(weight) for weight in self.weights]}
        return {**facts, "rounding": "half-up", "ties": "shared", "words": self.in_words}


class Ranked(NamedTuple):
    """One candidate with marks; ``plain_rank`` is what it would be without dropping extremes."""

    nomination: int
    row: int | None
    name: str
    experts: int
    score: Decimal
    rank: int
    spread: Decimal
    plain_rank: int


def among_themselves(found: list[Ranked]) -> list[Ranked]:
    """The same with ranks from the first on, equal ones shared as before."""
    ranks, plain = sorted(one.rank for one in found), sorted(one.plain_rank for one in found)
    return [
        one._replace(
            rank=1 + bisect_left(ranks, one.rank), plain_rank=1 + bisect_left(plain, one.plain_rank)
        )
        for one in found
    ]


#: What ranks candidates otherwise than by marks: contests that decide a trade (``competitions``).
_placings: list[Callable[[SelectionRound], list[Ranked]]] = []


def register_placings(tell: Callable[[SelectionRound], list[Ranked]]) -> None:
    """Have lists be drawn up by ``tell`` for whom it places; marks decide about the others."""
    _placings.append(tell)


def placed(selection: SelectionRound) -> dict[int, Ranked]:
    """Candidates placed by a contest, by nomination."""
    return {one.nomination: one for tell in _placings for one in tell(selection)}


def ranking(selection: SelectionRound, rule: ReviewRule | None = None) -> list[Ranked]:
    """All candidates of the round that have marks, in the order of their numbers; one statement."""
    rule = rule or ReviewRule.of(selection)
    values = dict(zip(FORCES, rule.weights, strict=True)) | {
        "round": selection.pk,
        "weight": sum(rule.weights),
        "dropped_from": rule.drop_extremes_from,
        "decimals": rule.decimals,
    }
    with connection.cursor() as cursor:
        cursor.execute(RANKING, values)
        return [Ranked(*row) for row in cursor.fetchall()]
