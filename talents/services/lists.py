"""Lists that are put up: their lines as they stand now, and the locks under which they go up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talents.models import Nomination, NoticeEntry, PublicNotice, SelectionRound
from talents.permissions.reviews import check_contests_over
from talents.rules.digests import PUBLIC_FIELDS, is_still_so, public_fields_of
from talents.rules.merit import moved_since, out_of_place
from talents.rules.telling import check_lines
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import Organization, User
    from talents.models import Panel


def drawn_up(
    selection: SelectionRound,
    body: Organization,
    earlier: Sequence[PublicNotice],
    chosen: Sequence[Nomination],
    **facts: Any,
) -> PublicNotice:
    """A list of ``body`` after its ``earlier`` ones: ``chosen`` in their order, in reserve beyond its places."""
    stated = [public_fields_of(one) for one in chosen]
    check_lines((line["name"], line.values()) for line in stated)
    version = max((one.version for one in earlier), default=0) + 1
    notice = PublicNotice.objects.create(
        round=selection, organization=body, version=version, **facts
    )
    NoticeEntry.objects.bulk_create(
        NoticeEntry(
            notice=notice,
            nomination=one,
            position=place,
            is_reserve=place > notice.places,
            **line,
        )
        for place, (one, line) in enumerate(zip(chosen, stated, strict=True), start=1)
    )
    return notice


def entries_held(notice: PublicNotice) -> list[NoticeEntry]:
    """The lines in their order; what they say of whom is not corrected until this is done."""
    rows = notice.entries.select_related("nomination__person", "nomination__unit")
    held = rows.select_for_update(of=("nomination", "nomination__person"), no_key=True)
    return list(held.order_by("position"))


def check_unchanged(entries: Sequence[NoticeEntry], since: str, then: str) -> None:
    """That each line still says what is on file of its candidate, and nobody's number."""
    check_lines((one.name, [getattr(one, field) for field in PUBLIC_FIELDS]) for one in entries)
    if changed := [entry.name for entry in entries if not is_still_so(entry)]:
        message = f"{since}{'、'.join(changed)}的公示内容有变，{then}"
        raise DomainError("noticed-field-changed", message)


def check_contests(
    notice: PublicNotice, entries: Sequence[NoticeEntry], still: Sequence[NoticeEntry], then: str
) -> None:
    """That the contests by which ``still`` of the lines are on the list stand, and place them as they did then."""
    asked = [entry.nomination_id for entry in still]
    among = Nomination.objects.filter(pk__in=asked)
    check_contests_over(notice.round, among, "按名单公示、命名")
    if notice.panel:
        check_unmoved(notice.panel, then)
    elif moved := out_of_place(notice.round, [one.nomination_id for one in entries], asked):
        message = f"拟定名单以来，{'、'.join(moved)}的竞赛名次有变动，{then}"
        raise DomainError("contest-moved", message)


def check_unmoved(panel: Panel, then: str) -> None:
    """That contests place whoever was on the table of a panel as they did when it met."""
    if moved := moved_since(panel):
        message = f"上会（{panel.minutes_number}）以来，{'、'.join(moved)}的竞赛名次有变动，{then}"
        raise DomainError("contest-moved", message)


def locked_list(notice_id: int, actor: User) -> tuple[PublicNotice, list[PublicNotice]]:
    """The list and the others of its body; none of them moves, and none is added, until this is done."""
    seen = PublicNotice.objects.visible_to(actor).only("round", "organization").get(pk=notice_id)
    SelectionRound.objects.select_for_update(no_key=True).get(pk=seen.round_id)
    lists = {one.pk: one for one in lists_held(seen.round_id, seen.organization_id)}
    return lists.pop(notice_id), list(lists.values())


def lists_held(round_id: int, organization_id: int) -> list[PublicNotice]:
    """The lists that a body has drawn up in a round; the caller holds the round's lock."""
    rows = PublicNotice.objects.select_related("organization", "round__edition", "round__organizer")
    rows = rows.filter(round=round_id, organization=organization_id)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
