"""A role lent to a colleague who stands in, taken back, and what was done meanwhile told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import may_end_lending, may_lend
from accounts.services.grants import save_refusing
from organizations.models import Membership, User
from organizations.roles import BUSINESS, STAFF
from organizations.validity import in_force
from workflow.models import Notice, Record
from workflow.notices import tell
from workflow.records import Event, kept, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from datetime import date

LENT = Event("accounts.role-lent", "委托代理", Record.Kind.GRANT)
TAKEN_BACK = Event("accounts.role-taken-back", "终止代理", Record.Kind.GRANT)


def colleagues_for(membership: Membership) -> list[User]:
    """Who may stand in for a role: open accounts of known persons that serve at the same body."""
    serving = Membership.objects.filter(
        in_force(),
        organization_id=membership.organization_id,
        stands_for__isnull=True,
        role__in=BUSINESS,
    )
    rows = User.objects.filter(
        pk__in=serving.values("user"), is_active=True, owner_digest__isnull=False
    )
    return list(rows.exclude(pk=membership.user_id).order_by("display_name", "pk"))


@transaction.atomic
def lend(  # noqa: PLR0913 - what a lending consists of
    membership: Membership, to: User, *, begins: date, ends: date, reason: str, actor: User
) -> Membership:
    """Let ``to`` stand in for this role from ``begins`` up to, not including, ``ends``.

    Who stands in is told. Refused: ``not-to-be-lent``, ``not-a-colleague``, ``lending-in-the-past``
    and what the database says of days outside the role's own (``delegation-follows-its-source``).
    """
    may_lend.check(actor, membership)
    if to not in colleagues_for(membership):
        raise DomainError("not-a-colleague", "只能委托在同一组织任职、已登记本人身份的同事")
    if begins < timezone.localdate():
        raise DomainError("lending-in-the-past", "代理不能从过去的日期起，请改为今日或以后")
    lent = Membership(
        user=to,
        organization=membership.organization,
        role=membership.role,
        valid_from=begins,
        valid_until=ends,
        stands_for=membership,
        reason=kept(reason),
    )
    save_refusing(lent)
    _record(lent, LENT, actor, reason)
    tell(
        [to],
        f"{actor}委托您代理{lent.get_role_display()}：{begins}至{lent.last_day}",
        subject=subject_of(lent),
        href=reverse("organizations:delegations"),
        body=f"{lent.organization}。事由：{lent.reason}。办理时记明代理；委托人经手的事，您同样不能复核。",
    )
    return lent


@transaction.atomic
def take_back(pk: int, *, actor: User, note: str = "") -> None:
    """End a lending today; one that has not begun is removed. The other of the two is told."""
    rows = Membership.objects.select_related("stands_for__user", "user", "organization")
    lent = rows.select_for_update(of=("self",)).get(pk=pk, stands_for__isnull=False)
    may_end_lending.check(actor, lent)
    today, lender = timezone.localdate(), _lender_of(lent)
    _record(lent, TAKEN_BACK, actor, note)
    other = lent.user if actor == lender else lender
    tell(
        [other],
        f"{actor}终止了{lent.get_role_display()}的代理",
        subject=subject_of(lent),
        href=reverse("organizations:delegations"),
        body=f"{lent.organization}，{lent.user}代理{lender}，自{lent.valid_from}起",
    )
    if today <= lent.valid_from:
        # A role ends after it begins (constraint): one taken back on its first day was never held.
        lent.delete()
        return
    lent.valid_until = today
    save_refusing(lent, update_fields=["valid_until"])


def report_back(today: date) -> int:
    """Tell those who are back what was done for them; returns how many were told.

    Once for each lending that has ended, however often and however late this is called.
    """
    ended = Membership.objects.filter(stands_for__isnull=False, valid_until__lte=today)
    told = Notice.objects.filter(subject__startswith="organizations.delegation:")
    count = 0
    for lent in ended.select_related("stands_for__user", "user", "organization").order_by("pk"):
        subject = f"organizations.delegation:{lent.pk}"
        if told.filter(subject=subject).exists():
            continue
        done, lender = _done_by(lent), _lender_of(lent)
        words = f"{lent.valid_from}至{lent.last_day}由{lent.user}代理，共办理{done}件"
        href = reverse("organizations:delegations")
        if lent.role in STAFF:  # who reads the records
            days = f"since={lent.valid_from:%Y-%m-%d}&until={lent.last_day:%Y-%m-%d}"
            href = f"{reverse('portal:records')}?actor={lent.user.username}&{days}"
        count += tell(
            [lender],
            f"代理已结束：{lent.get_role_display()}，办理{done}件",
            subject=subject,
            href=href,
            body=f"{lent.organization}。{words}。",
        )
    return count


def _done_by(lent: Membership) -> int:
    """How much is on record that was done in this role for who lent it."""
    rows = Record.objects.filter(
        actor=lent.user,
        after__acted_for=str(_lender_of(lent)),
        at__date__gte=lent.valid_from,
        at__date__lt=lent.valid_until,
        organization__path__startswith=lent.organization.path,
    )
    return rows.count()


def _lender_of(lent: Membership) -> User:
    """Asked only of what is lent."""
    return cast("Membership", lent.stands_for).user


def _record(lent: Membership, event: Event, actor: User, note: str) -> None:
    record_event(
        event,
        subject_of(lent.user),
        actor=actor,
        organization=lent.organization,
        note=note,
        after={
            "role": lent.get_role_display(),
            "organization": lent.organization.name,
            "valid_from": lent.valid_from,
            "valid_until": lent.valid_until,
            "stands_for": str(_lender_of(lent)),
        },
    )
