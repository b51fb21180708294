"""Files given out again, for a purpose that stands on record."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from intake.imports import check_purpose, may_handle, not_for_them
from intake.models import ImportBatch
from organizations.roles import Role
from organizations.scoping import holds_role
from workflow import attachments
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of
from workflow.vault import VaultError

if TYPE_CHECKING:
    from organizations.models import User
    from workflow.models import Attachment

#: Who hands files in, and takes them again while nothing says more closely what they are about.
HANDING_IN = frozenset({Role.HANDLER, Role.NOMINATOR, Role.ACADEMY_MANAGER})

logger = logging.getLogger(__name__)


def may_take(actor: User, attachment: Attachment) -> bool:
    """Whether this account takes the file as it is, unmasked: who works on what was read from it."""
    batches = ImportBatch.objects.filter(attachment=attachment).select_related("organization")
    handled = [may_handle(actor, batch) for batch in batches]
    return any(handled) or (
        not handled and holds_role(actor, HANDING_IN, attachment.organization.path)
    )


def hand_out(attachment: Attachment, *, reader: User, reason: str) -> bytes:
    """The bytes of a file for someone who works on it, for a purpose that stands on record."""
    if not may_take(reader, attachment):
        raise not_for_them()
    check_purpose(reason)
    with transaction.atomic():
        record_event(
            Record.Kind.EXPORT,
            subject_of(attachment),
            "下载附件",
            actor=reader,
            organization=attachment.organization,
            note=reason.strip(),
            after={"filename": attachment.filename, "sha256": attachment.sha256},
        )
        try:
            return attachments.content_of(attachment)
        except (FileNotFoundError, VaultError) as error:
            logger.exception("attachment %s cannot be read", attachment.pk)
            message = "原件在存储中缺失或已损坏，请联系系统管理员从备份恢复"
            raise DomainError("file-damaged", message) from error
