"""Who of the confirmed stands in no order of merit, and why: told, and confirmed, before a table or a list is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination
from talents.rules.contests import contested
from talents.rules.endorsing import objected_by_office
from talents.rules.merit import in_order, objected
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import SelectionRound

#: So many are told by name.
MOST_TOLD = 20


class LeftOut(NamedTuple):
    """One confirmed candidate who is not ranked."""

    name: str
    why: str


def left_out(selection: SelectionRound) -> list[LeftOut]:
    """The confirmed who are not ranked, in the order of their numbers; nobody whose objection was upheld: that was decided."""
    ranked = [one.nomination for one in in_order(selection)]
    checked = Nomination.objects.filter(round=selection, state=Nomination.State.CHECKED)
    rows = checked.exclude(pk__in=[*ranked, *objected(selection)])
    missing = rows.order_by("row_number", "pk").values_list("pk", "person__name")
    if not missing:
        return []
    by_office, by_contest = set(objected_by_office(selection)), contested(selection, among=rows)
    return [
        LeftOut(name, _why(by_office=pk in by_office, by_contest=pk in by_contest))
        for pk, name in missing
    ]


def left_out_words(gone: Sequence[LeftOut]) -> str:
    """Who they are and why; "" where nobody is left out."""
    if not gone:
        return ""
    said = "、".join(f"{one.name}（{one.why}）" for one in gone[:MOST_TOLD])
    return f"{said}等{len(gone)}名" if len(gone) > MOST_TOLD else said


def check_left_out(selection: SelectionRound, *, is_confirmed: bool, then: str) -> str:
    """Who is left out, in words; refused unless whoever acts has said that they know."""
    words = left_out_words(left_out(selection))
    if words and not is_confirmed:
        message = (
            f"已确认的人选中{words}不在名次之列，{then}；"
            "须补评的先安排评审，应退回的先退回，确实不列入的请确认"
        )
        raise DomainError("left-out-unconfirmed", message)
    return words


def _why(*, by_office: bool, by_contest: bool) -> str:
    if by_office:
        return "部门有异议"
    return "由竞赛决定，没有名次" if by_contest else "没有评分"
