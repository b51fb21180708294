"""Evidence of a self-assessment: put in, taken out, and looked at before the assessment is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from academies.models import Review, ReviewEvidence
from academies.permissions import keeping_body, may_self_assess
from talents.services.scans import keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from organizations.models import User
    from talents.services.scans import Scan

PUT_IN = Event("academies.evidence-put-in", "上传自评佐证")
TAKEN_OUT = Event("academies.evidence-taken-out", "撤下自评佐证")
#: So many files are no evidence any more, but an archive.
MOST_KEPT = 40


@refusing()
@transaction.atomic
def put_in(  # noqa: PLR0913 - what is proved, by what, until when
    review_id: int, *, item: str, told: str, valid_until: date | None, scan: Scan, actor: User
) -> ReviewEvidence:
    """Keep one file for an item; refused where it no longer holds. ``None``: it holds for good."""
    review = locked_review(review_id, actor)
    may_self_assess.check(actor, review)
    if item not in {each["name"] for each in review.items}:
        raise DomainError("unknown-item", f"没有“{item}”这个评价项目，请从列出的项目中选择")
    if valid_until is not None and valid_until < timezone.localdate():
        message = f"这份佐证已于{valid_until}到期，请上传在有效期内的"
        raise DomainError("evidence-expired", message)
    if review.evidence.count() >= MOST_KEPT:
        message = f"一件自评最多上传{MOST_KEPT}份佐证，请合并后再传，或先撤下不用的"
        raise DomainError("too-much-evidence", message)
    body = keeping_body(actor, review.academy)
    kept = keep_scan(scan, organization=review.academy.organization, actor=actor)
    if review.evidence.filter(item=item, file__sha256=kept.sha256).exists():
        raise DomainError("evidence-twice", "这份文件已作为该项目的佐证上传，无须再传")
    made = ReviewEvidence.objects.create(
        review=review, item=item, told=told, valid_until=valid_until, file=kept, uploaded_by=actor
    )
    record_event(
        PUT_IN, subject_of(review), actor=actor, organization=body,
        after={"item_name": item, "sha256": kept.sha256, "valid_until": made.validity},
        note=f"{item}：{kept.filename}（{made.validity}）",
    )  # fmt: skip
    return made


@refusing()
@transaction.atomic
def take_out(evidence_id: int, *, note: str, actor: User) -> ReviewEvidence:
    """Take one out, for a reason; the file itself is kept with the record of it."""
    found = ReviewEvidence.objects.visible_to(actor).select_related("file").get(pk=evidence_id)
    review = locked_review(found.review_id, actor)
    may_self_assess.check(actor, review)
    check_reason(note, "撤下佐证")
    record_event(
        TAKEN_OUT, subject_of(review), actor=actor,
        organization=keeping_body(actor, review.academy),
        before={"item_name": found.item, "sha256": found.file.sha256},
        note=f"{found.item}：{note.strip()}",
    )  # fmt: skip
    found.delete()
    return found


def check_evidence(review: Review, items: Sequence[dict[str, Any]]) -> None:
    """Refuse to file what has expired, or an item that claims marks by neither rows nor a file."""
    today, found = timezone.localdate(), list(review.evidence.select_related("file"))
    if expired := [row for row in found if row.has_expired_on(today)]:
        told = "、".join(
            f"{row.item}“{row.file.filename}”（{row.valid_until}到期）" for row in expired
        )
        raise DomainError("evidence-expired", f"下列佐证已过有效期，请换成有效的再报送：{told}")
    proved = {row.item for row in found}
    bare = [i["name"] for i in items if not i["counted"] and i["own"] and i["name"] not in proved]
    if bare:
        told = "、".join(f"“{name}”" for name in bare)
        message = f"{told}没有可由记录计出的数，自评有分的须先上传佐证"
        raise DomainError("evidence-missing", message)


def locked_review(pk: int, actor: User) -> Review:
    """The file of the evaluation, within what ``actor`` may see."""
    rows = Review.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "campaign"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
