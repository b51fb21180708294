"""Lists that were put up, for staff and for everybody; objections, for who handles them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from pages.tables.paging import counted
from talents.models import Nomination, NoticeCheck, NoticeEntry, Objection, PublicNotice
from talents.rules.merit import names_later
from talents.rules.postings import unseen_days
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound

OPEN = (Objection.State.RECEIVED, Objection.State.LOOKED_INTO)


def notices_in_scope(user: User) -> QuerySet[PublicNotice]:
    rows = PublicNotice.objects.visible_to(user)
    return rows.select_related("round__organizer", "organization", "drafted_by", "posted_by")


def notices_of(user: User, selection: SelectionRound) -> QuerySet[PublicNotice]:
    """The lists of a round, the newest first."""
    return notices_in_scope(user).filter(round=selection).order_by("-pk")


def public_notices() -> QuerySet[PublicNotice]:
    """What is up or was; replaced versions are found from the newer one."""
    rows = PublicNotice.published().exclude(state=PublicNotice.State.REPLACED)
    return rows.annotate(count=Count("entries", filter=Q(entries__is_reserve=False)))


def entries_for_staff(user: User, notice: PublicNotice) -> QuerySet[NoticeEntry]:
    """The lines of a list with whether an objection holds each, and whose papers are within reach."""
    rows = NoticeEntry.objects.visible_to(user).filter(notice=notice)
    held = Exists(Objection.standing().filter(entry__nomination=OuterRef("nomination")))
    papers = Nomination.objects.visible_to(user).filter(pk=OuterRef("nomination"))
    back = ~Q(nomination__state=Nomination.State.CHECKED)
    is_back = ExpressionWrapper(back, output_field=BooleanField())
    return rows.annotate(held=held, is_back=is_back, is_near=Exists(papers)).order_by("position")


def objections_in_scope(user: User) -> QuerySet[Objection]:
    rows = Objection.objects.visible_to(user)
    return rows.select_related(
        "entry__notice__round", "entry__notice__organization", "handled_by", "decided_by"
    )


def publicity_queues(user: User) -> list[Queue]:
    """Lists that are up or over, and objections that wait."""
    rows = PublicNotice.objects.visible_to(user).filter(
        Q(state__in=[PublicNotice.State.DRAFT, PublicNotice.State.POSTED])
        | Q(state=PublicNotice.State.CONCLUDED, named_count__lt=F("places"))
    )
    found_rows = rows.select_related("round").order_by("pk")[:12]
    shown = [one for one in found_rows if one.state != one.State.CONCLUDED or names_later(one)][:6]
    found = [_queue(notice) for notice in shown]
    found += [queue for notice in shown for queue in _looks(notice)]
    waiting = counted(Objection.objects.visible_to(user).filter(state__in=OPEN))
    if waiting:
        href = f"{reverse('talents:objections')}?stage=open"
        note = "办结前只暂缓所涉人选"
        found.append(Queue("待办的公示异议", str(waiting), href, unit="件", tone="bad", note=note))
    return found


def _queue(notice: PublicNotice) -> Queue:
    href = reverse("talents:notice", args=[notice.pk])
    if notice.state == PublicNotice.State.DRAFT:
        return Queue(notice.round.name, 1, href, "份公示待发布", tone="warn")
    if notice.state == PublicNotice.State.CONCLUDED:
        left = notice.places - notice.named_count
        return Queue(notice.round.name, left, href, "名待补充命名", tone="warn")
    is_over = notice.ends_on is not None and notice.ends_on < timezone.localdate()
    words = "公示期满，待命名" if is_over else "公示中"
    return Queue(
        notice.round.name,
        notice.places,
        href,
        "名公示",
        None if is_over else notice.ends_on,
        "warn" if is_over else "info",
        words,
    )


def _looks(notice: PublicNotice) -> list[Queue]:
    """On each working day on which it is up: that somebody look whether it can be read."""
    today = timezone.localdate()
    last = notice.ends_on
    if notice.state != PublicNotice.State.POSTED or last is None or last < today:
        return []
    days = unseen_days(notice, today)
    if not days:
        return []
    href = reverse("talents:notice", args=[notice.pk])
    note = "网址或张贴处能否查看，当日登记"
    return [Queue("公示查看", len(days), href, "日未登记", today, "warn", note)]


def checks_in_scope(user: User) -> QuerySet[NoticeCheck]:
    rows = NoticeCheck.objects.visible_to(user)
    return rows.select_related("notice__round", "notice__organization", "made_by", "scan")


def checks_of(user: User, notice: PublicNotice) -> QuerySet[NoticeCheck]:
    """Who looked at a list, the latest first."""
    return checks_in_scope(user).filter(notice=notice).order_by("-seen_at", "-pk")
