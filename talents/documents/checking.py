"""A paper against what is on file: the code at its foot leads to the row, and says whether it is as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from organizations.roles import STAFF
from organizations.scoping import bodies_where
from talents.documents.papers import (
    approval_of,
    consultation_of,
    notice_of,
    proposal_of,
    summary_of,
)
from talents.models import Nomination, PublicNotice, SelectionRound
from talents.selectors.nominations import confirmed_under, nominations_in_scope
from talents.selectors.publicity import entries_for_staff, notices_in_scope
from talents.selectors.rounds import rounds_in_scope
from workflow.models import Record
from workflow.records import subject_of
from workflow.texts.folding import fold_code
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

    from organizations.models import Organization, User
    from pages.documents.paper import Paper

#: What is printed of all confirmed candidates of a round, by the word in the address.
OF_A_ROUND = {
    "summary": ("推荐人选汇总表", summary_of),
    "consultation": ("征求意见表", consultation_of),
    "proposal": ("推荐报告", proposal_of),
}
#: ``推荐420 E43038734693``, with or without blanks, as people copy it off the sheet.
CODE = re.compile(r"(?:核对码)?(?P<kind>[一-鿿]+)(?P<key>\d{1,18}?)(?P<digest>[0-9A-F]{12})")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a code leads to: the row and its page; ``paper`` is the title if the row still prints so."""

    row: Model
    href: str
    paper: str
    printings: QuerySet[Record]


def checked(user: User, typed: str) -> Checked | None:
    """The row that a code names, if ``user`` may see it."""
    code = CODE.fullmatch(fold_code(typed))
    if code is None:
        return None
    row, href = _meant(user, code["kind"], natural(code["key"]))
    if row is None:
        return None
    label = f"{row._meta.verbose_name}{row.pk} {code['digest']}"
    printings = (
        Record.objects.visible_to(user)
        .filter(subject=subject_of(row), kind=Record.Kind.EXPORT, after__paper=label)
        .select_related("actor", "organization")
    )
    titles = (title for title, paper in _papers_of(user, row, printings) if paper.code == label)
    return Checked(row, href, next(titles, ""), printings)


def _meant(user: User, kind: str, key: int | None) -> tuple[Any, str]:
    doors = {
        model._meta.verbose_name: (rows, address, field)
        for model, rows, address, field in (
            (Nomination, nominations_in_scope, "talents:nomination", "pk"),
            (SelectionRound, rounds_in_scope, "talents:round", "code"),
            (PublicNotice, notices_in_scope, "talents:notice", "pk"),
        )
    }
    if kind not in doors or key is None:
        return None, ""
    rows, address, field = doors[kind]
    row: Any = rows(user).filter(pk=key).first()
    return row, reverse(address, args=[getattr(row, field)]) if row else ""


def _papers_of(user: User, row: Any, printings: QuerySet[Record]) -> Iterator[tuple[str, Paper]]:
    """Every paper that the row gives at this moment, those of a round for each place that it is printed at."""
    if isinstance(row, Nomination):
        yield "推荐审批表", approval_of(row)
    elif isinstance(row, PublicNotice):
        yield "公示稿", notice_of(row, list(entries_for_staff(user, row)))
    else:
        at = {record.organization_id: record.organization for record in printings}
        at |= {place.pk: place for place in bodies_where(user, STAFF)}
        places: list[Organization] = [place for place in at.values() if place]
        for place in places:
            chosen = list(confirmed_under(user, row, place))
            for title, drawn_up in OF_A_ROUND.values():
                yield title, drawn_up(row, place, chosen)
