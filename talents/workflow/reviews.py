"""How a draw goes out to those who were drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Draw, Nomination, Review, SelectionRound
from talents.permissions.reviews import FOLLOW, RELEASE, may_release
from talents.permissions.taking_back import REPLACE
from talents.rules.taking_back import handed_out
from talents.services.review_notices import tell_assigned
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User

ROWS_A_WRITE = 1_000


@transaction.atomic
def release_draw(draw_id: int, *, actor: User) -> Draw:
    """Hand the papers out to those drawn last; nothing is drawn again after that.

    Who has left since the draw is not handed out; who would leave now waits, and is told it has begun.
    """
    rows = Draw.objects.visible_to(actor).select_related("round__organizer")
    # neither drawn again nor marked by a sheet until this is done
    SelectionRound.objects.select_for_update(no_key=True).get(pk=rows.get(pk=draw_id).round_id)
    draw = rows.select_for_update(of=("self",)).get(pk=draw_id)
    may_release.check(actor, draw)
    if draw.round.draws.filter(pk__gt=draw.pk).exists():
        raise DomainError("draw-superseded", "此后又抽取过专家，只分发最近一次抽取的结果")
    out = handed_out(draw)
    if out is not None:
        FOLLOW.apply(out, organization=draw.round.organizer, actor=actor)
    RELEASE.apply(draw, organization=draw.round.organizer, actor=actor, released_by=actor)
    there = _still_there(draw, actor)
    handed_in = _marked_on_paper(draw)
    papers = [
        Review(nomination_id=int(nomination), expert_id=expert, draw=draw)
        for nomination, experts in draw.drawn.items()
        if int(nomination) in there
        for expert in experts
        if (int(nomination), expert) not in handed_in
    ]
    if out is not None:
        papers = _in_the_places_of(papers)
    Review.objects.bulk_create(papers, batch_size=ROWS_A_WRITE)
    tell_assigned(draw, {paper.expert_id for paper in papers})
    return draw


def _in_the_places_of(papers: Sequence[Review]) -> list[Review]:
    """Each of the same look as a paper of the candidate that was taken back, which is replaced by it.

    Of the draw of that paper, too: by it the candidate is called the same before all experts.
    """
    taken = Review.objects.filter(
        nomination__in={paper.nomination_id for paper in papers}, status=Review.Status.TAKEN
    )
    free: dict[int, list[Review]] = {}
    for one in taken.select_for_update(of=("self",)).order_by("-look", "-pk"):
        free.setdefault(one.nomination_id, []).append(one)
    given = []
    for paper in papers:
        if place := free.get(paper.nomination_id):
            former = place.pop()
            REPLACE.apply(former)
            paper.look, paper.draw_id = former.look, former.draw_id
            given.append(paper)
    return given


def _marked_on_paper(draw: Draw) -> set[tuple[int, int]]:
    """Whose marks of whom came in by a sheet before the papers went out: these are not asked again.

    Refused (``drawn-stood-back``) where one who was drawn has stood back on paper since.
    """
    rows = Review.objects.filter(nomination__round=draw.round).select_related("expert")
    back = [
        str(one.expert)
        for one in rows.filter(is_recused=True, batch__isnull=False)
        if one.expert_id in draw.drawn.get(str(one.nomination_id), ())
    ]
    if back:
        message = f"{'、'.join(dict.fromkeys(back))}抽取后已在线下回避，请重新抽取专家再分发"
        raise DomainError("drawn-stood-back", message)
    return set(rows.values_list("nomination_id", "expert_id"))


def _still_there(draw: Draw, actor: User) -> set[int]:
    """Those drawn who have not been withdrawn since; nobody withdraws them until this is done."""
    rows = Nomination.objects.visible_to(actor).filter(round=draw.round)
    held = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    return set(held.values_list("pk", flat=True))
