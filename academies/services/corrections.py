"""Putting right what came with the history of evaluations: proposed for a reason, agreed to by another.

The row stays one row; what it said before stands on the record. The facts that money obeys are counted
from the rows, so that they are right again in the same transaction.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from academies.models import Academy, Evaluation
from academies.permissions import may_evaluate
from academies.permissions.correcting import (
    may_agree_to_correction,
    may_drop_correction,
    may_propose_correction,
)
from academies.services.notices import tell_of_correction
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from academies.models import Review
    from organizations.models import User

PROPOSED = Event("academies.evaluation-correction-proposed", "提出更正审核评价")
DROPPED = Event("academies.evaluation-correction-dropped", "不予更正审核评价")
STRUCK = Event("academies.evaluation-struck", "撤下误登的审核评价")
REPLACED = Event("academies.evaluation-replaced", "以评定的等次取代导入结果")
MOVED = Event("academies.evaluation-moved", "审核评价改记到其他学院")
DAYS = ("evaluated_on", "due_on", "closed_on")


@refusing(invalid="evaluation-invalid")
@transaction.atomic
def propose_correction(pk: int, facts: dict[str, Any], *, actor: User, note: str) -> Evaluation:
    """Say what is wrong about a row of the history, and what is right; nothing changes yet."""
    row = _locked(pk, actor)
    may_propose_correction.check(actor, row)
    check_reason(note, "更正审核评价")
    _check_days(facts)
    academy = _academy(facts["academy"].pk, actor)
    may_evaluate.check(actor, academy)
    before, after = _sides(row, facts | {"academy": academy})
    if before == after:
        raise DomainError("nothing-to-correct", "所填与登记的一致，没有要更正的内容")
    row.proposal = {
        name: value.isoformat() if isinstance(value, date) else getattr(value, "pk", value)
        for name, value in facts.items()
    }
    return _proposed(row, before, after, actor=actor, note=note)


@refusing()
@transaction.atomic
def propose_striking(pk: int, *, actor: User, note: str) -> Evaluation:
    """Say that a row of the history never should have come in; it stands until another agrees."""
    row = _locked(pk, actor)
    may_propose_correction.check(actor, row)
    check_reason(note, "撤下审核评价")
    if row.items.exists():
        message = "该评价已提出过整改事项，不能撤下；内容有误的请提出更正"
        raise DomainError("evaluation-rectified", message)
    row.proposal = dict(Evaluation.STRUCK)
    return _proposed(row, row.CORRECTABLE.recorded(row), {}, actor=actor, note=note)


def _proposed(
    row: Evaluation, before: dict[str, Any], after: dict[str, Any], *, actor: User, note: str
) -> Evaluation:
    row.proposal_reason, row.proposed_by, row.proposed_at = note.strip(), actor, timezone.now()
    row.corrected_by = None
    row.save(
        update_fields=["proposal", "proposal_reason", "proposed_by", "proposed_at", "corrected_by"]
    )
    record_event(
        PROPOSED, subject_of(row), actor=actor, organization=row.academy.supervising_union,
        before=before, after=after, note=note,
    )  # fmt: skip
    tell_of_correction(row, "evaluators", f"待复核的更正：{row}", note, actor=actor)
    return row


@refusing()
@transaction.atomic
def agree_to_correction(pk: int, *, actor: User, note: str) -> Evaluation:
    """Make it as was proposed; both academies are told where it was of the wrong one."""
    row = _locked(pk, actor)
    may_agree_to_correction.check(actor, row)
    words = f"{row.proposal_reason}（{row.proposed_by}提出）；复核：{note.strip()}"[:200]
    if row.is_to_be_struck:
        return _strike(row, actor=actor, note=words)
    was, facts = row.academy, proposed_facts(row, actor)
    may_evaluate.check(actor, facts["academy"])
    if not correct(row, facts, version=row.version, actor=actor, note=words):
        raise DomainError("nothing-to-correct", "登记的已与所提更正一致，请收回更正")
    if row.academy != was:
        record_event(
            MOVED, subject_of(row), actor=actor, organization=was.supervising_union,
            before={"academy": str(was)}, after={"academy": str(row.academy)}, note=words,
        )  # fmt: skip
    for academy in dict.fromkeys((was, row.academy)):
        tell_of_correction(row, "academy", f"审核评价已更正：{row}", words, actor=actor, of=academy)
    return row


def _strike(row: Evaluation, *, actor: User, note: str) -> Evaluation:
    """Take it out of the history; what it said stays on the record."""
    row.corrected_by = actor
    row.save(update_fields=["corrected_by"])
    record_event(
        STRUCK, subject_of(row), actor=actor, organization=row.academy.supervising_union,
        before=row.CORRECTABLE.recorded(row), note=note,
    )  # fmt: skip
    academy, title = row.academy, f"审核评价已撤下：{row}"
    tell_of_correction(row, "academy", title, note, actor=actor, is_gone=True)
    Evaluation.objects.filter(pk=row.pk, academy=academy).delete()
    return row


def give_way(review: Review, actor: User) -> None:
    """What one account brought in of the year makes room for the grade of the file, in its transaction;
    what it said stays on the record.
    """
    rows = Evaluation.brought_by_one().filter(academy=review.academy, year=review.campaign.year)
    for row in rows:
        record_event(
            REPLACED, subject_of(row), actor=actor, organization=review.academy.supervising_union,
            before=row.CORRECTABLE.recorded(row), note=f"由{review}评定的等次取代",
        )  # fmt: skip
        Evaluation.objects.filter(pk=row.pk).delete()


@refusing()
@transaction.atomic
def drop_correction(pk: int, *, actor: User, note: str) -> Evaluation:
    """Leave the row as it is."""
    row = _locked(pk, actor)
    may_drop_correction.check(actor, row)
    check_reason(note, "不予更正")
    proposed = {} if row.is_to_be_struck else proposed_facts(row, actor)
    _, after = _sides(row, proposed)
    row.proposal = {}
    row.save(update_fields=["proposal"])
    record_event(
        DROPPED, subject_of(row), actor=actor, organization=row.academy.supervising_union,
        before=after, note=note,
    )  # fmt: skip
    tell_of_correction(row, "evaluators", f"更正未予采纳：{row}", note, actor=actor)
    return row


def proposed_facts(row: Evaluation, user: User) -> dict[str, Any]:
    """What is proposed, as the row's fields take it."""
    facts = dict(row.proposal)
    facts["academy"] = _academy(facts["academy"], user)
    return facts | {name: date.fromisoformat(facts[name]) for name in DAYS if facts[name]}


