"""The life of an agreement between master and apprentice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from policies.wording import chinese_day
from talents.models import Mentorship, Person, SkillLevel
from talents.permissions.growth import (
    AGREE,
    END,
    FINISH,
    may_agree,
    may_end,
    may_finish,
    may_pair,
)
from talents.rules.mentoring import MentorRule
from talents.workflow.pairing import ask_consent
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

PAIRED = Event("talents.mentorship-proposed", "登记师徒协议")
OPEN = (Mentorship.State.DRAFT, Mentorship.State.AGREED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What master, apprentice and unit have signed."""

    trade: str
    goals: str
    starts_on: date
    ends_on: date


@transaction.atomic
def pair(
    master_id: int, apprentice_id: int, agreement: Agreement, *, organization_id: int, actor: User
) -> Mentorship:
    """Put an agreement in; the union takes it on file. The master's row is locked for the count."""
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_pair.check(actor, body)
    persons = Person.objects.visible_to(actor)
    master = persons.select_for_update(no_key=True, of=("self",)).get(pk=master_id)
    apprentice = persons.get(pk=apprentice_id)
    rule = MentorRule.at(body)
    if not rule.fits(agreement.starts_on, agreement.ends_on):
        message = f"师徒协议期限应为{rule.shortest}至{rule.longest}年，请核对起止日期"
        raise DomainError("mentorship-length", message)
    open_ones = Mentorship.objects.filter(master=master, state__in=OPEN).count()
    if open_ones >= rule.most:
        message = (
            f"{master}已带徒{open_ones}人，同时带徒不超过{rule.most}人；有出师或终止的，请先办理"
        )
        raise DomainError("too-many-apprentices", message)
    with refusing(), transaction.atomic():
        made = Mentorship.objects.create(
            master=master,
            apprentice=apprentice,
            organization=body,
            trade=agreement.trade,
            goals=agreement.goals,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
            proposed_by=actor,
        )
    record_event(PAIRED, subject_of(made), actor=actor, organization=body)
    ask_consent(made, actor=actor)
    return made


@transaction.atomic
def agree_pair(pair_id: int, *, actor: User, note: str = "") -> Mentorship:
    """Take the signed agreement on file; from now on the pair counts."""
    found = _locked(pair_id, actor)
    may_agree.check(actor, found)
    AGREE.apply(found, organization=found.organization, actor=actor, note=note, agreed_by=actor)
    _tell(found, f"师徒协议已备案：{found}", accounts={Role.NOMINATOR}, actor=actor)
    return found


@transaction.atomic
def finish_pair(
    pair_id: int, *, level: str = "", early_reason: str = "", actor: User, note: str
) -> Mentorship:
    """The apprentice is done, at that level; it stands in the master's file once.

    A level is told only where the apprentice gained a certificate of it or of a higher one since the
    agreement began, and had none before. Before the shortest time an agreement lasts it takes a reason.
    """
    found = _locked(pair_id, actor)
    may_finish.check(actor, found)
    check_reason(note, "出师")
    if level and not _has_reached(found, level):
        message = (
            f"徒弟的档案没有协议开始当年及以后取得的“{SkillLevel(level).label}”及以上的技能证书，"
            "或者此前已有该等级；请先登记证书和发证年份，没有取得新等级的，选“未取得新等级”"
        )
        raise DomainError("level-without-certificate", message)
    rule, early_reason = MentorRule.at(found.organization), early_reason.strip()
    is_early = rule.is_early(found.starts_on, timezone.localdate())
    if is_early and not early_reason:
        message = f"协议自{chinese_day(found.starts_on)}开始，带教未满{rule.shortest}年，提前出师须另写明事由"
        raise DomainError("early-without-reason", message)
    FINISH.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        closed_on=timezone.localdate(),
        level_after=level,
        early_reason=early_reason if is_early else "",
    )
    return found


@transaction.atomic
def end_pair(pair_id: int, *, actor: User, note: str) -> Mentorship:
    """End it before its time, for a reason."""
    found = _locked(pair_id, actor)
    may_end.check(actor, found)
    check_reason(note, "终止带教")
    END.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        closed_on=timezone.localdate(),
    )
    return found


def _has_reached(found: Mentorship, level: str) -> bool:
    """By a certificate since it began; of certificates the year alone is known."""
    high_enough = SkillLevel.values[SkillLevel.values.index(level) :]
    held = found.apprentice.certificates.filter(level__in=high_enough)
    began, this_year = found.starts_on.year, timezone.localdate().year
    gained = held.filter(issued_year__range=(began, this_year))
    return gained.exists() and not held.filter(issued_year__lt=began).exists()


def _locked(pair_id: int, actor: User) -> Mentorship:
    rows = Mentorship.objects.visible_to(actor).select_related(
        "organization", "master", "apprentice"
    )
    return rows.select_for_update(of=("self",)).get(pk=pair_id)


def _tell(
    found: Mentorship, title: str, *, accounts: frozenset[Role] | set[Role], actor: User
) -> None:
    serving = accounts_that_serve(accounts, found.organization.path)
    tell(
        User.objects.filter(serving).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(found),
        href=reverse("talents:pair", args=[found.pk]),
        body=f"{found.organization}，{found.starts_on}至{found.ends_on}。",
    )
