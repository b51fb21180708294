"""The life of a studio and of the years its projects are boosted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from talents.models import BoostYear, Person, Studio, StudioMember, StudioProject
from talents.permissions.studios import (
    CLOSE,
    FAIL_YEAR,
    NAME,
    PASS_YEAR,
    may_ask_boost,
    may_close_studio,
    may_found,
    may_judge_boost,
    may_keep_studio,
    may_name_studio,
)
from talents.rules.boosting import BoostRule
from talents.services.entitlements import follow_up_year
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

FOUNDED = Event("talents.studio-entered", "登记工作室")
JOINED = Event("talents.studio-member-joined", "加入工作室")
LEFT = Event("talents.studio-member-left", "离开工作室")
PROJECT = Event("talents.studio-project-entered", "登记项目")
ASKED = Event("talents.boost-asked", "申报年度助推")


@dataclass(frozen=True, slots=True)
class Founding:
    """What a studio is entered with."""

    name: str
    field: str
    founded_on: date


@dataclass(frozen=True, slots=True)
class Task:
    """What a project is entered with."""

    title: str
    goals: str
    starts_on: date
    ends_on: date


@refusing()
@transaction.atomic
def found_studio(
    leader_id: int, founding: Founding, *, organization_id: int, actor: User
) -> Studio:
    """Enter a studio; its union names it."""
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_found.check(actor, body)
    leader = Person.objects.visible_to(actor).get(pk=leader_id)
    made = Studio.objects.create(
        organization=body, leader=leader, proposed_by=actor, **asdict(founding)
    )
    record_event(FOUNDED, subject_of(made), actor=actor, organization=body)
    _tell(made, f"工作室待认定：{made}", [Role.APPROVER], actor)
    return made


@transaction.atomic
def name_studio(
    studio_id: int, *, level: str, document_number: str, named_on: date, actor: User
) -> Studio:
    """Name it at a level by a document; named again, it stands at the new one."""
    studio = _locked(studio_id, actor)
    may_name_studio.check(actor, studio)
    with refusing():
        NAME.apply(
            studio,
            organization=studio.organization,
            actor=actor,
            note=f"{Studio.Level(level).label}，{document_number}",
            level=level,
            document_number=document_number,
            named_on=named_on,
            decided_by=actor,
        )
    _tell(studio, f"工作室已认定：{studio}", [Role.NOMINATOR], actor)
    return studio


@transaction.atomic
def close_studio(studio_id: int, *, note: str, actor: User) -> Studio:
    """Take its name back, for a reason; what it did stays."""
    studio = _locked(studio_id, actor)
    may_close_studio.check(actor, studio)
    check_reason(note, "撤销工作室")
    CLOSE.apply(studio, organization=studio.organization, actor=actor, note=note, decided_by=actor)
    return studio


@refusing()
@transaction.atomic
def add_member(studio_id: int, person_id: int, *, joined_on: date, actor: User) -> StudioMember:
    """Somebody joins."""
    studio = _locked(studio_id, actor)
    may_keep_studio.check(actor, studio)
    person = Person.objects.visible_to(actor).get(pk=person_id)
    if person.pk == studio.leader_id:
        raise DomainError("studio-leader-is-member", "领衔人已是成员，无须另行登记")
    made = StudioMember.objects.create(studio=studio, person=person, joined_on=joined_on)
    record_event(
        JOINED, subject_of(studio), actor=actor, organization=studio.organization, note=person.name
    )
    return made


@refusing()
@transaction.atomic
def member_leaves(member_id: int, *, left_on: date, actor: User) -> StudioMember:
    """Somebody leaves; that they were there stays."""
    found = (
        StudioMember.objects.visible_to(actor).select_related("studio", "person").get(pk=member_id)
    )
    studio = _locked(found.studio_id, actor)
    may_keep_studio.check(actor, studio)
    if found.left_on is not None:
        raise DomainError("member-has-left", f"{found.person}已于{found.left_on}离开")
    found.left_on = left_on
    found.save(update_fields=["left_on"])
    record_event(
        LEFT,
        subject_of(studio),
        actor=actor,
        organization=studio.organization,
        note=found.person.name,
    )
    return found


@refusing()
@transaction.atomic
def add_project(studio_id: int, lead_id: int, task: Task, *, actor: User) -> StudioProject:
    """Enter what the studio works on."""
    studio = _locked(studio_id, actor)
    may_keep_studio.check(actor, studio)
    lead = Person.objects.visible_to(actor).get(pk=lead_id)
    made = StudioProject.objects.create(
        studio=studio, lead=lead, registered_by=actor, **asdict(task)
    )
    record_event(
        PROJECT, subject_of(studio), actor=actor, organization=studio.organization, note=made.title
    )
    return made


@refusing()
@transaction.atomic
def ask_boost(
    project_id: int, *, year: int, progress: str, accounts: str, actor: User
) -> BoostYear:
    """Ask for one year of a project in progress; the first author's row is locked for the count."""
    rows = StudioProject.objects.visible_to(actor).select_related("studio__organization", "lead")
    project = rows.get(pk=project_id)
    studio = _locked(project.studio_id, actor)
    may_ask_boost.check(actor, studio)
    rule = _rule()
    person = rule.beneficiary(project)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if refusal := rule.why_not(project, year):
        raise refusal
    earlier = BoostYear.objects.visible_to(actor).filter(person=person, year__lt=year)
    if waiting := earlier.filter(state=BoostYear.State.FILED).first():
        message = f"{waiting.year}年的年度助推还没有评审结论，先办结再申报{year}年"
        raise DomainError("boost-year-undecided", message)
    made = BoostYear.objects.create(
        project=project,
        person=person,
        year=year,
        progress=progress,
        accounts=accounts,
        filed_by=actor,
    )
    record_event(
        ASKED, subject_of(made), actor=actor, organization=studio.organization, note=f"{year}年"
    )
    _tell(studio, f"年度助推待评审：{made}", STAFF, actor)
    return made