def _check_days(facts: dict[str, Any]) -> None:
    """Nobody has evaluated, or put right, what lies ahead."""
    today = timezone.localdate()
    if facts["evaluated_on"] > today:
        raise DomainError("evaluated-in-future", "评价日期晚于今天，请核对后更正")
    if facts.get("closed_on") is not None and facts["closed_on"] > today:
        raise DomainError("closed-in-future", "整改完成日期晚于今天，请核对后更正")


def _sides(row: Evaluation, facts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What would change, before and after; refused where the row could not be so."""
    changed = copy(row)
    for name, value in facts.items():
        setattr(changed, name, value)
    changed.validate_constraints(exclude={"proposal"})
    before, after = row.CORRECTABLE.recorded(row), row.CORRECTABLE.recorded(changed)
    names = [name for name in after if before[name] != after[name]]
    return {n: before[n] for n in names}, {n: after[n] for n in names}


def _academy(pk: int, user: User) -> Academy:
    rows = Academy.objects.visible_to(user).select_related("organization", "supervising_union")
    return rows.get(pk=pk)


def _locked(pk: int, actor: User) -> Evaluation:
    """The row, after every academy it concerns, in their order, as payments wait for them."""
    rows = Evaluation.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "batch", "proposed_by", "review"
    )
    known = rows.values_list("academy", "proposal__academy").get(pk=pk)
    of_row = Academy.objects.filter(pk__in=[key for key in known if key])
    list(of_row.select_for_update(no_key=True).order_by("pk"))
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
