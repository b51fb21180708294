"""What filers are told about a round and about what they filed; never those who did it themselves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from intake.models import ImportBatch
from organizations.models import Membership, User
from organizations.roles import FILING, Role
from organizations.scoping import accounts_that_serve
from organizations.validity import in_force
from talents.models import Nomination, SelectionRound
from workflow.models import Notice
from workflow.notices import ROWS_A_WRITE, clipped, tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


def tell_returned(nomination: Nomination, *, actor: User, note: str) -> int:
    """Tell who filed it that it is theirs again, and why."""
    return _tell_filer(
        nomination, f"推荐被退回草稿：{nomination.person.name}", f"事由：{note.strip()}", actor
    )


def tell_confirmed(nomination: Nomination, *, actor: User) -> int:
    """Tell who filed it that it counts."""
    body = f"“{nomination.round.name}”的推荐已确认核验，此后更正须先由主办工会退回。"
    return _tell_filer(nomination, f"推荐已确认：{nomination.person.name}", body, actor)


def _tell_filer(nomination: Nomination, title: str, body: str, actor: User) -> int:
    """Who filed it, if they still serve where it can be seen."""
    batch = nomination.batch
    filer = nomination.filed_by_id or (batch.uploaded_by_id if batch else None)
    serving = accounts_that_serve(FILING, nomination.unit.path)
    return tell(
        User.objects.filter(serving, pk=filer).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(nomination),
        href=reverse("talents:nomination", args=[nomination.pk]),
        body=body,
    )


def locked_filers(rows: QuerySet[Nomination]) -> Counter[int]:
    """How many of ``rows`` each account filed; the rows stay as they are until the transaction ends.

    One query whose answer passes through row by row: nothing is asked once per nomination.
    """
    uploader = ImportBatch.objects.filter(pk=OuterRef("batch")).values("uploaded_by")
    filed = rows.annotate(
        filer=Coalesce(F("filed_by"), Subquery(uploader), output_field=BigIntegerField())
    )
    found = filed.order_by("pk").select_for_update(no_key=True).values_list("filer", flat=True)
    return Counter(filer for filer in found.iterator() if filer is not None)


def tell_all_confirmed(selection: SelectionRound, filers: Mapping[int, int], *, actor: User) -> int:
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


def _serving_at_all(filers: Mapping[int, int]) -> QuerySet[User]:
    """Of these accounts, those who still hold a role to whom the list of nominations opens."""
    held = _held(FILING).filter(user__in=list(filers))
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def _held(roles: Collection[Role]) -> QuerySet[Membership]:
    """Roles of these kinds that are in force today, at bodies that are."""
    return Membership.objects.filter(in_force(), in_force("organization__"), role__in=roles)
