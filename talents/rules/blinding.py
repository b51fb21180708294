"""What an expert is shown of a candidate: one projection with nothing that says who it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.models import Organization
from organizations.scoping import steps_to
from talents.facts.service import service_of
from talents.models.reviews import FORCES
from talents.models.studios import Studio

if TYPE_CHECKING:
    from talents.models import Nomination, Review

#: What stands in a blind paper in place of a name.
BLANK = "某某"
SHORTEST_NAME, CODE_DIGITS = 2, 8
#: Ends of names of bodies that people leave out when they write of them.
REGION = re.compile(r"(自治州|地区|街道|区|市|县|镇|乡)$")
ENDS = re.compile(
    r"(职工创新工作室|创新工作室|工作室|有限责任公司|股份有限公司|有限公司|集团公司|公司|集团|总工会|工会)$"
)


@dataclass(frozen=True, slots=True)
class BlindPaper:
    """All that an expert sees of a candidate: nothing in it says who, where or for whom they work."""

    code: str
    occupation: str
    skill_level: str
    frontline_months: int | None
    patents: int | None
    apprentices: int | None
    honours: str
    forces: tuple[tuple[str, str], ...]


def blind_code(review: Review) -> str:
    """What the candidate is called before experts: the same for all of them, nothing to be read in it."""
    seed = review.draw.sha256 if review.draw_id and review.draw else ""
    digest = hashlib.sha256(f"{seed}:{review.nomination_id}".encode()).hexdigest()
    return f"人选{int(digest[:16], 16) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def blind_paper(review: Review) -> BlindPaper:
    """The one projection that the pages of experts are made from."""
    nomination = review.nomination
    blanked = Redaction.of(nomination)
    service = service_of(nomination, nomination.round.reference_day)
    return BlindPaper(
        code=blind_code(review),
        occupation=nomination.occupation,
        skill_level=nomination.get_skill_level_display(),
        frontline_months=service.total,
        patents=nomination.patents_count,
        apprentices=nomination.apprentices_count,
        honours=blanked(nomination.honours_text),
        forces=tuple(
            (label, blanked(getattr(nomination, f"force_{force}").removeprefix(f"{label}：")))
            for force, label in FORCES.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class Redaction:
    """Names that would give a candidate away, taken out of words whoever wrote them there."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, nomination: Nomination) -> Redaction:
        """The person, the unit and all above it, employers and studios; also in their short forms.

        Regions are taken out as people write them, 海淀 for 海淀区, below whoever holds the round:
        what lies above is the same for all candidates.
        """
        person = nomination.person
        above = steps_to(nomination.unit.path)
        bodies = dict(Organization.objects.filter(path__in=above).values_list("path", "name"))
        employers = nomination.employments.values_list("employer", flat=True)
        own = Studio.objects.filter(Q(leader=person) | Q(members__person=person))
        studios = own.values_list("name", flat=True)
        full = {person.name, *bodies.values(), *employers, *studios}
        short = {ENDS.sub("", name.replace("（示例）", "")) for name in full}
        outside = set(steps_to(nomination.round.organizer.path))
        below = [ENDS.sub("", name) for path, name in bodies.items() if path not in outside]
        regions = {REGION.sub("", name) for name in below if REGION.search(name)}
        names = {name for name in full | short | regions if len(name) >= SHORTEST_NAME}
        return cls(tuple(sorted(names, key=lambda name: (-len(name), name))))

    def __call__(self, text: str) -> str:
        for name in self.names:
            text = text.replace(name, BLANK)
        return text
