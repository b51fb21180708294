"""One's own file: what is on record about the person whose account this is, for that person to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from talents.models import (
    Cultivation,
    CultivationReport,
    Employment,
    Honour,
    Nomination,
    Person,
    SelectionRound,
)
from talents.selectors.assessments import current_assessment
from talents.selectors.attainments import Attainment, Attainments, Sight
from talents.selectors.pairing import own_pair_queues
from talents.selectors.passport import passport_of
from workflow.models import Record
from workflow.queues import Queue
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User
    from talents.selectors.passport import Passport

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What is on file about somebody, in tables of one shape."""

    person: Person
    facts: Sequence[dict[str, str]]
    kinds: Sequence[Attainments]
    passport: Passport


def own_person(user: User) -> Person | None:
    """The person whose account this is, if a file is kept about them."""
    return Person.objects.about(user).select_related("organization").first()


def own_file(user: User) -> OwnFile | None:
    """All that is on file about whoever asks."""
    person = own_person(user)
    if person is None:
        return None
    sight = Sight(user, is_own=True)
    passport = passport_of(person, sight)
    kinds = [
        _titles(passport),
        _nominations(passport),
        _certificates(passport),
        _cultivations(passport),
        *passport.attainments,
        _pairs(passport),
        _careers(sight),
        _looks(person),
    ]
    return OwnFile(person, _facts(person), [k for k in kinds if k.found], passport)


def own_queues(user: User) -> list[Queue]:
    """What goes on about oneself, for the home of a craftsman."""
    page, today = reverse("talents:own"), timezone.localdate()
    open_ones = Nomination.objects.about(user).filter(round__state=SelectionRound.State.OPEN)
    queues = [
        Queue(row.round.name, _how_it_stands(row), page, "", note="本人的推荐")
        for row in open_ones.select_related("round").order_by("-pk")[:MOST_SHOWN]
    ]
    reports = CultivationReport.objects.about(user).filter(
        state=CultivationReport.State.DUE, cultivation__state=Cultivation.State.GOING
    )
    for due in reports.select_related("cultivation").order_by("due_on")[:1]:
        tone = "bad" if due.due_on < today else "warn"
        title = f"{due.cultivation.title}第{due.number}次报备"
        queues.append(Queue(title, 1, page, "份", due.due_on, tone, "由培养单位填报，请备好材料"))
    queues += own_pair_queues(user)
    titles = Honour.objects.about(user).filter(state=Honour.State.VALID).count()
    if titles:
        queues.append(Queue("有效称号", titles, page, "项", tone="good"))
    return queues


def _how_it_stands(row: Nomination) -> str:
    """What came of one's own nomination so far: confirmed, given back, or what the check found."""
    if row.state == Nomination.State.CHECKED or row.awaits_unit:
        return row.standing
    found = current_assessment(row)
    return f"核验{found.get_overall_display()}" if found else "待核验"


def _facts(person: Person) -> list[dict[str, str]]:
    told = [
        ("姓名", person.name),
        ("公民身份号码", person.identity_mask),
        ("性别", person.get_sex_display()),
        ("出生日期", f"{person.birth_on:%Y-%m-%d}" if person.birth_on else ""),
        ("民族", person.ethnicity),
        ("学历", person.education),
        ("政治面貌", person.political_status),
        ("联系电话", "已登记" if person.phone_cipher else "未登记"),
        ("工作单位", person.organization.name),
    ]
    return [{"label": label, "value": value or "未登记"} for label, value in told]


def _titles(passport: Passport) -> Attainments:
    found = [
        Attainment(
            row.title,
            row.named_on,
            (row.document_number or "—", row.certificate_number, row.get_state_display()),
            reverse("talents:certificate", args=[row.certificate_number]),
        )
        for row in passport.honours
    ]
    return Attainments("称号", ("命名文号", "证书编号", "状态"), found)


def _nominations(passport: Passport) -> Attainments:
    found = [
        Attainment(
            row.round.name,
            timezone.localdate(row.created_at),
            (str(row.unit), row.occupation or "—", row.get_state_display()),
        )
        for row in passport.nominations
    ]
    return Attainments("历次推荐", ("推荐单位", "职业（工种）", "状态"), found)


def _certificates(passport: Passport) -> Attainments:
    found = [
        Attainment(
            row.number,
            None,
            (row.get_level_display() or "—", row.occupation or "—", str(row.issued_year or "—")),
        )
        for row in passport.certificates
    ]
    return Attainments("技能证书", ("等级", "职业（工种）", "发证年份"), found)


def _cultivations(passport: Passport) -> Attainments:
    found = [
        Attainment(
            row.title,
            row.starts_on,
            (row.organization.name, f"{row.ends_on:%Y-%m-%d}", row.get_state_display()),
        )
        for row in passport.cultivations
    ]
    return Attainments("培育", ("培养单位", "培育期满", "状态"), found)


def _pairs(passport: Passport) -> Attainments:
    found = [
        Attainment(
            title,
            row.starts_on,
            (row.trade, f"{row.ends_on:%Y-%m-%d}", row.get_state_display()),
            reverse("talents:own-pair", args=[row.pk]),
        )
        for title, row in (
            *((f"带徒 {row.apprentice}", row) for row in passport.led),
            *((f"师从 {row.master}", row) for row in passport.learnt),
        )
    ]  # fmt: skip
    return Attainments("师徒", ("职业（工种）", "协议期满", "状态"), found)


def _careers(sight: Sight) -> Attainments:
    rows = sight.rows(Employment).select_related("nomination__round").order_by("-start_month")
    found = [
        Attainment(
            row.employer or "—",
            None,
            (
                f"{row.started}—{row.ended}",
                row.trade or "—",
                "一线" if row.is_frontline else "非一线",
            ),
        )
        for row in rows[:MOST_SHOWN]
    ]
    return Attainments("工作经历", ("起止", "岗位（工种）", "一线岗位"), found)


def _looks(person: Person) -> Attainments:
    """Who opened the number or the telephone of this person, when and why."""
    found = [
        Attainment(row.action, timezone.localdate(row.at), (str(row.actor), row.note))
        for row in Record.looks_at(subject_of(person))[:MOST_SHOWN]
    ]
    return Attainments("查看本人号码的记录", ("查看人", "事由"), found)
