"""What a body between the unit and the organizer puts up before it recommends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from organizations.models import Organization
from talents.models import SelectionRound
from talents.permissions.publicity import may_draft_of_level
from talents.rules.endorsing import EndorsementRule
from talents.rules.levels import asked_of, to_be_put_up
from talents.services.lists import drawn_up, lists_held
from talents.services.publicity_notices import tell_drafted
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from organizations.models import User
    from talents.models import NoticeEntry, PublicNotice

DRAFTED = Event("talents.level-notice-drafted", "拟定拟推荐人选公示")


@dataclass(frozen=True, slots=True)
class LevelSlate:
    """Whom the body is going to recommend, by which minutes; where it goes up."""

    nominations: Collection[int]
    minutes_number: str
    posted_at: str
    contact: str


@transaction.atomic
def draft_level_notice(
    round_id: int, organization_id: int, slate: LevelSlate, *, actor: User
) -> PublicNotice:
    """Draw up the list of those the body is asked about and is going to recommend; another posts it.

    Who stands on one of its lists as they are on file is not put up twice; who was corrected since is,
    and the days run anew for them alone.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",), no_key=True).get(pk=round_id)
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_draft_of_level.check(actor, selection, body)
    waiting = {one.pk: one for one in to_be_put_up(selection, body)}
    chosen = [waiting[pk] for pk in waiting if pk in set(slate.nominations)]
    if not chosen:
        raise DomainError("nobody-to-put-up", "请选择待本级推荐、尚未公示的人选")
    if len(chosen) < len(set(slate.nominations)):
        message = "所选人选有的已在公示、已退回或不由本级推荐，请刷新后重新选择"
        raise DomainError("not-to-be-put-up", message)
    earlier = lists_held(selection.pk, body.pk)
    if drafted := next((one for one in earlier if one.state == one.State.DRAFT), None):
        raise DomainError("notice-at-hand", f"{drafted}待发布，请先发布或作废，再另拟一份")
    notice = drawn_up(
        selection,
        body,
        earlier,
        chosen,
        of_level=True,
        places=len(chosen),
        minutes_number=slate.minutes_number,
        posted_at=slate.posted_at,
        contact=slate.contact,
        days=EndorsementRule.of(selection).level_days,
        drafted_by=actor,
    )
    record_event(
        DRAFTED,
        subject_of(notice),
        actor=actor,
        organization=body,
        after={"count": notice.places, "minutes_number": notice.minutes_number},
    )
    tell_drafted(notice, actor=actor)
    return notice


def check_asked(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> None:
    """That its body is still asked about everybody on it."""
    asked = set(asked_of(notice.round, notice.organization).values_list("nomination", flat=True))
    if gone := [entry.name for entry in entries if entry.nomination_id not in asked]:
        message = f"{'、'.join(gone)}的推荐已退回或已办结，请作废后重新拟定名单"
        raise DomainError("entry-not-asked", message)
