"""Looking at originals: how each one's pictures look is kept beside it, once for each way of looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from intake.pictures.reader import prints_of
from organizations.models import Organization, User
from subsidies.models import Evidence, EvidencePrint
from subsidies.models.prints import METHOD
from talents.services.scans import MEDIA_TYPES
from workflow.jobs import enqueue, is_under_way
from workflow.refusals import DomainError
from workflow.storage import attachments, vault

if TYPE_CHECKING:
    from django.db.models import QuerySet

LOOK = "subsidies.look-at-originals"
LABEL = "比对凭证图像"
SUBJECT = "subsidies.evidence:0"


def seen(content: bytes) -> list[str] | None:
    """The prints of a file that is being uploaded; None where there is no time for it, or no sight."""
    try:
        return prints_of(content)
    except DomainError:
        return None


def keep_prints(evidence: Evidence, prints: list[str]) -> None:
    """Put them beside the original; done already, by whoever else looks at it, nothing is added."""
    rows = [EvidencePrint(evidence=evidence, position=n, bits=p) for n, p in enumerate(prints, 1)]
    EvidencePrint.objects.bulk_create(
        rows or [EvidencePrint(evidence=evidence, position=0)], ignore_conflicts=True
    )


def not_looked_at() -> QuerySet[Evidence]:
    """Originals of which nothing is known in today's way of looking."""
    known = EvidencePrint.objects.filter(evidence=OuterRef("pk"), method=METHOD)
    return Evidence.objects.filter(~Exists(known)).select_related("attachment").order_by("pk")


def look_at(evidence: Evidence) -> list[str]:
    """The prints of an original that is kept; none where it shows no picture or cannot be read."""
    if evidence.attachment.kind not in MEDIA_TYPES:
        return []
    try:
        return prints_of(attachments.content_of(evidence.attachment))
    except DomainError as refusal:
        if refusal.code == "readers-busy":
            raise
        return []
    except (
        OSError,
        vault.VaultError,
    ):  # what is missing or damaged, the nightly check of files says
        return []


@transaction.atomic
def ask_to_look() -> None:
    """Have what nobody looked at yet looked at in the background, unless that is under way."""
    if not not_looked_at().exists() or is_under_way(LOOK, SUBJECT):
        return
    body = Organization.objects.order_by("path").first()
    enqueue(LOOK, SUBJECT, label=LABEL, requested_by=User.objects.system(), organization=body)
