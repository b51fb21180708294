"""A draft of what a unit may state of a candidate's five forces: one sentence for each row on file.

The draft is offered in the form for the unit to read and to change; nothing is written here. A sentence
names its row by what it is and when it came, and leaves out numbers of patents and certificates and names
of other persons: experts who review blindly read the statement, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from policies.wording import chinese_day
from talents.models import ActionEntry, Honour, Mentorship
from talents.models.reviews import FORCES
from talents.selectors.attainments import Attainment, Attainments, Speaks, attainments_of
from talents.selectors.evidenced import evidenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talents.models import Nomination, Person
    from talents.selectors.attainments import Sight

#: So many sentences make a statement, the newest.
MOST_SENTENCES = 8
PAIRED = (Mentorship.State.AGREED, Mentorship.State.FINISHED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is offered for one field: its column and label, the words, and the rows they were made from."""

    field: str
    label: str
    words: str
    rows: Sequence[Attainment]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the papers of a nomination say of one force, of which round, and where they are."""

    words: str
    round: str
    href: str


@dataclass(frozen=True, slots=True)
class Force:
    """One of the five, what on file speaks for it, newest first: of which kind, and the row; what a unit stated."""

    code: str
    title: str
    found: Sequence[tuple[str, Attainment]]
    stated: Statement | None = None


def rows_by_force(person: Person, sight: Sight, kinds: Sequence[Attainments]) -> list[Force]:
    """All five, also those that nothing speaks for yet; ``kinds`` are what else is on file."""
    told: dict[str, list[tuple[str, Attainment]]] = {force: [] for force in FORCES}
    own = (
        Attainments("称号", (), _honours(person, sight)),
        Attainments("师徒", (), _pairs(person, sight)),
    )
    for kind in (*own, *kinds):
        for row in kind.found:
            if row.speaks:
                told[row.speaks.force].append((kind.title, row))
    return [
        Force(
            force, FORCES[force], sorted(rows, key=lambda one: str(one[1].on or ""), reverse=True)
        )
        for force, rows in told.items()
    ]


def with_statements(
    forces: Sequence[Force], nominations: Iterable[Nomination], sight: Sight
) -> list[Force]:
    """The same, each with what the newest of these nominations states of it."""
    papers = list(nominations)
    return [replace(force, stated=_stated(force.code, papers, sight)) for force in forces]


def _stated(code: str, papers: Sequence[Nomination], sight: Sight) -> Statement | None:
    for row in papers:
        if words := getattr(row, f"force_{code}").strip():
            return Statement(words, row.round.name, sight.href("talents:nomination", row.pk))
    return None


def drafts_of(person: Person, sight: Sight) -> list[Draft]:
    """A statement for each force that something on file speaks for, as far as it may be seen."""
    kinds = [*evidenced(person, sight), *attainments_of(person, sight)]
    return [_draft(force) for force in rows_by_force(person, sight, kinds) if force.found]


def standing_of(person: Person, sight: Sight) -> dict[str, str]:
    """Honours, patents and apprentices as the form asks for them; what is not on file is left open."""
    titles = [row.title for row in _honours(person, sight)]
    ours = Q(person=person) | Q(partners__person=person)
    patents = (
        sight.rows(ActionEntry)
        .filter(ours, kind=ActionEntry.Kind.PATENT, withdrawn_on__isnull=True)
        .distinct()
        .count()
    )
    pairs = sight.rows(Mentorship).filter(master=person, state__in=PAIRED)
    apprentices = pairs.values("apprentice").distinct().count()
    found = {
        "honours_text": "；".join(titles),
        "patents_count": patents,
        "apprentices_count": apprentices,
    }
    return {field: str(value) for field, value in found.items() if value}


def _draft(force: Force) -> Draft:
    chosen = [row for _, row in force.found[:MOST_SENTENCES]]
    words = "".join(f"{row.speaks.sentence}。" for row in chosen if row.speaks)
    return Draft(f"force_{force.code}", force.title, words, chosen)


def _honours(person: Person, sight: Sight) -> list[Attainment]:
    """Titles that are held; medals of contests are told by the contests."""
    rows = sight.rows(Honour).filter(person=person, occasion="")
    return [
        Attainment(
            f"{row.year}年度{row.title}",
            row.named_on,
            (),
            sight.href("talents:honour", row.pk)
            or reverse("talents:certificate", args=[row.certificate_number]),
            speaks=Speaks("leading", f"{row.year}年度获“{row.title}”称号"),
        )
        for row in rows.exclude(state=Honour.State.REVOKED).order_by("-named_on")
    ]


def _each_apprentice_once(rows: Iterable[Mentorship]) -> list[Mentorship]:
    """Where the same two were joined again, the agreement that came to its end, else the newest."""
    best: dict[int, Mentorship] = {}
    for row in rows:
        known = best.get(row.apprentice_id)
        if known is None or (row.closed_on is not None and known.closed_on is None):
            best[row.apprentice_id] = row
    return list(best.values())


def _pairs(person: Person, sight: Sight) -> list[Attainment]:
    rows = sight.rows(Mentorship).filter(master=person, state__in=PAIRED)
    found = []
    for row in _each_apprentice_once(rows.order_by("-starts_on")):
        what = f"{chinese_day(row.starts_on)}起按师徒协议带徒1名（{row.trade}）"
        if row.state == Mentorship.State.FINISHED and row.closed_on:
            what += f"，{chinese_day(row.closed_on)}出师"
            what += f"，徒弟达到{row.get_level_after_display()}" if row.level_after else ""
        title = f"师徒协议（{row.trade}）"
        href = sight.href("talents:pair", row.pk) or reverse("talents:own-pair", args=[row.pk])
        found.append(Attainment(title, row.starts_on, (), href, speaks=Speaks("passing", what)))
    return found
