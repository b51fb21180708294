"""A paper against what is on file: the code at its foot leads to the row, and says whether it is as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from pages.documents.reprinting import papers_now, printed_row
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.texts.folding import fold_code
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from organizations.models import User

#: ``推荐420 E43038734693`` (``pages.documents.paper``), as people copy it off the sheet.
CODE = re.compile(r"(?:核对码)?(?P<kind>[一-鿿]+)(?P<key>\d{1,18}?)(?P<digest>[0-9A-F]{12})")


@dataclass(frozen=True, slots=True)
class Meant:
    """The row that a code names, its page, and the code as it is printed."""

    row: Model
    href: str
    code: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row and the paper with the code: its ``title`` if the row still prints so, and when it left the house.

    ``hindrance``: why it could not be held against what is printed now, in a sentence; "" if it could.
    """

    meant: Meant
    title: str
    hindrance: str
    printings: QuerySet[Record]


def paper_meant(user: User, typed: str) -> Meant | None:
    """What the paper with this code is about; None where there is none that ``user`` may see."""
    said = CODE.fullmatch(fold_code(typed).upper())
    if said is None or (key := natural(said["key"])) is None:
        return None
    row = printed_row(user, said["kind"], key)
    if row is None:
        return None
    desk: Any = admin.site.get_model_admin(type(row))
    return Meant(row, desk.page_of(row, user), f"{said['kind']}{key} {said['digest']}")


def checked(user: User, typed: str) -> Checked | None:
    """The paper with this code as far as it can be told from what is on file now."""
    meant = paper_meant(user, typed)
    if meant is None:
        return None
    printings = (
        Record.objects.visible_to(user)
        .filter(subject=subject_of(meant.row), kind=Record.Kind.EXPORT, after__paper=meant.code)
        .select_related("actor", "organization")
    )
    papers = papers_now(user, meant.row)
    titles = (paper.title for paper in papers if paper.code == meant.code)
    try:
        return Checked(meant, next(titles, ""), "", printings)
    except DomainError as refusal:
        # what there is now is not printed, so nothing is held against it
        return Checked(meant, "", refusal.message, printings)
