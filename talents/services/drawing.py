"""Which experts review whom: drawn by a recorded seed in one statement that anybody can ask again.

Candidates and experts are each put in an order that the seed shuffles (MD5 of the seed and their
number or code); a candidate takes the experts next to its place in the circle, so that each has as
much to do as the next. One of the candidate's own trade comes first, where there is one; whoever is
too near to the candidate is passed over. Where the policy says how many candidates one expert is given
at most, and the lot gives somebody more, the candidates take their experts one after the other.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from policies.rules.verdicts import Overall
from talents.models import Draw, Expert, SelectionRound
from talents.permissions.reviews import check_judged, may_draw
from talents.rules.conflicts import FREE, NEARNESS
from talents.rules.declaring import chain_of_draws, days_to_declare
from talents.rules.digests import draw_digest
from talents.rules.ranking import ReviewRule
from talents.rules.taking_back import handed_out, pairs_of, taken_back
from talents.selectors.assessments import current_run
from talents.services.declaring import ask_to_declare
from talents.services.review_notices import tell_drawn
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import User
    from talents.models import AssessmentRun

DRAWN = Event("talents.experts-drawn", "抽取评审专家")
MOST_SEED = 2**31 - 1
#: Passed over: who is too near by what is on file (``rules.conflicts``), who stood back on paper or declared
#: to have to do with the candidate or the unit, who declared nothing in time, and from whom the
#: candidate's paper was taken back.
DRAWING = """
with candidate as (
  select n.id, n.person_id, n.occupation, n.occupation_code, n.unit_id, u.path, u.name, p.identity_digest,
    p.name as person_name,
    row_number() over (order by md5(%(seed)s || ':candidate:' || n.id), n.id) - 1 as place
  from talents_nomination n
  join talents_assessment a on a.run_id = %(run)s and a.nomination_id = n.id
  join talents_person p on p.id = n.person_id
  join organizations_organization u on u.id = n.unit_id
  where n.round_id = %(round)s and a.overall = %(eligible)s
), expert as (
  select e.id, e.user_id, e.unit_id, u.path, u.kind, u.name, owner.owner_digest, self.id as person_id,
    regexp_split_to_array(e.fields, '[、,，;；/ ]+') as fields,
    row_number() over (order by md5(%(seed)s || ':expert:' || e.code), e.code) - 1 as place,
    count(*) over () as total
  from talents_expert e
  left join organizations_organization u on u.id = e.unit_id
  left join organizations_user owner on owner.id = e.user_id
  left join talents_person self on self.identity_digest = owner.owner_digest
  where e.organization_id = %(organizer)s and (e.left_on is null or e.left_on > %(today)s)
), <nearness>, pair as (
  select c.id as nomination, e.id as expert,
    (c.occupation <> '' and c.occupation = any(e.fields)
      or c.occupation_code <> '' and c.occupation_code = any(e.fields)) as is_of_trade,
    mod(e.place - mod(c.place * %(each)s, e.total) + e.total, e.total) as distance
  from candidate c
  cross join expert e
  where <free>
    and not exists (
      select from talents_review v
      where v.nomination_id = c.id and v.expert_id = e.id and v.is_recused
        and v.batch_id is not null and v.submitted_at < %(drawn_at)s
    )
    and not exists (
      select from talents_review v
      where v.nomination_id = c.id and v.expert_id = e.id and v.taken_at < %(drawn_at)s
    )
    and not exists (
      select from talents_declaration d
      left join talents_declaredtie t on t.declaration_id = d.id
      where d.round_id = %(round)s and d.expert_id = e.id and d.answered_at < %(drawn_at)s
        and (d.status = 'lapsed' or t.unit_id = c.unit_id or t.name in (c.person_name, c.name))
    )
), placed as (
  select pair.*,
    row_number() over (partition by nomination, is_of_trade order by distance) as place
  from pair
), turned as (
  select nomination, expert, row_number() over (
    partition by nomination order by (is_of_trade and place = 1) desc, distance
  ) as turn
  from placed
)
select c.id, coalesce(array_agg(t.expert order by t.turn) filter (where t.expert is not null), '{}')
from candidate c
left join turned t on t.nomination = c.id and t.turn <= %(turns)s
group by c.id, c.place
order by c.place
""".replace("<nearness>", NEARNESS).replace("<free>", FREE)


@transaction.atomic
def draw_experts(round_id: int, seed: int, *, actor: User) -> Draw:
    """Draw for every eligible candidate; the same seed over the same pool gives the same draw.

    Every draw stays on record. Asked again with the seed of the newest one, where nothing has changed
    since, that one is given back.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",)).get(pk=round_id)
    refusal = may_draw.why_not(actor, selection)
    if refusal is not None:
        if refusal.code == "review-begun" and (again := _again(selection, seed)) is not None:
            return again
        raise refusal
    run = current_run(selection)
    check_judged(selection, run)
    if not 0 <= seed <= MOST_SEED:
        raise DomainError("seed-invalid", f"随机种子应是0至{MOST_SEED}之间的整数")
    newest = selection.draws.order_by("-pk").first()
    is_asked = days_to_declare(selection) is not None
    if newest is not None and newest.seed == seed and is_asked and falls_again(newest, run):
        return newest  # who stood back since is substituted, not drawn anew
    rule = ReviewRule.of(selection)
    each = rule.experts_per_candidate
    drawn = _drawn(selection, run, seed, each)
    check_enough(drawn, each, rule.candidates_per_expert)
    digest = draw_digest(drawn)
    if newest is not None and (newest.seed, newest.sha256) == (seed, digest):
        return newest
    draw = Draw.objects.create(
        round=selection,
        seed=seed,
        per_candidate=each,
        drawn=drawn,
        sha256=digest,
        drawn_by=actor,
    )
    record_event(
        DRAWN,
        subject_of(selection),
        actor=actor,
        organization=selection.organizer,
        after={"seed": seed, "count": len(drawn), "sha256": digest},
    )
    tell_drawn(draw, actor=actor)
    ask_to_declare(draw)
    return draw


