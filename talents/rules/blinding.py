"""What an expert is shown of a candidate: one projection with nothing that says who it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from organizations.models import Organization
from organizations.scoping import steps_to
from talents.facts.service import service_of
from talents.models import Mentorship
from talents.models.reviews import FORCES
from talents.models.studios import Studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from talents.models import Nomination, Person, Review

#: What stands in a blind paper in place of a name.
BLANK = "某某"
SHORTEST_NAME, CODE_DIGITS = 2, 8
#: Ends of names of bodies that people leave out when they write of them.
ENDS = re.compile(
    r"(职工创新工作室|创新工作室|工作室|有限责任公司|股份有限公司|有限公司|集团公司|公司|集团|总工会|工会)$"
)
#: What a name of a company ends with once its legal form is cut: people leave these out, too.
FORMS = re.compile(r"(控股|股份|集团|实业|总厂|总公司|公司)$")
#: What follows the first characters of a company's name where people shorten the rest of it.
OF_COMPANY = r"[一-鿿]{0,6}?(?:控股|股份|集团|公司|总厂)(?:有限)?(?:责任)?(?:公司)?"
BRAND = 2
#: How colleagues call somebody by the surname.
CALLED = ("师傅", "师父", "大师", "班长", "工长", "总工", "工")
FAMILIAR = ("老", "小")
REMARK = re.compile(r"[（(][^（）()]*[）)]")
#: A zone is called by its whole name: what is left without 区 is a word of every trade, such as 开发.
ZONE = re.compile(r"(开发区|高新区|新区|园区|示范区|保税区|试验区)$")
REGION = re.compile(r"[一-鿿]{2,}?(?:自治区|自治州|地区|街道|省|市|区|县|旗|镇|乡)")
REGION_END = re.compile(r"(?:自治区|自治州|地区|街道|省|市|区|县|旗|镇|乡)$")
#: Telephone, identity, patent and document numbers can be looked up, and so can an address of mail; a
#: day written in eight digits and a sum of money tell nobody's name.
TELLING = re.compile(
    r"[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+"
    r"|(?:工号|员工号|职工号|员工编号|微信号|微信|QQ号|QQ|VX)\s*[:：为是]?\s*[0-9A-Za-z][0-9A-Za-z_-]{2,}"
    r"|(?<!\d)(?:0\d{2,3}[ -]\d{7,8}|1\d{2}[ -]\d{4}[ -]\d{4})(?!\d)"
    r"|(?<!\d)(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
    r"\d{8,}(?:\.\d|[Xx])?(?![\d,.]*\s*元)"
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

    names: re.Pattern[str]
    companies: re.Pattern[str] | None = None

    @classmethod
    def of(cls, nomination: Nomination) -> Redaction:
        """The person, the unit and all above it, employers, studios, master and apprentices, certificates.

        Names of bodies also go in their short forms, without a region before them and without 控股 or 集团
        after them, 京城机电 for 北京京城机电控股有限责任公司, people as 赵师傅 and 老赵, and regions as people write them, 海淀 for 海淀区 or
        北京市海淀区, below whoever holds the round: what lies above is the same for all candidates.
        """
        person = nomination.person
        outside = set(steps_to(nomination.round.organizer.path))
        above = {*steps_to(nomination.unit.path), *steps_to(person.organization.path), *outside}
        bodies = dict(Organization.objects.filter(path__in=above).values_list("path", "name"))
        common = {part for path in outside for part in _regions(bodies.get(path, ""))}
        own = {name for path, name in bodies.items() if path not in outside}
        forms = {
            form
            for name in own | set(_told_of(person))
            for form in (name, REMARK.sub("", name), _short(name), *_regions(name))
            if len(form) >= SHORTEST_NAME
        }
        cores = {core for name in own for core in _cores(name, common)}
        names = {person.name, *_called(person.name), *forms - common, *cores - common}
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        brands = sorted({core[:BRAND] for core in cores if len(core) > BRAND})
        companies = re.compile(f"(?:{'|'.join(brands)}){OF_COMPANY}") if brands else None
        return cls(re.compile("|".join(map(_spaced, longest_first)), re.IGNORECASE), companies)

    def __call__(self, text: str) -> str:
        text = self.names.sub(BLANK, text)
        if self.companies is not None:
            text = self.companies.sub(BLANK, text)
        return TELLING.sub(BLANK, text)


def _told_of(person: Person) -> QuerySet[Any, str]:
    """Names beside the unit by which somebody is known, asked for at once."""
    pairs = Mentorship.objects.filter(Q(master=person) | Q(apprentice=person))
    studios = Studio.objects.filter(Q(leader=person) | Q(members__person=person))
    return (
        person.employments.order_by()
        .values_list("employer", flat=True)
        .union(
            studios.order_by().values_list("name", flat=True),
            pairs.order_by().values_list("master__name", flat=True),
            pairs.order_by().values_list("apprentice__name", flat=True),
            person.honours.order_by().values_list("certificate_number", flat=True),
        )
    )


def _short(name: str) -> str:
    """A name of a body as people write it: without a remark in brackets, without its end."""
    return ENDS.sub("", REMARK.sub("", name))


def _cores(name: str, common: set[str]) -> Iterator[str]:
    """What is left of a company's name as its legal form, its kind and the region before it are cut.

    Nothing of a name that is a region's or a zone's own: what is left of those is a word of every trade.
    """
    short = _short(name)
    if short == REMARK.sub("", name) and not FORMS.search(short):
        return
    if ZONE.search(short) or (REGION.search(short) and not REGION.sub("", short)):
        return
    regions = sorted((part for part in common if len(part) >= SHORTEST_NAME), key=len, reverse=True)
    for region in regions:
        if short.startswith(region) and len(short) - len(region) >= SHORTEST_NAME:
            short = short.removeprefix(region)
            break
    if len(short) >= SHORTEST_NAME:
        yield short
    while FORMS.search(short) and len(FORMS.sub("", short)) >= SHORTEST_NAME:
        short = FORMS.sub("", short)
        yield short


def _called(name: str) -> Iterator[str]:
    """赵师傅, 赵工 and 老赵 of 赵焊花."""
    surname = name[:1]
    yield from (f"{surname}{title}" for title in CALLED)
    yield from (f"{familiar}{surname}" for familiar in FAMILIAR)


def _regions(name: str) -> Iterator[str]:
    """北京市, 北京, 海淀区 and 海淀 of 北京市海淀区总工会; nothing where the name is more than regions."""
    short = _short(name)
    if ZONE.search(short) or not REGION.search(short) or REGION.sub("", short):
        return
    for found in REGION.findall(short):
        bare = REGION_END.sub("", found)
        yield from (part for part in (found, bare) if len(part) >= SHORTEST_NAME)


def _spaced(name: str) -> str:
    """The name, whatever blanks somebody typed between its characters."""
    return r"\s*".join(map(re.escape, re.sub(r"\s", "", name)))
