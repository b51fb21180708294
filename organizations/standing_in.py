"""Who stands in for whom, and who therefore counts as one person where two are called for.

A role may be lent for a time (``Membership.stands_for``). Whoever stands in does what the absent
colleague could have done and no more: what that colleague may not do for having had a hand in it,
the stand-in may not do either, nor the other way round.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, Q
from django.utils import timezone

from organizations.models import Membership, User
from organizations.roles import LENDABLE
from organizations.scoping import memberships_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The accounts tied to one by lending, over any number of steps, while it lasts and for a time after.
TIED = """
with recursive ties (one, other) as (
  select lender.user_id, stand_in.user_id
  from organizations_membership stand_in
  join organizations_membership lender on lender.id = stand_in.stands_for_id
  where stand_in.valid_from <= %(today)s and stand_in.valid_until > %(since)s
), reached (id) as (
  select %(user)s::bigint
  union
  select case when one = reached.id then other else one end
  from reached join ties on reached.id in (one, other)
)
select id from reached where id <> %(user)s order by id
"""


def lendable_of(user: User) -> list[Membership]:
    """The roles in force that ``user`` may have a colleague stand in for: one's own, never a lent one."""
    return [m for m in memberships_of(user) if m.role in LENDABLE and m.stands_for_id is None]


def counterparts_of(user: User) -> list[User]:
    """Those who count as the same person as ``user`` where something takes two; mostly nobody.

    Each as it would be with the roles of ``user``: what keeps it from an act is then what it did,
    not what it may do. They count while the lending lasts, and ``DELEGATION_COUNTS_DAYS`` days on.
    Read once per user object; for whom nothing was ever lent without a question to the database.
    """
    known = user.__dict__.get("_counterparts")
    if known is None:
        known = user.__dict__["_counterparts"] = _tied_to(user)
    return known


def same_persons(user: User) -> frozenset[int]:
    """The keys of the accounts that count as this person, its own among them."""
    return frozenset({user.pk, *(other.pk for other in counterparts_of(user))})


def had_a_hand(user: User, *hands: str) -> Q:
    """Rows of which one of the accounts named by ``hands`` counts as this person."""
    persons = sorted(same_persons(user))
    found = Q()
    for hand in hands:
        found |= Q(**{f"{hand}__in": persons})
    return found


def accounts_of(digest: bytes | memoryview) -> frozenset[int]:
    """The keys of the accounts that count as whoever has that identity digest; empty where there is none."""
    owner = User.objects.filter(owner_digest=bytes(digest)).first()
    return same_persons(owner) if owner else frozenset()


def _tied_to(user: User) -> list[User]:
    if user.is_system or not any(
        m.stands_for_id or m.is_lent  # type: ignore[attr-defined]
        for m in terms_of(user)
    ):
        return []
    today = timezone.localdate()
    since = today - timedelta(days=settings.DELEGATION_COUNTS_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(TIED, {"user": user.pk, "today": today, "since": since})
        keys = [key for (key,) in cursor]
    served = Prefetch(
        "memberships", Membership.objects.select_related("organization").order_by("pk")
    )
    others = User.objects.filter(pk__in=keys).order_by("pk").prefetch_related(served)
    return [_in_place_of(user, other) for other in others]


def _in_place_of(user: User, other: User) -> User:
    """``other`` with the roles of ``user``, and with where it served itself."""
    shadow = copy(other)
    shadow.__dict__.update(
        is_active=user.is_active,  # who left since did what they did
        _memberships_in_force=memberships_of(user),
        _roles_in_force=None,
        _terms=list(other.memberships.all()),
        _counterparts=[],
    )
    return shadow


def said_of_standing_in(user: User, roles: Iterable[str] | None, path: str) -> dict[str, str]:
    """What a record says of an act of ``user`` at ``path`` while it stands in for a colleague.

    ``acted_for``: only as a stand-in could it be done, the act asking for one of ``roles`` or ``user``
    having no role of its own there. ``standing_in``: which of the roles it was done in is not known.
    """
    if user.is_system:
        return {}
    fitting = [
        m
        for m in memberships_of(user)
        if path.startswith(m.organization.path) and (roles is None or m.role in roles)
    ]
    lent = [m for m in fitting if m.stands_for_id is not None]
    is_certain = len(lent) == len(fitting)
    if not lent or (roles is not None and not is_certain):
        return {}
    absent = dict.fromkeys(told_apart(m.stands_for.user) for m in lent if m.stands_for)
    return {"acted_for" if is_certain else "standing_in": "、".join(absent)}


def told_apart(user: User) -> str:
    """Who was stood in for as a record names them: two of one name are told apart by the account."""
    return f"{user}（{user.username}）"
