"""Lists that were put up, for staff and for everybody; objections, for who handles them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import (
    Count,
    F,
    Q,
)
from django.urls import reverse
from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import bodies_where, within_reach
from pages.tables.paging import counted
from talents.models import (
    Endorsement,
    Honour,
    NoticeCheck,
    Objection,
    PublicNotice,
)
from talents.permissions.publicity import may_add_place, may_draft_of_level, may_name, may_post
from talents.rules.endorsing import EndorsementRule
from talents.rules.levels import to_be_put_up
from talents.rules.objected import once_upheld
from talents.rules.postings import unseen_days
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User
    from talents.models import SelectionRound

ROUNDS_SHOWN = 6


def notices_in_scope(user: User) -> QuerySet[PublicNotice]:
    rows = PublicNotice.objects.visible_to(user)
    return rows.select_related("round__organizer", "organization", "drafted_by", "posted_by")


def notices_of(user: User, selection: SelectionRound) -> QuerySet[PublicNotice]:
    """The lists of a round, the newest first."""
    return notices_in_scope(user).filter(round=selection).order_by("-pk")


def lists_put_up(user: User, selection: SelectionRound) -> list[PublicNotice]:
    """The lists of a round that are up or were, its own first, then those of the levels."""
    kept = PublicNotice.State.POSTED, PublicNotice.State.CONCLUDED
    rows = notices_of(user, selection).filter(state__in=kept)
    return list(rows.order_by("of_level", "-pk"))


def levels_served(user: User, selection: SelectionRound) -> list[Organization]:
    """Bodies between the units and the organizer in whose name this account may put somebody up now."""
    if not selection.by_levels:
        return []
    bodies = bodies_where(user, STAFF)
    return [
        body
        for body in bodies
        if may_draft_of_level.allows(user, selection, body) and to_be_put_up(selection, body)
    ]


def public_notices() -> QuerySet[PublicNotice]:
    """What is up or was; replaced versions that named nobody are found from the newer one."""
    rows = PublicNotice.published().exclude(state=PublicNotice.State.REPLACED, named_count=0)
    rows = rows.select_related("round__edition", "organization")
    return rows.annotate(count=Count("entries", filter=Q(entries__is_reserve=False)))


def decision_of(notice: PublicNotice) -> dict[str, str]:
    """By which documents a list named, and where in the register its titles stand."""
    if not notice.has_named:
        return {}
    titles = Honour.published().filter(nomination__round=notice.round).order_by()
    numbers = titles.values_list("document_number", flat=True).distinct()
    return {
        "documents": "、".join(sorted(numbers)),
        "register_href": register_of(notice.round),
    }


def register_of(selection: SelectionRound) -> str:
    """The register of everybody, at the titles of a round's tier and year."""
    tier = f"{selection.edition.code}:{selection.tier}"
    return f"{reverse('talents:directory')}?{urlencode({'tier': tier, 'year': selection.year})}"


def objections_in_scope(user: User) -> QuerySet[Objection]:
    rows = Objection.objects.visible_to(user)
    return rows.select_related(
        "entry__notice__round", "entry__notice__organization", "handled_by", "decided_by"
    )


def publicity_queues(user: User) -> list[Queue]:
    """Lists to be put up, looked at or named from, whom to put up, and objections; for who does it."""
    near = within_reach(user, STAFF, "organization__path")
    rows = PublicNotice.objects.visible_to(user).filter(
        near,
        Q(state=PublicNotice.State.DRAFT)
        | Q(state=PublicNotice.State.POSTED, of_level=False)
        | Q(state=PublicNotice.State.POSTED, ends_on__gte=timezone.localdate())
        | Q(state=PublicNotice.State.CONCLUDED, named_count__lt=F("places")),
    )
    shown = list(rows.select_related("round__organizer", "organization").order_by("pk")[:12])
    found = [queue for notice in shown for queue in _queues(user, notice)]
    found += [queue for notice in shown for queue in _looks(notice)]
    return found + _to_put_up(user) + _objections(user) + _wronged(user)


