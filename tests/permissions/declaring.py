"""What experts declare; rounds here are called by the unit itself, as elsewhere."""

from organizations.roles import STAFF, Role
from talents.models import DeclaredTie, Expert
from tests.factories.declaring import asked
from tests.factories.reviews import ExpertFactory
from tests.permissions.expectations import AdminModel, ApiResource, Form, Own
from tests.permissions.reviews import draws
from tests.permissions.talents import OFFICE, an_open_round, by_pk, one, page_of

READERS = STAFF | {Role.AUDITOR}


def declarations(scene, count):
    return [asked(scene.organization, an_open_round(scene)) for _ in range(count)]


def own_declarations(scene, count):
    """What the account is asked that the scene is about."""
    known = Expert.objects.filter(user=scene.user).first()
    expert = known or ExpertFactory(organization=scene.organization, user=scene.user)
    return [asked(scene.organization, an_open_round(scene), expert=expert) for _ in range(count)]


def ties(scene, count):
    return [
        DeclaredTie.objects.create(declaration=row, name=f"姓名{row.pk}", reason="系师徒")
        for row in declarations(scene, count)
    ]


def a_draw(scene):
    (draw,) = draws(scene, 1)
    return {"code": draw.round.code, "pk": draw.pk}


ENDPOINTS = [
    Own("talents:declaration", target=by_pk(one(own_declarations))),
    Form(
        "talents:declaration-on-paper",
        STAFF,
        actors=STAFF,
        target=by_pk(one(declarations)),
        data=lambda scene: {"answer": "clear"},
    ),
    Form(
        "talents:draw-substitute",
        STAFF,
        actors=STAFF,
        target=a_draw,
        shown=frozenset({409}),
    ),
    ApiResource(
        "declaration",
        READERS,
        target=by_pk(one(declarations)),
        fill=declarations,
        name_of=lambda row: f'"expert":{row.expert_id},',
        actions={"declare": STAFF},
    ),
    AdminModel(
        "talents.declaration",
        view=OFFICE,
        target=by_pk(one(declarations)),
        fill=declarations,
        name_of=page_of,
    ),
    AdminModel(
        "talents.declaredtie", view=OFFICE, target=by_pk(one(ties)), fill=ties, name_of=page_of
    ),
]
