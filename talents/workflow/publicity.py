"""From the ranking to the list put up, the objections to it, and the titles that come of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from policies.library.editions import policy_by_digest
from talents.models import (
    Honour,
    Nomination,
    NoticeEntry,
    Person,
    PublicNotice,
    SelectionRound,
)
from talents.permissions.publicity import (
    DROP,
    NAME,
    POST,
    REPLACE,
    may_draft_notice,
    may_drop,
    may_name,
    may_post,
)
from talents.rules.digests import list_digest
from talents.rules.endorsing import objected_by_office
from talents.rules.holders import titles_in_the_way
from talents.rules.left_out import check_left_out
from talents.rules.merit import in_order
from talents.rules.panels import chosen_by, panel_that_decided, panel_under_way, slate_of
from talents.rules.stages import NOTICE, unless_begun
from talents.rules.succession import Succession
from talents.services.entitlements import follow_up_titles
from talents.services.honours import certificate_numbers
from talents.services.lists import (
    check_contests,
    check_unchanged,
    check_unmoved,
    drawn_up,
    entries_held,
    lists_held,
    locked_list,
)
from talents.services.panels import check_table
from talents.services.publicity_notices import tell_drafted, tell_named, tell_posted
from talents.workflow.composing import check_composition, check_named, passed_over_words
from talents.workflow.levels import check_asked
from workflow.calendar import add_working_days
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from organizations.models import User
    from talents.models import Panel
    from talents.rules.ranking import Ranked

DRAFTED = Event("talents.notice-drafted", "拟定公示名单")
NAMED = Event("talents.honour-named", "命名")
NAMED_LATER = Event("talents.notice-named-later", "补充命名")
#: Where no policy says how long a list is up.
USUAL_DAYS = 5


@dataclass(frozen=True, slots=True)
class Slate:
    """What the panel decided: how many, how many in reserve, by which minutes; where it goes up."""

    places: int
    reserve: int
    minutes_number: str
    posted_at: str
    contact: str
    #: That whoever draws it up knows who of the confirmed is not ranked.
    leaves_out: bool = False


def days_up(selection: SelectionRound) -> int:
    """For how many working days the policy of the round has a list up."""
    policy = policy_by_digest(selection.edition.digest)
    step = next((s for s in policy.procedure if s.code == "publicity" and s.days), None)
    return step.days if step and step.days else USUAL_DAYS


@transaction.atomic
def draft_notice(round_id: int, slate: Slate, *, actor: User) -> PublicNotice:
    """Draw the list up: as the panel decided, else the first ``places`` by rank, then the reserve.

    Whose trade a contest decides is ranked by his place there. Equal scores are told apart by the mean without dropping extremes, then the smaller spread, then
    the number. Where a list has named and what it says of somebody still to be named has changed, the
    next one is of the places it has left and of those who still stand. Only confirmed candidates go up, and nobody whose objection was upheld before; who has no
    marks is told of, and left out only by somebody who confirms it. Where a
    list is up already, this is its next version; the one that is up stays up until this one is.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",), no_key=True).get(pk=round_id)
    may_draft_notice.check(actor, selection)
    earlier = lists_held(selection.pk, selection.organizer_id)
    again = next((one for one in earlier if one.state == one.State.CONCLUDED), None)
    if again is not None:
        chosen, slate, note = _left_of(again, slate)
        panel = again.panel
    else:
        gone = check_left_out(selection, is_confirmed=slate.leaves_out, then="不会列入名单")
        note = f"已确认而未列入名次：{gone}" if gone else ""
        panel = panel_that_decided(selection)
        if panel is not None:
            check_table(panel)
        chosen = _nominations(_chosen(selection, panel, slate))
    notice = drawn_up(
        selection,
        selection.organizer,
        earlier,
        chosen,
        panel=panel,
        places=slate.places,
        minutes_number=slate.minutes_number,
        posted_at=slate.posted_at,
        contact=slate.contact,
        days=days_up(selection),
        drafted_by=actor,
    )
    record_event(
        DRAFTED,
        subject_of(notice),
        actor=actor,
        organization=notice.organization,
        after={
            "places": notice.places,
            "reserve": len(chosen) - notice.places,
            "minutes_number": notice.minutes_number,
        },
        note=note,
    )
    tell_drafted(notice, actor=actor)
    return notice


