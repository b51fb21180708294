"""The papers of nominations within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talents.models import Paper
from talents.permissions.evidence import may_attach
from talents.rules.papers import missing_papers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import Nomination


def evidence_in_scope(user: User) -> QuerySet[Paper]:
    """With whose they are, where they were recommended and in which file."""
    rows = Paper.objects.visible_to(user)
    return rows.select_related(
        "nomination__person", "nomination__unit", "nomination__round", "file"
    )


def papers_of(nomination: Nomination, user: User) -> dict[str, Any]:
    """What the page of a nomination shows of its papers."""
    rows = evidence_in_scope(user).filter(nomination=nomination).order_by("kind", "pk")
    return {
        "rows": list(rows.select_related("uploaded_by")),
        "missing": missing_papers(nomination),
        "may_attach": may_attach.offer(user, nomination),
    }
