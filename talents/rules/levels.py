"""The notice of a level: whom it may put up, and what of it stands before its recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef

from policies.wording import chinese_day
from talents.models import Endorsement, NoticeEntry, Objection, PublicNotice
from talents.rules.digests import is_still_so
from talents.rules.endorsing import EndorsementRule
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.models import Nomination, SelectionRound


def asked_of(selection: SelectionRound, body: Organization) -> QuerySet[Endorsement]:
    """The opinions that a level above the unit is asked for, of papers as they stand."""
    rows = Endorsement.objects.filter(
        nomination__round=selection, organization=body, state=Endorsement.State.ASKED, level__gt=1
    )
    rows = rows.filter(version=F("nomination__version"))
    return rows.exclude(nomination__returned_version=F("version"))


def to_be_put_up(selection: SelectionRound, body: Organization) -> list[Nomination]:
    """Whom a level is asked about and has not put up as they are on file now."""
    rows = asked_of(selection, body).select_related("nomination__person", "nomination__unit")
    asked = [row.nomination for row in rows.order_by("nomination__unit__path", "nomination_id")]
    lines = NoticeEntry.objects.filter(
        nomination__in=[one.pk for one in asked],
        notice__organization=body,
        notice__of_level=True,
        notice__state__in=[PublicNotice.State.DRAFT, PublicNotice.State.POSTED],
    ).select_related("nomination__person", "nomination__unit")
    standing = {line.nomination_id for line in lines if is_still_so(line)}
    return [one for one in asked if one.pk not in standing]


def unless_put_up(endorsement: Endorsement) -> DomainError | None:
    """Why a level does not recommend yet: its own notice runs or is asked for, or somebody objects.

    Whoever puts a candidate up waits for the last day, whether the edition asks for the notice or not.
    """
    nomination, body = endorsement.nomination, endorsement.organization
    if refusal := _unless_undisputed(nomination):
        return refusal
    asks = EndorsementRule.of(nomination.round).asks_levels
    lines = NoticeEntry.objects.filter(
        nomination=nomination,
        notice__organization=body,
        notice__of_level=True,
        notice__state=PublicNotice.State.POSTED,
    ).select_related("notice", "nomination__person", "nomination__unit")
    line = lines.order_by("notice__version").last()
    if line is None and not asks:
        return None
    if line is None:
        message = f"请先由“{body}”公示拟推荐人选，期满没有异议后再出具推荐意见"
        return DomainError("level-notice-missing", message)
    if asks and not is_still_so(line):
        message = "公示之后该人选的公示内容有更正，请重新公示，期限重新起算"
        return DomainError("level-notice-outdated", message)
    if not line.notice.is_over and line.notice.ends_on:
        message = f"拟推荐人选公示到{chinese_day(line.notice.ends_on)}期满，期满后再出具推荐意见"
        return DomainError("level-notice-running", message)
    return None


def _unless_undisputed(nomination: Nomination) -> DomainError | None:
    """Why nobody recommends: an objection is open about this candidate, or was upheld."""
    states = set(
        Objection.standing().filter(entry__nomination=nomination).values_list("state", flat=True)
    )
    if Objection.State.UPHELD in states:
        message = "对该人选的公示异议成立，不能推荐；请写明事由退回推荐单位"
        return DomainError("objection-upheld", message)
    if states:
        message = "对该人选的公示异议尚未办结，办结后再出具推荐意见；不影响其他人选"
        return DomainError("objection-open", message)
    return None


def put_up_again() -> Exists:
    """Whether a candidate stands on a later list of the same body: a condition on lines."""
    later = NoticeEntry.objects.filter(
        nomination=OuterRef("nomination"),
        notice__organization=OuterRef("notice__organization"),
        notice__of_level=True,
        notice__state=PublicNotice.State.POSTED,
        notice__version__gt=OuterRef("notice__version"),
    )
    return Exists(later)
