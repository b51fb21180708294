"""By what a panel decides: how many have to be there, what carries, and which decisions want a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from policies.library.editions import policy_by_digest
from talents.models import Nomination, Panel, PanelDecision
from talents.rules.conflicts import GROUND, NEARNESS
from talents.rules.merit import in_order
from talents.rules.ranking import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import SelectionRound
    from talents.rules.ranking import Ranked

PRESENT, CARRIES = "panel_members_present", "panel_votes_for_percent"
#: What a policy sets that a panel goes by.
PARAMETERS = (PRESENT, CARRIES)
Decision = PanelDecision.Decision
#: From the best that may be decided to the worst.
BEST_FIRST = (Decision.NAME, Decision.RESERVE, Decision.REJECT)
CONFLICTS = """
with expert as (
  select m.id, coalesce(m.staff_id, x.user_id) as user_id, unit.id as unit_id, unit.path, unit.kind, unit.name, owner.owner_digest,
    self.id as person_id
  from talents_panelmember m
  left join talents_expert x on x.id = m.expert_id
  left join organizations_user owner on owner.id = coalesce(m.staff_id, x.user_id)
  left join organizations_membership s on s.user_id = m.staff_id
  left join organizations_organization unit on unit.id = coalesce(x.unit_id, s.organization_id)
  left join talents_person self on self.identity_digest = owner.owner_digest
  where m.panel_id = %(panel)s
), candidate as (
  select d.id as decision, n.id, n.person_id, u.path, u.name, p.identity_digest
  from talents_paneldecision d
  join talents_nomination n on n.id = d.nomination_id
  join talents_person p on p.id = n.person_id
  join organizations_organization u on u.id = n.unit_id
  where d.panel_id = %(panel)s
), <nearness>, judged as (
  select e.id as member, c.decision, <ground> as ground from expert e cross join candidate c
)
select distinct on (member, decision) member, decision, ground
from judged where ground is not null order by member, decision, ground
""".replace("<nearness>", NEARNESS).replace("<ground>", GROUND)


@dataclass(frozen=True, slots=True)
class PanelRule:
    """What the policy of a round says about its panel; None where it says nothing."""

    least_present: int | None = None
    #: More than this share of those who may vote has to be in favour; without it, more than are against.
    percent: int | None = None

    @classmethod
    def of(cls, selection: SelectionRound) -> PanelRule:
        policy = policy_by_digest(selection.edition.digest)
        numbers = [
            int(p.number) if p is not None and p.number is not None else None
            for p in map(policy.parameter, PARAMETERS)
        ]
        return cls(*numbers)

    def carries(self, voters: int, in_favour: int, against: int) -> bool:
        """Whether those in favour are enough."""
        if self.percent is None:
            return in_favour > against
        return in_favour * 100 > voters * self.percent

    @property
    def in_words(self) -> str:
        present = f"到会委员不少于{self.least_present}名；" if self.least_present else ""
        votes = (
            f"同意票超过应投票数的{self.percent}%为通过"
            if self.percent is not None
            else "同意票多于不同意票为通过"
        )
        return (
            f"{present}{votes}，应投票数为到会且未回避的委员人数；"
            "通过而不予推荐、未通过而建议命名或列入后备，或名次在后的优于在前的，须写明理由"
        )


class Vote(NamedTuple):
    """What was voted about one candidate, what was decided, and why otherwise than expected."""

    in_favour: int
    against: int
    abstained: int
    decision: str
    reason: str = ""


def departs_from_majority(rule: PanelRule, voters: int, vote: Vote) -> bool:
    """Whether somebody is put forward who did not carry, or not put forward who did."""
    return rule.carries(voters, vote.in_favour, vote.against) != (vote.decision != Decision.REJECT)


def passed_over(rows: Sequence[tuple[int, str]]) -> set[int]:
    """Of ``(rank, decision)`` in any order, the places of those whom somebody ranked after them overtook.

    Equal ranks overtake nobody.
    """
    best: dict[int, int] = {}
    for rank, decision in rows:
        if decision:
            place = BEST_FIRST.index(Decision(decision))
            best[rank] = min(best.get(rank, place), place)
    return {
        at
        for at, (rank, decision) in enumerate(rows)
        if decision
        and any(
            place < BEST_FIRST.index(Decision(decision))
            for other, place in best.items()
            if other > rank
        )
    }


def conflicts_of(panel: Panel) -> list[tuple[int, int, str]]:
    """Which member is too near to whom on the table: member, decision, ground; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTS, {"panel": panel.pk})
        return cursor.fetchall()


def panel_that_decided(selection: SelectionRound) -> Panel | None:
    """The meeting whose result stands."""
    return selection.panels.filter(state=Panel.State.CONFIRMED).first()


def panel_under_way(selection: SelectionRound) -> Panel | None:
    """A meeting that is being entered, or waits to be confirmed."""
    return selection.panels.filter(state__in=[Panel.State.DRAFT, Panel.State.SUBMITTED]).first()


def out_of_date(panel: Panel, order: Sequence[Ranked]) -> list[str]:
    """Who of the table stands otherwise by their marks now, in ``order``, than when it was laid: by name.

    Who may not go up any more is no fault of the table. Whoever has come in before its last place is
    one, unless the meeting only puts another right. Whom a contest places is no matter of marks.
    """
    of_contests = placed(panel.round)
    laid = list(panel.decisions.order_by("position").values_list("nomination", "score"))
    scores = {pk: score for pk, score in laid if pk not in of_contests}
    now = [one for one in order if one.nomination in scores]
    able = {one.nomination for one in now}
    then = [pk for pk, _ in laid if pk in able]
    moved = [
        one.name
        for one, nomination in zip(now, then, strict=True)
        if one.nomination != nomination or one.score != scores[one.nomination]
    ]
    if panel.corrects_id is None and now:
        before = order[: order.index(now[-1])]
        known = scores.keys() | of_contests.keys()
        moved += [one.name for one in before if one.nomination not in known]
    return moved


def chosen_by(panel: Panel) -> tuple[list[Ranked], int]:
    """Who may go up by the panel's decision, the reserve last, and how many of them have a place.

    Whoever may not go up any more (withdrawn, given back, objected to) is left out, and the reserve
    moves up.
    """
    decided = dict(
        panel.decisions.exclude(decision=Decision.REJECT).values_list("nomination", "decision")
    )
    places = sum(decision == Decision.NAME for decision in decided.values())
    able = [one for one in in_order(panel.round) if one.nomination in decided]
    able.sort(key=lambda one: decided[one.nomination] != Decision.NAME)
    return able, min(places, len(able))


class Decided(NamedTuple):
    """What a list has to say that follows a panel: how many are named, how many stand in reserve, by what."""

    places: int
    reserve: int
    minutes_number: str


def slate_of(panel: Panel) -> Decided:
    able, places = chosen_by(panel)
    return Decided(places, len(able) - places, panel.minutes_number)


def own_digest_on(panel: Panel, digest: bytes | memoryview | None) -> bool:
    """Whether the person of that digest stands on the table."""
    rows = Nomination.objects.filter(panel_decisions__panel=panel)
    return bool(digest) and rows.filter(person__identity_digest=digest).exists()
