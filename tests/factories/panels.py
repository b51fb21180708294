"""A round whose marks are in, and its panel in any state."""

from datetime import date

from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, Panel, PanelDecision, PanelMember, PanelRecusal, Review
from talents.rules.panels import Vote
from talents.services.panels import Minutes, Seats, convene_panel, enter_votes
from talents.workflow.panels import confirm_panel, submit_panel
from tests.factories.organizations import UserFactory, account, with_child
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import NominationFactory, RoundFactory
from tests.factories.workflow import moved

FORCES = ("leading", "practice", "innovation", "tackling", "passing")
#: A round of then goes by the edition that says how many members have to come.
NEXT_YEAR = {"reference_day": date(2027, 6, 30), "year": 2027}


def reviewed_round(organizer, marks=(90, 80, 80, 70), **facts):
    """Confirmed candidates of one unit with these marks, by rank."""
    selection = RoundFactory(organizer=organizer, **(NEXT_YEAR | facts))
    unit = with_child(organizer, "unit")
    expert = ExpertFactory(organization=organizer, user=None)
    for mark in marks:
        row = NominationFactory(round=selection, unit=unit)
        Review.objects.create(
            nomination=row, expert=expert, status="submitted", submitted_at=timezone.now(),
            **{f"mark_{force}": mark for force in FORCES},
        )  # fmt: skip
    moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)
    return selection


def minutes(number="评审纪要〔2026〕1号"):
    return Minutes(timezone.localdate(), number, "工会大楼")


def convened(selection, *, actor=None, present=5, tabled=4, number="评审纪要〔2026〕1号"):
    """The panel met: so many experts came, nobody stands back."""
    experts = ExpertFactory.create_batch(present, organization=selection.organizer, user=None)
    seats = Seats(experts=[one.pk for one in experts])
    handler = actor or account(Role.HANDLER, selection.organizer)
    return convene_panel(selection.pk, minutes(number), seats, tabled=tabled, actor=handler)


def voted(panel, *decisions):
    """All in favour of who is put forward, all against who is not, in the order of the table."""
    chosen = decisions or ("name", "name", "reserve", "reject")
    votes = {}
    for row, decision in zip(panel.decisions.order_by("position"), chosen, strict=False):
        ayes = 0 if decision == "reject" else row.voters
        votes[row.pk] = Vote(ayes, row.voters - ayes, 0, decision)
    return enter_votes(panel.pk, votes, actor=panel.entered_by)


def submitted(selection, *decisions, **facts):
    panel = voted(convened(selection, **facts), *decisions)
    return submit_panel(panel.pk, actor=panel.entered_by)


def confirmed(selection, *decisions, **facts):
    panel = submitted(selection, *decisions, **facts)
    return confirm_panel(panel.pk, actor=account(Role.APPROVER, selection.organizer))


def written_panel(selection, *, state="draft", candidate=None, entered_by=None, **facts):
    """A meeting as rows, whatever the round has come to: one member, one candidate, nobody voted."""
    panel = Panel.objects.create(
        round=selection, number=1 + selection.panels.count(), held_on=timezone.localdate(),
        minutes_number="第1次", entered_by=entered_by or UserFactory(), **facts,
    )  # fmt: skip
    expert = ExpertFactory(organization=selection.organizer, user=None)
    PanelMember.objects.create(panel=panel, expert=expert, name=expert.name)
    PanelMember.objects.create(panel=panel, staff=UserFactory(), name="缺席的", is_present=False)
    decision = PanelDecision.objects.create(
        panel=panel, nomination=candidate or NominationFactory(round=selection, unit=selection.organizer),
        position=1, rank=1, score=90, voters=1,
    )  # fmt: skip
    if state != "draft":
        PanelDecision.objects.filter(pk=decision.pk).update(
            votes_for=1, votes_against=0, votes_abstain=0, decision="name"
        )
        ends = {"confirmed_by": UserFactory(), "confirmed_on": panel.held_on}
        is_over = state in {"confirmed", "replaced"}
        moved(Panel.objects.filter(pk=panel.pk), state, **(ends if is_over else {}))
    panel.refresh_from_db()
    return panel


def stood_back(panel):
    """Its member stands back for its candidate."""
    member, decision = panel.members.get(is_present=True), panel.decisions.get()
    made = PanelRecusal.objects.create(
        member=member, decision=decision, ground="declared", told="系同学"
    )
    PanelDecision.objects.filter(pk=decision.pk).update(voters=0)
    return made
