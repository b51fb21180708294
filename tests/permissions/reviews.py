"""The pool of experts, draws and marks; rounds here are called by the unit itself, as elsewhere."""

from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF, Role
from talents.models import Draw, Expert, Review
from talents.rules.digests import draw_digest
from tests.factories.reviews import ExpertFactory
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Own, Page
from tests.permissions.talents import (
    OFFICE,
    a_reason,
    an_open_round,
    by_code,
    by_pk,
    nominations,
    one,
    page_of,
)

REVIEWERS = STAFF | {Role.AUDITOR}


def experts(scene, count):
    return ExpertFactory.create_batch(count, organization=scene.organization, user=None)


def draws(scene, count):
    selection, owner = an_open_round(scene), User.objects.system()
    return [
        Draw.objects.create(
            round=selection, seed=place, per_candidate=5, drawn={}, sha256=draw_digest({}),
            drawn_by=owner,
        )
        for place in range(count)
    ]  # fmt: skip


def reviews(scene, count):
    expert = ExpertFactory(organization=scene.organization, user=None)
    return [
        Review.objects.create(nomination=nomination, expert=expert)
        for nomination in nominations(scene, count)
    ]


def papers_taken_back(scene, count):
    rows = reviews(scene, count)
    told = {"status": "taken", "taken_by": User.objects.system(), "taken_at": timezone.now()}
    Review.objects.filter(pk__in=[row.pk for row in rows]).update(taken_reason="逾期未评", **told)
    return rows


def own_reviews(scene, count):
    """Papers of the account that the scene is about."""
    expert = Expert.objects.filter(user=scene.user).first() or ExpertFactory(
        organization=scene.organization, user=scene.user
    )
    return [
        Review.objects.create(nomination=nomination, expert=expert)
        for nomination in nominations(scene, count)
    ]


def a_draw_to_release(scene):
    (draw,) = draws(scene, 1)
    return {"code": draw.round.code, "pk": draw.pk}


ENDPOINTS = [
    Page("talents:review-desk", REVIEWERS, target=by_code(an_open_round)),
    Form("talents:draw", STAFF, actors=STAFF, target=by_code(an_open_round)),
    Form(
        "talents:release",
        STAFF,
        actors=frozenset({Role.APPROVER}),
        target=a_draw_to_release,
        peeked=frozenset({200}),
    ),
    Form(
        "talents:second-look",
        STAFF,
        actors=STAFF,
        target=by_code(an_open_round),
        data=a_reason,
        shown=frozenset({409}),
    ),
    Page("talents:experts", REVIEWERS, fill=experts, name_of=lambda row: f">{row.code}<"),
    Action("talents:experts-export", REVIEWERS, actors=REVIEWERS),
    Form("talents:expert-new", STAFF, actors=STAFF, not_a_list="a form"),
    Page("talents:expert", REVIEWERS, target=by_pk(one(experts))),
    Form("talents:expert-edit", STAFF, actors=STAFF, target=by_pk(one(experts))),
    Own("talents:reviews", not_a_list="in the order of rounds, blind"),
    Own("talents:review", target=by_pk(one(own_reviews))),
    Form(
        "talents:paper-take-back",
        STAFF,
        actors=STAFF,
        target=by_pk(one(reviews)),
        data=a_reason,
        peeked=frozenset({200}),
    ),
    Form(
        "talents:paper-waive",
        STAFF,
        actors=frozenset({Role.APPROVER}),
        target=by_pk(one(papers_taken_back)),
        data=a_reason,
        peeked=frozenset({403, 409}),
    ),
    ApiResource(
        "reviewpaper",
        REVIEWERS,
        target=by_pk(one(reviews)),
        fill=reviews,
        name_of=lambda row: f'"id":{row.pk},',
        actions={"take-back": STAFF, "waive": STAFF},
        bodies={"take-back": {"note": "逾期未评审"}, "waive": {"note": "无人可以替补"}},
    ),
    ApiResource(
        "expert", REVIEWERS, target=by_pk(one(experts)), fill=experts, name_of=lambda row: row.code
    ),
    ApiResource(
        "draw",
        REVIEWERS,
        target=by_pk(one(draws)),
        fill=draws,
        name_of=lambda row: f'"seed":{row.seed},',
        actions={"release": STAFF, "substitute": STAFF},
    ),
    AdminModel(
        "talents.expert",
        view=OFFICE,
        change=STAFF,
        target=by_pk(one(experts)),
        fill=experts,
        name_of=page_of,
    ),
    AdminModel("talents.draw", view=OFFICE, target=by_pk(one(draws)), fill=draws, name_of=page_of),
    AdminModel(
        "talents.review", view=OFFICE, target=by_pk(one(reviews)), fill=reviews, name_of=page_of
    ),
]
