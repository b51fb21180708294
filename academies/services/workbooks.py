"""A training workbook handed in: both sheets staged for one preview, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from academies.imports import CLASSES, ROSTER
from academies.imports.pairs import Workbook
from academies.imports.subjects import KEEPERS, check_keeper, check_year, subject_for
from intake import imports
from organizations.scoping import holds_role

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import User


def upload_of(
    content: bytes, filename: str, *, academy: Academy, year: int, actor: User
) -> imports.Upload:
    """A file handed in for an academy's year, if this actor may and the year can be taught in.

    It belongs to the academy's body, or to the union where that one answers from elsewhere in the tree.
    """
    check_keeper(academy, actor)
    check_year(academy, year)
    is_ours = holds_role(actor, KEEPERS, academy.organization.path)
    return imports.Upload(
        content=content,
        filename=filename,
        subject=subject_for(academy, year),
        organization=academy.organization if is_ours else academy.supervising_union,
        actor=actor,
    )


@transaction.atomic
def receive_workbook(upload: imports.Upload) -> Workbook:
    """Stage both sheets for their preview, or neither; a big roster is staged by a job."""
    classes, roster = imports.receive_sheets(upload, [CLASSES, ROSTER])
    return Workbook(classes.batch, roster.batch, is_new=roster.is_new)


@transaction.atomic
def receive_whole_workbook(upload: imports.Upload, *, keep: bool = True) -> Workbook:
    """Stage both sheets here and now, whatever their size (commands)."""
    classes, roster = imports.receive_whole_sheets(upload, [CLASSES, ROSTER], keep=keep)
    return Workbook(classes.batch, roster.batch, is_new=roster.is_new)
