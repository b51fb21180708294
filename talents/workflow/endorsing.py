"""The road of a nomination to its round: notice at the unit, offices asked, opinion level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from policies.wording import chinese_day
from talents.models import Clearance, Endorsement, Shortcoming, UnitNotice
from talents.permissions.endorsing import (
    AGREES,
    CLEAR,
    DISPUTE,
    DISPUTE_LATER,
    ENDORSE,
    OBJECTS,
    OBJECTS_LATER,
    PUT_RIGHT,
    REPLACE,
    SEND_BACK,
    may_answer,
    may_ask_offices,
    may_close_notice,
    may_dispute_later,
    may_endorse,
    may_object_later,
    may_put_right,
    may_put_up,
    may_submit,
)
from talents.rules.endorsing import EndorsementRule, notice_of, noticed
from talents.rules.stages import ENDORSING, is_late
from talents.services.endorsing import asked_at
from talents.services.endorsing_notices import (
    tell_asked,
    tell_disputed,
    tell_objected,
    tell_put_right,
)
from talents.services.nominations import lock_round_of, locked_nomination
from talents.services.scans import keep_scan
from workflow.calendar import add_working_days
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from organizations.models import User
    from talents.models import Nomination
    from talents.services.scans import Scan

PUT_UP = Event("talents.unit-notice-up", "单位公示")
OFFICES_ASKED = Event("talents.offices-asked", "征求部门意见")
State = Endorsement.State
#: Of a reply that was not put right, or is not any more.
NOT_PUT_RIGHT: dict[str, Any] = {
    "objection": "",
    "objection_number": "",
    "objected_on": None,
    "objected_by": None,
    "corrected_for": "",
}


@transaction.atomic
def put_up_notice(nomination_id: int, *, place: str, starts_on: date, actor: User) -> UnitNotice:
    """Have the unit's notice up from a day on; one that says what is no longer so is taken down."""
    nomination = locked_nomination(nomination_id, actor)
    may_put_up.check(actor, nomination)
    if starts_on > timezone.localdate():
        raise DomainError("unit-notice-in-future", "请在张贴当日或之后登记，开始日期不能晚于今天")
    opens_on = nomination.round.opens_on
    if opens_on and starts_on < opens_on:
        message = f"本轮次自{chinese_day(opens_on)}起申报，单位公示不能早于当日开始"
        raise DomainError("unit-notice-before-round", message)
    earlier = notice_of(nomination)
    if earlier is not None:
        REPLACE.apply(
            earlier,
            organization=nomination.unit,
            actor=actor,
            finding="公示内容有更正，重新公示",
            closed_by=actor,
            closed_on=timezone.localdate(),
        )
    with refusing(), transaction.atomic():
        made = UnitNotice.objects.create(
            nomination=nomination,
            told=noticed(nomination),
            place=place,
            starts_on=starts_on,
            ends_on=add_working_days(starts_on, EndorsementRule.of(nomination.round).days).day,
            put_up_by=actor,
        )
    record_event(
        PUT_UP,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        after={"starts_on": str(starts_on), "ends_on": str(made.ends_on)},
    )
    return made


@transaction.atomic
def close_notice(
    notice_id: int, *, is_clear: bool, finding: str, scan: Scan | None, actor: User
) -> UnitNotice:
    """Say what came of it: nothing, once it ended and with the stamped scan; or an objection."""
    rows = UnitNotice.objects.visible_to(actor).select_related(
        "nomination__unit", "nomination__person"
    )
    notice = rows.select_for_update(of=("self",)).get(pk=notice_id)
    may_close_notice.check(actor, notice)
    today, unit = timezone.localdate(), notice.nomination.unit
    if is_clear and today <= notice.ends_on:
        message = f"公示到{notice.ends_on}期满，次日起才能登记无异议"
        raise DomainError("unit-notice-running", message)
    if is_clear and scan is None:
        raise DomainError("scan-required", "登记无异议须上传盖章的公示件扫描件")
    kept = keep_scan(scan, organization=unit, actor=actor) if scan else None
    (CLEAR if is_clear else DISPUTE).apply(
        notice,
        organization=unit,
        actor=actor,
        note=finding,
        finding=finding,
        scan=kept,
        closed_by=actor,
        closed_on=today,
    )
    if not is_clear:
        tell_disputed(notice, actor=actor)
    return notice


