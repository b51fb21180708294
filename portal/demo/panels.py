"""The meeting of the panel of the demo's finished round: who sat, how they voted, confirmed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.demo.review import person
from talents.models import Expert, PanelDecision
from talents.rules.panels import Vote
from talents.services.panels import Minutes, Seats, convene_panel, enter_votes
from talents.workflow.panels import confirm_panel, submit_panel

if TYPE_CHECKING:
    from datetime import date

    from talents.models import Panel, SelectionRound
    from talents.workflow.publicity import Slate

Decision = PanelDecision.Decision
#: Beyond the list this many more were on the table; every so many-th candidate had somebody against.
BEYOND, DISSENT_EVERY = 8, 6


def met(selection: SelectionRound, slate: Slate, *, held_on: date) -> Panel:
    """The panel put forward whom the list names, in the order of the ranking, and who stands in reserve."""
    handler = person("shizong")
    experts = Expert.objects.filter(organization=selection.organizer, left_on=None).order_by("code")
    *present, absent = experts.values_list("pk", flat=True)
    seats = Seats(present, [person("shenpi").pk], [absent])
    minutes = Minutes(held_on, slate.minutes_number, "北京市总工会第一会议室")
    tabled = slate.places + slate.reserve + BEYOND
    panel = convene_panel(selection.pk, minutes, seats, tabled=tabled, actor=handler)
    votes = {}
    for row in panel.decisions.order_by("position"):
        against = row.position % DISSENT_EVERY == 0
        if row.position <= slate.places:
            votes[row.pk] = Vote(row.voters - against, int(against), 0, Decision.NAME)
        elif row.position <= slate.places + slate.reserve:
            votes[row.pk] = Vote(row.voters - 1, 0, 1, Decision.RESERVE)
        else:
            votes[row.pk] = Vote(1, row.voters - 1, 0, Decision.REJECT)
    enter_votes(panel.pk, votes, actor=handler)
    submit_panel(panel.pk, actor=handler)
    return confirm_panel(panel.pk, actor=person("shenpi"))
