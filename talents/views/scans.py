"""A kept scan as an answer: a stamped paper, evidence, a signed agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.views.papers import file_answer
from talents.services.scans import MEDIA_TYPES
from workflow.storage.attachments import content_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from workflow.models import Attachment


def scan_answer(scan: Attachment) -> HttpResponse:
    """The file, to be saved; nothing of it is opened by the house."""
    return file_answer(content_of(scan), scan.filename, MEDIA_TYPES[scan.kind], is_saved=True)
