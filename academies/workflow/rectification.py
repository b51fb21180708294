"""How what an evaluation or an audit demands is put right, struck off, and lets money flow again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from academies.models import Academy, Evaluation, Rectification
from academies.permissions import (
    DROP_DEMAND,
    END_DEMAND,
    PROVE,
    SEND_BACK,
    STRIKE_OFF,
    keeping_body,
    may_demand,
    may_demand_after_audit,
    may_prove,
    may_recheck,
)
from academies.services.notices import tell_academy, tell_evaluators
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from workflow.transitions import Transition

DEMANDED = Event("academies.rectification-demanded", "提出整改事项")
CLOSED = Event("academies.evaluation-closed", "整改完成")


@refusing()
@transaction.atomic
def demand(evaluation_id: int, facts: dict[str, Any], *, actor: User) -> Rectification:
    """Add one thing to be put right (``problem``, ``due_on``); the academy is told."""
    evaluation = _locked_evaluation(evaluation_id, actor)
    may_demand.check(actor, evaluation)
    last = evaluation.items.aggregate(last=Max("number"))["last"] or 0
    item = Rectification.objects.create(
        evaluation=evaluation, number=last + 1, demanded_by=actor, **facts
    )
    record_event(
        DEMANDED,
        subject_of(evaluation),
        actor=actor,
        organization=evaluation.academy.organization,
        after={"number": item.number, "problem": item.problem, "due_on": f"{item.due_on}"},
    )
    body = f"{item.problem}。请于{item.due_on}前整改并填报完成情况；整改完成前暂停拨付补助资金。"
    tell_academy(item, f"责令整改：{evaluation.academy}", body, actor=actor)
    return item


def demand_after_audit(
    academy: Academy, origin: str, facts: dict[str, Any], *, actor: User
) -> Rectification:
    """Demand what an audit found (``origin``) to be put right; nothing is paid until it is.

    In the caller's transaction, which records what was found and tells the academy.
    """
    locked = Academy.objects.select_related("organization", "supervising_union")
    row = locked.select_for_update(of=("self",), no_key=True).get(pk=academy.pk)
    may_demand_after_audit.check(actor, row)
    return Rectification.objects.create(
        academy=row, origin=origin, number=1, demanded_by=actor, **facts
    )


def drop_demand(item_id: int, *, actor: User, note: str) -> Rectification:
    """End what an audit demanded and does not any more: it keeps no money back.

    In the caller's transaction, which says why and tells the academy.
    """
    return _dropped(item_id, DROP_DEMAND, actor, note)


def end_demands(evaluation: Evaluation, *, actor: User, note: str) -> None:
    """End what was demanded for a grade that an answered objection changes.

    In the caller's transaction, which holds the academy and tells it; what is struck off stays so.
    """
    why = f"等次因异议改变，不再要求整改：{note}"[:200]
    open_items = evaluation.items.exclude(state__in=Rectification.DONE)
    for pk in open_items.values_list("pk", flat=True):
        _dropped(pk, END_DEMAND, actor, why)


def _dropped(item_id: int, how: Transition, actor: User, note: str) -> Rectification:
    item = Rectification.objects.select_for_update(of=("self",)).get(pk=item_id)
    how.apply(
        item,
        organization=item.whose.supervising_union,
        actor=actor,
        note=note,
        finding=note,
        checked_by=actor,
        checked_at=timezone.now(),
    )
    return item


@refusing()
@transaction.atomic
def prove(item_id: int, facts: dict[str, Any], *, actor: User) -> Rectification:
    """Say who put it right and how (``owner``, ``measure``, ``proof``); the city union is told."""
    item = _locked_item(item_id, actor)
    may_prove.check(actor, item)
    body = keeping_body(actor, item.whose)
    when: dict[str, Any] = {"proved_by": actor, "proved_at": timezone.now()}
    PROVE.apply(item, organization=body, actor=actor, note=facts["proof"][:200], **facts, **when)
    words = f"责任人{item.owner}：{item.proof}"
    tell_evaluators(item, f"整改待复核：{item.whose}", words, actor=actor)
    return item


@refusing()
@transaction.atomic
def strike_off(item_id: int, *, actor: User, note: str) -> Rectification:
    """Find an item put right. With the last one the evaluation is closed, and money may flow."""
    item = _locked_item(item_id, actor)
    may_recheck.check(actor, item)
    academy, moment = item.whose, timezone.now()
    STRIKE_OFF.apply(
        item,
        organization=academy.supervising_union,
        actor=actor,
        note=note,
        finding=note,
        checked_by=actor,
        checked_at=moment,
    )
    evaluation = item.evaluation
    if evaluation is None:
        words = f"{item.origin}的整改事项已经复核销号。"
        tell_academy(item, f"整改完成：{academy}", words, actor=actor)
        return item
    if evaluation.items.exclude(state=Rectification.State.CLOSED).exists():
        return item
    evaluation.closed_on, evaluation.edited_at = timezone.localdate(moment), moment
    evaluation.save(update_fields=["closed_on", "edited_at"])
    record_event(
        CLOSED,
        subject_of(evaluation),
        actor=actor,
        organization=academy.organization,
        note=note,
        after={"closed_on": f"{evaluation.closed_on}", "items": evaluation.items.count()},
    )
    words = f"全部整改事项已经复核销号（{evaluation.closed_on}），可以打印销号单。"
    tell_academy(item, f"整改完成：{academy}", words, actor=actor)
    return item


@refusing()
@transaction.atomic
def send_back(item_id: int, *, actor: User, note: str) -> Rectification:
    """Find it not put right: the academy goes on, and is told why."""
    item = _locked_item(item_id, actor)
    may_recheck.check(actor, item)
    SEND_BACK.apply(
        item,
        organization=item.whose.supervising_union,
        actor=actor,
        note=note,
        finding=note,
    )
    tell_academy(item, f"整改退回：{item.whose}", f"事由：{note}", actor=actor)
    return item


def _locked_evaluation(pk: int, actor: User) -> Evaluation:
    """The evaluation within what ``actor`` may see, locked after its academy, as payments wait for it."""
    rows = Evaluation.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    of_row = Academy.objects.filter(pk__in=rows.filter(pk=pk).values("academy"))
    of_row.select_for_update(no_key=True).first()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _locked_item(pk: int, actor: User) -> Rectification:
    """The item, after its evaluation: of two who strike off the last two, the second closes it."""
    rows = Rectification.objects.visible_to(actor)
    of = rows.values_list("evaluation", flat=True).get(pk=pk)
    evaluation = None if of is None else _locked_evaluation(of, actor)
    whose = ("academy__organization", "academy__supervising_union")
    item = rows.select_related(*whose).select_for_update(of=("self",)).get(pk=pk)
    item.evaluation = evaluation
    return item