@transaction.atomic
def post_notice(notice_id: int, *, starts_on: date, actor: User) -> PublicNotice:
    """Put it up: from now on the list is frozen, and its days run; it takes the place of what was up.

    What a level puts up stands beside what it put up before.
    """
    notice, others = locked_list(notice_id, actor)
    may_post.check(actor, notice)
    if starts_on < timezone.localdate():
        raise DomainError("notice-begins-in-the-past", "公示不能从过去的日期开始")
    entries = entries_held(notice)
    if notice.of_level:
        check_asked(notice, entries)
    else:
        if refusal := unless_begun(notice.round, NOTICE, starts_on):
            raise refusal
        check_composition(Succession(notice, entries))
        _check_of_panel(notice, "请作废后重新拟定名单")
        _check_confirmed(entries)
        _check_not_objected(notice, entries)
        check_contests(notice, entries, entries, "请作废后重新拟定名单")
    check_unchanged(entries, "拟定名单以来", "请作废后重新拟定名单")
    shown = {PublicNotice.State.POSTED, PublicNotice.State.CONCLUDED}
    up = [one for one in others if one.state in shown and not one.of_level]
    still = any(not one.is_over for one in up)
    if still and starts_on > timezone.localdate():
        message = f"{up[0]}正在公示，新版应自发布当日起公示，期间不能没有名单在公示"
        raise DomainError("gap-between-lists", message)
    for one in up:
        REPLACE.apply(one, organization=notice.organization, actor=actor)
    POST.apply(
        notice,
        organization=notice.organization,
        actor=actor,
        starts_on=starts_on,
        ends_on=add_working_days(starts_on, notice.days).day,
        sha256=list_digest(notice),
        posted_by=actor,
    )
    tell_posted(notice, actor=actor)
    return notice


@transaction.atomic
def drop_notice(notice_id: int, *, actor: User, note: str) -> PublicNotice:
    """Give up a list that was never put up; the round may draw up another."""
    notice, _ = locked_list(notice_id, actor)
    check_reason(note)
    may_drop.check(actor, notice)
    DROP.apply(notice, organization=notice.organization, actor=actor, note=note)
    return notice


@transaction.atomic
def name_chosen(notice_id: int, *, document_number: str, actor: User) -> list[Honour]:
    """Name those on the list whom nothing holds, the reserve moving up into places that came free.

    An objection that is open, on this list or an earlier version of it, holds that person and place
    only; once it is decided, the same list names again, by a decision of its own. What of a line has
    changed since it went up has to go up again first.
    """
    notice, others = locked_list(notice_id, actor)
    may_name.check(actor, notice)
    if coming := next((one for one in others if one.state == one.State.DRAFT), None):
        message = f"{coming}待发布，请先发布新版，或作废新版后再按本版命名"
        raise DomainError("next-list-at-hand", message)
    if not document_number.strip():
        raise DomainError("document-required", "命名须写明文号；没有依据的称号不能授予")
    is_later = notice.state == PublicNotice.State.CONCLUDED
    _check_of_panel(notice, "须重新拟定名单、另行公示")
    course = _course_of_naming(notice, document_number.strip())
    chosen, skipped = course.to_be_named, passed_over_words(course)
    taken = PublicNotice.objects.filter(pk=notice.pk, named_count__lte=F("places") - len(chosen))
    if not taken.update(named_count=F("named_count") + len(chosen)):
        raise DomainError("places-used-up", "拟命名的名额已用完")
    honours = _named(notice, chosen, document_number.strip())
    note, body = f"{document_number.strip()}，命名{len(honours)}名", notice.organization
    note += f"；{skipped}" if skipped else ""
    if is_later:
        record_event(NAMED_LATER, subject_of(notice), actor=actor, organization=body, note=note)
    else:
        NAME.apply(notice, organization=body, actor=actor, note=note)
    for honour in honours:
        record_event(
            NAMED,
            subject_of(honour),
            actor=actor,
            organization=notice.organization,
            after={"certificate_number": honour.certificate_number, "title": honour.title},
            note=document_number.strip(),
        )
    tell_named(honours, actor=actor)
    follow_up_titles(notice, actor=actor)
    return honours


def _course_of_naming(notice: PublicNotice, document_number: str) -> Succession:
    """By which is named now: as the list went up, within the shares, and nobody who has such a title already."""
    is_later = notice.state == PublicNotice.State.CONCLUDED
    _hold_persons(notice)
    course = Succession(notice, entries_held(notice))
    chosen = course.to_be_named
    if not chosen:
        message = "名单上的人选都因异议暂缓或已退回草稿，没有可命名的人"
        raise DomainError("nobody-to-name", message)
    _check_new_to_tier(notice.round, chosen)
    check_named(course)
    still = chosen if is_later else course.standing
    check_contests(notice, course.entries, still, "须重新拟定名单、另行公示")
    check_unchanged(still, "公示以来", "须重新拟定名单、另行公示")
    if is_later or course.follows:
        _check_decision_of_its_own(notice.round, document_number)
    return course


def _hold_persons(notice: PublicNotice) -> None:
    """In one order, whatever the lists: of two namings of the same person one waits for the other."""
    persons = notice.entries.values("nomination__person")
    list(Person.objects.filter(pk__in=persons).order_by("pk").select_for_update(no_key=True))


