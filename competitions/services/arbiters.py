"""The arbitration group of a contest: appointing, taking back, and who of it may sit on an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from competitions.models import Arbiter, Competition, Entry
from competitions.permissions import may_form_group
from competitions.permissions.appeals import may_decide, may_sit
from competitions.rules.editions import arbiters_needed
from competitions.services.judging import close_to
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Collection

    from competitions.models import Appeal
    from organizations.models import User

APPOINTED = Event("competitions.arbiter-appointed", "聘任仲裁组成员")
RELEASED = Event("competitions.arbiter-released", "解聘仲裁组成员")


@refusing()
@transaction.atomic
def appoint_arbiter(competition_id: int, user: User, *, actor: User) -> Arbiter:
    """Take somebody into the group: who serves the organizer, judges nothing and is close to nobody."""
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    contest = rows.select_for_update(of=("self",), no_key=True).get(pk=competition_id)
    may_form_group.check(actor, contest)
    may_sit.check(user, contest)
    standing = Entry.objects.filter(item__competition=contest, state=Entry.State.ENTERED)
    if reason := close_to(standing, user, contest.organizer, "仲裁组成员"):
        raise DomainError("arbiter-in-conflict", reason)
    made = Arbiter.objects.create(competition=contest, user=user)
    record_event(
        APPOINTED,
        subject_of(contest),
        actor=actor,
        organization=contest.organizer,
        note=str(user),
    )
    return made


@transaction.atomic
def release_arbiter(pk: int, *, actor: User, note: str) -> None:
    """Take somebody out of the group; what was decided stays as it was."""
    rows = Arbiter.objects.visible_to(actor).select_related("user", "competition__organizer")
    arbiter = rows.get(pk=pk)
    contest = arbiter.competition
    may_form_group.check(actor, contest)
    record_event(
        RELEASED,
        subject_of(contest),
        actor=actor,
        organization=contest.organizer,
        note=note,
        before={"user": str(arbiter.user)},
    )
    arbiter.delete()


def jury_of(appeal: Appeal, members: Collection[User], *, actor: User) -> str:
    """The names of those who decide, each of whom may; most of the group, which is large enough."""
    contest = appeal.item.competition
    group, least = Arbiter.named(contest), arbiters_needed(contest)
    if len(group) < least:
        message = f"仲裁组现有{len(group)}人，不足{least}人，请主办单位先在竞赛页面补聘"
        raise DomainError("arbiters-too-few", message)
    sitting = {user.pk: user for user in (actor, *members)}
    own = Entry.objects.filter(pk=appeal.entry_id)
    for user in sitting.values():
        may_decide.check(user, appeal)
        if reason := close_to(own, user, contest.organizer, str(user)):
            raise DomainError("arbiter-in-conflict", reason)
    if len(sitting) * 2 <= len(group):
        message = f"仲裁组{len(group)}人，本次只有{len(sitting)}人参加，须过半数成员参加才能仲裁"
        raise DomainError("jury-too-small", message)
    return "、".join(str(user) for user in sitting.values())
