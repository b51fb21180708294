"""Who may see which rows. The only module that knows; everyone else calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import StartsWith
from django.utils import timezone

from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.validity import VALIDITY, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from organizations.models import Membership, Organization, User

#: Commands and jobs act as this account; it has no password and cannot log in.
SYSTEM_USERNAME = "system"
#: Of a membership: at the root of the only tree. Asked on every page, so it is written out: to put
#: the same together from expressions takes longer than to ask it.
ALONE = RawSQL(
    "organizations_organization.parent_id is null and not exists (select"
    " from organizations_organization other where other.parent_id is null"
    " and other.id <> organizations_membership.organization_id)",
    (),
    output_field=BooleanField(),
)

#: Of a membership: somebody stands in for it, or did.
LENT = RawSQL(
    "exists (select from organizations_membership lent"
    " where lent.stands_for_id = organizations_membership.id)",
    (),
    output_field=BooleanField(),
)


class ScopedQuerySet(QuerySet):
    """Rows owned by an organization.

    The model says by which route (``ORGANIZATION_PATH``) and, where the default of staff,
    finance and audit does not fit, which roles read it (``VISIBLE_TO_ROLES``). A call issued by a
    body is read below it too: ``VISIBLE_FROM_BELOW`` says on which condition. A row that a second body
    answers for names the route to that one in ``ALSO_SEEN_FROM``.
    """

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows in the subtrees where ``user`` holds a role that reads this kind of row."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        roles = getattr(self.model, "VISIBLE_TO_ROLES", STAFF_AND_OVERSIGHT)
        held = [m for m in memberships_of(user) if m.role in roles]
        if any(m.reaches_everything for m in held):  # type: ignore[attr-defined]
            return self  # the root of the only tree: no filter is cheaper than LIKE '/1/%'
        return self.filter(self._within([m.organization.path for m in held], user))

    def about(self, user: User) -> Self:
        """Rows about ``user`` as a person, wherever they are kept: one's own file, for reading only.

        ``ABOUT`` names the routes to the digest of the person's number, where ``person`` is not it.
        """
        if not user.is_active or not user.owner_digest:
            return self.none()
        routes = getattr(self.model, "ABOUT", ("person__identity_digest",))
        own = Q()
        for route in routes:
            own |= Q(**{route: bytes(user.owner_digest)})
        return self.filter(own)

    def _within(self, paths: list[str], user: User) -> Q:
        """Rows in the subtrees at ``paths``, and calls issued above them."""
        route: str = self.model.ORGANIZATION_PATH  # type: ignore[attr-defined]
        within = subtrees(route, paths)
        for other in getattr(self.model, "ALSO_SEEN_FROM", ()):
            within |= subtrees(other, paths)
        if below := getattr(self.model, "VISIBLE_FROM_BELOW", None):
            above = sorted({step for path in paths for step in steps_to(path)})
            within |= Q(below, **{f"{route}__in": above})
        return within


class AccountQuerySet(ScopedQuerySet):
    """Accounts; one without any membership belongs to nobody yet."""

    def _within(self, paths: list[str], user: User) -> Q:
        """Accounts that hold or held a role within reach, and those not placed anywhere yet.

        The latter because one administrator opens an account and another gives it its role.
        """
        route: str = self.model.ORGANIZATION_PATH  # type: ignore[attr-defined]
        reached = self.model._default_manager.filter(subtrees(route, paths))
        within = Q(pk__in=reached.values("pk"))
        if not paths:
            return within
        # asked apart: a join would list an account once for every role it holds
        held: Any = self.model._meta.get_field("memberships").related_model
        return within | Q(~Exists(held.objects.filter(user=OuterRef("pk"))))


class OpenQuerySet(ScopedQuerySet):
    """Rows that belong to nobody and that whoever is logged in may read, such as the calendar."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_authenticated and user.is_active else self.none()


class OwnQuerySet(ScopedQuerySet):
    """Rows that are one account's own (``owner``) and nobody else's business."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner=user) if user.is_authenticated else self.none()


class OfAccountsQuerySet(ScopedQuerySet):
    """Rows about accounts (``owner``), for those who watch over them."""

    def _within(self, paths: list[str], user: User) -> Q:
        """Those of the accounts within reach."""
        account: Any = self.model._meta.get_field("owner").related_model
        accounts = account.objects.all()
        return Q(owner__in=accounts.filter(accounts._within(paths, user)).values("pk"))


class PersonalQuerySet(ScopedQuerySet):
    """Rows addressed to one account (``recipient``)."""

    def _within(self, paths: list[str], user: User) -> Q:
        """One's own, and those of accounts that serve within reach."""
        account: Any = self.model._meta.get_field("recipient").related_model
        reached = account.objects.filter(subtrees(account.ORGANIZATION_PATH, paths))
        return Q(recipient=user) | Q(recipient__in=reached.values("pk"))


def memberships_of(user: User) -> list[Membership]:
    """Memberships in force today at organizations in force; read once per user object.

    ``reaches_everything`` is true of one at the root, where no other tree stands beside it: several
    programmes may run in one house, each under a root of its own.
    """
    cached = user.__dict__.get("_memberships_in_force")
    if cached is None:
        today = timezone.localdate()
        rows = user.memberships.select_related("organization").annotate(
            reaches_everything=ALONE, is_lent=LENT
        )
        terms = list(rows.order_by("pk"))
        cached = [
            m for m in terms if VALIDITY.holds(m, today) and VALIDITY.holds(m.organization, today)
        ]
        user.__dict__.update(_memberships_in_force=cached, _terms=terms)
    return cached