@transaction.atomic
def dispute_later(notice_id: int, *, actor: User, note: str) -> UnitNotice:
    """Put down an objection at the unit after the result was put down as none; nobody recommends from now on.

    Another notice may be put up and handed in once the unit has looked into it.
    """
    rows = UnitNotice.objects.visible_to(actor)
    lock_round_of(rows.only("nomination").get(pk=notice_id).nomination_id)
    found = rows.select_related("nomination__unit", "nomination__person")
    notice = found.select_for_update(of=("self",)).get(pk=notice_id)
    may_dispute_later.check(actor, notice)
    check_reason(note, "改登公示有异议")
    DISPUTE_LATER.apply(
        notice,
        organization=notice.nomination.unit,
        actor=actor,
        note=f"原结果“{notice.finding}”；{note}",
        finding=note,
        closed_by=actor,
        closed_on=timezone.localdate(),
    )
    tell_disputed(notice, actor=actor)
    return notice


@transaction.atomic
def ask_offices(nomination_id: int, *, actor: User) -> list[Clearance]:
    """Ask those offices of the policy that were not asked about this candidate yet."""
    nomination = locked_nomination(nomination_id, actor)
    may_ask_offices.check(actor, nomination)
    asked = set(nomination.clearances.values_list("office", flat=True))
    made = Clearance.objects.bulk_create(
        Clearance(
            nomination=nomination, office=office, asked_on=timezone.localdate(), asked_by=actor
        )
        for office in EndorsementRule.of(nomination.round).offices
        if office not in asked
    )
    record_event(
        OFFICES_ASKED,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        note="、".join(row.office for row in made),
    )
    return made


@transaction.atomic
def answer_clearance(  # noqa: PLR0913 - what a reply consists of
    clearance_id: int,
    *,
    is_clear: bool,
    reply: str,
    document_number: str = "",
    answered_on: date,
    actor: User,
) -> Clearance:
    """Register what an office replied; an objection stands in the way until another person puts it right."""
    found = _clearance_held(clearance_id, actor)
    may_answer.check(actor, found)
    if not found.asked_on <= answered_on <= timezone.localdate():
        raise DomainError("answered-out-of-time", "答复日期应在征求之日与今天之间")
    (AGREES if is_clear else OBJECTS).apply(
        found,
        organization=found.nomination.unit,
        actor=actor,
        note=f"{found.office}：{reply}",
        reply=reply,
        document_number=document_number,
        answered_on=answered_on,
        answered_by=actor,
    )
    if not is_clear:
        tell_objected(found, actor=actor)
    return found


@transaction.atomic
def put_objection_right(  # noqa: PLR0913 - what a reply consists of
    clearance_id: int,
    *,
    reply: str,
    document_number: str = "",
    answered_on: date,
    actor: User,
    note: str,
) -> Clearance:
    """Register an office's later reply without objection, or that the objection was a mistake.

    What stood there stays on file beside it, with who registered it and why it was put right.
    """
    found = _clearance_held(clearance_id, actor)
    may_put_right.check(actor, found)
    check_reason(note, "更正部门异议")
    _check_later(found, answered_on, "更正")
    PUT_RIGHT.apply(
        found,
        organization=found.nomination.unit,
        actor=actor,
        note=f"{found.office}：原答复“{found.reply}”，现“{reply}”；{note}",
        objection=found.reply,
        objection_number=found.document_number,
        objected_on=found.answered_on,
        objected_by=found.answered_by,
        corrected_for=note,
        reply=reply,
        document_number=document_number,
        answered_on=answered_on,
        answered_by=actor,
    )
    tell_put_right(found, actor=actor)
    return found


