"""Who is told that an opinion is asked of them, and that a notice or an office raised something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from organizations.standing_in import accounts_of
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from organizations.models import Organization
    from talents.models import Clearance, Endorsement, Nomination, UnitNotice


def tell_asked(endorsement: Endorsement, *, actor: User) -> int:
    """The staff of the level that is asked; after the last one, those who confirm."""
    nomination, body = endorsement.nomination, endorsement.organization
    if endorsement.state == endorsement.State.GIVEN:
        organizer = nomination.round.organizer
        return _tell(organizer, nomination, "各级已同意推荐，待确认", "请核对后确认或退回。", actor)
    words = f"“{body}”请出具推荐意见，或写明事由退回。"
    return _tell(body, nomination, "推荐待出具意见", words, actor)


def tell_disputed(notice: UnitNotice, *, actor: User) -> int:
    """The unit and the union above, that somebody objected at the unit."""
    nomination, words = notice.nomination, f"结果：{notice.finding}"
    return _tell(nomination.unit, nomination, "单位公示有异议", words, actor, withheld=notice)


def tell_objected(clearance: Clearance, *, actor: User) -> int:
    """The unit and the unions above it, that an office objects, and what follows from how far it has come."""
    nomination = clearance.nomination
    words = f"{clearance.office}部门答复：{clearance.reply}。"
    if nomination.state == nomination.State.CHECKED:
        words += "该推荐已确认，自此暂缓列入名单和命名；已命名的，请命名工会按程序提出撤销。"
    return _tell(nomination.unit, nomination, "部门有异议", words, actor, withheld=clearance)


def tell_put_right(clearance: Clearance, *, actor: User) -> int:
    """The unit and the union above, that the office does not object any more."""
    words = f"{clearance.office}部门现答复：{clearance.reply}。更正事由：{clearance.corrected_for}"
    nomination = clearance.nomination
    return _tell(nomination.unit, nomination, "部门异议已更正", words, actor, withheld=clearance)


def _tell(  # noqa: PLR0913 - what a notice consists of
    place: Organization,
    nomination: Nomination,
    title: str,
    body: str,
    actor: User,
    *,
    withheld: Clearance | UnitNotice | None = None,
) -> int:
    """Those who serve there; of what is withheld neither the candidate nor who stands in for them.

    A notice about that is one about it, so that they do not read those of colleagues either.
    """
    roles = STAFF | {Role.NOMINATOR} if place == nomination.unit else STAFF
    serving = User.objects.filter(accounts_that_serve(roles, place.path)).exclude(pk=actor.pk)
    if withheld is not None:
        serving = serving.exclude(pk__in=accounts_of(nomination.person.identity_digest))
    return tell(
        serving.distinct(),
        f"{title}：{nomination.person.name}",
        subject=subject_of(withheld or nomination),
        href=reverse("talents:nomination", args=[nomination.pk]),
        body=f"{nomination.round.name}，{nomination.unit}推荐。{body}",
    )
