"""One sensitive value at a time, for a reason, on the record, and not without end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from talents.models import Person
from talents.permissions import may_reveal
from workflow import notices
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.storage import vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from organizations.models import Organization

WINDOW = timedelta(hours=1)
ALARM_AFTER = 50
MOST_REVEALS = 200
SHORTEST_REASON = 4

REVEALED = Event("talents.revealed", "查看", Record.Kind.REVEAL)
#: What can be revealed: the column that holds it and what people call it.
REVEALABLE = {
    "identity": ("identity_cipher", "公民身份号码"),
    "phone": ("phone_cipher", "联系电话"),
}


@dataclass(frozen=True, slots=True)
class Revealed:
    """One value in the clear, and how many this account has seen within the hour."""

    kind: str
    value: str
    seen_count: int

    @property
    def is_many(self) -> bool:
        return self.seen_count > ALARM_AFTER


def reveal(person_id: int, kind: str, *, actor: User, reason: str) -> Revealed:
    """Open one value of one person. The record is written before the value is."""
    column, label = REVEALABLE[kind]
    _check_said_why(label, reason)
    person = Person.objects.visible_to(actor).select_related("organization").get(pk=person_id)
    may_reveal.check(actor, person, label)
    sealed = getattr(person, column)
    if sealed is None:
        raise DomainError("nothing-to-reveal", f"该人员没有登记{label}")
    seen = _record_reveals([person], label, actor=actor, reason=reason.strip())
    return Revealed(kind, vault.decrypt(sealed).decode(), seen)


def reveal_identities(persons: Iterable[Person], *, actor: User, reason: str) -> dict[int, str]:
    """The identity numbers of several people for one reason, by person; who is out of reach is left out.

    Each is on the record of that person, and counts like one that was opened alone: refused with
    ``reveal-limit-reached`` if they are too many within the hour, before any is opened.
    """
    _, label = REVEALABLE["identity"]
    _check_said_why(label, reason)
    asked = {person.pk for person in persons}
    rows = Person.objects.visible_to(actor).select_related("organization").filter(pk__in=asked)
    opened = [row for row in rows.order_by("pk") if may_reveal.allows(actor, row, label)]
    _record_reveals(opened, label, actor=actor, reason=reason.strip())
    return {row.pk: vault.decrypt(row.identity_cipher).decode() for row in opened}


def _check_said_why(label: str, reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise DomainError(
            "reason-required", f"查看完整{label}须写明事由（至少{SHORTEST_REASON}个字）"
        )


@transaction.atomic
def _record_reveals(persons: Sequence[Person], label: str, *, actor: User, reason: str) -> int:
    """Count this account's reveals under its own lock, refuse what is too many, record these."""
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    earlier = Record.objects.filter(
        actor=actor, kind=Record.Kind.REVEAL, at__gt=timezone.now() - WINDOW
    ).count()
    if earlier + len(persons) > MOST_REVEALS:
        message = (
            f"一小时内查看敏感信息已达{MOST_REVEALS}次上限，请稍后再办；确有需要请联系安全管理员"
        )
        raise DomainError("reveal-limit-reached", message)
    for person in persons:
        record_event(
            REVEALED.of(label),
            subject_of(person),
            actor=actor,
            organization=person.organization,
            note=reason,
        )
    if earlier <= ALARM_AFTER < earlier + len(persons):
        _alarm(actor, persons[0].organization)
    return earlier + len(persons)


def _alarm(actor: User, organization: Organization) -> None:
    """Tell those who watch over data security, once per burst."""
    of_actor = urlencode({"q": actor.username})
    looked_at = urlencode({"actor": actor.username, "kind": Record.Kind.REVEAL.value})
    for role, href in (
        (Role.SECURITY_ADMIN, f"{reverse('admin:organizations_user_changelist')}?{of_actor}"),
        (Role.AUDIT_ADMIN, f"{reverse('portal:records')}?{looked_at}"),
    ):
        notices.tell(
            User.objects.filter(accounts_that_serve([role], organization.path)).distinct(),
            f"{actor} 一小时内查看敏感信息超过{ALARM_AFTER}次",
            subject=subject_of(actor),
            href=href,
            body="请核对该账号的查看记录与事由；确有异常的，停用账号并报告。",
        )