@transaction.atomic
def object_later(  # noqa: PLR0913 - what a reply consists of
    clearance_id: int,
    *,
    reply: str,
    document_number: str = "",
    answered_on: date,
    actor: User,
    note: str,
) -> Clearance:
    """Register that an office objects after all, or did when it was put down as if it did not.

    From now on nobody recommends, confirms, lists or names the candidate until another person puts it
    right; what stood there stays on file beside it.
    """
    seen = Clearance.objects.visible_to(actor).only("nomination").get(pk=clearance_id)
    lock_round_of(seen.nomination_id)
    found = _clearance_held(clearance_id, actor)
    may_object_later.check(actor, found)
    check_reason(note, "改登有异议")
    _check_later(found, answered_on, "异议")
    OBJECTS_LATER.apply(
        found,
        organization=found.nomination.unit,
        actor=actor,
        note=f"{found.office}：原答复“{found.reply}”，现“{reply}”；{note}",
        **NOT_PUT_RIGHT,
        cleared_reply=found.reply,
        cleared_number=found.document_number,
        cleared_on=found.answered_on,
        cleared_by=found.answered_by,
        objected_for=note,
        reply=reply,
        document_number=document_number,
        answered_on=answered_on,
        answered_by=actor,
    )
    tell_objected(found, actor=actor)
    return found


def _check_later(found: Clearance, answered_on: date, what: str) -> None:
    """That an office answered anew between its former reply and today."""
    if found.answered_on is None or not found.answered_on <= answered_on <= timezone.localdate():
        raise DomainError("answered-out-of-time", f"{what}的答复日期应在原答复之日与今天之间")


@transaction.atomic
def submit_nomination(nomination_id: int, *, note: str, actor: User) -> Endorsement:
    """Recommend as the unit, and ask the next level; the round does not close in between."""
    lock_round_of(nomination_id)
    nomination = locked_nomination(nomination_id, actor)
    may_submit.check(actor, nomination)
    return _given(asked_at(nomination, 1), note, actor)


@transaction.atomic
def endorse(endorsement_id: int, *, note: str, actor: User) -> Endorsement:
    """Recommend as the level that was asked, and ask the next; who endorses in one round queues up."""
    rows = Endorsement.objects.visible_to(actor).filter(pk=endorsement_id)
    asked = rows.get()
    lock_round_of(asked.nomination_id)
    locked_nomination(asked.nomination_id, actor)
    found = rows.select_related(
        "organization", "nomination__unit", "nomination__person", "nomination__round__organizer",
        "nomination__round__edition",
    ).select_for_update(of=("self",)).get()  # fmt: skip
    may_endorse.check(actor, found)
    return _given(found, note, actor)


def send_back(nomination: Nomination, faults: Mapping[str, str], *, note: str, actor: User) -> None:
    """What goes with giving a nomination back: the level asked has answered, faults stand by field."""
    for row in nomination.endorsements.filter(state=State.ASKED).select_related("organization"):
        SEND_BACK.apply(
            row,
            organization=row.organization,
            actor=actor,
            note=note,
            opinion=note,
            decided_by=actor,
            decided_on=timezone.localdate(),
        )
    Shortcoming.objects.bulk_create(
        Shortcoming(
            nomination=nomination,
            version=nomination.version,
            field=field,
            kind=kind,
            returned_by=actor,
        )
        for field, kind in faults.items()
    )


def _clearance_held(clearance_id: int, actor: User) -> Clearance:
    rows = Clearance.objects.visible_to(actor).select_related(
        "nomination__unit", "nomination__person", "nomination__round"
    )
    return rows.select_for_update(of=("self",)).get(pk=clearance_id)


def _given(found: Endorsement, note: str, actor: User) -> Endorsement:
    if not note.strip():
        raise DomainError("opinion-required", "请写明推荐意见")
    ENDORSE.apply(
        found,
        organization=found.organization,
        actor=actor,
        note=note,
        opinion=note,
        decided_by=actor,
        decided_on=timezone.localdate(),
        is_late=is_late(found.nomination.round, ENDORSING),
    )
    tell_asked(found if found.is_last else asked_at(found.nomination, found.level + 1), actor=actor)
    return found
