"""How a title is taken back: one proposes it for a reason, another decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from talents.models import Honour
from talents.permissions.honours import (
    DOUBT,
    REVOKE,
    UPHOLD,
    may_doubt,
    may_revoke,
    may_uphold,
)
from talents.services.entitlements import follow_up_revocation
from workflow.notices import tell
from workflow.records import subject_of
from workflow.refusals import check_reason

if TYPE_CHECKING:
    from django.db.models import Q


@transaction.atomic
def doubt_honour(honour_id: int, *, actor: User, note: str) -> Honour:
    """Propose that the title be taken back; until somebody else decides it stands and counts."""
    honour = _locked(honour_id, actor)
    may_doubt.check(actor, honour)
    check_reason(note, "撤销称号")
    DOUBT.apply(
        honour,
        organization=honour.organization,
        actor=actor,
        note=note,
        reason=note.strip(),
        doubted_by=actor,
    )
    approvers = accounts_that_serve([Role.APPROVER], honour.organization.path)
    _tell(honour, approvers, f"称号撤销待复核：{honour.person}", note, actor)
    return honour


@transaction.atomic
def uphold_honour(honour_id: int, *, actor: User, note: str = "") -> Honour:
    """Drop the proposal: the title stands as before."""
    honour = _locked(honour_id, actor)
    may_uphold.check(actor, honour)
    UPHOLD.apply(
        honour,
        organization=honour.organization,
        actor=actor,
        note=note,
        reason="",
        doubted_by=None,
    )
    return honour


@transaction.atomic
def revoke_honour(honour_id: int, *, actor: User, note: str = "") -> Honour:
    """Take the title back from today on; it stays in the register and is counted no more."""
    honour = _locked(honour_id, actor)
    may_revoke.check(actor, honour)
    REVOKE.apply(
        honour,
        organization=honour.organization,
        actor=actor,
        note=note,
        revoked_on=timezone.localdate(),
        revoked_by=actor,
    )
    keepers = accounts_that_serve({*STAFF, Role.NOMINATOR}, honour.person.organization.path)
    words = f"{honour.reason}。请收回证书 {honour.certificate_number}，停止相应待遇。"
    _tell(honour, keepers, f"称号已撤销：{honour.person} {honour.title}", words, actor)
    follow_up_revocation(honour, actor=actor)
    return honour


def _locked(honour_id: int, actor: User) -> Honour:
    rows = Honour.objects.visible_to(actor).select_related("organization", "person__organization")
    return rows.select_for_update(of=("self",)).get(pk=honour_id)


def _tell(honour: Honour, recipients: Q, title: str, body: str, actor: User) -> None:
    tell(
        User.objects.filter(recipients).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(honour),
        href=reverse("talents:honour", args=[honour.pk]),
        body=body,
    )
