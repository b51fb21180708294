"""Files given out again, with every finding on its cell or as they came, for a purpose on record."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from intake.documents import annotated
from intake.permissions import check_purpose, may_take, may_take_annotated
from intake.workflow import ANNOTATED_TAKEN, ORIGINAL_TAKEN
from workflow.records import record_event, subject_of
from workflow.refusals import DomainError
from workflow.storage import attachments
from workflow.storage.vault import VaultError

if TYPE_CHECKING:
    from intake.kinds.files import ImportFile
    from organizations.models import User
    from workflow.models import Attachment

logger = logging.getLogger(__name__)


def hand_out(attachment: Attachment, *, reader: User, reason: str) -> bytes:
    """The bytes of a file for someone who works on it, for a purpose that stands on record."""
    may_take.check(reader, attachment)
    check_purpose(reason)
    with transaction.atomic():
        record_event(
            ORIGINAL_TAKEN,
            subject_of(attachment),
            actor=reader,
            organization=attachment.organization,
            note=reason.strip(),
            after={"filename": attachment.filename, "sha256": attachment.sha256},
        )
        return content_of(attachment)


def hand_out_annotated(file: ImportFile, *, reader: User, reason: str) -> bytes:
    """The annotated original for a person: as full of personal data as the file, so on record."""
    batch = file.batch
    may_take_annotated.check(reader, batch)
    check_purpose(reason)
    marked = annotated(file, content_of(batch.attachment))
    record_event(
        ANNOTATED_TAKEN,
        subject_of(batch),
        actor=reader,
        organization=batch.organization,
        note=reason.strip(),
        after={
            "file": batch.attachment.filename,
            "digest": batch.digest,
            "rows": batch.row_count,
        },
    )
    return marked


def content_of(attachment: Attachment) -> bytes:
    """The file's bytes; what the disk lost or altered is refused in words."""
    try:
        return attachments.content_of(attachment)
    except (OSError, VaultError) as error:
        logger.exception("attachment %s cannot be read", attachment.pk)
        message = "原件在存储中缺失或已损坏，请联系系统管理员从备份恢复"
        raise DomainError("file-damaged", message) from error
