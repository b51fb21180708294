"""The life of a round and of a nomination. Every change of state goes through a function here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import F

from talents.models import Nomination, SelectionRound
from talents.permissions import (
    CLOSE,
    CONFIRM,
    OPEN,
    REOPEN,
    RETURN,
    may_confirm,
    may_return,
)
from talents.permissions.rounds import may_reopen
from talents.rules.places import Seats
from talents.selectors.assessments import current_assessment, current_run
from talents.selectors.deciding import ready_for_decision
from talents.services.nominations import lock_round_of
from talents.services.notices import (
    locked_filers,
    tell_all_confirmed,
    tell_confirmed,
    tell_opened,
    tell_returned,
)
from talents.services.rounds import create_round
from talents.workflow.endorsing import send_back
from workflow.records import subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from organizations.models import User
    from talents.services.rounds import RoundPlan


@transaction.atomic
def open_round(round_id: int, *, actor: User, note: str = "") -> SelectionRound:
    """Let nominations be filed; from now on the round is judged by what it is pinned to."""
    selection = _locked_round(round_id, actor)
    OPEN.apply(selection, organization=selection.organizer, actor=actor, note=note)
    tell_opened(selection, OPEN.label, actor=actor)
    return selection


def called_round(code: str, plan: RoundPlan, *, actor: User) -> tuple[SelectionRound, bool]:
    """The round ``code``, created and opened unless it is there already; whether it was made now.

    The same call again changes nothing; another call under the same code is refused.
    """
    try:
        with transaction.atomic():
            selection = create_round(code, plan, actor=actor)
            return open_round(selection.pk, actor=actor), True
    except DomainError as refusal:
        if refusal.code != "round-code-taken":
            raise
    selection = SelectionRound.objects.select_related("edition", "organizer").get(code=code)
    differences = [
        f"{label}原为“{was}”，现为“{now}”"
        for label, was, now in (
            ("名称", selection.name, plan.name),
            ("政策", selection.edition.code, plan.edition.code),
            ("层级", selection.tier, plan.tier),
            ("年度", selection.year, plan.year),
            ("基准日", selection.reference_day, plan.reference_day),
            ("主办工会", selection.organizer.name, plan.organizer.name),
        )
        if was != now
    ]
    if differences:
        message = f"轮次 {code} 已存在且内容不同：{'；'.join(differences)}。另开轮次请换一个编码"
        raise DomainError("round-differs", message)
    return selection, False


@transaction.atomic
def close_round(round_id: int, *, actor: User, note: str = "") -> SelectionRound:
    """End filing; what was filed stays as it is."""
    selection = _locked_round(round_id, actor)
    CLOSE.apply(selection, organization=selection.organizer, actor=actor, note=note)
    return selection


@transaction.atomic
def reopen_round(round_id: int, *, actor: User, note: str) -> SelectionRound:
    """Take filing up again, for a reason that stands in the record."""
    selection = _locked_round(round_id, actor)
    check_reason(note, "重新开放申报")
    may_reopen.check(actor, selection)
    REOPEN.apply(selection, organization=selection.organizer, actor=actor, note=note)
    tell_opened(selection, REOPEN.label, actor=actor)
    return selection


@transaction.atomic
def confirm_nomination(nomination_id: int, *, actor: User, note: str = "") -> Nomination:
    """Confirm a draft whose papers, as they stand now, were found eligible, while places are left.

    Not by whoever had a hand in it (``filer-cannot-confirm``). Who confirms in one round queues up,
    so that the last place is given once.
    """
    lock_round_of(nomination_id)
    nomination = _locked_nomination(nomination_id, actor)
    may_confirm.check(actor, nomination, current_assessment(nomination))
    CONFIRM.apply(nomination, organization=nomination.unit, actor=actor, note=note)
    tell_confirmed(nomination, actor=actor)
    return nomination


@transaction.atomic
def return_nomination(
    nomination_id: int, *, actor: User, note: str, faults: Mapping[str, str] | None = None
) -> Nomination:
    """Give a nomination back to its unit, which corrects it or answers, while it can be corrected.

    ``faults`` says of which fields, and whether they are missing, wrong or doubtful.
    """
    lock_round_of(nomination_id)
    nomination = _locked_nomination(nomination_id, actor)
    check_reason(note, "退回草稿")
    may_return.check(actor, nomination)
    RETURN.apply(
        nomination,
        organization=nomination.unit,
        actor=actor,
        note=note,
        returned_version=nomination.version,
    )
    send_back(nomination, faults or {}, note=note, actor=actor)
    tell_returned(nomination, actor=actor, note=note)
    return nomination


class Decided(NamedTuple):
    """Which of the chosen were confirmed, and why the others were not."""

    confirmed: list[int]
    refused: dict[int, DomainError]


@transaction.atomic
def confirm_chosen(
    round_id: int, chosen: Collection[int], *, actor: User, note: str = ""
) -> Decided:
    """Confirm those of the chosen drafts that are ready for it, in one statement.

    Readiness is asked for inside the UPDATE, so that a nomination corrected a moment before is passed
    over; so is what was given back and what ``actor`` is too near to. Where more are ready than places
    are left, they go in the order their units put them in. Each has a record of its own, whoever filed
    gets one notice with the number.
    """
    selection = _locked_round(round_id, actor)
    run = current_run(selection)
    if run is None:
        raise DomainError("round-not-assessed", f"“{selection.name}”尚未完成资格核验，请先发起核验")
    inside = Nomination.objects.visible_to(actor).filter(round=selection, pk__in=chosen)
    filers = locked_filers(ready_for_decision(actor, inside, run))
    unseated = _without_place(selection, filers)
    filers = {pk: filer for pk, filer in filers.items() if pk not in unseated}
    CONFIRM.apply_to_all(
        Nomination.objects.filter(pk__in=filers),
        subject=subject_of(selection),
        organization=selection.organizer,
        actor=actor,
        note=note,
    )
    tell_all_confirmed(selection, Counter(filers.values()), actor=actor)
    left = inside.exclude(pk__in=[*filers, *unseated]).select_related("unit", "round", "person")
    verdicts = {a.nomination_id: a for a in run.assessments.filter(nomination__in=left)}
    refused = {row.pk: may_confirm.why_not(actor, row, verdicts.get(row.pk)) for row in left}
    others = {pk: refusal for pk, refusal in refused.items() if refusal}
    return Decided(list(filers), unseated | others)


def _without_place(selection: SelectionRound, ready: Collection[int]) -> dict[int, DomainError]:
    """For whom of the ready no place is left; the round is locked."""
    seats = Seats.of(selection)
    if not seats.is_divided:
        return {}
    rows = Nomination.objects.filter(pk__in=ready).select_related("unit")
    in_order = rows.order_by(F("rank").asc(nulls_last=True), "pk")
    taken = {row.pk: seats.take(row.unit) for row in in_order}
    return {pk: refusal for pk, refusal in taken.items() if refusal}


def _locked_round(round_id: int, actor: User) -> SelectionRound:
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer")
    return rows.select_for_update(of=("self",)).get(pk=round_id)


def _locked_nomination(nomination_id: int, actor: User) -> Nomination:
    rows = Nomination.objects.visible_to(actor).select_related("unit", "round", "batch", "person")
    return rows.select_for_update(of=("self",)).get(pk=nomination_id)
