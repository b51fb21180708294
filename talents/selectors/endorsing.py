"""Opinions, replies and unit notices as lists and pages show them, and what of them waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import bodies_where, within_reach
from pages.tables.paging import counted
from talents.models import (
    Clearance,
    Endorsement,
    Nomination,
    NoticeEntry,
    PublicNotice,
    SelectionRound,
    UnitNotice,
)
from talents.models.withheld import own_digests
from talents.permissions.endorsing import (
    may_answer,
    may_ask_offices,
    may_close_notice,
    may_dispute_later,
    may_endorse,
    may_object_later,
    may_put_right,
    may_put_up,
    may_submit,
)
from talents.rules.endorsing import current, levels_of
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User


def endorsements_in_scope(user: User) -> QuerySet[Endorsement]:
    rows = Endorsement.objects.visible_to(user)
    return rows.select_related(
        "organization", "nomination__person", "nomination__unit", "nomination__round__organizer",
        "nomination__round__edition", "decided_by",
    )  # fmt: skip


def clearances_in_scope(user: User) -> QuerySet[Clearance]:
    rows = Clearance.objects.visible_to(user)
    return rows.select_related("nomination__person", "nomination__unit", "nomination__round")


def unit_notices_in_scope(user: User) -> QuerySet[UnitNotice]:
    rows = UnitNotice.objects.visible_to(user)
    return rows.select_related(
        "nomination__person", "nomination__unit", "nomination__round", "scan"
    )


class Level(NamedTuple):
    """One level of the road: who, what was said of the papers as they stand, and what may be done."""

    body: Organization
    said: Endorsement | None
    may_endorse: Any
    #: The last list on which this body put the candidate up.
    put_up: NoticeEntry | None


def road_of(nomination: Nomination, user: User) -> dict[str, Any]:
    """What the page of a nomination in a round with levels shows of its road."""
    if not nomination.round.by_levels:
        return {}
    said = {row.organization_id: row for row in current(nomination)}
    lines = NoticeEntry.objects.visible_to(user).filter(
        nomination=nomination, notice__of_level=True, notice__state=PublicNotice.State.POSTED
    )
    put_up = {
        line.notice.organization_id: line
        for line in lines.select_related("notice").order_by("notice__version")
    }
    levels = [
        Level(
            body,
            row,
            row and may_endorse.offer(user, _known(row, nomination)),
            put_up.get(body.pk),
        )
        for body in levels_of(nomination)
        for row in [said.get(body.pk)]
    ]
    withheld = nomination.unit_notices.about(user).values("pk")
    notices = nomination.unit_notices.exclude(pk__in=withheld).select_related("closed_by")
    notice = notices.filter(state__in=["up", "clear"]).first()
    return {
        "levels": levels,
        "unit_notice": notice,
        "earlier_notices": notices.exclude(state__in=["up", "clear"]),
        "is_result_withheld": withheld.exists(),
        "clearances": [
            (
                row,
                may_answer.allows(user, _known(row, nomination)),
                may_put_right.offer(user, row) if row.state == row.State.OBJECTED else None,
                may_object_later.allows(user, row),
            )
            for row in Clearance.objects.visible_to(user)
            .filter(nomination=nomination)
            .select_related("objected_by", "cleared_by")
            .order_by("pk")
        ],
        "is_withheld": nomination.clearances.about(user).exists(),
        "may_put_up": may_put_up.offer(user, nomination),
        "may_close_notice": notice and may_close_notice.offer(user, _known(notice, nomination)),
        "may_dispute": notice and may_dispute_later.allows(user, _known(notice, nomination)),
        "may_ask_offices": may_ask_offices.offer(user, nomination),
        "may_submit": may_submit.offer(user, nomination),
    }


def _known(row: Any, nomination: Nomination) -> Any:
    row.nomination = nomination
    return row


def endorsement_queues(user: User) -> list[Queue]:
    """For unions: opinions asked of their own level, and offices that have not replied."""
    own = bodies_where(user, STAFF)
    asked = Endorsement.objects.visible_to(user).filter(
        state=Endorsement.State.ASKED, version=F("nomination__version"), organization__in=own
    )
    asked = asked.exclude(nomination__returned_version=F("version"))
    queues = []
    if waiting := counted(asked):
        href = f"{reverse('talents:endorsements')}?state=asked"
        note = "核对公示和部门意见后出具意见，或逐项写明问题退回"
        queues.append(
            Queue("待出具推荐意见", str(waiting), href, unit="名", tone="warn", note=note)
        )
    return queues + _of_offices(user)


def _of_offices(user: User) -> list[Queue]:
    """Offices that have not replied, and those that object to somebody who is still on the way."""
    near = Clearance.objects.visible_to(user).filter(
        within_reach(user, STAFF, "nomination__unit__path")
    )
    objecting = near.filter(state=Clearance.State.OBJECTED).exclude(
        nomination__returned_version=F("nomination__version")
    )
    tiles = (
        ("待答复的部门意见", Clearance.State.ASKED, near, "info", "收到复函后逐项登记"),
        (
            "部门有异议待处理",
            Clearance.State.OBJECTED,
            objecting.filter(nomination__honour=None),
            "bad",
            "退回推荐单位；异议消除或登记有误的，由另一人更正",
        ),
    )
    return [
        Queue(
            title, str(waiting), f"{reverse('talents:clearances')}?state={state.value}", unit="项",
            tone=tone, note=note,
        )
        for title, state, rows, tone, note in tiles
        if (waiting := counted(rows.filter(state=state)))
    ]  # fmt: skip


def unit_notice_queues(user: User) -> list[Queue]:
    """For units: whom to put up, notices that ended, and what can be handed in."""
    open_rounds = Q(
        round__by_levels=True,
        round__state=SelectionRound.State.OPEN,
        state=Nomination.State.DRAFT,
    )
    rows = Nomination.objects.visible_to(user).filter(
        open_rounds, within_reach(user, [Role.NOMINATOR], "unit__path")
    )
    rows = rows.exclude(
        person__identity_digest__in=own_digests(user)
    )  # the tile would tell the result
    up = UnitNotice.State
    without = rows.exclude(unit_notices__state__in=[up.UP, up.CLEAR])
    ended = rows.filter(unit_notices__state=up.UP, unit_notices__ends_on__lt=timezone.localdate())
    said = {Endorsement.State.ASKED, Endorsement.State.GIVEN}
    sent = Endorsement.objects.visible_to(user).filter(
        version=F("nomination__version"), state__in=said
    )
    ready = rows.filter(unit_notices__state=up.CLEAR).exclude(pk__in=sent.values("nomination"))
    tiles = (
        ("待单位公示的人选", without, "公示期满无异议后报送"),
        ("公示期满待登记结果", ended, "上传盖章扫描件"),
        ("公示无异议待报送", ready, "写明单位推荐意见后报送"),
    )
    href = f"{reverse('talents:nominations')}?stage={SelectionRound.State.OPEN.value}"
    found = [(title, counted(among), note) for title, among, note in tiles]
    return [
        Queue(title, str(count), href, unit="名", tone="warn", note=note)
        for title, count, note in found
        if count
    ]
