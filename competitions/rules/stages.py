"""Between stages: who takes part, or does not, otherwise than the newest board of the stage before has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.models import Appeal, BoardLine, Entry
from competitions.selectors.board import newest_board
from workflow.models import Record
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from competitions.models import Item

#: Records of whoever took somebody out, and of who gave a result back.
TAKEN = ("competitions.disqualify", "competitions.take-away", "competitions.withdraw")
GIVEN_BACK = "competitions.restore"
#: Of the decision that somebody stays out of a stage, though his result in the one before is back.
STAYS_OUT = "competitions.stays-out"
#: How somebody stands by the last such record: his result taken away, out at all, or back.
LOST, OUT, BACK = "lost", "out", "back"


def to_come_back(item: Item) -> list[Entry]:
    """Who was taken out of ``item`` while his result in the stage before was gone, which he has back by now.

    Whoever was taken out before it was gone, or after it was back, is out for another reason; and who
    was to come back stays out once that is decided.
    """
    lower = item.follows
    if lower is None or lower.state != lower.State.PUBLISHED:
        return []
    gone = Entry.objects.filter(item=item, state__in=Entry.OUT).select_related("person", "unit")
    out = {one.person_id: one for one in gone}
    going = qualified(lower).filter(entry__person__in=out).select_related("entry")
    below = {line.entry.person_id: line.entry for line in going}
    last = _last_moves([*below.values(), *(out[person] for person in below)])
    return [
        out[person]
        for person, entry in below.items()
        if (taken := last.get((subject_of(entry), LOST)))
        and (back := last.get((subject_of(entry), BACK)))
        and taken < last.get((subject_of(out[person]), OUT), 0) < back
    ]


def _last_moves(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """By entry and kind of move: which record was the last. To be lost is to be ``OUT`` as well."""
    rows = Record.objects.filter(
        subject__in=[subject_of(one) for one in entries], code__in=[*TAKEN, STAYS_OUT, GIVEN_BACK]
    )
    last = {}
    for subject, code, pk in rows.order_by("pk").values_list("subject", "code", "pk"):
        last[subject, BACK if code == GIVEN_BACK else OUT] = pk
        if code in TAKEN:
            last[subject, LOST] = pk
    return last


def may_yet_come_back(item: Item) -> list[Entry]:
    """Who was taken out of ``item`` since his result in the stage before was gone, against which an appeal waits."""
    waiting = _open_appeals().filter(item=item.follows_id)
    if item.follows_id is None or not waiting.exists():
        return []
    gone = Entry.objects.filter(item=item, state__in=Entry.OUT).select_related("person", "item")
    here = [one for one in gone if appealed_below(one)]
    below = Entry.objects.filter(
        item=item.follows_id, person__in=[one.person_id for one in here], state__in=Entry.OUT
    )
    lost = {one.person_id: subject_of(one) for one in below}
    last = _last_moves([*below, *here])
    return [
        one
        for one in here
        if last.get((lost[one.person_id], LOST), 0) < last.get((subject_of(one), OUT), 0)
    ]


def beyond_the_places(item: Item) -> QuerySet[Entry]:
    """Who takes part in ``item`` by an earlier board of the stage before, and by its newest one would not.

    Seeds begin here in their own right.
    """
    lower = item.follows
    if lower is None or not lower.places:
        return Entry.objects.none()
    came = BoardLine.objects.filter(board__item=lower, rank__lte=lower.places)
    here = Entry.objects.filter(item=item, state=Entry.State.ENTERED, is_seed=False)
    here = here.filter(person__in=came.order_by().values("entry__person"))
    now = qualified(lower).order_by().values("entry__person")
    return here.exclude(person__in=now).select_related("person", "unit")


def qualified(lower: Item) -> QuerySet[BoardLine]:
    """The lines of the newest board of a stage that go on from it."""
    board = newest_board(lower)
    rows = BoardLine.objects.filter(board=board) if board else BoardLine.objects.none()
    return rows.filter(rank__lte=lower.places or 0)


def appealed_below(entry: Entry) -> Appeal | None:
    """What waits against the loss of the result by which an entrant came here: filed, or to be carried out."""
    below = Entry.objects.filter(
        item=entry.item.follows_id, person=entry.person_id, state__in=Entry.OUT
    ).first()
    if below is None:
        return None
    return _open_appeals().filter(entry__in=below.whole_team()).select_related("item").first()


def _open_appeals() -> QuerySet[Appeal]:
    """Filed, or upheld and to be carried out."""
    to_carry_out = Appeal.to_carry_out().order_by().values("pk")
    return Appeal.objects.filter(Q(state=Appeal.State.FILED) | Q(pk__in=to_carry_out))
