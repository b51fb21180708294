"""Stamped papers as scans: what they are by content, how large, and where they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.models import Attachment
from workflow.refusals import DomainError
from workflow.storage import attachments

if TYPE_CHECKING:
    from organizations.models import Organization, User

MOST_BYTES = 5 * 1024 * 1024
#: How files of the kinds taken begin; nothing inside them is read or shown by the house.
BEGINNINGS = {
    b"%PDF-": Attachment.Kind.PDF,
    b"\xff\xd8\xff": Attachment.Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Attachment.Kind.PNG,
}
MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
ACCEPTED = ".pdf,.jpg,.jpeg,.png"


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it was sent: its bytes, and the name somebody gave it."""

    content: bytes
    filename: str


def check_scan(scan: Scan) -> str:
    """Which kind of attachment it is; refused unless it is a PDF or a picture of at most 5 MB."""
    if not scan.content or len(scan.content) > MOST_BYTES:
        raise DomainError("scan-size", "扫描件应不为空、不超过5 MB，请压缩或重新扫描后上传")
    kind = next((k for head, k in BEGINNINGS.items() if scan.content.startswith(head)), None)
    if kind is None:
        raise DomainError("scan-kind", "扫描件应是PDF、JPG或PNG文件，请另存后上传")
    return kind


def keep_scan(scan: Scan, *, organization: Organization, actor: User) -> Attachment:
    """Keep it, encrypted, if it is a PDF or a picture of at most 5 MB by its content."""
    kind = check_scan(scan)
    row = attachments.register(
        scan.content,
        filename=scan.filename,
        kind=kind,
        organization=organization,
        uploaded_by=actor,
    )
    attachments.keep(scan.content)
    return row
