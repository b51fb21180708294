"""Judges and the marks they give: conflicts refused, every mark kept, nothing typed over unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from competitions.models import Arbiter, Entry, Item, Judge, Mark
from competitions.permissions import may_change_marks, may_judge
from competitions.permissions.parties import unless_party
from competitions.selectors.board import current_scheme
from competitions.selectors.progress import aspects_for, marks_by
from competitions.services.contests import locked_item
from competitions.services.terms import check_signed
from organizations.models import User
from organizations.roles import Role
from organizations.scoping import bodies_where, roles_of
from organizations.standing_in import same_persons
from talents.models import Mentorship, Person, Studio
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from django.db.models import QuerySet

    from competitions.models import Aspect, Scheme
    from organizations.models import Organization

ASSIGNED = Event("competitions.judge-assigned", "聘任裁判")
DISMISSED = Event("competitions.judge-dismissed", "解聘裁判")
MARKED = Event("competitions.marked", "评分", Record.Kind.CHANGE)
NAMED = 3
#: How a form names what it was shown with.
UNSEEN = 0


@refusing()
@transaction.atomic
def assign_judge(item_id: int, user: User, seat: int, *, actor: User) -> Judge:
    """Give a judge a seat; refused where somebody to be judged is close to the judge."""
    item = locked_item(item_id, actor)
    may_change_marks.check(actor, item)
    if reason := conflict_of(item, user):
        raise DomainError("judge-in-conflict", reason)
    judge = Judge.objects.create(item=item, user=user, seat=seat)
    record_event(
        ASSIGNED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        after={"seat": seat},
        note=str(user),
    )
    return judge


@transaction.atomic
def dismiss_judge(judge_id: int, *, actor: User, note: str) -> None:
    """Take the seat from a judge; marks that were given from it stay."""
    judge = Judge.objects.visible_to(actor).select_related("user").get(pk=judge_id)
    item = locked_item(judge.item_id, actor)
    may_change_marks.check(actor, item)
    record_event(
        DISMISSED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=note,
        before={"user": str(judge.user), "seat": judge.seat},
    )
    judge.delete()


def conflict_of(item: Item, user: User) -> str:
    """Why somebody does not judge this item; "" where nothing stands against it.

    Who holds the role of a judge nowhere, who takes part, whose apprentice or pupil does, who works in
    a studio with somebody who does, and who belongs to a unit of which somebody takes part.
    """
    if Role.JUDGE not in roles_of(user):
        return f"{user}没有裁判的任职，请先由安全管理员授予"
    if Arbiter.sits(user, item.competition):
        return f"{user}是本竞赛仲裁组成员，不能执裁"
    if item.coded_by_id in same_persons(user):
        return f"{user}是本项目的加密人，知道作品是谁的，不能执裁"
    entries = Entry.objects.filter(item=item, state=Entry.State.ENTERED)
    if reason := close_to(entries, user, item.competition.organizer, "裁判"):
        return reason
    refusal = unless_party(user, item)
    return refusal.told_of(user).message if refusal else ""


def check_no_conflict_since(item: Item) -> None:
    """Refuse to vouch for marks whose judge has become close to whom they are about: units are put right."""
    counting = Mark.counting().filter(entry__item=item, given_by__isnull=False)
    typed = item.entries.filter(typed_sheets__isnull=False).values("typed_sheets__typed_by")
    judges = User.objects.filter(pk__in=counting.values("given_by")).exclude(pk__in=typed)
    for user in judges.order_by("pk"):
        works = counting.filter(given_by=user).values("entry")
        judged = Entry.objects.filter(Q(pk__in=works) | Q(captain__in=works), state="entered")
        if reason := close_to(judged, user, item.competition.organizer, f"裁判{user}"):
            message = f"{reason}，其所打的分数不能计入，请解聘后另聘裁判在该席重评"
            raise DomainError("judge-in-conflict", message)


def close_to(entries: QuerySet[Entry], user: User, organizer: Organization, called: str) -> str:
    """By what ``user``, ``called`` a judge or an arbiter, is close to somebody of ``entries``; else ""."""
    entries, bodies = entries.select_related("unit"), bodies_where(user, Role)
    if user.owner_digest:
        own = Person.objects.filter(identity_digest=bytes(user.owner_digest))
        bodies += [person.organization for person in own.select_related("organization")]
        if entries.filter(person__in=own).exists():
            return f"{called}本人是参赛人，须回避"
        taught = Q(person__in=Mentorship.taught_by(own).values("apprentice")) | Q(coach__in=own)
        if entries.filter(taught).exists():
            return f"参赛人中有{called}的徒弟或所带选手，须回避"
        if studio := Studio.shared_by(own, entries.values("person")):
            return f"{called}与参赛人同在“{studio}”，须回避"
    bodies = [body for body in bodies if body.pk != organizer.pk]
    same = entries.filter(unit__in=bodies) | entries.filter(
        employer__in=[body.name for body in bodies]
    )
    units = [entry.unit.name if entry.unit else entry.employer for entry in same[:NAMED]]
    if units:
        named = "、".join(dict.fromkeys(units))
        return f"{called}与参赛人同属“{named}”，须回避"
    return ""


def seen_of(marks: Mapping[int, Mark]) -> int:
    """What a form is opened with: the newest of the marks it shows."""
    return max((mark.pk for mark in marks.values()), default=UNSEEN)


def check_seat(judge: Judge, told: str) -> None:
    """Refuse a sheet that was filled in by another judge, or from another seat; "": none is told.

    ``told`` is the ``holding`` the sheet was shown with: whoever was dismissed and given the same seat
    again sends what was kept meanwhile. A sheet of before that names the row of the seat.
    """
    if not told or told in (judge.holding, str(judge.pk)):
        return
    whose, _, seat = told.rpartition("-")
    if whose == str(judge.user_id):
        message = (
            f"这份评分是您在第{seat}席时填写的，您现在是第{judge.seat}席，没有写入；"
            "请按现在的裁判席重新评分，原席的分数需要登记的，请与主办单位联系"
        )
        raise DomainError("sheet-of-former-seat", message)
    message = f"这份评分不是从您的裁判席（第{judge.seat}席）填写的，没有写入；请由填写人登录后送出"
    raise DomainError("sheet-of-another-seat", message)


def check_aspects(told: Iterable[int], aspects: Iterable[Aspect], scheme: Scheme | None) -> None:
    """Refuse marks of aspects that are not among ``aspects``: those of the seat by the scheme in force."""
    strange = set(told) - {aspect.pk for aspect in aspects}
    if not strange or scheme is None:
        return
    if elsewhere := scheme.aspects.filter(pk__in=strange):
        named = "、".join(aspect.code for aspect in elsewhere)
        raise DomainError(
            "aspect-of-another-seat", f"{named}不由这一裁判席评分，没有写入；请刷新后重填"
        )
    message = (
        f"评分方案已换版（现为第{scheme.number}版），这份评分是按以前的版本填写的，没有写入；"
        "请打开此表，对照现行方案重新填写"
    )
    raise DomainError("scheme-changed", message)


@refusing()
@transaction.atomic
def give_marks(
    judge_id: int, number: str, values: Mapping[int, Decimal], *, seen: int, actor: User
) -> int:
    """Write one judge's marks of one work (``number``: what it is judged under), by aspect; how many are new or
    changed.

    Of two sheets of the same seat saved at once the second is refused (``edited-meanwhile``). A mark
    that is changed stays beside the new one and counts no more. What was sent a second time as it
    stands changes nothing, so that a sheet kept on a telephone may be sent again.
    """
    rows = Judge.objects.visible_to(actor).select_related("item__competition__organizer", "user")
    judge = rows.select_for_update(of=("self",), no_key=True).get(pk=judge_id)
    items = Item.objects.select_related("competition__organizer")
    judge.item = items.select_for_update(of=("self",), no_key=True).get(pk=judge.item_id)
    may_judge.check(actor, judge)
    if reason := conflict_of(judge.item, actor):
        raise DomainError("judge-in-conflict", reason)
    entry = Entry.to_judge(judge.item).filter(work=number).first()
    if entry is None:
        raise DomainError("work-not-standing", f"{number}号不在应评之列，请刷新列表")
    check_signed(entry, judge.item.competition)
    scheme = current_scheme(judge.item)
    aspects = {a.pk: a for a in aspects_for(judge, scheme)} if scheme else {}
    check_aspects(values, aspects.values(), scheme)
    before = marks_by(judge, entry)
    changed = {
        pk: value for pk, value in values.items() if pk not in before or before[pk].value != value
    }
    if not changed:
        return 0
    if seen != seen_of(before):
        message = "您打开此表后，本席的分数已另行保存；您的填写未写入，请对照后再提交"
        raise DomainError("edited-meanwhile", message)
    _write(judge, entry, before, changed)
    record_event(
        MARKED,
        subject_of(judge.item),  # of the entrant nobody reads before the marks are locked
        actor=actor,
        organization=judge.item.competition.organizer,
        note=f"{number}号作品第{judge.seat}席",
        before={aspects[pk].code: str(before[pk].value) for pk in changed if pk in before},
        after={aspects[pk].code: str(value) for pk, value in changed.items()},
    )
    return len(changed)


def _write(
    judge: Judge, entry: Entry, before: Mapping[int, Mark], changed: Mapping[int, Decimal]
) -> None:
    old = [before[pk].pk for pk in changed if pk in before]
    if old:
        Mark.objects.filter(pk__in=old).update(is_superseded=True)
    now = timezone.now()
    Mark.objects.bulk_create(
        Mark(
            entry=entry,
            aspect_id=pk,
            seat=judge.seat,
            value=value,
            given_by=judge.user,
            given_at=now,
        )
        for pk, value in changed.items()
    )
