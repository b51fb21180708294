"""The life of a contest, of an item's results, of appeals and proposals; every state moves here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from competitions.models import Appeal, Competition, Entry, Item, Promotion
from competitions.permissions import (
    ANNOUNCE,
    CHECK,
    CLOSE,
    LOCK,
    PUBLISH,
    UNLOCK,
    may_ask_reopening,
    may_check,
    may_hold_for,
    may_lock,
    may_publish,
    may_unlock,
)
from competitions.permissions.appeals import (
    REJECT,
    REMARK,
    UPHOLD,
    may_appeal,
    may_decide,
    may_remark,
)
from competitions.permissions.promotions import (
    ANNUL,
    CERTIFY,
    DECLINE,
    RETRACT,
    may_annul,
    may_certify,
    may_decline,
    may_retract,
)
from competitions.rules.editions import appeals_until, spread_limit
from competitions.rules.settled import unsettled
from competitions.selectors.awards import risen_in_vain
from competitions.selectors.board import current_scheme, newest_board
from competitions.selectors.progress import progress_of, short_teams
from competitions.services.admitting import note_levels_at_locking
from competitions.services.arbiters import jury_of
from competitions.services.boards import freeze
from competitions.services.contests import locked_item
from competitions.services.judging import check_no_conflict_since
from competitions.services.notices import (
    tell_announced,
    tell_annulled,
    tell_appeal,
    tell_certified,
    tell_decided,
    tell_published,
    tell_to_lock,
    tell_to_reopen,
)
from competitions.services.promotions import certificate_for, recall
from competitions.services.stages import follow_up
from competitions.services.terms import check_all_signed
from talents.rules.evidence import certificate_problem
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from organizations.models import User
    from workflow.transitions import Transition

APPEALED = Event("competitions.appealed", "提出申诉")
REOPENING = Event("competitions.reopening-asked", "申请退回重评")
LONGEST = 200
NAMED = 5


@transaction.atomic
def announce(pk: int, *, actor: User, note: str = "") -> Competition:
    """Let bodies below read of the contest and enter their people."""
    competition = _contest(pk, actor)
    if not competition.items.exists():
        raise DomainError("contest-without-items", "还没有竞赛项目，请先登记项目再发布")
    ANNOUNCE.apply(competition, organization=competition.organizer, actor=actor, note=note)
    tell_announced(competition, actor=actor)
    return competition


@transaction.atomic
def close(pk: int, *, actor: User, note: str = "") -> Competition:
    """End a contest, all of whose items have been published and stand: nothing is appealed, to be mended or asked."""
    competition = _contest(pk, actor)
    items = list(competition.items.order_by("pk").select_for_update(no_key=True))
    left = [str(item) for item in items if item.state != Item.State.PUBLISHED]
    if left:
        raise DomainError("items-not-published", f"还有项目没有公布成绩：{'、'.join(left[:NAMED])}")
    for item in items:
        item.competition = competition
    for refusal in unsettled(items, "办结").values():
        raise refusal
    if competition.kind_asked_by_id is not None:
        message = f"{competition.kind_asked_by}提出更正级别、类别，作出决定之后才能办结"
        raise DomainError("kind-asked", message)
    CLOSE.apply(competition, organization=competition.organizer, actor=actor, note=note)
    return competition


def _contest(pk: int, actor: User) -> Competition:
    rows = Competition.objects.visible_to(actor).select_related("organizer")
    competition = rows.select_for_update(of=("self",)).get(pk=pk)
    may_hold_for.check(actor, competition.organizer)
    return competition


@transaction.atomic
def check_marks(pk: int, *, actor: User, note: str = "") -> Item:
    """Lock as the first: everybody who stands has all marks, and no judges differ too much."""
    item = locked_item(pk, actor)
    may_check.check(actor, item)
    check_all_signed(item, before="锁定")
    check_no_conflict_since(item)
    progress = progress_of(item, current_scheme(item), spread_limit(item))
    if not progress.complete or progress.open:
        message = (
            f"还有{progress.open}名参赛人的分数不全；缺考、弃赛的请先登记退赛"
            if progress.complete
            else "还没有一名参赛人的分数齐全"
        )
        raise DomainError("marks-incomplete", message)
    if short := short_teams(item):
        message = f"有{len(short)}队人数不足{item.team_size}人（如{short[0]}），请补报或登记退赛"
        raise DomainError("team-incomplete", message)
    if progress.apart:
        first = progress.apart[0]
        message = (
            f"有{len(progress.apart)}处评委打分相差过大（如{first.number}号{first.aspect}："
            f"{first.least:.0f}至{first.most:.0f}分），请先重评"
        )
        raise DomainError("judges-apart", message)
    CHECK.apply(
        item, organization=item.competition.organizer, actor=actor, note=note, checked_by=actor
    )
    note_levels_at_locking(item)
    tell_to_lock(item, actor=actor)
    return item


@transaction.atomic
def lock_marks(pk: int, *, actor: User, note: str = "") -> Item:
    """Lock as the second: names are read from now on."""
    item = locked_item(pk, actor)
    may_lock.check(actor, item)
    organizer = item.competition.organizer
    LOCK.apply(item, organization=organizer, actor=actor, note=note, locked_by=actor)
    return item


@transaction.atomic
def ask_reopening(pk: int, *, actor: User, note: str) -> Item:
    """Ask that locked marks be opened again, whose names are read; somebody else agrees (``unlock_marks``)."""
    item = locked_item(pk, actor)
    check_reason(note)
    may_ask_reopening.check(actor, item)
    item.reopen_asked_by, item.reopen_reason = actor, note.strip()[:LONGEST]
    item.save(update_fields=["reopen_asked_by", "reopen_reason"])
    organizer = item.competition.organizer
    record_event(REOPENING, subject_of(item), actor=actor, organization=organizer, note=note)
    tell_to_reopen(item, actor=actor)
    return item


@transaction.atomic
def unlock_marks(pk: int, *, actor: User, note: str) -> Item:
    """Open the marks again before they are published, for a reason on record; once names are read, by two."""
    item = locked_item(pk, actor)
    check_reason(note)
    may_unlock.check(actor, item)
    _open(item, UNLOCK, actor, note)
    return item


def _open(item: Item, arrow: Transition, actor: User, note: str) -> None:
    arrow.apply(
        item,
        organization=item.competition.organizer,
        actor=actor,
        note=note,
        checked_by=None,
        locked_by=None,
        reopen_asked_by=None,
        reopen_reason="",
    )


@transaction.atomic
def publish(pk: int, *, actor: User, note: str = "", at: datetime | None = None) -> Item:
    """Freeze the board as the next edition and show it; a later edition says why it is one.

    ``at``: when it was published, of data that are made up.
    """
    item = locked_item(pk, actor)
    may_publish.check(actor, item)
    is_again = newest_board(item) is not None
    if is_again:
        check_reason(note)
    board = freeze(item, reason=note.strip()[:200] if is_again else "", actor=actor, at=at)
    PUBLISH.apply(
        item,
        organization=item.competition.organizer,
        actor=actor,
        note=note,
        reopen_asked_by=None,
        reopen_reason="",
    )
    tell_published(board, actor=actor)
    if is_again:
        follow_up(item, actor=actor)
    return item


@transaction.atomic
def mark_anew(pk: int, *, actor: User, note: str) -> Item:
    """Open a published item again after an upheld appeal; its boards stay as they were published."""
    item = locked_item(pk, actor)
    check_reason(note)
    may_remark.check(actor, item)
    _open(item, REMARK, actor, note)
    return item


@refusing(invalid="appeal-invalid")
@transaction.atomic
def appeal(entry_id: int, grounds: str, *, actor: User) -> Appeal:
    """Appeal for an entrant, or as one, against the newest board, within the days of appealing."""
    own = Entry.objects.about(actor).filter(pk=entry_id)
    within = own if own.exists() else Entry.objects.visible_to(actor)
    rows = within.select_related("person", "unit", "item__competition__organizer")
    # whoever gives awards, certifies or opens the item anew waits, and sees the appeal
    Item.objects.select_for_update(no_key=True).get(pk=rows.get(pk=entry_id).item_id)
    entry = rows.get(pk=entry_id)
    board = newest_board(entry.item)
    may_appeal.check(actor, entry, appeals_until(board) if board else None)
    if board is None:
        raise DomainError("nothing-to-appeal", "成绩公布后才能申诉")
    filed = Appeal(item=entry.item, entry=entry, board=board, grounds=grounds, filed_by=actor)
    filed.full_clean(validate_unique=False, validate_constraints=False)
    filed.save()
    record_event(
        APPEALED,
        subject_of(filed),
        actor=actor,
        organization=entry.item.competition.organizer,
        after={"board": board.number, "grounds": grounds},
    )
    tell_appeal(filed, actor=actor)
    return filed


@transaction.atomic
def decide(
    pk: int, *, is_upheld: bool, verdict: str, jury: Collection[User] = (), actor: User
) -> Appeal:
    """Uphold or reject an appeal in words, as most of the group (``jury``, with ``actor``) decided.

    What follows for the marks is another step.
    """
    rows = Appeal.objects.visible_to(actor).select_related(
        "item__competition__organizer", "entry__unit", "entry__person", "filed_by"
    )
    found = rows.select_for_update(of=("self",)).get(pk=pk)
    check_reason(verdict)
    may_decide.check(actor, found)
    names = jury_of(found, jury, actor=actor)
    (UPHOLD if is_upheld else REJECT).apply(
        found,
        organization=found.item.competition.organizer,
        actor=actor,
        note=verdict,
        verdict=verdict,
        jury=names,
        decided_by=actor,
        decided_at=timezone.now(),
    )
    tell_decided(found, actor=actor)
    return found


@refusing()
@transaction.atomic
def certify(pk: int, number: str, *, actor: User, note: str = "") -> Promotion:
    """Enter the certificate that was issued: from now on the person holds the level."""
    promotion = _promotion(pk, actor)
    promotion.item = locked_item(promotion.item_id, actor)
    may_certify.check(actor, promotion)
    if not number:
        raise DomainError("certificate-missing", "请填写证书编号")
    if problem := certificate_problem(number, promotion.target):
        raise DomainError(problem.code, problem.message)
    certificate = certificate_for(promotion, number, actor=actor)
    CERTIFY.apply(
        promotion,
        organization=promotion.item.competition.organizer,
        actor=actor,
        note=note,
        certificate=certificate,
    )
    tell_certified(promotion, actor=actor)
    return promotion


@transaction.atomic
def withdraw_proposal(pk: int, *, actor: User, note: str) -> Promotion:
    """Take back a proposal that does not hold any more; the entrant may be proposed again."""
    promotion = _promotion(pk, actor)
    check_reason(note)
    may_retract.check(actor, promotion)
    organizer = promotion.item.competition.organizer
    RETRACT.apply(promotion, organization=organizer, actor=actor, note=note)
    return promotion


@transaction.atomic
def annul(pk: int, *, actor: User, note: str) -> Promotion:
    """Take a rise back that the newest board does not bear out: its certificate says no level any more."""
    promotion = _promotion(pk, actor)
    check_reason(note)
    promotion.item = locked_item(promotion.item_id, actor)
    may_annul.check(actor, promotion)
    if promotion not in risen_in_vain(promotion.item):
        message = f"{promotion.person.name}的晋升与最新成绩榜相符，不能撤销"
        raise DomainError("rise-borne-out", message)
    organizer, recalled = promotion.item.competition.organizer, promotion.certificate
    words = {"after": {"certificate_number": recalled.number if recalled else ""}}
    ANNUL.apply(
        promotion, organization=organizer, actor=actor, note=note, certificate=None, **words
    )
    if recalled is not None:
        recall(recalled, actor=actor, note=f"撤销晋升：{note}")
    tell_annulled(promotion, actor=actor)
    return promotion


@transaction.atomic
def decline(pk: int, *, actor: User, note: str) -> Promotion:
    """Note that the labour authority did not agree, and why."""
    promotion = _promotion(pk, actor)
    check_reason(note)
    may_decline.check(actor, promotion)
    organizer = promotion.item.competition.organizer
    DECLINE.apply(promotion, organization=organizer, actor=actor, note=note)
    return promotion


def _promotion(pk: int, actor: User) -> Promotion:
    rows = Promotion.objects.visible_to(actor).select_related(
        "person", "entry__unit", "item__competition__organizer"
    )
    return rows.select_for_update(of=("self",)).get(pk=pk)
