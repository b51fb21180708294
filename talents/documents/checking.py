"""What is printed of a nomination, a person, a round and a public notice, so that a sheet can be held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF
from organizations.scoping import bodies_where
from pages.documents.reprinting import gives_papers
from talents.documents.dossiers import dossier_paper
from talents.documents.panels import minutes_of
from talents.documents.papers import (
    approval_of,
    consultation_of,
    notice_of,
    proposal_of,
    summary_of,
)
from talents.models import Nomination, Panel, Person, PublicNotice, SelectionRound
from talents.selectors.attainments import Sight
from talents.selectors.dossiers import DOSSIERS, dossier_of
from talents.selectors.nominations import nominations_in_scope, on_its_papers
from talents.selectors.outcomes import entries_for_staff
from talents.selectors.panels import decisions_of, members_of, panels_in_scope
from talents.selectors.passport import passports_in_scope
from talents.selectors.publicity import notices_in_scope
from talents.selectors.rounds import rounds_in_scope
from workflow.models import Record
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import Organization, User
    from pages.documents.paper import Paper

#: What is printed of all confirmed candidates of a round, by the word in the address.
OF_A_ROUND = {
    "summary": ("推荐人选汇总表", summary_of),
    "consultation": ("征求意见表", consultation_of),
    "proposal": ("推荐报告", proposal_of),
}


@gives_papers(Nomination, nominations_in_scope)
def of_a_nomination(user: User, row: Nomination) -> Iterator[Paper]:
    yield approval_of(row)


@gives_papers(Person, passports_in_scope)
def of_a_person(user: User, row: Person) -> Iterator[Paper]:
    """The dossiers, as far as ``user`` sees what stands in them."""
    for what in DOSSIERS:
        yield dossier_paper(dossier_of(what, row, Sight(user)))


@gives_papers(PublicNotice, notices_in_scope)
def of_a_notice(user: User, row: PublicNotice) -> Iterator[Paper]:
    yield notice_of(row, list(entries_for_staff(user, row)))


@gives_papers(Panel, panels_in_scope)
def of_a_panel(user: User, row: Panel) -> Iterator[Paper]:
    yield minutes_of(row, list(members_of(user, row)), list(decisions_of(user, row)))


@gives_papers(SelectionRound, rounds_in_scope)
def of_a_round(user: User, row: SelectionRound) -> Iterator[Paper]:
    """Those of every place that ``user`` serves at, or that is known to have printed some."""
    printings = Record.objects.visible_to(user).filter(
        subject=subject_of(row), kind=Record.Kind.EXPORT, after__has_key="paper"
    )
    at = {one.organization_id: one.organization for one in printings.select_related("organization")}
    at |= {place.pk: place for place in bodies_where(user, STAFF)}
    places: list[Organization] = [place for place in at.values() if place]
    for place in places:
        for what, (_, drawn_up) in OF_A_ROUND.items():
            yield drawn_up(row, place, list(on_its_papers(user, row, place, what)))
