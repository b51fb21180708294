"""Whoever takes part in an item handles nothing of it: neither his own result nor those of his rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from competitions.models import Entry, Item
from organizations.standing_in import counterparts_of
from talents.models import Mentorship, Person
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from competitions.models import Competition
    from organizations.models import User

#: How the list of items is asked for those one is no party to.
NO_PARTY = "no"


def unless_party(user: User, item: Item) -> DomainError | None:
    """Why ``user`` does not handle ``item``: entered in it or in the stage before or after it, or the coach or
    the master of somebody who is.

    Who left or was taken out is still one: a result may come back.
    """
    near = Q(pk__in=[item.pk, item.follows_id]) | Q(follows=item.pk)
    return _unless_in(user, Q(item__in=Item.objects.filter(near)), str(item))


def unless_party_in(user: User, contest: Competition) -> DomainError | None:
    """Why ``user`` does not handle what bears on every item of ``contest``: a party to one of them."""
    return _unless_in(user, Q(item__competition=contest), str(contest))


def is_others_affair(user: User, item: str = "pk") -> Q:
    """Rows of an item (at ``item``) to which neither ``user`` nor whoever counts as the same person is a party."""
    digests = _digests_of(user)
    if not digests:
        return Q()
    entries, ours = Entry.objects.filter(_is_of(digests)), OuterRef(item)
    own = Q(Exists(entries.filter(item=ours)))
    own |= Q(Exists(entries.filter(item__follows=ours)))
    return ~(own | Q(Exists(entries.filter(item__later_stages=ours))))


def is_others_contest(user: User) -> Q:
    """The same of contests, all items of each."""
    digests = _digests_of(user)
    own = Entry.objects.filter(_is_of(digests), item__competition=OuterRef("pk"))
    return ~Q(Exists(own)) if digests else Q()


def _digests_of(user: User) -> list[bytes]:
    persons = (user, *counterparts_of(user))
    return [bytes(one.owner_digest) for one in persons if one.owner_digest]


def _unless_in(user: User, within: Q, what: str) -> DomainError | None:
    own = bytes(user.owner_digest or b"")
    if not own or not Entry.objects.filter(within, _is_of([own])).exists():
        return None
    message = (
        f"您是“{what}”或其前后赛段的参赛人，或参赛人的教练、师傅，须回避，请由主办单位他人办理"
    )
    return DomainError("party-to-the-item", message)


def _is_of(digests: Collection[bytes]) -> Q:
    """Entries of one of these persons, coached by one, or of an apprentice of one."""
    own = Person.objects.filter(identity_digest__in=digests)
    apprentices = Mentorship.taught_by(own).values("apprentice")
    return Q(person__in=own) | Q(coach__in=own) | Q(person__in=apprentices)
