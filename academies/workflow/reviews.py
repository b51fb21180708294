"""How a file of the yearly evaluation moves: self-assessment, opinion, marks, grade, objection."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from academies.models import Academy, Evaluation, PanelMark, PhoneCheck, Review
from academies.permissions import (
    ENDORSE,
    GIVE_BACK,
    GRADE,
    SELF_ASSESS,
    keeping_body,
    may_answer,
    may_endorse,
    may_give_back,
    may_grade,
    may_mark,
    may_object,
    may_self_assess,
)
from academies.rules import objection_until
from academies.services.evidence import check_evidence
from academies.services.notices import tell_review
from academies.services.reviews import (
    check_excellent_left,
    counted_alone,
    counted_items,
    draw_sample,
    proposal_of,
)
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from organizations.models import User

MARKED = Event("academies.review-marked", "专家评分")
OBJECTED = Event("academies.review-objected", "提出异议")
ANSWERED = Event("academies.review-answered", "答复异议")
EVALUATED = Event("academies.evaluation-entered", "审核评价")


@refusing()
@transaction.atomic
def self_assess(
    review_id: int, own: Sequence[tuple[int, str]], *, statement: str, actor: User
) -> Review:
    """File what the academy says of itself: for each item its score and words. What the rows say is

    counted anew, and those to be called are drawn.
    """
    review = _locked(review_id, actor)
    may_self_assess.check(actor, review)
    items = counted_items([review.academy], review.campaign.year)[0]
    if len(items) != len(own):
        message = f"评价项目现有{len(items)}项，与填写的{len(own)}项不同，请重新打开自评逐项填写"
        raise DomainError("items-changed", message)
    for item, (score, words) in zip(items, own, strict=True):
        _check_score(item, score)
        item |= {"own": score, "words": words}
    check_evidence(review, items)
    SELF_ASSESS.apply(
        review, organization=keeping_body(actor, review.academy), actor=actor,
        items=items, statement=statement, filed_by=actor, filed_at=timezone.now(),
        fault="", fault_words="",
    )  # fmt: skip
    drawn = draw_sample(review)
    tell_review(
        review, "union", f"待初审：{review.academy}审核评价", f"电话抽查{drawn}人", actor=actor
    )
    return review


@refusing()
@transaction.atomic
def call(check_id: int, outcome: str, *, actor: User) -> PhoneCheck:
    """Say what came of one call."""
    row = PhoneCheck.objects.visible_to(actor).select_related("review").get(pk=check_id)
    review = _locked(row.review_id, actor)
    may_endorse.check(actor, review)
    row.outcome, row.called_by, row.called_at = outcome, actor, timezone.now()
    row.save(update_fields=["outcome", "called_by", "called_at"])
    return row


@refusing()
@transaction.atomic
def endorse(review_id: int, *, actor: User, note: str) -> Review:
    """The opinion of the union, after everybody drawn was called."""
    review = _locked(review_id, actor)
    may_endorse.check(actor, review)
    left = review.checks.filter(outcome="").count()
    if left:
        raise DomainError("calls-left", f"电话抽查还有{left}人没有登记结果，请先办完再出具初审意见")
    union = review.academy.supervising_union
    ENDORSE.apply(
        review, organization=union, actor=actor, note=note, opinion=note, endorsed_by=actor
    )
    tell_review(review, "panel", f"待评分：{review.academy}审核评价", note, actor=actor)
    return review


@refusing()
@transaction.atomic
def give_back(review_id: int, fault: str, *, actor: User, note: str) -> Review:
    """Return the self-assessment with a typed reason; opinion and marks given to it no longer count."""
    review = _locked(review_id, actor)
    may_give_back.check(actor, review)
    GIVE_BACK.apply(
        review, organization=review.academy.supervising_union, actor=actor, note=note,
        fault=fault, fault_words=note, filed_by=None, endorsed_by=None, opinion="",
    )  # fmt: skip
    tell_review(review, "academy", f"自评退回：{review.academy}", f"事由：{note}", actor=actor)
    return review


@refusing()
@transaction.atomic
def mark(review_id: int, scores: Sequence[Decimal], *, words: str, actor: User) -> PanelMark:
    """One expert's marks, item by item; written once."""
    review = _locked(review_id, actor)
    may_mark.check(actor, review)
    for item, score in zip(review.items, scores, strict=True):
        _check_score(item, score)
    row = PanelMark.objects.create(
        review=review, expert=actor, filed_at=cast("datetime", review.filed_at), scores=[float(score) for score in scores],
        total=sum(scores, Decimal(0)), words=words,
    )  # fmt: skip
    record_event(
        MARKED, subject_of(review), actor=actor, organization=review.academy.supervising_union
    )
    return row


