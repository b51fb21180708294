"""What has become of each line of a list so far: as everybody reads it, and as the staff does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from talents.models import (
    AWAITS_UNIT,
    Clearance,
    Honour,
    Nomination,
    NoticeEntry,
    Objection,
    PublicNotice,
)
from talents.rules.levels import put_up_again
from talents.rules.objected import wants_answer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models.publicity import ObjectionQuerySet
    from talents.rules.succession import Succession


class Situation(NamedTuple):
    """How somebody on a list stands, in words, and in which tone."""

    label: str
    tone: str


def entries_for_staff(user: User, notice: PublicNotice) -> QuerySet[NoticeEntry]:
    """The lines of a list with what holds each and what became of it, and whose papers are within reach."""
    rows = _with_titles(NoticeEntry.objects.visible_to(user).filter(notice=notice))
    about = Objection.standing().but_about(user).filter(entry__nomination=OuterRef("nomination"))
    offices = Clearance.objects.visible_to(user).filter(nomination=OuterRef("nomination"))
    papers = Nomination.objects.visible_to(user).filter(pk=OuterRef("nomination"))
    awaits = Nomination.objects.filter(AWAITS_UNIT, pk=OuterRef("nomination"))
    confirmed = Q(nomination__state=Nomination.State.CHECKED)
    back = Exists(awaits) if notice.of_level else ~confirmed
    return rows.annotate(
        held=Exists(about.exclude(state=Objection.State.UPHELD)),
        is_upheld=_is_upheld(about),
        is_objected=Exists(offices.filter(state=Clearance.State.OBJECTED)),
        is_back=ExpressionWrapper(back, output_field=BooleanField()),
        is_near=Exists(papers),
    ).order_by("position")


def situations_of(user: User, course: Succession) -> list[Any]:
    """The lines of a list for its staff, each with its ``situation``."""
    notice = course.notice
    going = {entry.pk for entry in course.in_their_places} if not notice.of_level else set()
    lines: list[Any] = list(entries_for_staff(user, notice))
    for line in lines:
        line.situation = _situation(notice, line, moves_up=line.is_reserve and line.pk in going)
    return lines


def outcomes_of(notice: PublicNotice) -> list[Any]:
    """The lines of a list as everybody reads them, each with what became of it so far."""
    about = Objection.standing().filter(entry__nomination=OuterRef("nomination"))
    rows = _with_titles(NoticeEntry.published(notice)).annotate(is_upheld=_is_upheld(about))
    lines: list[Any] = list(rows)
    for line in lines:
        line.outcome = _outcome(notice, line)
    return lines


def _with_titles(rows: QuerySet[NoticeEntry]) -> QuerySet[NoticeEntry]:
    titles = Honour.published().filter(nomination=OuterRef("nomination"))
    return rows.annotate(
        certificate=Subquery(titles.values("certificate_number")[:1]),
        is_revoked=Exists(titles.filter(state=Honour.State.REVOKED)),
        is_doubted=Exists(titles.filter(state=Honour.State.DOUBTED)),
        wants_answer=Exists(titles.filter(wants_answer())),
        is_again=put_up_again(),
    )


def _is_upheld(about: ObjectionQuerySet) -> Exists:
    return Exists(about.filter(state=Objection.State.UPHELD))


def _outcome(notice: PublicNotice, line: Any) -> str:
    if line.certificate and not notice.of_level:
        return _named(line, "异议成立，正按程序处理")
    if line.is_upheld:
        return "不予推荐" if notice.of_level else "不予命名"
    if notice.of_level and line.is_again:
        return "已另行公示"
    if notice.state == PublicNotice.State.CONCLUDED:
        return "候补，未递补" if line.is_reserve else "未命名"
    if notice.has_named:
        return "见后一版公示"
    return "候补" if line.is_reserve else notice.chosen_as


def _named(line: Any, then: str) -> str:
    """Of somebody with the title; ``then``: what is said of one that was objected to with success."""
    if line.is_revoked:
        return "命名后称号已撤销"
    said = "已命名（候补递补）" if line.is_reserve else "已命名"
    return f"{said}；{then}" if line.wants_answer else said


def _situation(notice: PublicNotice, line: Any, *, moves_up: bool) -> Situation:
    """For the staff: what holds whom comes before what the list says of them."""
    if line.certificate and not notice.of_level:
        return _titled(line)
    if held := _held(notice, line):
        return Situation(held, "bad")
    if line.is_again:
        return Situation("已另行公示", "plain")
    if moves_up:
        return Situation("候补，递补", "good")
    if notice.state == PublicNotice.State.CONCLUDED and line.is_reserve:
        return Situation("候补，未递补", "plain")
    return Situation("候补", "plain") if line.is_reserve else Situation(notice.chosen_as, "good")


def _titled(line: Any) -> Situation:
    if line.is_doubted:
        return Situation("已命名；撤销待复核", "warn")
    tone = "bad" if line.is_revoked or line.wants_answer else "good"
    return Situation(_named(line, "异议成立，待提出撤销"), tone)


def _held(notice: PublicNotice, line: Any) -> str:
    """Why somebody is not named or recommended by the list as it stands; "" of those who are."""
    if line.is_upheld:
        return "异议成立，不予推荐" if notice.of_level else "异议成立，不予命名"
    if line.is_back:
        return "已退回" if notice.of_level else "已退回，不命名"
    if line.held:
        return "异议暂缓"
    return "部门有异议，暂缓" if line.is_objected else ""
