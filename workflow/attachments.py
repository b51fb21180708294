"""Keeping files: encrypted, by content, under no name that a person chose."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from workflow import vault
from workflow.models import Attachment

if TYPE_CHECKING:
    from organizations.models import Organization, User

LONGEST_NAME = 200


def store(
    content: bytes,
    *,
    filename: str,
    kind: str,
    organization: Organization | None,
    uploaded_by: User,
) -> Attachment:
    """Keep ``content`` and say so in a row; the same bytes are kept once."""
    keep(content)
    return register(
        content, filename=filename, kind=kind, organization=organization, uploaded_by=uploaded_by
    )


def keep(content: bytes) -> None:
    """Put the bytes away, encrypted; a file that is there already is left alone."""
    path = _place(hashlib.sha256(content).hexdigest())
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(vault.encrypt(content))
    Path(temporary).replace(path)


def register(
    content: bytes,
    *,
    filename: str,
    kind: str,
    organization: Organization | None,
    uploaded_by: User,
) -> Attachment:
    """The row alone; the caller sees to it that ``keep`` follows in the same transaction."""
    name = "".join(c for c in Path(filename).name if c.isprintable())[-LONGEST_NAME:] or "未命名"
    return Attachment.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        filename=name,
        kind=kind,
        organization=organization,
        uploaded_by=uploaded_by,
    )


def content_of(attachment: Attachment) -> bytes:
    """The file's bytes, decrypted and checked against the digest in the row."""
    content = vault.decrypt(_place(attachment.sha256).read_bytes())
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        message = "附件内容与登记的摘要不符"
        raise vault.VaultError(message)
    return content


def _place(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256
