"""What a later board of one stage means for who takes part in the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Item
from competitions.permissions import keeps
from competitions.permissions.results import RESTORE
from competitions.rules.stages import beyond_the_places, to_come_back
from competitions.services.notices import tell_later_stage
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import Entry
    from organizations.models import User


def follow_up(lower: Item, *, actor: User) -> None:
    """After a later board of ``lower``: who has his result back takes part again in the stages after it.

    Where marks are locked there already, or somebody else keeps the stage, those who keep it are told
    to see to it; and always who is there beyond the places by now.
    """
    after = Item.objects.filter(follows=lower).select_related("competition__organizer", "follows")
    for item in after.order_by("pk").select_for_update(of=("self",), no_key=True):
        is_open = item.state == Item.State.OPEN and not item.boards.exists()
        back = (
            bring_back(item, actor=actor)
            if is_open and keeps(actor, item.competition.organizer)
            else []
        )
        tell_later_stage(item, back, to_come_back(item), beyond_the_places(item), actor=actor)


def bring_back(item: Item, *, actor: User) -> list[Entry]:
    """Let those take part again who were taken out for want of a result in the stage before, which is back.

    The caller holds the item, which is open and has no board.
    """
    back = to_come_back(item)
    for one in back:
        RESTORE.apply(
            one, organization=item.competition.organizer, actor=actor,
            note=f"“{item.follows}”的成绩已恢复，本赛段的参赛一并恢复",
            out_asked_by=None, out_agreed_by=None, out_reason="",
        )  # fmt: skip
    return back


def check_nobody_is_here_in_vain(item: Item) -> None:
    """Refuse to fill places anew beside those who are here by a result that is gone or is no place any more."""
    if one := beyond_the_places(item).first():
        message = (
            f"{one.person.name}在“{item.follows}”的成绩已取消或不再列晋级名次，仍在本赛段参赛，"
            "请先在其参赛页面办理取消成绩或退赛，再引入晋级选手"
        )
        raise DomainError("qualified-in-vain", message)
