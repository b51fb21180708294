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
    """The names of those who decide, each of whom may; most of those of the group who do not stand back.

    Who stands back is not counted, but enough are left that they would be most of the smallest group.
    """
    contest = appeal.item.competition
    group, least = Arbiter.group_of(contest), arbiters_needed(contest)
    if len(group) < least:
        message = f"仲裁组现有{len(group)}人，不足{least}人，请主办单位先在竞赛页面补聘"
        raise DomainError("arbiters-too-few", message)
    sitting = {user.pk: user for user in (actor, *members)}
    for user in sitting.values():
        if refusal := _why_back(user, appeal):
            raise refusal if user == actor else refusal.told_of(user)
    back = [user for user in group if user.pk not in sitting and _why_back(user, appeal)]
    left = len(group) - len(back)
    stand_back = f"，其中{'、'.join(map(str, back))}须回避或已不任职" if back else ""
    if left * 2 <= least:
        message = (
            f"仲裁组{len(group)}人{stand_back}，可以仲裁的只有{left}人，不到{least}人的半数以上，"
            "请主办单位先在竞赛页面补聘与本件无关的成员"
        )
        raise DomainError("arbiters-too-few", message)
    if len(sitting) * 2 <= max(left, least):
        message = (
            f"仲裁组{len(group)}人{stand_back}，本次只有{len(sitting)}人参加，"
            f"须{max(left, least)}人的过半数参加才能仲裁"
        )
        raise DomainError("jury-too-small", message)
    return "、".join(str(user) for user in sitting.values())


def _why_back(user: User, appeal: Appeal) -> DomainError | None:
    """Why somebody of the group does not sit on this appeal."""
    if refusal := may_decide.why_not(user, appeal):
        return refusal
    own, organizer = Entry.objects.filter(pk=appeal.entry_id), appeal.item.competition.organizer
    reason = close_to(own, user, organizer, str(user))
    return DomainError("arbiter-in-conflict", reason) if reason else None
