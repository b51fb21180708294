"""What a nomination passes before its round confirms it: the policy's offices, days and levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from organizations.models import Organization
from organizations.scoping import steps_to
from policies.library.editions import policy_by_digest
from policies.wording import chinese_day
from talents.models import Clearance, Endorsement, Nomination, UnitNotice
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound

OFFICES, BEFORE_LEVEL = "endorsement_offices", "endorsement_offices_before_level"
LEVEL_DAYS = "level_publicity_days"
#: What a policy sets that the road to a round goes by.
PARAMETERS = (OFFICES, BEFORE_LEVEL, LEVEL_DAYS)
NOTICE_STEP = "unit_publicity"
#: Where no policy says whose opinion is asked, and how long a unit has its notice up.
USUAL_OFFICES = ("纪检监察", "公安", "税务", "应急管理", "生态环境", "人力社保")
USUAL_LEVEL, USUAL_DAYS = 2, 5


@dataclass(frozen=True, slots=True)
class EndorsementRule:
    """Whose opinion is asked, before which level, and for how many working days a notice is up.

    ``asks_levels``: whether each level has its own notice up before it recommends; ``level_days``
    for how long one is up in any case.
    """

    offices: tuple[str, ...] = USUAL_OFFICES
    before_level: int = USUAL_LEVEL
    days: int = USUAL_DAYS
    asks_levels: bool = False
    level_days: int = USUAL_DAYS

    @classmethod
    def of(cls, selection: SelectionRound) -> EndorsementRule:
        policy = policy_by_digest(selection.edition.digest)
        offices, level = policy.parameter(OFFICES), policy.parameter(BEFORE_LEVEL)
        step = next((s for s in policy.procedure if s.code == NOTICE_STEP and s.days), None)
        days = policy.parameter(LEVEL_DAYS)
        asks = days is not None and days.number is not None
        return cls(
            offices.names if offices and offices.names else USUAL_OFFICES,
            int(level.number) if level and level.number is not None else USUAL_LEVEL,
            step.days if step and step.days else USUAL_DAYS,
            asks,
            int(days.number) if days and days.number is not None else USUAL_DAYS,
        )


def levels_of(nomination: Nomination) -> list[Organization]:
    """Who gives an opinion, one after the other: the unit, then every body up to the organizer.

    The organizer's own is that it confirms; where it is the unit, it says so as the unit first.
    """
    unit, organizer = nomination.unit, nomination.round.organizer
    between = [step for step in steps_to(unit.path) if step.startswith(organizer.path)]
    bodies = Organization.objects.filter(path__in=between).order_by("-path")
    return [body for body in bodies if body.pk != organizer.pk or body.pk == unit.pk]


def noticed(nomination: Nomination) -> str:
    """What a notice says of the candidate, now."""
    person, unit = nomination.person, nomination.unit
    return "，".join(filter(None, (person.name, unit.name, nomination.post, nomination.occupation)))


def current(nomination: Nomination) -> list[Endorsement]:
    """What was said or is being asked of the papers as they stand, from the unit up."""
    rows = nomination.endorsements.filter(version=nomination.version)
    return list(rows.select_related("organization", "decided_by").order_by("level", "pk"))


def is_submitted(nomination: Nomination) -> bool:
    """Whether the unit has recommended it as it stands, and nobody has given it back since."""
    states = {Endorsement.State.ASKED, Endorsement.State.GIVEN}
    return not nomination.awaits_unit and any(row.state in states for row in current(nomination))


def is_endorsed() -> Exists:
    """Whether every level has endorsed the papers as they stand: a condition on nominations."""
    last = Endorsement.objects.filter(
        nomination=OuterRef("pk"),
        version=OuterRef("version"),
        is_last=True,
        state=Endorsement.State.GIVEN,
    )
    return Exists(last)


def is_recommended_above() -> Exists:
    """Whether a level above the unit recommends the papers as they stand: a condition on nominations."""
    rows = Endorsement.objects.filter(nomination=OuterRef("pk"), version=OuterRef("version"))
    return Exists(rows.filter(level__gt=1, state=Endorsement.State.GIVEN))


def never_sent_in(selection: SelectionRound) -> QuerySet[Nomination]:
    """Drafts that their units never sent in; where nothing goes by levels, filing is sending in."""
    rows = Nomination.objects.filter(round=selection, state=Nomination.State.DRAFT)
    return rows.filter(endorsements=None) if selection.by_levels else rows.none()


def endorsed_at(selection: SelectionRound, body: Organization, below: Organization) -> int:
    """How many from ``below`` the body has endorsed as they stand; the caller holds the round's lock."""
    rows = Endorsement.objects.filter(
        nomination__round=selection,
        nomination__unit__path__startswith=below.path,
        organization=body,
        state=Endorsement.State.GIVEN,
    )
    return rows.filter(version=F("nomination__version")).count()


def unless_said_before(user: User, nomination: Nomination) -> DomainError | None:
    """Why somebody who spoke at another level does not speak again."""
    rows = nomination.endorsements.filter(version=nomination.version, state=Endorsement.State.GIVEN)
    if user.is_system or not rows.filter(decided_by=user).exists():
        return None
    message = "您已在另一级出具过意见，一人只能在一级出具意见；请由其他经办人或审批人办理"
    return DomainError("endorsed-at-another-level", message)