@refusing()
@transaction.atomic
def grade(  # noqa: PLR0913 - what a decision consists of
    review_id: int, grade: str, *, reason: str, demand: str, due_on: date | None, actor: User
) -> Evaluation:
    """Decide. Refused where the rows have changed since they were counted, or 优秀 are used up."""
    review = _locked(review_id, actor)
    may_grade.check(actor, review)
    now = counted_items([review.academy], review.campaign.year)[0]
    if counted_alone(now) != counted_alone(review.items):
        message = "自评之后培训记录有变动，统计数已不是自评时的数；请先退回自评重新报送"
        raise DomainError("rows-changed-since-filed", message)
    proposed = proposal_of(review)
    if not proposed.grade:
        raise DomainError("too-few-marks", f"{proposed.words}，不能评定")
    if grade != proposed.grade and not reason.strip():
        raise DomainError("reason-required", "评定与建议等次不同，请写明理由")
    if grade == Evaluation.Grade.EXCELLENT:
        check_excellent_left(review.campaign)
    failed = grade == Evaluation.Grade.FAILED
    evaluation = Evaluation.objects.create(
        academy=review.academy, year=review.campaign.year, grade=grade,
        evaluated_on=timezone.localdate(), demand=demand, due_on=due_on if failed else None,
    )  # fmt: skip
    union = review.academy.supervising_union
    GRADE.apply(
        review, organization=union, actor=actor, note=reason or proposed.words,
        reason=reason, graded_by=actor, evaluation=evaluation,
    )  # fmt: skip
    label = evaluation.get_grade_display()
    record_event(
        EVALUATED, subject_of(evaluation), actor=actor, organization=union,
        after={"grade": str(label), "words": proposed.words, "reason": reason},
    )  # fmt: skip
    last = objection_until(evaluation.evaluated_on)
    until = f"在{last}以前（含当日）" if last else ""
    words = f"{proposed.words}。对评定有异议的，可{until}在评价件页面提出一次。"
    tell_review(review, "academy", f"审核评价结果：{label}", words, actor=actor)
    return evaluation


@refusing()
@transaction.atomic
def object_to(review_id: int, *, actor: User, note: str) -> Review:
    """Object to the grade, once."""
    review = _locked(review_id, actor)
    may_object.check(actor, review)
    _write(review, OBJECTED, actor, note, objection=note, objected_by=actor)
    tell_review(review, "city", f"评价异议：{review.academy}", note, actor=actor)
    return review


@refusing()
@transaction.atomic
def answer(review_id: int, grade: str, *, actor: User, note: str) -> Review:
    """Answer an objection, the grade kept or changed; a failed one with demands stays as it is."""
    review = _locked(review_id, actor)
    may_answer.check(actor, review)
    evaluation = review.evaluation
    if evaluation is not None and grade != evaluation.grade:
        if evaluation.items.exists():
            message = "已提出整改事项的评价不能改变等次，请先完成整改"
            raise DomainError("evaluation-being-rectified", message)
        if grade == Evaluation.Grade.EXCELLENT:
            check_excellent_left(review.campaign)
        evaluation.grade, evaluation.edited_at = grade, timezone.now()
        evaluation.due_on = None if grade != Evaluation.Grade.FAILED else evaluation.due_on
        evaluation.version += 1
        evaluation.save(update_fields=["grade", "edited_at", "due_on", "version"])
        _record(evaluation, EVALUATED, actor, note, review)
    _write(review, ANSWERED, actor, note, answer=note, answered_by=actor)
    tell_review(review, "academy", f"异议答复：{review.academy}", note, actor=actor)
    return review


def _check_score(item: dict[str, Any], score: Decimal | int) -> None:
    if not 0 <= score <= item["weight"]:
        message = f"“{item['name']}”应在0至{item['weight']}分之间"
        raise DomainError("score-out-of-range", message)


def _write(review: Review, event: Event, actor: User, note: str, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(review, name, value)
    review.save(update_fields=list(facts))
    _record(review, event, actor, note, review)


def _record(row: Review | Evaluation, event: Event, actor: User, note: str, of: Review) -> None:
    union = of.academy.supervising_union
    record_event(event, subject_of(row), actor=actor, organization=union, note=note[:200])


def _locked(pk: int, actor: User) -> Review:
    """The file within what ``actor`` may see, after its academy, which imports lock, too."""
    rows = Review.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "campaign", "evaluation"
    )
    of_row = Academy.objects.filter(pk__in=rows.filter(pk=pk).values("academy"))
    of_row.select_for_update(no_key=True).first()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