def terms_of(user: User) -> list[Membership]:
    """Every role this account ever held, those that have ended included; read with the others."""
    memberships_of(user)
    return user.__dict__["_terms"]


def has_belonged(user: User, path: str, *, since: date) -> bool:
    """Whether ``user`` serves at ``path`` or below it, or did on any day from ``since``."""
    today = timezone.localdate()
    return any(
        m.organization.path.startswith(path) and VALIDITY.holds(m, since, today)
        for m in terms_of(user)
    )


def where_belonged(user: User, route: str, since: str) -> Q:
    """The same of rows: ``route`` leads to the path of the body, ``since`` to a moment."""
    today, found = timezone.localdate(), Q(pk__in=[])
    for m in terms_of(user):
        if m.valid_from <= today:
            lasted = Q(**{f"{since}__date__lt": m.valid_until}) if m.valid_until else Q()
            found |= Q(lasted, **{f"{route}__in": steps_to(m.organization.path)})
    return found


def holds_role(user: User | AnonymousUser, roles: Iterable[str], path: str) -> bool:
    """Whether ``user`` holds one of ``roles`` at ``path`` or anywhere above it, today."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_system:
        return True
    wanted = set(roles)
    return any(
        m.role in wanted and path.startswith(m.organization.path) for m in memberships_of(user)
    )


def holds_role_anywhere(user: User | AnonymousUser, roles: Iterable[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` at all: for menus and pages, never for acting."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_system:
        return True
    return not roles_of(user).isdisjoint(roles)


def bodies_where(user: User, roles: Iterable[str]) -> list[Organization]:
    """The bodies at which ``user`` holds one of ``roles`` today."""
    wanted = set(roles)
    return [m.organization for m in memberships_of(user) if m.role in wanted]


def places_of(user: User, roles: Iterable[str]) -> list[str]:
    """The paths of the bodies at and below which ``user`` holds one of ``roles``."""
    return ["/"] if user.is_system else _outermost(b.path for b in bodies_where(user, roles))


def within_reach(user: User, roles: Iterable[str], route: str = "path") -> Q:
    """Rows at or below a body where ``user`` holds one of ``roles``: a filter for acting.

    Of what may be seen ``visible_to`` decides; ``route`` leads to the path of the row's body.
    """
    if user.is_system:
        return Q()
    return subtrees(route, [body.path for body in bodies_where(user, roles)])


def strictly_below(user: User, roles: Iterable[str], route: str) -> Q:
    """Rows below a body where ``user`` holds one of ``roles``, those of that body itself left out."""
    tops = _outermost(body.path for body in bodies_where(user, roles))
    return subtrees(route, tops) & ~Q(**{f"{route}__in": tops})


def serves_at(user: User, roles: Iterable[str], kinds: Iterable[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` at a body of one of ``kinds``."""
    wanted = set(kinds)
    return user.is_system or any(body.kind in wanted for body in bodies_where(user, roles))


def roles_of(user: User) -> frozenset[str]:
    """The roles ``user`` holds anywhere today; found once per reading of the memberships."""
    rows = memberships_of(user)
    known = user.__dict__.get("_roles_in_force")
    if known is None or known[0] is not rows:
        known = user.__dict__["_roles_in_force"] = rows, frozenset(m.role for m in rows)
    return known[1]


def home_of(user: User) -> Organization | None:
    """Where an account belongs: the body of its first role."""
    return next((m.organization for m in memberships_of(user)), None)


def posts_of(user: User) -> list[str]:
    """What ``user`` is, body and role in words, the first role first; what it stands in for last."""
    held = sorted(memberships_of(user), key=lambda m: m.stands_for_id is not None)
    return [
        f"{m.organization.name} · {'代理' if m.stands_for_id else ''}{m.get_role_display()}"
        for m in held
    ]


def outermost_bodies(
    user: User, roles: Iterable[str] | None, *, within: str = "/"
) -> list[Organization]:
    """Bodies under ``within`` where ``user`` holds one of ``roles`` (None: any role at all),

    without those that lie below another of them.
    """
    held = bodies_where(user, Role if roles is None else roles)
    bodies = {body.path: body for body in held if body.path.startswith(within)}
    return [bodies[path] for path in _outermost(bodies)]


def accounts_that_serve(roles: Iterable[Role], path: str | OuterRef) -> Q:
    """Users who hold one of ``roles`` at ``path`` or above it today, as a filter on User.

    ``path`` may be that of each row of the query around it.
    """
    route = "memberships__organization__path"
    if isinstance(path, OuterRef):
        there = Q(StartsWith(path, F(route)))
    else:
        there = Q(**{f"{route}__in": steps_to(path)})
    held = Q(there, is_active=True, memberships__role__in=list(roles))
    return held & in_force("memberships__") & in_force("memberships__organization__")


def steps_to(path: str) -> list[str]:
    """The paths from the root down to ``path`` itself."""
    return [path[: i + 1] for i, char in enumerate(path) if char == "/" and i]


def subtrees(route: str, paths: Iterable[str]) -> Q:
    """Rows whose organization, found by ``route``, lies in one of the subtrees at ``paths``."""
    within = Q(pk__in=[])  # start closed: an empty Q() would match every row
    for root in _outermost(paths):
        within |= Q(**{f"{route}__startswith": root})
    return within


def _outermost(paths: Iterable[str]) -> list[str]:
    """The given subtrees without those that lie inside another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
