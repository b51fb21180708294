"""Who is told that a list waits, is up, was objected to, and who was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from organizations.standing_in import accounts_of
from policies.wording import chinese_day
from talents.models import Honour
from talents.rules.objected import once_upheld
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Q

    from talents.models import Objection, PublicNotice


def _others(serving: Q, actor: User | None) -> list[User]:
    rows = User.objects.filter(serving).distinct()
    return list(rows.exclude(pk=actor.pk) if actor else rows)


def tell_drafted(notice: PublicNotice, *, actor: User) -> int:
    """Those who may put it up."""
    return tell(
        _others(accounts_that_serve([Role.APPROVER], notice.organization.path), actor),
        f"公示名单待发布：{notice if notice.of_level else notice.round.name}",
        subject=subject_of(notice),
        href=reverse("talents:notice", args=[notice.pk]),
        body="请核对名单和会议纪要，由拟定人以外的审批人发布。",
    )


def tell_posted(notice: PublicNotice, *, actor: User) -> int:
    """The units of those on the list."""
    units = User.objects.none()
    for path in notice.entries.values_list("nomination__unit__path", flat=True).distinct():
        units |= User.objects.filter(accounts_that_serve([Role.NOMINATOR], path))
    ends = chinese_day(notice.ends_on) if notice.ends_on else ""
    return tell(
        units.distinct(),
        f"名单公示：{notice if notice.of_level else notice.round.name}",
        subject=subject_of(notice),
        href=reverse("talents:public-notice", args=[notice.pk]),
        body=f"公示到{ends}期满；本单位人选在名单上，请同时在单位张贴。",
    )


def _but_the_person(users: list[User], objection: Objection) -> list[User]:
    """Without whom it is about, and who counts as the same: they neither read it nor are told of it."""
    left = accounts_of(objection.entry.nomination.person.identity_digest)
    return [user for user in users if user.pk not in left]


def tell_objected(objection: Objection, notice: PublicNotice) -> int:
    """Those who look into it."""
    serving = _others(accounts_that_serve(STAFF, notice.organization.path), None)
    return tell(
        _but_the_person(serving, objection),
        f"公示异议待核查：{objection.receipt}",
        subject=subject_of(objection),
        href=reverse("talents:objection", args=[objection.pk]),
        body=f"类别：{objection.get_category_display()}。核查办结前，该人选暂缓命名，其他人不受影响。",
    )


def tell_looked_into(objection: Objection, *, actor: User) -> int:
    """Those who may decide."""
    place = objection.entry.notice.organization.path
    serving = _others(accounts_that_serve([Role.APPROVER], place), actor)
    return tell(
        _but_the_person(serving, objection),
        f"公示异议待审定：{objection.receipt}",
        subject=subject_of(objection),
        href=reverse("talents:objection", args=[objection.pk]),
        body="核查结论已登记，由核查人以外的审批人审定。",
    )


def tell_decided(objection: Objection, *, actor: User) -> int:
    """The staff, that the person is held no more or is out; of one that is or was upheld the unit as well."""
    entry, is_upheld = objection.entry, objection.state == objection.State.UPHELD
    notice = entry.notice
    then = "不予推荐" if notice.of_level else "不予命名"
    serving = _others(accounts_that_serve(STAFF, notice.organization.path), actor)
    told = tell(
        _but_the_person(serving, objection),
        f"公示{objection.get_state_display()}：{objection.receipt}",
        subject=subject_of(objection),
        href=reverse("talents:objection", args=[objection.pk]),
        body=f"{entry.name}{then}，名额由候补依次递补。"
        if is_upheld
        else f"{entry.name}不再暂缓。",
    )
    if not type(objection).objects.filter(once_upheld(), pk=objection.pk).exists():
        return told
    outcome = f"成立，{then}" if is_upheld else "重新核查后不成立，不再暂缓"
    unit = _others(accounts_that_serve([Role.NOMINATOR], entry.nomination.unit.path), actor)
    return told + tell(
        _but_the_person(unit, objection),
        f"公示异议{outcome}：{entry.name}",
        subject=subject_of(objection),
        href=reverse("talents:public-notice", args=[notice.pk]),
        body=f"{notice.round.name}：对本单位人选的异议经核查、审定{outcome}；有疑问请与{notice.organization}联系。",
    )


def tell_upheld(objection: Objection, *, actor: User) -> int:
    """Where whom it is about has the title already: those who may propose to take it back."""
    title = Honour.objects.filter(
        nomination=objection.entry.nomination_id, state=Honour.State.VALID
    ).first()
    if title is None:
        return 0
    serving = _others(accounts_that_serve(STAFF, title.organization.path), actor)
    return tell(
        _but_the_person(serving, objection),
        f"异议成立，请提出撤销：{title.person.name} {title.title}",
        subject=subject_of(objection),
        href=reverse("talents:honour", args=[title.pk]),
        body=f"异议{objection.receipt}审定成立，该人选已命名（{title.document_number}），"
        "称号在撤销以前仍然有效。请写明事由提出撤销，由另一位审批人复核。",
    )


def tell_named(honours: Sequence[Honour], *, actor: User) -> int:
    """The units of those who were named."""
    told = 0
    for honour in honours:
        serving = accounts_that_serve([Role.NOMINATOR], honour.person.organization.path)
        told += tell(
            _others(serving, actor),
            f"命名公布：{honour.person.name} {honour.title}",
            subject=subject_of(honour),
            href=reverse("talents:honour", args=[honour.pk]),
            body=f"{honour.document_number}，证书编号 {honour.certificate_number}。",
        )
    return told