def _again(selection: SelectionRound, seed: int) -> Draw | None:
    """The draw that went out, drawn again by whoever checks it; refused where the lot falls otherwise now."""
    released = selection.draws.filter(state=Draw.State.RELEASED, seed=seed).first()
    if released is None:
        return None
    run = current_run(selection)
    if not falls_again(released, run):
        message = "按同一种子重抽，结果与分发的不同：分发之后人选、核验结果或专家库有过变动"
        raise DomainError("draw-differs", message)
    return released


def falls_again(draw: Draw, run: AssessmentRun | None) -> bool:
    """Whether the lot, and every substitution since, comes out as it is on file."""
    chain_down = chain_of_draws(draw)
    return all(draw_digest(drawn_again(one, run)) == one.sha256 for one in chain_down)


def drawn_again(draw: Draw, run: AssessmentRun | None) -> dict[str, list[int]]:
    """What the lot gave by what was on file then: of a substitution, from what it substitutes for."""
    if draw.substitutes is not None:
        return substituted(draw.substitutes, run, at=draw.drawn_at)
    return _drawn(draw.round, run, draw.seed, draw.per_candidate, at=draw.drawn_at)


def substituted(base: Draw, run: AssessmentRun | None, *, at: datetime) -> dict[str, list[int]]:
    """The draw with those passed over who stand back by then, the next in turn in their places.

    The order is that of the seed. Who stays keeps the place; where one of the candidate's trade drops
    out, the next of the trade comes first in turn. Who has the paper stays, whatever was declared or
    filed since, until it is taken back.
    """
    turns = _asked(
        _values(base.round, run, base.seed, base.per_candidate, at) | {"turns": MOST_SEED}
    )
    if (out := handed_out(base)) is not None:
        seats, kept = _left_over(base, out, turns, at)
    else:
        seats = dict.fromkeys(turns, base.per_candidate)
        kept = {
            key: [one for one in base.drawn.get(key, ()) if one in experts]
            for key, experts in turns.items()
        }
    given, most = (
        Counter(chain.from_iterable(kept.values())),
        ReviewRule.of(base.round).candidates_per_expert,
    )
    for key, many in seats.items():
        free = (
            e
            for e in turns.get(key, ())
            if e not in kept[key] and (most is None or given[e] < most)
        )
        taken = list(islice(free, max(many - len(kept[key]), 0)))
        given.update(taken)
        kept[key] += taken
    return kept


