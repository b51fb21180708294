"""Masters and apprentices of a unit."""

from organizations.models import User
from organizations.roles import FILING, STAFF, Role
from talents.workflow.growth import agree_pair
from tests.factories.growth import PairFactory
from tests.permissions.expectations import Action, AdminModel, Form, Page
from tests.permissions.talents import OFFICE, a_person, a_reason, by_pk, one, page_of

FILERS = STAFF | {Role.NOMINATOR}


def pairs(scene, count):
    return PairFactory.create_batch(count, organization=scene.organization)


def an_agreed_pair(scene):
    return agree_pair(pairs(scene, 1)[0].pk, actor=User.objects.system())


ENDPOINTS = [
    Page("talents:passport", FILING, target=by_pk(a_person)),
    Page("talents:pairs", FILING, fill=pairs, name_of=lambda row: f">{row.master.name}<"),
    Action("talents:pairs-export", FILING, actors=FILING),
    Page("talents:pair", FILING, target=by_pk(one(pairs))),
    Form("talents:pair-new", FILERS, actors=FILERS, not_a_list="a form"),
    Form(
        "talents:pair-agree",
        FILERS,
        actors=STAFF,
        target=by_pk(one(pairs)),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:pair-finish",
        FILERS,
        actors=FILERS,
        target=by_pk(an_agreed_pair),
        data=a_reason,
    ),
    Form("talents:pair-end", FILERS, actors=FILERS, target=by_pk(one(pairs)), data=a_reason),
    AdminModel(
        "talents.mentorship",
        view=OFFICE,
        target=by_pk(one(pairs)),
        fill=pairs,
        name_of=page_of,
    ),
]
