"""Review as pages show it: the organizer's desk, the ranking beside other rules, the expert's papers."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from talents.models import Draw, Expert, Review
from talents.models.reviews import FORCES
from talents.rules.ranking import Ranked, ReviewRule, among_themselves, ranking
from workflow.queues import Queue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound

Status = Review.Status


def experts_in_scope(user: User) -> QuerySet[Expert]:
    """The pools within reach, with how much each expert has to do."""
    rows = Expert.objects.visible_to(user).select_related("organization", "unit", "user")
    return rows.annotate(
        waiting=Count("reviews", filter=Q(reviews__status=Status.ASSIGNED)),
        submitted=Count("reviews", filter=Q(reviews__status=Status.SUBMITTED)),
    )


def own_reviews(user: User) -> QuerySet[Review]:
    """What this account was assigned as an expert; of an organizer's staff, nothing."""
    rows = Review.objects.visible_to(user).filter(expert__user=user)
    return rows.select_related("nomination__round__organizer", "nomination__person", "expert")


def draws_in_scope(user: User) -> QuerySet[Draw]:
    rows = Draw.objects.visible_to(user)
    return rows.select_related("drawn_by", "released_by", "round__organizer", "substitutes")


def draws_of(user: User, selection: SelectionRound) -> QuerySet[Draw]:
    """Every draw of the round, the newest first."""
    return draws_in_scope(user).filter(round=selection).order_by("-pk")


def expert_queues(user: User) -> list[Queue]:
    """What an expert has to mark, and what is done, round by round."""
    rows = own_reviews(user)
    names = dict(
        rows.order_by().values_list("nomination__round__code", "nomination__round__name").distinct()
    )
    tallies = rows.order_by().values("nomination__round__code")
    found = tallies.annotate(
        waiting=Count("pk", filter=Q(status=Status.ASSIGNED)), whole=Count("pk")
    )
    return [
        Queue(
            names[row["nomination__round__code"]],
            row["waiting"],
            f"{reverse('talents:reviews')}?round={row['nomination__round__code']}"
            f"&status={Status.ASSIGNED.value}",
            unit="份待评审",
            tone="warn" if row["waiting"] else "good",
            note=f"共分配{row['whole']}份",
        )
        for row in found
    ]


def newest_draws(user: User) -> QuerySet[Draw]:
    """Of every round the draw that counts."""
    later = Draw.objects.filter(round=OuterRef("round"), pk__gt=OuterRef("pk"))
    return Draw.objects.visible_to(user).exclude(Exists(later))


def papers_in_scope(user: User) -> QuerySet[Review]:
    """Papers of reviews within reach, and an expert's own: who has them, not the marks."""
    return Review.objects.visible_to(user).select_related(
        "expert", "draw", "taken_by", "nomination__person", "nomination__round__organizer"
    )


def papers_at_hand(user: User, selection: SelectionRound) -> QuerySet[Review]:
    """What is waited for, taken back first, and what is waited for no more."""
    rows = papers_in_scope(user).filter(nomination__round=selection)
    open_ = rows.filter(status__in=[Status.TAKEN, Status.ASSIGNED, Status.WAIVED])
    return open_.order_by(F("taken_at").desc(nulls_last=True), "expert__code", "pk")


def desk_queues(user: User) -> list[Queue]:
    """Draws that wait to be handed out, those of substitutes among them."""
    waiting = newest_draws(user).filter(state=Draw.State.DRAWN)
    return [
        Queue(
            draw.round.name,
            1,
            reverse("talents:review-desk", args=[draw.round.code]),
            unit="次抽取待分发",
            tone="warn",
            note="由抽取人以外的审批人核对后分发",
        )
        for draw in waiting.select_related("round").order_by("pk")
    ]


class Standing(NamedTuple):
    """How far the review of a round has come."""

    whole: int
    submitted: int
    recused: int

    @property
    def left(self) -> int:
        return self.whole - self.submitted


