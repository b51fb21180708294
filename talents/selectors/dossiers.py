"""The three dossiers of somebody's craft: as master, as apprentice, as craftsman; each outcome once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from talents.models import Cultivation, Mentorship, PairLog, SkillLevel
from talents.selectors.attainments import Attainment, Attainments
from talents.selectors.passport import passport_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import Person
    from talents.selectors.attainments import Sight
    from talents.selectors.passport import Passport

MASTER, APPRENTICE, CRAFTSMAN = "master", "apprentice", "craftsman"
DOSSIERS = {MASTER: "名师卷宗", APPRENTICE: "高徒卷宗", CRAFTSMAN: "名匠卷宗"}
MOST_SHOWN = 200
State = Mentorship.State


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one of the three tells, in tables of one shape."""

    kind: str
    person: Person
    facts: Sequence[dict[str, str]]
    kinds: Sequence[Attainments]

    @property
    def title(self) -> str:
        return DOSSIERS[self.kind]


def dossier_of(kind: str, person: Person, sight: Sight) -> Dossier:
    """One of the three, each part as far as it may be seen."""
    passport = passport_of(person, sight)
    tell = {MASTER: _as_master, APPRENTICE: _as_apprentice, CRAFTSMAN: _as_craftsman}[kind]
    told, kinds = tell(passport, sight)
    facts = [("姓名", person.name), ("工作单位", person.organization.name), *told]
    return Dossier(
        kind,
        person,
        [{"label": label, "value": value} for label, value in facts],
        [one for one in kinds if one.found],
    )


def dossiers_of(passport: Passport) -> list[tuple[str, str]]:
    """Which of the three have something to tell: code and title."""
    there = {MASTER: passport.led, APPRENTICE: passport.learnt, CRAFTSMAN: passport.honours}
    return [(kind, title) for kind, title in DOSSIERS.items() if there[kind]]


def outcomes(pairs: Sequence[Mentorship]) -> list[Mentorship]:
    """Who is done, each apprentice once: with the highest level, of these the earliest."""
    done = [pair for pair in pairs if pair.state == State.FINISHED]
    done.sort(key=lambda pair: (pair.closed_on, pair.pk))
    best: dict[int, Mentorship] = {}
    for pair in done:
        known = best.get(pair.apprentice_id)
        if known is None or _rank(pair) > _rank(known):
            best[pair.apprentice_id] = pair
    return list(best.values())


def _rank(pair: Mentorship) -> int:
    """The place of its level on the ladder, from 0; below that where none was reached."""
    return SkillLevel.values.index(pair.level_after) if pair.level_after else -1


Told = tuple[list[tuple[str, str]], list[Attainments]]


def _as_master(passport: Passport, sight: Sight) -> Told:
    led = [pair for pair in passport.led if pair.state != State.DRAFT]
    credited, logs = outcomes(led), _logs(led, sight)
    facts = [
        ("带徒", f"{len({pair.apprentice_id for pair in led})}人"),
        ("其中已出师", f"{len(credited)}人（同一徒弟只计一次）"),
        ("双方确认的带教", f"{len(logs.found)}次"),
    ]
    done = [
        Attainment(
            pair.apprentice.name,
            pair.closed_on,
            (pair.trade, pair.get_level_after_display() or "未取得新等级"),
            sight.href("talents:pair", pair.pk),
        )
        for pair in credited
    ]
    return facts, [
        Attainments("带徒成果", ("职业（工种）", "出师时等级"), done),
        _pairs("带徒协议", led, sight, lambda pair: pair.apprentice.name),
        logs,
        _titles(passport, sight),
    ]


def _as_apprentice(passport: Passport, sight: Sight) -> Told:
    learnt = [pair for pair in passport.learnt if pair.state != State.DRAFT]
    done = [pair for pair in learnt if pair.state == State.FINISHED]
    logs = _logs(learnt, sight)
    facts = [
        ("师傅", "、".join(dict.fromkeys(pair.master.name for pair in learnt)) or "—"),
        ("出师", f"{len(done)}次" if done else "尚未出师"),
        ("双方确认的带教", f"{len(logs.found)}次"),
    ]
    return facts, [
        _pairs("师从协议", learnt, sight, lambda pair: pair.master.name),
        logs,
        _certificates(passport),
        _titles(passport, sight),
        *passport.attainments,
    ]


def _as_craftsman(passport: Passport, sight: Sight) -> Told:
    valid = [row for row in passport.honours if row.state != row.State.REVOKED]
    facts = [
        ("有效称号", f"{len(valid)}项"),
        ("带徒已出师", f"{passport.graduates}人"),
    ]
    years = sight.rows(Cultivation).filter(person=passport.person).select_related("organization")
    cultivated = [
        Attainment(
            row.title,
            row.starts_on,
            (row.organization.name, f"{row.ends_on:%Y-%m-%d}", row.get_state_display()),
            sight.href("talents:cultivation", row.pk),
        )
        for row in years.order_by("-starts_on")[:MOST_SHOWN]
    ]
    return facts, [
        _titles(passport, sight),
        Attainments("培育", ("培养单位", "培育期满", "状态"), cultivated),
        _certificates(passport),
        *passport.attainments,
    ]


def _pairs(title: str, pairs: Sequence[Mentorship], sight: Sight, name: object) -> Attainments:
    found = [
        Attainment(
            name(pair),  # type: ignore[operator]
            pair.starts_on,
            (pair.trade, f"{pair.ends_on:%Y-%m-%d}", pair.get_state_display()),
            sight.href("talents:pair", pair.pk),
        )
        for pair in pairs
    ]
    return Attainments(title, ("职业（工种）", "协议期满", "状态"), found)


def _logs(pairs: Sequence[Mentorship], sight: Sight) -> Attainments:
    """Days of teaching that both have confirmed."""
    confirmed = Q(master_by__isnull=False, apprentice_by__isnull=False)
    rows = sight.rows(PairLog).filter(confirmed, mentorship__in=[pair.pk for pair in pairs])
    rows = rows.select_related("mentorship__master", "mentorship__apprentice")
    found = [
        Attainment(str(row.mentorship), row.held_on, (row.words,))
        for row in rows.order_by("-held_on", "-pk")[:MOST_SHOWN]
    ]
    return Attainments("带教日志", ("带教内容",), found)


def _titles(passport: Passport, sight: Sight) -> Attainments:
    found = [
        Attainment(
            row.title,
            row.named_on,
            (row.document_number or "—", row.certificate_number, row.get_state_display()),
            sight.href("talents:honour", row.pk),
        )
        for row in passport.honours
    ]
    return Attainments("称号", ("命名文号", "证书编号", "状态"), found)


def _certificates(passport: Passport) -> Attainments:
    found = [
        Attainment(row.number, None, (row.get_level_display() or "—", row.occupation or "—"))
        for row in passport.certificates
    ]
    return Attainments("技能证书", ("等级", "职业（工种）"), found)