def _left_over(
    base: Draw, out: Draw, turns: dict[str, list[int]], at: datetime
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """How many mark each candidate of a draw that substitutes after papers went out, and who of it stays."""
    taken, waived = taken_back(base, at)
    with_them = pairs_of(out) - taken
    kept = {
        key: [one for one in experts if (int(key), one) in with_them or one in turns.get(key, ())]
        for key, experts in base.drawn.items()
    }
    seats = {
        key: sum((int(key), one) not in waived for one in experts)
        for key, experts in base.drawn.items()
    }
    return seats, kept


def _drawn(
    selection: SelectionRound,
    run: AssessmentRun | None,
    seed: int,
    each: int,
    *,
    at: datetime | None = None,
) -> dict[str, list[int]]:
    """As the lot falls by what was on file at ``at``, or is now: who stood back after the draw was drawn all the same."""
    values = _values(selection, run, seed, each, at or timezone.now())
    drawn = _asked(values | {"turns": each})
    most = ReviewRule.of(selection).candidates_per_expert
    if (
        most is None
        or max(Counter(chain.from_iterable(drawn.values())).values(), default=0) <= most
    ):
        return drawn
    return _within(_asked(values | {"turns": MOST_SEED}), each, most)


def _values(
    selection: SelectionRound, run: AssessmentRun | None, seed: int, each: int, moment: datetime
) -> dict[str, Any]:
    return {
        "seed": str(seed),
        "round": selection.pk,
        "run": run and run.pk,
        "eligible": Overall.ELIGIBLE.value,
        "organizer": selection.organizer_id,
        "today": timezone.localdate(moment),
        "each": each,
        "drawn_at": moment,
    }


def _asked(values: dict[str, Any]) -> dict[str, list[int]]:
    """Per candidate, in the order of the shuffle, the experts in the order of their turn."""
    with connection.cursor() as cursor:
        cursor.execute(DRAWING, values)
        return {str(nomination): list(experts) for nomination, experts in cursor.fetchall()}


def _within(turns: dict[str, list[int]], each: int, most: int) -> dict[str, list[int]]:
    """Each candidate in turn takes the next experts who have not got ``most`` candidates yet."""
    given: Counter[int] = Counter()
    drawn = {}
    for nomination, experts in turns.items():
        chosen = [expert for expert in experts if given[expert] < most][:each]
        given.update(chosen)
        drawn[nomination] = chosen
    return drawn


def check_enough(drawn: dict[str, list[int]], each: int, most: int | None) -> None:
    if not drawn:
        raise DomainError("no-candidates", "本轮次没有资格核验合格的人选，不必抽取专家")
    short = [nomination for nomination, experts in drawn.items() if len(experts) < each]
    if short:
        cap = f"、已满{most}名人选上限" if most else ""
        message = f"专家不够：除去须回避{cap}的，有{len(short)}名人选抽不满{each}名专家；请先在专家库中增补"
        raise DomainError("too-few-experts", message)


def codes_of(draw: Draw) -> dict[int, list[str]]:
    """The draw by number of the nomination and codes of the experts."""
    codes = dict(Expert.objects.filter(organization=draw.round.organizer).values_list("pk", "code"))
    return {
        int(nomination): [codes[expert] for expert in experts]
        for nomination, experts in draw.drawn.items()
    }
