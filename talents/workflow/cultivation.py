"""The years of somebody who is cultivated: begun, reported of when due, passed or ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from policies.wording import chinese_day
from talents.models import Cultivation, CultivationReport, Honour, Person
from talents.models.honours import CULTIVATED
from talents.permissions.growth import (
    ACCEPT,
    EXTEND,
    GIVE_BACK,
    PASS,
    STOP,
    SUBMIT,
    may_accept,
    may_chase_report,
    may_cultivate,
    may_extend,
    may_pass,
    may_report,
    may_stop,
)
from talents.rules.cultivating import CultivationRule, midterm_of, months_after
from talents.services.honours import certificate_numbers
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

#: Certificates of those who passed are numbered so, by year.
NUMBERS = "PY"
BEGUN = Event("talents.cultivation-begun", "开始培育")
CHASED = Event("talents.cultivation-report-chased", "催办报备")


@dataclass(frozen=True, slots=True)
class Course:
    """For what somebody is cultivated, from when, by which plan."""

    scheme: str
    tier: str
    title: str
    plan: str
    starts_on: date
    months: int | None = None  # None: as the policy has it
    begun_for: str = ""  # why on a day gone by, or for fewer months than the policy says


@transaction.atomic
def cultivate(
    person_id: int,
    course: Course,
    *,
    organization_id: int,
    actor: User,
    mentor_id: int | None = None,
) -> Cultivation:
    """Begin it; the reports fall due by the policy's interval, the last at the end.

    On a day gone by, or for fewer months than the policy says, it takes a reason.
    """
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_cultivate.check(actor, body)
    persons = Person.objects.visible_to(actor)
    person = persons.get(pk=person_id)
    mentor = persons.get(pk=mentor_id) if mentor_id else None
    rule = CultivationRule.of(course.scheme)
    months = course.months or rule.months
    reason = _why_begun_so(course, rule)
    ends_on = months_after(course.starts_on, months)
    with refusing(), transaction.atomic():
        made = Cultivation.objects.create(
            person=person,
            organization=body,
            scheme=course.scheme,
            tier=course.tier,
            title=course.title,
            mentor=mentor,
            plan=course.plan,
            starts_on=course.starts_on,
            ends_on=ends_on,
            begun_for=reason,
            started_by=actor,
        )
    days = list(rule.due_days(course.starts_on, months))
    midterm = midterm_of(course.starts_on, ends_on, days)
    CultivationReport.objects.bulk_create(
        CultivationReport(
            cultivation=made,
            number=number,
            due_on=day,
            is_midterm=day == midterm and day != ends_on,
        )
        for number, day in enumerate(days, start=1)
    )
    record_event(
        BEGUN,
        subject_of(made),
        actor=actor,
        organization=body,
        after={"title": course.title, "ends_on": ends_on.isoformat()},
        note=reason,
    )
    _tell(made, f"开始培育：{made}", [Role.NOMINATOR], actor, f"请按期报备，{ends_on}期满。")
    return made


def _why_begun_so(course: Course, rule: CultivationRule) -> str:
    """The reason where one is due; "" where none is."""
    is_past = course.starts_on < timezone.localdate()
    is_short = course.months is not None and course.months < rule.months
    if not is_past and not is_short:
        return ""
    if not course.begun_for.strip():
        what = f"培育期短于政策规定的{rule.months}个月" if is_short else "开始日期在今天以前"
        raise DomainError("beginning-without-reason", f"{what}，须写明补登或缩短的事由")
    return course.begun_for.strip()


@transaction.atomic
def report(report_id: int, *, words: str, actor: User) -> CultivationReport:
    """Say how it goes; late ones are taken, and stand as late."""
    found = _report(report_id, actor)
    may_report.check(actor, found)
    if not words.strip():
        raise DomainError("words-required", "请写明培育情况")
    SUBMIT.apply(
        found,
        organization=found.cultivation.organization,
        actor=actor,
        words=words.strip(),
        submitted_on=timezone.localdate(),
        submitted_by=actor,
    )
    _tell(
        found.cultivation,
        f"培育报备待审核：{found}",
        STAFF,
        actor,
        "请核对后接收，或写明事由退回。",
    )
    return found


@transaction.atomic
def accept_report(
    report_id: int, *, actor: User, note: str = "", finding: str = ""
) -> CultivationReport:
    """Take it; from now on it stays as it is. Of the one in the middle it is said how it goes.

    Being behind is a warning with its reasons, to the unit, and never has a consequence by itself.
    """
    found = _report(report_id, actor)
    may_accept.check(actor, found)
    if found.is_midterm != bool(finding):
        message = "中期检查须写明结论：按计划推进或进度滞后；其他各期不写"
        raise DomainError("finding-required", message)
    if finding == CultivationReport.Finding.BEHIND:
        check_reason(note, "认定进度滞后")
        _tell(
            found.cultivation,
            f"中期检查进度滞后：{found.cultivation}",
            [Role.NOMINATOR],
            actor,
            f"{note.strip()}。请调整培养方案，按期赶上；此为提醒，不影响期满评价。",
        )
    ACCEPT.apply(
        found,
        organization=found.cultivation.organization,
        actor=actor,
        note=note,
        accepted_by=actor,
        finding=finding,
    )
    return found


@transaction.atomic
def give_report_back(report_id: int, *, actor: User, note: str) -> CultivationReport:
    """Have it written again, for a reason."""
    found = _report(report_id, actor)
    may_accept.check(actor, found)
    check_reason(note, "退回报备")
    GIVE_BACK.apply(
        found,
        organization=found.cultivation.organization,
        actor=actor,
        note=note,
        submitted_by=None,
        submitted_on=None,
    )
    _tell(
        found.cultivation,
        f"培育报备被退回：{found}",
        [Role.NOMINATOR],
        actor,
        f"事由：{note.strip()}",
    )
    return found


@transaction.atomic
def pass_cultivation(
    cultivation_id: int,
    *,
    actor: User,
    note: str,
    document_number: str = "",
    early_reason: str = "",
) -> Cultivation:
    """It ended well: tasks done and assessed as passed; the certificate is issued at once.

    Before its last day only for a reason; what was not due by then is reported no more.
    """
    found = _cultivation(cultivation_id, actor)
    may_pass.check(actor, found)
    if not note.strip():
        raise DomainError("reason-required", "期满评价须写明完成情况和评价意见")
    today, early_reason = timezone.localdate(), early_reason.strip()
    if today >= found.ends_on:
        early_reason = ""
    elif not early_reason:
        message = f"培育期至{chinese_day(found.ends_on)}，未满而作期满评价的，请写明提前评价的事由"
        raise DomainError("early-without-reason", message)
    certificate = _certified(found, document_number)
    PASS.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        after={"early_reason": early_reason} if early_reason else {},
        closed_on=today,
        early_reason=early_reason,
        passed_by=actor,
        certificate=certificate,
    )
    words = f"{note.strip()}。合格证书编号 {certificate.certificate_number}，请通知本人。"
    _tell(found, f"培育期满合格：{found}", [Role.NOMINATOR], actor, words)
    return found


def _certified(found: Cultivation, document_number: str) -> Honour:
    """The certificate, in the register as any other: checked, issued again, revoked there.

    It tells of the days that were: until the last one, or until today where that is still to come.
    """
    today = timezone.localdate()
    last = min(today, found.ends_on)
    (number,) = certificate_numbers(f"{NUMBERS}{today.year}", 1)
    return Honour.objects.create(
        person=found.person,
        organization=_issuer(found.organization),
        unit=found.organization.name,
        title="培育期满合格",
        occasion=f"{found.title.removesuffix('对象').removesuffix('培育')}培育（{chinese_day(found.starts_on)}至{chinese_day(last)}）",
        scheme=found.scheme,
        tier=f"{CULTIVATED}{found.tier}",
        year=today.year,
        named_on=today,
        document_number=document_number,
        certificate_number=number,
    )


def _issuer(body: Organization) -> Organization:
    """The city's union above, or where there is none the nearest union, or the body itself."""
    above = list(body.ancestors().order_by("-path"))
    city = next((one for one in above if one.kind == Organization.Kind.CITY), None)
    return city or (above[0] if above else body)


