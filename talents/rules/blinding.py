"""What an expert is shown of a candidate: one projection with nothing that says who it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Value
from django.utils import timezone

from organizations.models import Organization
from organizations.scoping import steps_to
from talents.facts.service import service_of
from talents.models import Employment, Honour, Masking, Mentorship, Studio
from talents.models.reviews import FORCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from talents.models import Nomination, Review

#: What stands in a blind paper in place of a name.
BLANK = "某某"
#: What stands for each letter that is masked while the rest is searched.
FILLER = "某"
HONOURS = "获得荣誉"
#: Why words are masked, as it is told to who hands papers out.
PERSON, UNIT, UNIT_IN_SHORT = "人选的姓名或称呼", "所在单位或上级组织", "所在单位的简称"
REGION_OR_BODY, EMPLOYER, STUDIO = "所在地区", "曾任职单位", "所在工作室"
PAIR, CERTIFICATE, NUMBER = "师傅或徒弟", "证书编号", "可查到人的号码、账号"
BY_STAFF = "人工遮盖"
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
    #: Since when more is masked than as it was handed out.
    changed_on: date | None = None


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
    written = statements_of(nomination)
    return BlindPaper(
        code=blind_code(review),
        occupation=nomination.occupation,
        skill_level=nomination.get_skill_level_display(),
        frontline_months=service.total,
        patents=nomination.patents_count,
        apprentices=nomination.apprentices_count,
        honours=blanked(written[HONOURS]),
        forces=tuple((label, blanked(written[label])) for label in FORCES.values()),
        changed_on=blanked.changed_on,
    )


def statements_of(nomination: Nomination) -> dict[str, str]:
    """What a candidate writes in words and experts read, by label, in the order of the paper."""
    forces = {
        label: getattr(nomination, f"force_{force}").removeprefix(f"{label}：")
        for force, label in FORCES.items()
    }
    return {HONOURS: nomination.honours_text} | forces


class Passage(NamedTuple):
    """Some words of a statement; with why experts do not read them, or nothing."""

    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Names that would give a candidate away, taken out of words whoever wrote them there."""

    names: re.Pattern[str]
    #: Why each of them is, by the name as ``_key`` has it.
    reasons: Mapping[str, str]
    #: The person's and the unit's own name: no decision shows them.
    identity: re.Pattern[str]
    companies: re.Pattern[str] | None = None
    #: Names of bodies in whose short forms somebody may be told of, for what looks like one.
    bodies: tuple[str, ...] = ()
    common: frozenset[str] = frozenset()
    #: What staff decided of words, the newest of each, in the order it was decided.
    decisions: tuple[tuple[str, bool], ...] = ()
    #: The last day on which more was masked after papers were handed out.
    changed_on: date | None = None

    @classmethod
    def of(cls, nomination: Nomination) -> Redaction:
        return cls.of_all([nomination])[nomination.pk]

    @classmethod
    def of_all(cls, nominations: Sequence[Nomination]) -> dict[int, Redaction]:
        """Of each the person, the unit and all above it, employers, studios, master and apprentices, certificates.

        Names of bodies also go in their short forms, without a region before them and without 控股 or 集团
        after them, 京城机电 for 北京京城机电控股有限责任公司, people as 赵师傅 and 老赵, and regions as people write them, 海淀 for 海淀区 or
        北京市海淀区, below whoever holds the round: what lies above is the same for all candidates.
        """
        paths = {step for one in nominations for path in _paths(one) for step in steps_to(path)}
        bodies = dict(Organization.objects.filter(path__in=paths).values_list("path", "name"))
        told = _told_of({one.person_id for one in nominations})
        decided: dict[int, list[Masking]] = {}
        rows = Masking.objects.filter(nomination__in=[one.pk for one in nominations])
        for row in rows.order_by("pk"):
            decided.setdefault(row.nomination_id, []).append(row)
        return {
            one.pk: cls._made(one, bodies, told.get(one.person_id, []), decided.get(one.pk, []))
            for one in nominations
        }

    @classmethod
    def _made(
        cls,
        nomination: Nomination,
        bodies: Mapping[str, str],
        told: Sequence[tuple[str, str]],
        decided: Sequence[Masking],
    ) -> Redaction:
        person = nomination.person
        organizer, *below = (set(steps_to(path)) for path in _paths(nomination))
        common = {part for path in organizer for part in _regions(bodies.get(path, ""))}
        own = {bodies[path] for path in set().union(*below) - organizer if path in bodies}
        cores = {core for name in own for core in _cores(name, common)}
        why: dict[str, str] = {}
        for name, reason in (*told, *((name, UNIT) for name in sorted(own))):
            for form in (name, REMARK.sub("", name), _short(name)):
                why[form] = reason
            why |= dict.fromkeys(_regions(name), REGION_OR_BODY)
        why |= dict.fromkeys(cores, UNIT_IN_SHORT)
        names = {form: w for form, w in why.items() if len(form) >= SHORTEST_NAME} | dict.fromkeys(
            (person.name, *_called(person.name)), PERSON
        )
        names = {n: w for n, w in names.items() if n not in common or w == PERSON}
        brands = sorted({core[:BRAND] for core in cores if len(core) > BRAND})
        newest = {row.words.casefold(): row for row in decided}
        return cls(
            names=_any_of(names),
            reasons={_key(name): reason for name, reason in names.items()},
            identity=_any_of({person.name, nomination.unit.name, _short(nomination.unit.name)}),
            companies=re.compile(f"(?:{'|'.join(brands)}){OF_COMPANY}") if brands else None,
            bodies=tuple(sorted(own | {name for name, reason in told if reason == EMPLOYER})),
            common=frozenset(common),
            decisions=tuple(
                (row.words, row.decision == Masking.Decision.MASK)
                for row in sorted(newest.values(), key=lambda row: row.pk)
            ),
            changed_on=max(
                (timezone.localdate(row.decided_at) for row in decided if row.is_late),
                default=None,
            ),
        )

    def __call__(self, text: str) -> str:
        return "".join(BLANK if one.why else one.words for one in self.passages(text))

    def passages(self, text: str) -> list[Passage]:
        """The statement cut where what is masked begins and ends; all that is shown of it is made of this."""
        told: list[tuple[int, str]] = [(0, "")] * len(text)
        left, count = text, 0
        for pattern, reason in (
            (self.names, ""),
            (self.companies, UNIT_IN_SHORT),
            (TELLING, NUMBER),
        ):
            for found in pattern.finditer(left) if pattern else ():
                count += 1
                why = reason or self.reasons.get(_key(found[0]), UNIT)
                told[found.start() : found.end()] = [(count, why)] * len(found[0])
            left = "".join(
                FILLER if mark else letter for letter, (mark, _) in zip(text, told, strict=True)
            )
        for words, is_masked in self.decisions:
            for found in re.finditer(_spaced(words), text, re.IGNORECASE):
                count += 1
                mark = (count, BY_STAFF) if is_masked else (0, "")
                told[found.start() : found.end()] = [mark] * len(found[0])
        return _cut(text, told)

    def decided(self, words: str, *, is_masked: bool) -> Redaction:
        """As it is with one more decision."""
        earlier = (one for one in self.decisions if one[0].casefold() != words.casefold())
        return replace(self, decisions=(*earlier, (words, is_masked)))

    @property
    def decisions_by_words(self) -> dict[str, bool]:
        return {words.casefold(): is_masked for words, is_masked in self.decisions}

    def keeps(self, text: str, words: str) -> bool:
        """Whether the words touch what no decision shows: the person, the unit, a number."""
        for found in re.finditer(_spaced(words), text, re.IGNORECASE):
            for pattern in (self.identity, TELLING):
                for kept in pattern.finditer(text):
                    if kept.start() < found.end() and found.start() < kept.end():
                        return True
        return False