def _check_new_to_tier(selection: SelectionRound, chosen: Sequence[NoticeEntry]) -> None:
    """One person, one tier, one year; where the policy excludes holders, one title of the tier at all."""
    persons = [entry.nomination.person_id for entry in chosen]
    if held := titles_in_the_way(selection, persons):
        said = "；".join(
            f"{row.person.name}已有{row.title}（{row.year}年，证书{row.certificate_number}）"
            for row in held
        )
        message = f"{said}，不能再命名同一层级的称号；请退回其推荐，由候补递补后命名"
        raise DomainError("same-tier-held", message)


def _chosen(selection: SelectionRound, panel: Panel | None, slate: Slate) -> list[Ranked]:
    """In their order: those of the panel's decision, which says how many; else by rank."""
    if panel is None:
        chosen = in_order(selection)[: slate.places + slate.reserve]
        if len(chosen) < slate.places:
            message = f"已确认且有评分的人选只有{len(chosen)}名，不足拟命名的{slate.places}名"
            raise DomainError("slate-too-short", message)
        return chosen
    check_unmoved(panel, "请更正表决结果，确认后再拟定名单")
    decided = slate_of(panel)
    if not decided.places:
        raise DomainError("nobody-to-name", "评审委员会没有建议命名的人选，不能拟定公示名单")
    if decided[:3] != (slate.places, slate.reserve, slate.minutes_number):
        message = (
            f"评审委员会（{decided.minutes_number}）建议命名{decided.places}名、"
            f"列入后备{decided.reserve}名，公示名单须照此拟定"
        )
        raise DomainError("slate-not-of-panel", message)
    return chosen_by(panel)[0]


def _check_of_panel(notice: PublicNotice, then: str) -> None:
    """That what the panel decided last is what the list was drawn up from."""
    if (entering := panel_under_way(notice.round)) is not None:
        message = f"表决结果正在更正（{entering.minutes_number}），确认或作废后再办理"
        raise DomainError("panel-at-hand", message)
    panel = panel_that_decided(notice.round)
    if (panel.pk if panel else None) != notice.panel_id:
        message = f"拟定名单以后，评审委员会的表决结果有录入或更正，{then}"
        raise DomainError("notice-not-of-panel", message)


def _left_of(named: PublicNotice, slate: Slate) -> tuple[list[Nomination], Slate, str]:
    """Who goes up again of a list that has named, for the places it has left; by the same minutes."""
    course = Succession(named, entries_held(named))
    rows, places = course.goes_up_again, len(course.in_their_places)
    note = f"{named}命名后公示内容有变，余下{places}个名额的人选重新公示"
    left = replace(
        slate,
        places=places,
        reserve=len(rows) - places,
        minutes_number=named.minutes_number,
    )
    return [one.nomination for one in rows], left, note


def _nominations(chosen: Sequence[Ranked]) -> list[Nomination]:
    keys = [one.nomination for one in chosen]
    rows = Nomination.objects.select_related("person", "unit").in_bulk(keys)
    return [rows[key] for key in keys]


def _check_confirmed(entries: Sequence[NoticeEntry]) -> None:
    gone = [e.name for e in entries if e.nomination.state != Nomination.State.CHECKED]
    if gone:
        message = f"{'、'.join(gone)}的推荐已退回草稿，请作废后重新拟定名单"
        raise DomainError("entry-not-confirmed", message)


def _check_not_objected(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> None:
    """That no office has objected since to anybody on a list that goes up."""
    held = set(objected_by_office(notice.round))
    if gone := [e.name for e in entries if e.nomination_id in held]:
        message = (
            f"拟定名单以来，有关部门对{'、'.join(gone)}提出异议；"
            "请作废后重新拟定名单，或由另一人更正异议后发布"
        )
        raise DomainError("entry-objected", message)


def _check_decision_of_its_own(selection: SelectionRound, document_number: str) -> None:
    """What is named later is decided later, by another document."""
    named = Honour.objects.filter(nomination__round=selection)
    if named.filter(document_number=document_number).exists():
        message = f"{document_number}已用于本名单此前的命名，补充命名须另行发文、写明文号"
        raise DomainError("document-used", message)


def _named(
    notice: PublicNotice, chosen: Sequence[NoticeEntry], document_number: str
) -> list[Honour]:
    selection, today = notice.round, timezone.localdate()
    policy = policy_by_digest(selection.edition.digest)
    prefix = f"{selection.tier[:2].upper()}{selection.year}"
    numbers = certificate_numbers(prefix, len(chosen))
    return [
        Honour.objects.create(
            person=entry.nomination.person,
            organization=notice.organization,
            nomination=entry.nomination,
            unit=entry.unit,
            trade=entry.trade,
            title=policy.tier(selection.tier).title,
            scheme=policy.code,
            tier=selection.tier,
            year=selection.year,
            named_on=today,
            document_number=document_number,
            certificate_number=number,
        )
        for entry, number in zip(chosen, numbers, strict=True)
    ]
