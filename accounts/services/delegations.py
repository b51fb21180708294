"""A role lent to a colleague who stands in, taken back, and what was done meanwhile told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import may_end_lending, may_lend
from organizations.models import Membership, User
from organizations.roles import LENDABLE, STAFF, Role
from organizations.standing_in import told_apart
from organizations.validity import in_force
from workflow.models import Notice, Record
from workflow.notices import tell
from workflow.records import Event, kept, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

LENT = Event("accounts.role-lent", "委托代理", Record.Kind.GRANT)
#: What tells of a lending that is over: one of the kind for each.
OVER = "organizations.delegation:"
TAKEN_BACK = Event("accounts.role-taken-back", "终止代理", Record.Kind.GRANT)


def colleagues_for(membership: Membership) -> list[User]:
    """Who may stand in for a role: open accounts of known persons in business at the same body.

    Not who audits: auditors would come to audit what they did as a stand-in.
    """
    held = Membership.objects.filter(in_force())
    serving = held.filter(
        organization_id=membership.organization_id, stands_for__isnull=True, role__in=LENDABLE
    )
    rows = User.objects.filter(
        pk__in=serving.values("user"), is_active=True, owner_digest__isnull=False
    ).exclude(pk__in=held.filter(role=Role.AUDITOR).values("user"))
    return list(rows.exclude(pk=membership.user_id).order_by("display_name", "pk"))


@refusing()
@transaction.atomic
def lend(  # noqa: PLR0913 - what a lending consists of
    membership: Membership, to: User, *, begins: date, ends: date, reason: str, actor: User
) -> Membership:
    """Let ``to`` stand in for this role from ``begins`` up to, not including, ``ends``.

    Who stands in is told. Refused: ``not-to-be-lent``, ``not-a-colleague``, ``lending-in-the-past``,
    ``lending-too-long``, ``lent-already`` (to somebody, for some of these days) and what the database
    says of days outside the role's own (``delegation-follows-its-source``).
    """
    # of two lendings of one role at once the second sees the first
    list(Membership.objects.filter(pk=membership.pk).select_for_update(no_key=True))
    may_lend.check(actor, membership)
    _check_days(membership, begins, ends)
    if to not in colleagues_for(membership):
        message = "只能委托在同一组织任职、已登记本人身份的同事；经审人员不能代理"
        raise DomainError("not-a-colleague", message)
    lent = Membership(
        user=to,
        organization=membership.organization,
        role=membership.role,
        valid_from=begins,
        valid_until=ends,
        stands_for=membership,
        reason=kept(reason),
    )
    lent.save()
    _record(lent, LENT, actor, reason)
    body = f"{lent.organization}。事由：{lent.reason}。办理时记明代理；委托人经手的事，您同样不能复核。"
    _tell(to, lent, f"{actor}委托您代理{lent.get_role_display()}：{begins}至{lent.last_day}", body)
    return lent


def _check_days(membership: Membership, begins: date, ends: date) -> None:
    if begins < timezone.localdate():
        raise DomainError("lending-in-the-past", "代理不能从过去的日期起，请改为今日或以后")
    most = settings.DELEGATION_LONGEST_DAYS
    if (ends - begins).days > most:
        message = f"一次代理最长{most}天；离开更久的，请由安全管理员另行授权"
        raise DomainError("lending-too-long", message)
    other = membership.stand_ins.filter(valid_from__lt=ends, valid_until__gt=begins).first()
    if other:
        message = (
            f"这一任职已委托{other.user}代理（{other.valid_from}至{other.last_day}），请先终止"
        )
        raise DomainError("lent-already", message)


@refusing()
@transaction.atomic
def take_back(pk: int, *, actor: User, note: str = "") -> None:
    """End a lending today; one that has not begun is removed. The other of the two is told.

    What began today lasts the day: it was held, and who held it stays known (constraint: a role ends
    after it begins).
    """
    lent = _lasting().select_for_update(of=("self",)).get(pk=pk)
    may_end_lending.check(actor, lent)
    lender = _lender_of(lent)
    _end(lent, timezone.localdate(), actor, note)
    other = lent.user if actor == lender else lender
    words = f"{lent.organization}，{lent.user}代理{lender}，自{lent.valid_from}起"
    _tell(other, lent, f"{actor}终止了{lent.get_role_display()}的代理", words)


@refusing()
def end_with(term: Membership, on: date, *, actor: User) -> None:
    """End with a role what is lent of it, and what its holder is lent at that body as a colleague.

    Those who stand in are told. The caller has not yet ended the role.
    """
    rest = Membership.objects.filter(
        in_force(), user=term.user_id, organization=term.organization_id, stands_for__isnull=True
    ).exclude(pk=term.pk)
    rows = _lasting().filter(valid_until__gt=on)
    ending = rows.filter(stands_for=term)
    if not rest.exists():
        ending |= rows.filter(user=term.user_id, organization=term.organization_id)
    for lent in ending.select_for_update(of=("self",)).order_by("pk"):
        _end(lent, on, actor, "所代理的任职或代理人自己的任职终止")
        words = f"{lent.organization}，自{on}起"
        for one in (lent.user, _lender_of(lent)):
            _tell(one, lent, f"{lent.get_role_display()}的代理随任职终止", words)


def _end(lent: Membership, on: date, actor: User, note: str) -> None:
    _record(lent, TAKEN_BACK, actor, note)
    if lent.valid_from >= on and lent.valid_from > timezone.localdate():
        lent.delete()
        return
    lent.valid_until = max(on, lent.valid_from + timedelta(days=1))
    lent.save(update_fields=["valid_until"])


def report_back(today: date) -> int:
    """Tell those who are back what was done for them; returns how many were told.

    Once for each lending that has ended, however often, by however many and however late it is called.
    """
    told = Notice.objects.filter(subject__startswith=OVER).values_list("subject", flat=True)
    known = {int(subject.removeprefix(OVER)) for subject in told}
    ended = _lasting().filter(valid_until__lte=today).exclude(pk__in=known)
    return sum(_tell_back(pk) for pk in ended.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell_back(pk: int) -> int:
    lent = _lasting().select_for_update(of=("self",)).get(pk=pk)
    subject = f"{OVER}{lent.pk}"
    if Notice.objects.filter(subject=subject).exists():
        return 0
    certain, others = _done_by(lent, "acted_for"), _done_by(lent, "standing_in")
    href = reverse("organizations:delegations")
    if lent.role in STAFF:  # who reads the records
        days = f"since={lent.valid_from:%Y-%m-%d}&until={lent.last_day:%Y-%m-%d}"
        href = f"{reverse('portal:records')}?actor={lent.user.username}&{days}"
    return tell(
        [_lender_of(lent)],
        f"代理已结束：{lent.get_role_display()}，代为办理{certain}件",
        subject=subject,
        href=href,
        body=(
            f"{lent.organization}。{lent.valid_from}至{lent.last_day}由{lent.user}代理，只能以代理的角色办理的"
            f"{certain}件，代理期间另办{others}件（含代理人本职）。"
        ),
    )


def _done_by(lent: Membership, how: str) -> int:
    """How much is on record of what was done for who lent it; the sums of lists are no deeds."""
    rows = Record.objects.filter(
        actor=lent.user,
        at__date__gte=lent.valid_from,
        at__date__lt=lent.valid_until,
        organization__path__startswith=lent.organization.path,
        **{f"after__{how}__contains": told_apart(_lender_of(lent))},
    )
    return rows.exclude(code__endswith="-all").count()


def _lasting() -> QuerySet[Membership]:
    """What was ever lent, with the two it is between."""
    rows = Membership.objects.filter(stands_for__isnull=False)
    return rows.select_related("stands_for__user", "user", "organization")


def _tell(recipient: User, lent: Membership, title: str, body: str) -> None:
    page = reverse("organizations:delegations")
    tell([recipient], title, subject=subject_of(lent), href=page, body=body)


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