def _cut(text: str, told: Sequence[tuple[int, str]]) -> list[Passage]:
    found: list[Passage] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or told[at][0] != told[begun][0]:
            found.append(Passage(text[begun:at], told[begun][1]))
            begun = at
    return found


def occurs_in(text: str, words: str) -> bool:
    """Whether somebody wrote the words, whatever blanks between the characters."""
    return re.search(_spaced(words), text, re.IGNORECASE) is not None


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_spaced, longest_first)), re.IGNORECASE)


def _key(name: str) -> str:
    return re.sub(r"\s", "", name).casefold()


def _paths(nomination: Nomination) -> tuple[str, str, str]:
    return (
        nomination.round.organizer.path,
        nomination.unit.path,
        nomination.person.organization.path,
    )


def _told_of(persons: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Names beside the unit by which each of them is known, and what each is, asked for at once."""

    def named(rows: QuerySet[Any], person: str, name: str, reason: str) -> QuerySet[Any, Any]:
        mine = rows.filter(**{f"{person}__in": persons}).order_by()
        return mine.values_list(person, name, Value(reason))

    found: dict[int, list[tuple[str, str]]] = {}
    pairs, studios = Mentorship.objects.all(), Studio.objects.all()
    rows = named(Employment.objects.all(), "person", "employer", EMPLOYER).union(
        named(studios, "leader", "name", STUDIO),
        named(studios, "members__person", "name", STUDIO),
        named(pairs, "apprentice", "master__name", PAIR),
        named(pairs, "master", "apprentice__name", PAIR),
        named(Honour.objects.all(), "person", "certificate_number", CERTIFICATE),
    )
    for person, name, reason in rows:
        found.setdefault(person, []).append((name, reason))
    return found


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