@transaction.atomic
def judge_boost(asked_id: int, *, is_passed: bool, note: str, actor: User) -> BoostYear:
    """Register what the yearly review found; what passed is claimed in the union's money."""
    rows = BoostYear.objects.visible_to(actor).select_related(
        "project__studio__organization", "project__studio__leader", "project__lead", "person"
    )
    asked = rows.select_for_update(of=("self",)).get(pk=asked_id)
    may_judge_boost.check(actor, asked)
    check_reason(note, "登记评审结论")
    Person.objects.select_for_update(no_key=True).get(pk=asked.person_id)
    if is_passed and (refusal := _rule().why_not(asked.project, asked.year)):
        raise refusal
    studio = asked.project.studio
    (PASS_YEAR if is_passed else FAIL_YEAR).apply(
        asked,
        organization=studio.organization,
        actor=actor,
        note=note,
        finding=note,
        decided_by=actor,
        decided_on=timezone.localdate(),
    )
    if is_passed:
        follow_up_year(asked, studio.organization, actor=actor)
    _tell(studio, f"年度助推{asked.get_state_display()}：{asked}", [Role.NOMINATOR], actor)
    return asked


def _rule() -> BoostRule:
    rule = BoostRule.current()
    if rule is None:
        raise DomainError("boost-not-provided-for", "现行政策没有规定创新工作室项目助推资金")
    return rule


def _locked(studio_id: int, actor: User) -> Studio:
    rows = Studio.objects.visible_to(actor).select_related("organization", "leader")
    return rows.select_for_update(of=("self",)).get(pk=studio_id)


def _tell(studio: Studio, title: str, roles: Iterable[Role], actor: User) -> None:
    serving = accounts_that_serve(roles, studio.organization.path)
    tell(
        User.objects.filter(serving).exclude(pk=actor.pk).distinct(),
        title,
        subject=subject_of(studio),
        href=reverse("talents:studio", args=[studio.pk]),
        body=f"{studio.organization}，领衔人{studio.leader}。",
    )
