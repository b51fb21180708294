"""How a file of the yearly evaluation moves: self-assessment, opinion, marks, grade, objection."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from academies.models import Academy, Evaluation, PanelMark, PhoneCheck, Review
from academies.models.grading import is_better
from academies.permissions import (
    ENDORSE,
    GIVE_BACK,
    GRADE,
    SELF_ASSESS,
    keeping_body,
    may_agree_to_regrading,
    may_answer,
    may_decide_lifting,
    may_drop_lifting,
    may_endorse,
    may_give_back,
    may_grade,
    may_mark,
    may_object,
    may_self_assess,
)
from academies.rules import objection_until
from academies.services.calls import calls_of, check_called, draw_sample
from academies.services.corrections import give_way
from academies.services.evidence import check_evidence
from academies.services.notices import tell_review
from academies.services.reviews import (
    check_not_past,
    check_share_left,
    counted_alone,
    counted_items,
    proposal_of,
)
from academies.workflow.rectification import end_demands
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from academies.services.reviews import Proposal
    from organizations.models import User

#: What a file says of its panel while no grade is decided or proposed.
NO_PANEL: dict[str, Any] = dict.fromkeys(("panel_mean", "panel_passing", "panel_excelling"))
FAILED = Evaluation.Grade.FAILED
MARKED = Event("academies.review-marked", "专家评分")
LIFTED = Event("academies.review-lifting-proposed", "提出高于建议的等次")
UNLIFTED = Event("academies.review-lifting-dropped", "不同意高于建议的等次")
CALLED = Event("academies.phone-call-entered", "登记电话抽查结果")
REGRADED = Event("academies.review-regrading-proposed", "提出因异议改变等次")
UNREGRADED = Event("academies.review-regrading-dropped", "不因异议改变等次")
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
        fault="", fault_words="", calls_short="",
    )  # fmt: skip
    due = draw_sample(review).due
    tell_review(
        review, "union", f"待初审：{review.academy}审核评价", f"电话抽查{due}人", actor=actor
    )
    return review


@refusing()
@transaction.atomic
def call(check_id: int, outcome: str, *, actor: User, note: str = "") -> PhoneCheck:
    """Say what came of one call; for whoever was not reached the next by the seed is drawn.

    What was said before stays beside it: who is reached later was not reached first, and what somebody
    told is put right for a reason alone.
    """
    row = PhoneCheck.objects.visible_to(actor).select_related("review").get(pk=check_id)
    review = _locked(row.review_id, actor)
    may_endorse.check(actor, review)
    row.refresh_from_db(fields=["outcome", "called_by", "called_at", "earlier"])  # as locked
    was, moment = row.outcome, timezone.now()
    if outcome not in PhoneCheck.Outcome.values:
        raise DomainError("call-without-outcome", "请登记电话抽查的结果，已登记的不能清除")
    if outcome == was:
        return row
    if was:
        row.earlier = [*row.earlier, _said_before(row, note)]
    row.outcome, row.called_by, row.called_at = outcome, actor, moment
    row.save(update_fields=["outcome", "called_by", "called_at", "earlier"])
    record_event(
        CALLED, subject_of(row), actor=actor, organization=review.academy.supervising_union,
        before={"call": PhoneCheck.Outcome(was).label} if was else {},
        after={"call": row.get_outcome_display()}, note=note[:200],
    )  # fmt: skip
    draw_sample(review)
    return row


def _said_before(row: PhoneCheck, note: str) -> dict[str, Any]:
    """What stood of a call until now, and why it does not any more."""
    if row.outcome == PhoneCheck.Outcome.UNREACHED:
        note = note.strip() or "再次拨打后接通"
    elif not note.strip():
        message = f"该学员已登记“{row.get_outcome_display()}”，更正须写明事由，原登记保留"
        raise DomainError("call-corrected-for-a-reason", message)
    at = cast("datetime", row.called_at).isoformat()
    return {
        "outcome": row.outcome, "by": row.called_by_id, "name": f"{row.called_by}", "at": at,
        "reason": note.strip()[:200],
    }  # fmt: skip


@refusing()
@transaction.atomic
def endorse(review_id: int, *, actor: User, note: str) -> Review:
    """The opinion of the union, after everybody drawn was called.

    Where all of the year were and too few reached, the file goes on with the sample as a line not met.
    """
    review = _locked(review_id, actor)
    may_endorse.check(actor, review)
    short = check_called(review)
    union = review.academy.supervising_union
    told = [calls_of(review).denials, f"电话抽查未达比例：{short}" if short else ""]
    said = f"{note}（{'；'.join(filter(None, told))}）" if any(told) else note
    ENDORSE.apply(
        review, organization=union, actor=actor, note=said[:200], opinion=note, endorsed_by=actor,
        calls_short=short,
    )  # fmt: skip
    tell_review(review, "panel", f"待评分：{review.academy}审核评价", said, actor=actor)
    return review


@refusing()
@transaction.atomic
def give_back(review_id: int, fault: str, *, until: date, actor: User, note: str) -> Review:
    """Return the self-assessment with a typed reason, to be filed anew by a day, never before the one it
    had; opinion and marks given to it no longer count.
    """
    review = _locked(review_id, actor)
    may_give_back.check(actor, review)
    check_not_past(until)
    until = max(until, review.self_due_on)
    GIVE_BACK.apply(
        review, organization=review.academy.supervising_union, actor=actor, note=note,
        after={"self_due_on": f"{until}"}, extended_until=until, fault=fault, fault_words=note, filed_by=None, endorsed_by=None, opinion="",
        reason="", lifted_to="", lifted_by=None, calls_short="", **NO_PANEL,
    )  # fmt: skip
    words = f"事由：{note}。请在{until}以前（含当日）重新报送。"
    tell_review(review, "academy", f"自评退回：{review.academy}", words, actor=actor)
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
) -> Evaluation | None:
    """Decide. Refused where the rows have changed since they were counted, or 优秀 are used up.

    A better grade than marks and hard lines propose is proposed so, and decided by another: then there is
    no evaluation yet.
    """
    review = _locked(review_id, actor)
    may_grade.check(actor, review)
    proposed = proposal_now(review)
    if grade != proposed.grade and not reason.strip():
        raise DomainError("reason-required", "评定与建议等次不同，请写明理由")
    check_share_left(review.campaign, grade)
    if is_better(grade, proposed.grade):
        _propose_lifting(review, grade, actor, reason, proposed)
        return None
    failed = grade == FAILED
    give_way(review, actor)
    evaluation = Evaluation.objects.create(
        academy=review.academy, year=review.campaign.year, grade=grade,
        evaluated_on=timezone.localdate(), demand=demand, due_on=due_on if failed else None,
    )  # fmt: skip
    _graded(review, evaluation, actor, reason or proposed.words, words=proposed.words,
            reason=reason, lifted_to="", lifted_by=None, **proposed.facts)  # fmt: skip
    return evaluation


def _propose_lifting(
    review: Review, grade: str, actor: User, reason: str, proposed: Proposal
) -> None:
    facts = {"lifted_to": grade, "lifted_by": actor, "reason": reason} | proposed.facts
    _write(review, LIFTED, actor, reason, **facts)
    _ask_another(review, f"{review.lifting_that_waits}。事由：{reason}", actor)


def _ask_another(review: Review, told: str, actor: User) -> None:
    """Tell the city that a grade was proposed which another one has to agree to."""
    tell_review(review, "city", f"待复核的等次：{review.academy}审核评价", told, actor=actor)


@refusing()
@transaction.atomic
def agree_to_lifting(review_id: int, *, actor: User, note: str) -> Evaluation:
    """Decide as another one proposed, better than marks and hard lines do: on the file and on paper."""
    review = _locked(review_id, actor)
    may_decide_lifting.check(actor, review)
    check_reason(note, "复核高于建议的等次")
    proposed = proposal_now(review)
    check_share_left(review.campaign, review.lifted_to)
    give_way(review, actor)
    evaluation = Evaluation.objects.create(
        academy=review.academy, year=review.campaign.year, grade=review.lifted_to,
        evaluated_on=timezone.localdate(),
    )  # fmt: skip
    said = f"{review.reason}（{review.lifted_by}提出）；复核：{note.strip()}"
    missed = f"{proposed.words}；高于建议等次，经两人同意评定"
    _graded(review, evaluation, actor, said, words=missed, reason=review.reason,
            **proposed.facts)  # fmt: skip
    return evaluation


@refusing()
@transaction.atomic
def drop_lifting(review_id: int, *, actor: User, note: str) -> Review:
    """Do not give the better grade; the file waits for its own."""
    review = _locked(review_id, actor)
    may_drop_lifting.check(actor, review)
    check_reason(note, "不同意高于建议的等次")
    _write(review, UNLIFTED, actor, note, lifted_to="", lifted_by=None, reason="", **NO_PANEL)
    tell_review(review, "city", f"等次未获同意：{review.academy}审核评价", note, actor=actor)
    return review


def proposal_now(review: Review) -> Proposal:
    """What the policy suggests; refused where the rows have changed, or too few have marked."""
    now = counted_items([review.academy], review.campaign.year)[0]
    if counted_alone(now) != counted_alone(review.items):
        message = "自评之后培训记录有变动，统计数已不是自评时的数；请先退回自评重新报送"
        raise DomainError("rows-changed-since-filed", message)
    proposed = proposal_of(review)
    if not proposed.grade:
        raise DomainError("too-few-marks", f"{proposed.words}，不能评定")
    return proposed


def _graded(
    review: Review, evaluation: Evaluation, actor: User, note: str, *, words: str, **facts: Any
) -> None:
    """Move the file with its grade, and tell the academy until when it may object."""
    union = review.academy.supervising_union
    GRADE.apply(
        review, organization=union, actor=actor, note=note[:200], graded_by=actor,
        evaluation=evaluation, **facts,
    )  # fmt: skip
    label = Evaluation.Grade(evaluation.grade).label
    record_event(
        EVALUATED, subject_of(evaluation), actor=actor, organization=union,
        after={"grade": str(label), "words": words, "reason": note},
    )  # fmt: skip
    last = objection_until(evaluation.evaluated_on)
    until = f"在{last}以前（含当日）" if last else ""
    told = f"{words}。对评定有异议的，可{until}在评价件页面提出一次。"
    tell_review(review, "academy", f"审核评价结果：{label}", told, actor=actor)


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
    """Answer an objection, the grade kept or raised; to raise it one proposes and another answers alike."""
    review = _locked(review_id, actor)
    may_answer.check(actor, review)
    evaluation = review.evaluation
    if evaluation is not None and grade != evaluation.grade:
        if not review.regrade_to:
            _propose_regrading(review, evaluation, grade, actor, note)
            return review
        _regrade(review, evaluation, grade, actor, note)
    elif review.regrade_to:
        _write(review, UNREGRADED, actor, note, regrade_to="", regrade_by=None, regrade_reason="")
    _write(review, ANSWERED, actor, note, answer=note, answered_by=actor)
    tell_review(review, "academy", f"异议答复：{review.academy}", note, actor=actor)
    return review


def _propose_regrading(
    review: Review, evaluation: Evaluation, grade: str, actor: User, note: str
) -> None:
    if is_better(evaluation.grade, grade):
        message = f"异议的答复不能评为更低的等次，请维持“{evaluation.get_grade_display()}”或者提高"
        raise DomainError("answer-lowers-grade", message)
    check_share_left(review.campaign, grade)
    _write(review, REGRADED, actor, note, regrade_to=grade, regrade_by=actor, regrade_reason=note)
    _ask_another(review, review.regrading_that_waits, actor)


def _regrade(review: Review, evaluation: Evaluation, grade: str, actor: User, note: str) -> None:
    """Change the grade by the answer to an objection, as another one proposed.

    What was demanded for the grade that no longer stands is dropped with it.
    """
    if grade != review.regrade_to:
        message = f"{review.regrading_that_waits}；请按所拟等次答复，或者维持原等次"
        raise DomainError("another-grade-proposed", message)
    may_agree_to_regrading.check(actor, review)
    check_share_left(review.campaign, grade)
    review.answered_by = actor
    review.save(update_fields=["answered_by"])
    end_demands(evaluation, actor=actor, note=note)
    evaluation.grade, evaluation.edited_at = grade, timezone.now()
    evaluation.due_on, evaluation.closed_on = None, None
    evaluation.version += 1
    fields = ["grade", "edited_at", "due_on", "closed_on", "version"]
    evaluation.save(update_fields=fields)
    _record(evaluation, EVALUATED, actor, note, review)


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
