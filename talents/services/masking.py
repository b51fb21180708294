"""Deciding about words of a blind paper: what the candidate wrote stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Masking, Nomination, Review, SelectionRound
from talents.permissions.masking import may_mask
from talents.rules.blinding import Redaction, occurs_in, statements_of
from talents.services.review_notices import tell_masked
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

MASKED = Event("talents.words-masked", "遮盖评审材料中的词语")
SHOWN = Event("talents.words-shown", "原样显示评审材料中的词语")


@refusing()
@transaction.atomic
def decide_words(
    nomination_id: int, *, words: str, decision: str, note: str, actor: User
) -> Masking:
    """Have experts not read the words, or read them after all; the newest decision about them counts.

    More is masked also once papers are out: experts see that day on the paper. Nothing is shown any
    more then, or some would have marked by other words than the rest.
    """
    rows = Nomination.objects.visible_to(actor).select_related(
        "person__organization", "unit", "round__organizer"
    )
    # nobody hands the paper out, or withdraws it, while this is decided; the round first, as they do
    SelectionRound.objects.select_for_update(no_key=True).get(
        pk=rows.get(pk=nomination_id).round_id
    )
    found = rows.select_for_update(of=("self",)).get(pk=nomination_id)
    check_reason(note)
    may_mask.check(actor, found)
    is_masked = decision == Masking.Decision.MASK
    words = re.sub(r"\s", "", words)
    out = Review.objects.filter(nomination=found, batch=None)
    is_late = out.exists()
    _check_meant(found, words, is_masked=is_masked, is_late=is_late)
    made = Masking.objects.create(
        nomination=found,
        words=words,
        decision=decision,
        reason=note.strip(),
        is_late=is_late,
        decided_by=actor,
    )
    record_event(
        MASKED if is_masked else SHOWN,
        subject_of(found),
        actor=actor,
        organization=found.round.organizer,
        after={"masked": words},
        note=note,
    )
    if is_late:
        tell_masked(out.filter(status=Review.Status.ASSIGNED))
    return made


def _check_meant(found: Nomination, words: str, *, is_masked: bool, is_late: bool) -> None:
    """That the words stand in the paper, and that the decision does what it says."""
    if len(words) < 2:  # noqa: PLR2004  # as the constraint has it
        raise DomainError("words-too-short", "请选取至少两个字的词语")
    texts = [text for text in statements_of(found).values() if occurs_in(text, words)]
    if not texts:
        message = f"材料中没有“{words}”，请照原文选取或填写"
        raise DomainError("words-not-in-paper", message)
    before = Redaction.of(found)
    after = before.decided(words, is_masked=is_masked)
    changes = any(before(text) != after(text) for text in texts)
    if is_masked and not changes:
        raise DomainError("words-masked-already", f"“{words}”已经遮盖，不必再遮盖")
    if is_masked:
        return
    if before.decisions_by_words.get(words.casefold()) is False:
        raise DomainError("words-shown-already", f"“{words}”已决定原样显示")
    if changes and any(before.keeps(text, words) for text in texts):
        message = "人选的姓名、所在单位名称和可查到人的号码不能显示给专家"
        raise DomainError("identity-stays-masked", message)
    if is_late:
        message = "材料已经分发，改为原样显示会使专家看到的内容前后不同，不能再解除；确有遗漏的可以继续遮盖"
        raise DomainError("paper-handed-out", message)
