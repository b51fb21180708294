"""Confirming, on the record, what was chosen where the text is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from policies.library.defaults import CONFIRMED
from policies.library.editions import policy_by_digest
from policies.models import DefaultConfirmation, EditionDefault
from policies.permissions import may_confirm
from policies.rules.homes import answering_body
from policies.wording.statements import default_words
from workflow.records import record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User

TWICE = DomainError("default-confirmed-already", "该默认已由他人确认，请刷新页面查看依据")


class Basis(NamedTuple):
    """What a confirmation rests on."""

    document_number: str
    decided_on: date
    note: str = ""


def confirm_default(pk: int, basis: Basis, *, actor: User) -> DefaultConfirmation:
    """Enter that a default is meant as it stands, by a document; of two at once one gets through."""
    with refusing({"policies_defaultconfirmation_digest_key": TWICE}), transaction.atomic():
        default = EditionDefault.objects.visible_to(actor).select_related("edition").get(pk=pk)
        may_confirm.check(actor, default.edition)
        if basis.decided_on > timezone.localdate():
            raise DomainError("document-not-issued", "文件日期不能晚于今日")
        if DefaultConfirmation.objects.filter(digest=default.digest).exists():
            raise TWICE
        confirmation = DefaultConfirmation.objects.create(
            default=default, digest=default.digest, confirmed_by=actor, **basis._asdict()
        )
        record_event(
            CONFIRMED,
            subject_of(default),
            actor=actor,
            organization=answering_body(default.edition),
            after={
                "edition": str(default.edition),
                "value": default_words(policy_by_digest(default.edition.digest), default),
                "document_number": basis.document_number,
                "decided_on": basis.decided_on,
            },
            note=basis.note,
        )
    return confirmation
