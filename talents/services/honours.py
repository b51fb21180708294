"""Titles on file: the numbers of their certificates, and what is put right about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from talents.models import Honour
from talents.permissions.honours import may_correct_honour, may_recall, may_reissue
from workflow.corrections import correct
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

NUMBER_DIGITS = 5
RECALLED = Event("talents.certificate-recalled", "登记证书收回")
REISSUED = Event("talents.certificate-reissued", "补发证书")


@transaction.atomic
def correct_honour(
    honour_id: int, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> Honour:
    """Correct unit, trade or document number, on record."""
    rows = Honour.objects.visible_to(actor).select_related("organization", "person")
    honour = rows.select_for_update(of=("self",)).get(pk=honour_id)
    may_correct_honour.check(actor, honour)
    correct(honour, facts, version=version, actor=actor, note=note)
    return honour


@transaction.atomic
def reissue_certificate(honour_id: int, *, actor: User, note: str) -> Honour:
    """Issue the certificate again under the next number, for a reason; the old number is kept as replaced.

    The title, its decision and its day stay. Who keeps the person's file is told to take the old one in.
    """
    rows = Honour.objects.visible_to(actor).select_related("organization", "person__organization")
    honour = rows.select_for_update(of=("self",)).get(pk=honour_id)
    may_reissue.check(actor, honour)
    check_reason(note, "补发证书")
    reason = note.strip()
    old = honour.certificate_number
    honour.certificate_number = _number_after(honour)
    honour.former_certificates = [
        *honour.former_certificates,
        {"number": old, "reason": reason, "replaced_on": timezone.localdate().isoformat()},
    ]
    honour.save(update_fields=["certificate_number", "former_certificates"])
    record_event(
        REISSUED,
        subject_of(honour),
        actor=actor,
        organization=honour.organization,
        before={"certificate_number": old},
        after={"certificate_number": honour.certificate_number},
        note=reason,
    )
    keepers = accounts_that_serve({*STAFF, Role.NOMINATOR}, honour.person.organization.path)
    tell(
        User.objects.filter(keepers).exclude(pk=actor.pk).distinct(),
        f"证书已补发：{honour.person} {honour.title}",
        subject=subject_of(honour),
        href=reverse("talents:honour", args=[honour.pk]),
        body=f"新编号 {honour.certificate_number}，原编号 {old} 作废；事由：{reason}。",
    )
    return honour


@refusing()
@transaction.atomic
def recall_certificate(
    honour_id: int, *, recall: str, recalled_on: date, note: str, actor: User
) -> Honour:
    """Register where the certificate of a title that was taken back is; a lost one may still turn up."""
    rows = Honour.objects.visible_to(actor).select_related("organization", "person")
    honour = rows.select_for_update(of=("self",)).get(pk=honour_id)
    may_recall.check(actor, honour)
    if recalled_on > timezone.localdate():
        raise DomainError("recall-in-future", "收回日期不能晚于今天")
    if recall == Honour.Recall.LOST:
        check_reason(note, "登记证书遗失")
    before = honour.get_recall_display()
    honour.recall, honour.recalled_on, honour.recalled_by = recall, recalled_on, actor
    honour.recall_note = note.strip()
    honour.save(update_fields=["recall", "recalled_on", "recall_note", "recalled_by"])
    record_event(
        RECALLED,
        subject_of(honour),
        actor=actor,
        organization=honour.organization,
        before={"recall": before},
        after={"recall": honour.get_recall_display(), "recalled_on": recalled_on.isoformat()},
        note=honour.recall_note,
    )
    return honour


def _number_after(honour: Honour) -> str:
    """The next serial of the same kind, or the first number with a suffix where it is of none."""
    number = honour.certificate_number
    first = honour.former_certificates[0]["number"] if honour.former_certificates else number
    serial = re.fullmatch(rf"([A-Za-z]+\d{{4}})\d{{{NUMBER_DIGITS}}}", number)
    if serial:
        return certificate_numbers(serial[1], 1)[0]
    return f"{first}-{len(honour.former_certificates) + 2}"


def certificate_numbers(prefix: str, count: int, *, rows: QuerySet[Any] | None = None) -> list[str]:
    """The next ``count`` numbers under ``prefix``, five digits each; nobody else draws meanwhile.

    ``rows`` are those that have such numbers: titles, or certificates that another app gives.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"talents.honour:{prefix}"])
    pattern = rf"^{prefix}[0-9]{{{NUMBER_DIGITS}}}$"
    given = (Honour.objects.all() if rows is None else rows).filter(
        certificate_number__regex=pattern
    )
    last = (
        given.order_by("-certificate_number").values_list("certificate_number", flat=True).first()
    )
    begin = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{begin + n:0{NUMBER_DIGITS}}" for n in range(1, count + 1)]
