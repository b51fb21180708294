"""What filers are told about a round and about what they filed; never those who did it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from intake.models import ImportBatch
from organizations.models import Membership, User
from organizations.roles import FILING, STAFF, Role
from organizations.scoping import accounts_that_serve
from organizations.validity import in_force
from talents.models import Nomination, SelectionRound
from talents.rules.endorsing import never_sent_in
from workflow.models import Notice
from workflow.notices import ROWS_A_WRITE, clipped, tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

#: Who brings candidates into a round, and who sees to it that they are brought.
CALLED = (Role.NOMINATOR, Role.HANDLER)


def tell_opened(selection: SelectionRound, deed: str, *, actor: User) -> int:
    """Tell those who may file now: of the bodies with places, or of all where none were divided."""
    held = _held(CALLED)
    bodies = selection.allocations.values("organization")
    if bodies.exists():
        held = held.filter(organization__in=bodies)
    else:
        held = held.filter(organization__path__startswith=selection.organizer.path)
    closes = selection.closes_on
    until = (
        f"申报截止{closes.year}年{closes.month}月{closes.day}日" if closes else "截止日期另行通知"
    )
    return tell(
        User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk=actor.pk),
        f"“{selection.name}”{deed}",
        subject=subject_of(selection),
        href=reverse("talents:round", args=[selection.code]),
        body=f"{until}。请打开轮次查看名额、条件和申报办法。",
    )


def tell_closed(selection: SelectionRound, late: int) -> int:
    """Tell the organizer's staff that filing ended by itself, and the units whose drafts are late."""
    told, address = subject_of(selection), reverse("talents:round", args=[selection.code])
    at_organizer = accounts_that_serve(STAFF, selection.organizer.path)
    count = tell(
        User.objects.filter(at_organizer).distinct(),
        f"“{selection.name}”申报期限已过，已自动截止",
        subject=told,
        href=address,
        body=f"逾期未报送{late}名。确需补报的，写明事由后重新开放申报。",
    )
    if not late:
        return count
    units = never_sent_in(selection).values("unit")
    nominators = _held([Role.NOMINATOR]).filter(organization__in=units)
    return count + tell(
        User.objects.filter(is_active=True, pk__in=nominators.values("user")),
        f"“{selection.name}”逾期：有推荐未在期限内报送",
        subject=told,
        href=address,
        body="已填资料保留在草稿中，逾期不再受理；确需补报的，请联系主办工会。",
    )


def tell_returned(nomination: Nomination, *, actor: User, note: str) -> int:
    """Tell who filed it and who files for the unit that it is theirs again, and why."""
    body = f"事由：{note.strip()}。请更正，或说明情况重新报送；在此之前不能确认。"
    title = f"推荐被退回草稿：{nomination.person.name}"
    unit = accounts_that_serve([Role.NOMINATOR], nomination.unit.path)
    return _tell(nomination, _filer(nomination) | unit, title, body, actor)


def tell_confirmed(nomination: Nomination, *, actor: User) -> int:
    """Tell who filed it that it counts."""
    body = f"“{nomination.round.name}”的推荐已确认，此后更正须先由主办工会退回。"
    title = f"推荐已确认：{nomination.person.name}"
    return _tell(nomination, _filer(nomination), title, body, actor)


def _filer(nomination: Nomination) -> Q:
    """Who filed it, if they still serve where it can be seen."""
    batch = nomination.batch
    filer = nomination.filed_by_id or (batch.uploaded_by_id if batch else None)
    return Q(pk=filer) & accounts_that_serve(FILING, nomination.unit.path)


def _tell(nomination: Nomination, whom: Q, title: str, body: str, actor: User) -> int:
    return tell(
        User.objects.filter(whom).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(nomination),
        href=reverse("talents:nomination", args=[nomination.pk]),
        body=body,
    )


def locked_filers(rows: QuerySet[Nomination]) -> dict[int, int | None]:
    """Who filed each of ``rows``, by its key; the rows stay as they are until the transaction ends.

    One query: nothing is asked once per nomination.
    """
    uploader = ImportBatch.objects.filter(pk=OuterRef("batch")).values("uploaded_by")
    filed = rows.annotate(
        filer=Coalesce(F("filed_by"), Subquery(uploader), output_field=BigIntegerField())
    )
    locked = filed.only("pk").order_by("pk").select_for_update(of=("self",), no_key=True)
    return {row.pk: row.filer for row in locked}


def tell_all_confirmed(
    selection: SelectionRound, filers: Mapping[int | None, int], *, actor: User
) -> int:
    """One notice for each who filed, with how many of theirs were confirmed."""
    query = urlencode({"round": selection.code, "state": Nomination.State.CHECKED.value})
    rows = [
        Notice(
            recipient=user,
            subject=subject_of(selection),
            title=clipped(f"“{selection.name}”确认了您填报的{filers[user.pk]}名推荐"),
            body="此后更正须先由主办工会退回。",
            href=f"{reverse('talents:nominations')}?{query}",
        )
        for user in _serving_at_all(filers).exclude(pk=actor.pk)
    ]
    return len(Notice.objects.bulk_create(rows, batch_size=ROWS_A_WRITE))


def _serving_at_all(filers: Iterable[int | None]) -> QuerySet[User]:
    """Of these accounts, those who still hold a role to whom the list of nominations opens."""
    held = _held(FILING).filter(user__in=[filer for filer in filers if filer])
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def _held(roles: Collection[Role]) -> QuerySet[Membership]:
    """Roles of these kinds that are in force today, at bodies that are."""
    return Membership.objects.filter(in_force(), in_force("organization__"), role__in=roles)
