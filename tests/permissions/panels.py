"""Meetings of panels; rounds here are called by the unit itself, as elsewhere."""

from django.utils import timezone

from organizations.roles import STAFF, Role
from tests.factories.panels import stood_back, written_panel
from tests.permissions.expectations import AdminModel, ApiResource, Form, Page
from tests.permissions.publicity import a_confirmed_round
from tests.permissions.talents import (
    OFFICE,
    a_reason,
    an_open_round,
    by_code,
    by_pk,
    one,
    page_of,
)

READERS = STAFF | {Role.AUDITOR}
APPROVERS = frozenset({Role.APPROVER})
#: Whoever did not enter the meeting is told so in place of the form.
OWN_MEETINGS = frozenset({200, 409})
A_VOTE = {
    "votes[0]id": 1, "votes[0]votes_for": 1, "votes[0]votes_against": 0, "votes[0]votes_abstain": 0,
    "votes[0]decision": "name",
}  # fmt: skip
MET = {"held_on": f"{timezone.localdate()}", "minutes_number": "第1次", "place": "", "tabled": 1}


def entered(scene, count):
    """Meetings that whoever the scene is about entered."""
    return [written_panel(an_open_round(scene), entered_by=scene.user) for _ in range(count)]


def panels(scene, count):
    return [written_panel(an_open_round(scene)) for _ in range(count)]


def handed_in(scene, count):
    return [written_panel(an_open_round(scene), state="submitted") for _ in range(count)]


def settled(scene, count):
    return [written_panel(an_open_round(scene), state="confirmed") for _ in range(count)]


def members(scene, count):
    return [panel.members.get(is_present=True) for panel in panels(scene, count)]


def decisions(scene, count):
    return [panel.decisions.get() for panel in panels(scene, count)]


def recusals(scene, count):
    return [stood_back(panel) for panel in panels(scene, count)]


def deed(name, *, actors, make, data=lambda scene: {}, shown=frozenset({200})):
    return Form(
        f"talents:panel-{name}", STAFF, actors=actors, target=by_pk(one(make)), data=data,
        peeked=frozenset({200, 403}), shown=shown,
    )  # fmt: skip


ENDPOINTS = [
    Form(
        "talents:panel-new",
        STAFF,
        actors=STAFF,
        target=by_code(a_confirmed_round),
        data=lambda scene: MET,
    ),
    Page("talents:panel", READERS, target=by_pk(one(panels))),
    deed("votes", actors=STAFF, make=entered, shown=OWN_MEETINGS),
    deed("recusal", actors=STAFF, make=entered, shown=OWN_MEETINGS),
    deed(
        "exchange",
        actors=STAFF,
        make=entered,
        data=lambda scene: a_reason(scene) | {"out": "1", "into": "2"},
        shown=OWN_MEETINGS,
    ),
    deed("submit", actors=STAFF, make=entered),
    deed("confirm", actors=APPROVERS, make=handed_in),
    deed("return", actors=APPROVERS, make=handed_in, data=a_reason),
    deed("drop", actors=STAFF, make=panels, data=a_reason),
    deed("correct", actors=STAFF, make=settled, data=lambda scene: MET | a_reason(scene)),
    Page(
        "talents:panel-paper",
        READERS,
        target=lambda scene: {**by_pk(one(panels))(scene), "kind": "xlsx"},
    ),
    ApiResource(
        "panel",
        READERS,
        target=by_pk(one(panels)),
        fill=panels,
        name_of=lambda row: f'"id":{row.pk},"round":{row.round_id},',
        actions={
            "vote": STAFF,
            "recuse": STAFF,
            "exchange": STAFF,
            "submit": STAFF,
            "confirm": STAFF,
            "give-back": STAFF,
            "drop": STAFF,
            "correct": STAFF,
        },
        bodies={
            "vote": A_VOTE,
            "recuse": {"member": 1, "decision": 1, "told": "系亲属关系"},
            "exchange": {"out": 1, "into": 2, "note": "符合结构比例"},
            "give-back": {"note": "票数与纪要不符"},
            "drop": {"note": "委员名单有误"},
            "correct": {"held_on": "2026-01-05", "minutes_number": "第1次", "note": "票数有误"},
        },
    ),
    AdminModel(
        "talents.panel", view=OFFICE, target=by_pk(one(panels)), fill=panels, name_of=page_of
    ),
    AdminModel(
        "talents.panelmember",
        view=OFFICE,
        target=by_pk(one(members)),
        fill=members,
        name_of=page_of,
    ),
    AdminModel(
        "talents.paneldecision",
        view=OFFICE,
        target=by_pk(one(decisions)),
        fill=decisions,
        name_of=page_of,
    ),
    AdminModel(
        "talents.panelrecusal",
        view=OFFICE,
        target=by_pk(one(recusals)),
        fill=recusals,
        name_of=page_of,
    ),
]