def _queues(user: User, notice: PublicNotice) -> list[Queue]:
    """What there is to do about one list, where this account does it; one that is up is told of."""
    href, name = reverse("talents:notice", args=[notice.pk]), _name_of(notice)
    if notice.state == PublicNotice.State.DRAFT:
        unit = "份公示待发布"
        return [Queue(name, 1, href, unit, tone="warn")] if may_post.allows(user, notice) else []
    if notice.state == PublicNotice.State.CONCLUDED:
        left = notice.places - notice.named_count
        unit = "名待补充命名"
        return [Queue(name, left, href, unit, tone="warn")] if may_name.allows(user, notice) else []
    if not notice.is_over:
        return [Queue(name, notice.places, href, "名公示", notice.ends_on, "info", "公示中")]
    if not may_name.allows(user, notice):
        return []
    return [Queue(name, notice.places, href, "名公示", None, "warn", "公示期满，待命名")]


def _wronged(user: User) -> list[Queue]:
    """Lists that have named without somebody whose objection in the end was dismissed; for approvers."""
    reach = within_reach(user, [Role.APPROVER], "entry__notice__organization__path")
    rows = Objection.objects.visible_to(user).filter(
        reach, once_upheld(), state=Objection.State.DISMISSED
    )
    lists = PublicNotice.objects.visible_to(user).filter(
        round__in=rows.values("entry__notice__round"), state=PublicNotice.State.CONCLUDED
    )
    note = "异议改判不成立而名额已给候补的，凭主办工会的决定增补名额，再补充命名"
    return [
        Queue(
            notice.round.name, 1, reverse("talents:notice", args=[notice.pk]), "份名单待增补名额",
            None, "warn", note,
        )
        for notice in lists.select_related("round__organizer", "organization").order_by("pk")
        if may_add_place.allows(user, notice)
    ]  # fmt: skip


def _name_of(notice: PublicNotice) -> str:
    return f"{notice.organization.name}拟推荐人选" if notice.of_level else notice.round.name


def _to_put_up(user: User) -> list[Queue]:
    """Of rounds that ask for it: whom bodies where this account serves have to put up."""
    own = bodies_where(user, STAFF)
    rows = Endorsement.objects.visible_to(user).filter(
        state=Endorsement.State.ASKED, level__gt=1, organization__in=own
    )
    by_round = "nomination__round_id", "organization_id"
    pairs = rows.order_by(*by_round).distinct(*by_round)
    found = []
    for row in pairs.select_related("nomination__round__edition", "organization")[:ROUNDS_SHOWN]:
        selection, body = row.nomination.round, row.organization
        if not EndorsementRule.of(selection).asks_levels:
            continue
        if count := len(to_be_put_up(selection, body)):
            href = reverse("talents:level-notice-new", args=[selection.code, body.pk])
            note = f"{selection.name}：公示期满没有异议后出具推荐意见"
            found.append(Queue("待公示的拟推荐人选", count, href, "名", None, "warn", note))
    return found


def _objections(user: User) -> list[Queue]:
    """Those to be looked into, and those to be decided by somebody else than looked into them."""
    rows, address = Objection.objects.visible_to(user), reverse("talents:objections")
    reach = "entry__notice__organization__path"
    state, note = Objection.State, "办结前只暂缓所涉人选"
    received = rows.filter(within_reach(user, STAFF, reach), state=state.RECEIVED)
    decided = rows.filter(within_reach(user, [Role.APPROVER], reach), state=state.LOOKED_INTO)
    tiles = [("待核查的公示异议", state.RECEIVED, received)]
    if decided.exclude(handled_by=user).exists():
        tiles.append(("待审定的公示异议", state.LOOKED_INTO, decided))
    return [
        Queue(title, str(waiting), f"{address}?state={of.value}", "件", None, "bad", note)
        for title, of, among in tiles
        if (waiting := counted(among))
    ]


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