@transaction.atomic
def extend_cultivation(cultivation_id: int, *, until: date, actor: User, note: str) -> Cultivation:
    """The assessment wants more time: it goes on until that day, with reports to match, for a reason."""
    found = _cultivation(cultivation_id, actor)
    may_extend.check(actor, found)
    check_reason(note, "延期")
    rule = CultivationRule.of(found.scheme)
    latest = months_after(found.ends_on, rule.longest_extension)
    if not found.ends_on < until <= latest:
        message = f"延期后的期满日期应在{found.ends_on}之后、{latest}之前（含当日）"
        raise DomainError("extension-length", message)
    before = found.ends_on
    EXTEND.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        after={"ends_on": until.isoformat(), "extended_from": before.isoformat()},
        ends_on=until,
        extended_from=found.extended_from or before,
        extensions=found.extensions + 1,
    )
    last = found.reports.aggregate(last=Max("number"))["last"] or 0
    days = [day for day in rule.due_days(before, rule.longest_extension) if day < until]
    CultivationReport.objects.bulk_create(
        CultivationReport(cultivation=found, number=number, due_on=day)
        for number, day in enumerate([*days, until], start=last + 1)
    )
    _tell(found, f"培育延期：{found}", [Role.NOMINATOR], actor, f"延至{until}，{note.strip()}")
    return found


@transaction.atomic
def chase_report(report_id: int, *, actor: User) -> CultivationReport:
    """Remind the unit of what is late, once a day."""
    found = _report(report_id, actor)
    may_chase_report.check(actor, found)
    today = timezone.localdate()
    if Record.objects.filter(subject=subject_of(found), code=CHASED.code, at__date=today).exists():
        raise DomainError("chased-today", "今天已催办过，请待培养单位办理")
    record_event(
        CHASED, subject_of(found), actor=actor, organization=found.cultivation.organization
    )
    late = (today - found.due_on).days
    words = f"应于{found.due_on}报送，已逾期{late}日，请尽快报备。"
    _tell(found.cultivation, f"催办：{found}", [Role.NOMINATOR], actor, words)
    return found


@transaction.atomic
def stop_cultivation(cultivation_id: int, *, actor: User, note: str) -> Cultivation:
    """It ends before its time, for a reason; never by itself."""
    found = _cultivation(cultivation_id, actor)
    may_stop.check(actor, found)
    check_reason(note, "终止培育")
    STOP.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        closed_on=timezone.localdate(),
    )
    return found


def _report(report_id: int, actor: User) -> CultivationReport:
    rows = CultivationReport.in_their_periods(CultivationReport.objects.visible_to(actor))
    rows = rows.select_related("cultivation__organization", "cultivation__person")
    return rows.select_for_update(of=("self",)).get(pk=report_id)


def _cultivation(cultivation_id: int, actor: User) -> Cultivation:
    rows = Cultivation.objects.visible_to(actor).select_related("organization", "person")
    return rows.select_for_update(of=("self",)).get(pk=cultivation_id)


def _tell(found: Cultivation, title: str, roles: Iterable[Role], actor: User, body: str) -> None:
    serving = accounts_that_serve(roles, found.organization.path)
    tell(
        User.objects.filter(serving).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(found),
        href=reverse("talents:cultivation", args=[found.pk]),
        body=body,
    )
