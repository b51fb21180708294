"""Who may find that an entrant meets the conditions of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.models import Entry
from competitions.permissions import may_handle
from organizations.scoping import SYSTEM_USERNAME
from talents.models import Certificate, Nomination
from talents.permissions.oneself import unless_own_affair
from workflow.models import Record
from workflow.permissions import permission
from workflow.records import CORRECTED, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User

#: Records of whoever says of an entrant what is to be proved.
FILED = ("competitions.entered", CORRECTED.code)
#: Records of whoever put a certificate on file, in person or with a nomination.
PUT_ON_FILE = ("talents.filed", CORRECTED.code)


@permission
def may_admit(user: User, entry: Entry) -> DomainError | None:
    """Find that what is not on file is so all the same: of the organizer, never who entered him or the proof."""
    if refusal := may_handle.why_not(user, entry.item):
        return refusal
    if entry.state != Entry.State.ENTERED:
        message = f"{entry.person.name}{entry.get_state_display()}，不再认定参赛资格"
        return DomainError("entrant-left", message)
    if refusal := unless_own_affair(user, entry.person):
        return refusal
    if user.username != SYSTEM_USERNAME and _filed(user, entry):
        message = f"{entry.person.name}的报名或证明是您办理的，须由主办单位另一人认定参赛资格"
        return DomainError("filer-cannot-admit", message)
    return None


@permission
def may_vouch_for_certificate(user: User, entry: Entry) -> DomainError | None:
    """Find that a certificate is as it stands on file: never who put it there."""
    if user.username == SYSTEM_USERNAME or not _put_on_file(user, entry):
        return None
    message = f"{entry.person.name}的证书是您登记、导入或更正的，须由主办单位另一人认定"
    return DomainError("filer-cannot-admit", message)


def _put_on_file(user: User, entry: Entry) -> bool:
    """Whether ``user`` put a certificate of the entrant on file, by whatever door."""
    held = Certificate.objects.filter(person=entry.person_id)
    by_list = Q(origin_batch__uploaded_by=user) | Q(origin_batch__committed_by=user)
    if held.filter(by_list).exists():
        return True
    filed = Nomination.objects.filter(
        person=entry.person_id, certificate_number__in=held.values("number")
    )
    subjects = [subject_of(one) for one in (*held, *filed)]
    rows = Record.objects.filter(subject__in=subjects, actor=user, code__in=PUT_ON_FILE)
    return rows.exists() or filed.filter(filed_by=user).exists()


def _filed(user: User, entry: Entry) -> bool:
    """Whether ``user`` entered him, in person or by a list, or wrote down what is on file about him."""
    by_list = Q(batch__uploaded_by=user) | Q(batch__committed_by=user)
    if Entry.objects.filter(by_list, pk=entry.pk).exists():
        return True
    rows = Record.objects.filter(subject=subject_of(entry), actor=user, code__in=FILED)
    return rows.exists()