def notice_of(nomination: Nomination) -> UnitNotice | None:
    """The notice that is up, or ended without objection."""
    return nomination.unit_notices.filter(
        state__in=[UnitNotice.State.UP, UnitNotice.State.CLEAR]
    ).first()


def is_disputed() -> Q:
    """Whether somebody objected at the unit, and no other notice was put up since: a condition on nominations."""
    rows = UnitNotice.objects.filter(nomination=OuterRef("pk"))
    standing = rows.filter(state__in=[UnitNotice.State.UP, UnitNotice.State.CLEAR])
    return Q(Exists(rows.filter(state=UnitNotice.State.DISPUTED)) & ~Exists(standing))


def unless_disputed(nomination: Nomination) -> DomainError | None:
    """Why no level recommends or confirms: somebody objected while the unit had its notice up."""
    if not Nomination.objects.filter(is_disputed(), pk=nomination.pk).exists():
        return None
    message = "单位公示有异议，不能推荐；请退回推荐单位，核实后不存在问题的，重新公示、报送"
    return DomainError("unit-notice-disputed", message)


def unless_noticed(nomination: Nomination) -> DomainError | None:
    notice = notice_of(nomination)
    if notice is None:
        return DomainError("unit-notice-missing", "请先在本单位公示，期满无异议后报送")
    if notice.told != noticed(nomination):
        message = f"公示之后资料有更正（公示的是“{notice.told}”），请按现有资料重新公示"
        return DomainError("unit-notice-outdated", message)
    if notice.state == UnitNotice.State.UP:
        if timezone.localdate() <= notice.ends_on:
            message = f"单位公示到{chinese_day(notice.ends_on)}期满，期满无异议后报送"
            return DomainError("unit-notice-running", message)
        message = "单位公示已期满，请上传盖章扫描件、登记公示结果后报送"
        return DomainError("unit-notice-unclosed", message)
    return None


def unless_cleared(nomination: Nomination, level: int | None) -> DomainError | None:
    """``level``: None for the organizer, whom everything has to be there for."""
    rule = EndorsementRule.of(nomination.round)
    if level is not None and level < rule.before_level:
        return None
    if refusal := unless_objected(nomination):
        return refusal
    answers = dict(nomination.clearances.values_list("office", "state"))
    if missing := [
        office for office in rule.offices if answers.get(office) != Clearance.State.CLEAR
    ]:
        message = f"尚缺{'、'.join(missing)}部门的意见，请先征求并登记答复"
        return DomainError("offices-outstanding", message)
    return None


def unless_objected(nomination: Nomination) -> DomainError | None:
    """Why nobody recommends or confirms, whether the round goes by levels or not: an office objects."""
    rows = nomination.clearances.filter(state=Clearance.State.OBJECTED).order_by("pk")
    if offices := "、".join(rows.values_list("office", flat=True)):
        message = f"{offices}部门有异议，不能推荐；异议已消除或登记有误的，由原登记人以外的人更正，否则请退回推荐单位"
        return DomainError("office-objected", message)
    return None


def is_objected_to(nomination: str) -> Exists:
    """Whether an office objects: a condition on rows that name their ``nomination`` so."""
    rows = Clearance.objects.filter(nomination=OuterRef(nomination))
    return Exists(rows.filter(state=Clearance.State.OBJECTED))


def objected_by_office(selection: SelectionRound) -> list[int]:
    """Whom in a round an office objects to; nobody of them is listed or named until that is put right."""
    rows = Clearance.objects.filter(nomination__round=selection, state=Clearance.State.OBJECTED)
    return list(rows.values_list("nomination", flat=True))


def endorsed_below(selection: SelectionRound, body: Organization) -> int:
    """How many places of ``body`` opinions have used: its own, or of levels above about what is below it."""
    rows = Endorsement.objects.filter(
        nomination__round=selection,
        nomination__unit__path__startswith=body.path,
        organization__path__in=steps_to(body.path),
        level__gt=1,
        state=Endorsement.State.GIVEN,
        version=F("nomination__version"),
    )
    return rows.values("nomination").distinct().count()


def unless_seated(endorsement: Endorsement) -> DomainError | None:
    """Why there is no place to recommend by: of the body, or of one below it; who was given none has none."""
    nomination, body = endorsement.nomination, endorsement.organization
    selection = nomination.round
    steps = steps_to(nomination.unit.path)
    given = selection.allocations.filter(organization__path__in=steps)
    rooms = list(given.select_related("organization").order_by("organization__path"))
    if not rooms and selection.allocations.exists():
        message = f"本轮次已分配名额，“{body}”没有分到，不能推荐；请由上级工会分配名额"
        return DomainError("places-not-given", message)
    for room in rooms:
        below = room.organization
        if not below.path.startswith(body.path):
            continue
        if endorsed_at(selection, body, below) >= room.places:
            message = f"“{below}”在本轮次的{room.places}个名额已全部推荐；请先退回一名，或由上级工会调整名额"
            return DomainError("places-endorsed", message)
    return None
