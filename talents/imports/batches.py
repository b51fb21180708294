"""Batches of nominations as pages show them: for which round, by whom, about whom.

What holds for every kind of import stands in ``intake.imports.overview``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from intake.imports import overview
from intake.models import ImportBatch, ImportFinding, ImportRow
from organizations.scoping import holds_role, memberships_of
from talents.imports import NOMINATIONS
from talents.models import Nomination, SelectionRound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User

FILED_SHOWN = 10


def round_of_batch(batch: ImportBatch, user: User) -> SelectionRound | None:
    """The round the batch is for, if this account may see it."""
    rows = SelectionRound.objects.visible_to(user).select_related("organizer")
    return rows.filter(pk=int(batch.subject.rpartition(":")[2])).first()


def bodies_that_import(user: User, selection: SelectionRound) -> list[Organization]:
    """For whom this account may hand in a workbook: the organizer itself, or its own bodies."""
    if holds_role(user, NOMINATIONS.roles, selection.organizer.path):
        return [selection.organizer]
    bodies: dict[str, Organization] = {
        m.organization.path: m.organization
        for m in memberships_of(user)
        if m.role in NOMINATIONS.roles and m.organization.path.startswith(selection.organizer.path)
    }
    return [
        bodies[path]
        for path in sorted(bodies)
        if not any(path != above and path.startswith(above) for above in bodies)
    ]


def findings_for_list(batch: ImportBatch, user: User) -> QuerySet[ImportFinding]:
    """The same with the name that stands in the row."""
    row = ImportRow.objects.visible_to(user).filter(batch=batch, line=OuterRef("line"))
    name = f"cells__{NOMINATIONS.place(NOMINATIONS.person_name)}"
    return overview.findings_of(batch, user).annotate(person_name=Subquery(row.values(name)[:1]))


def filed_from(batch: ImportBatch, user: User) -> QuerySet[Nomination]:
    """The first nominations that came of the batch."""
    rows = Nomination.objects.visible_to(user).filter(batch=batch).select_related("person", "unit")
    return rows.order_by("batch_line")[:FILED_SHOWN]