def standing_of(user: User, selection: SelectionRound) -> Standing:
    rows = Review.objects.visible_to(user).filter(nomination__round=selection)
    rows = rows.exclude(status__in=[Status.REPLACED, Status.WAIVED])
    found = rows.aggregate(
        whole=Count("pk"),
        submitted=Count("pk", filter=Q(status=Status.SUBMITTED)),
        recused=Count("pk", filter=Q(is_recused=True)),
    )
    return Standing(**found)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One line of the ranking, with what other rules would make of it."""

    ranked: Ranked
    normalised_rank: int | None
    best_without_one: int
    worst_without_one: int
    needs_look: bool

    @property
    def is_sensitive(self) -> bool:
        """Whether leaving out one judge, or another usual rule, would move it."""
        others = {self.ranked.plain_rank, self.best_without_one, self.worst_without_one}
        return others | {self.normalised_rank or self.ranked.rank} != {self.ranked.rank}


def weighed(user: User, selection: SelectionRound) -> list[Weighed]:
    """The ranking under the policy's rule, by rank, each beside the other rules.

    Only candidates all of whose marks are in, ranked among themselves: until then nobody sees any, nor
    where they stand.
    """
    rule = ReviewRule.of(selection)
    waiting = Review.objects.visible_to(user).filter(nomination__round=selection).waiting()
    sealed = set(waiting.values_list("nomination", flat=True))
    found = among_themselves(
        [one for one in ranking(selection, rule) if one.nomination not in sealed]
    )
    marks = _marks(user, selection, rule)
    for nomination in sealed & marks.keys():
        del marks[nomination]
    normalised = _ranks(_normalised(marks))
    scores = {one.nomination: float(one.score) for one in found}
    in_order = sorted(scores.values())
    lines = [
        Weighed(
            one,
            normalised.get(one.nomination),
            *_swing(one.nomination, marks, scores, in_order, rule),
            needs_look=one.spread > rule.spread_limit,
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: (line.ranked.rank, line.ranked.row or 0))


Marks = dict[int, dict[int, float]]


def _marks(user: User, selection: SelectionRound, rule: ReviewRule) -> Marks:
    """Nomination → expert → mark, the later look counting."""
    rows = Review.objects.visible_to(user).filter(nomination__round=selection).that_count()
    weights = [float(weight) for weight in rule.weights]
    marks: Marks = defaultdict(dict)
    columns = [f"mark_{force}" for force in FORCES]
    for nomination, expert, *given in rows.order_by("look").values_list(
        "nomination", "expert", *columns
    ):
        shares = zip(given, weights, strict=True)
        marks[nomination][expert] = sum(float(m) * w for m, w in shares) / sum(weights)
    return marks


def _normalised(marks: Marks) -> dict[int, float]:
    """Means after each expert's marks were set to the same mean and spread."""
    by_expert: dict[int, list[float]] = defaultdict(list)
    for given in marks.values():
        for expert, mark in given.items():
            by_expert[expert].append(mark)
    scale = {e: (fmean(values), pstdev(values) or 1.0) for e, values in by_expert.items()}
    return {
        nomination: fmean((mark - scale[e][0]) / scale[e][1] for e, mark in given.items())
        for nomination, given in marks.items()
    }


def _swing(
    nomination: int,
    marks: Marks,
    scores: Mapping[int, float],
    in_order: Sequence[float],
    rule: ReviewRule,
) -> tuple[int, int]:
    """The best and the worst rank of a candidate if any one of its judges were left out."""
    given, own = list(marks.get(nomination, {}).values()), scores[nomination]
    tries = [given[:i] + given[i + 1 :] for i in range(len(given))] if len(given) > 1 else [given]
    tried = [round(_score(marks_left, rule), rule.decimals) for marks_left in tries]
    ranks = [1 + len(in_order) - bisect_right(in_order, score) - (own > score) for score in tried]
    return min(ranks), max(ranks)


def _score(given: Sequence[float], rule: ReviewRule) -> float:
    kept = sorted(given)[1:-1] if len(given) >= rule.drop_extremes_from else given
    return fmean(kept) if kept else 0.0


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    in_order = sorted(round(score, 9) for score in scores.values())
    whole = len(in_order)
    return {
        key: 1 + whole - bisect_right(in_order, round(score, 9)) for key, score in scores.items()
    }
