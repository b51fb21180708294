"""Academies, classes, enrolments and workbooks. An academy here is hosted by the unit itself, so
that own, sibling and foreign mean for it what they mean for the unit."""

from django.utils import timezone

from academies.models import Review
from organizations.models import User
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from tests.academies.books import a_class, a_line, workbook
from tests.academies.handling import receive_workbook, upload_of
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    CampaignFactory,
    ClassFactory,
    EnrolmentFactory,
    EvaluationFactory,
    PanelMarkFactory,
    PhoneCheckFactory,
    RectificationFactory,
    ReviewFactory,
    RoomFactory,
    evidence_of,
)
from tests.factories.organizations import UserFactory
from tests.factories.workflow import moved
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
KEEPERS = frozenset({Role.HANDLER, Role.ACADEMY_MANAGER})
FILES = READERS | {Role.EXPERT}
#: What the district's people are told where only the city union decides.
CITY_ALONE = frozenset({409})
OFFICE = STAFF | {Role.AUDITOR}
YEAR = 2025


def academies(scene, count):
    return [
        AcademyFactory(host=scene.organization, supervising_union=scene.organization.parent)
        for _ in range(count)
    ]


def an_academy(scene):
    return academies(scene, 1)[0]


def classes(scene, count):
    academy = an_academy(scene)
    return ClassFactory.create_batch(count, academy=academy)


def enrolments(scene, count):
    of = classes(scene, 1)[0]
    return EnrolmentFactory.create_batch(count, training_class=of)


def brands(scene, count):
    return BrandFactory.create_batch(count, academy=an_academy(scene))


def rooms(scene, count):
    return RoomFactory.create_batch(count, academy=an_academy(scene))


def evaluations(scene, count):
    return [EvaluationFactory(academy=academy) for academy in academies(scene, count)]


def items(scene, count):
    failed = [EvaluationFactory(academy=a, grade="failed") for a in academies(scene, count)]
    return [RectificationFactory(evaluation=row) for row in failed]


def an_open_evaluation(scene):
    return {"pk": items(scene, 1)[0].evaluation_id}


def reviews(scene, count):
    return [ReviewFactory(academy=academy) for academy in academies(scene, count)]


def evidence(scene, count):
    return [evidence_of(row, "品牌") for row in reviews(scene, count)]


def a_review(scene, state="draft", **facts):
    """A file of the body's academy, as far as ``state``; others had their hands in it."""
    row = reviews(scene, 1)[0]
    rows = Review.objects.filter(pk=row.pk)
    today = timezone.localdate()  # one may object for some days
    told = {"academy": row.academy, "evaluated_on": today}
    evaluation = EvaluationFactory(**told) if state == "graded" else None
    hands = {"filed_by": UserFactory(), "endorsed_by": UserFactory(), "graded_by": UserFactory()}
    rows.update(evaluation=evaluation, **hands, **facts)
    if state != "draft":
        moved(rows, state)
    return {"pk": row.pk}


def filed(scene):
    return a_review(scene, "filed")


def marks(scene, count):
    return [PanelMarkFactory(review=review) for review in reviews(scene, count)]


def calls(scene, count):
    return [
        PhoneCheckFactory(review=review, person__organization=scene.organization)
        for review in reviews(scene, count)
    ]


def campaigns(scene, count):
    return [CampaignFactory(organization=scene.organization, year=2000 + n) for n in range(count)]


def a_workbook(scene):
    """Staged, with a faulty line; every call makes another academy's."""
    academy = an_academy(scene)
    content = workbook([a_class()], [a_line(1), a_line(2, 培训后等级="无")], owner="")
    upload = upload_of(
        content, "培训.xlsx", academy=academy, year=YEAR, actor=User.objects.system()
    )
    return receive_workbook(upload).roster


def by_code(scene):
    return {"code": an_academy(scene).code}


def by_code_and_year(scene):
    return {"code": an_academy(scene).code, "year": YEAR}


def a_measure(scene):
    return {"code": an_academy(scene).code, "year": YEAR, "measure": "persons"}


def a_class_by_pk(scene):
    return {"pk": classes(scene, 1)[0].pk}


def an_enrolment(scene):
    return {"pk": enrolments(scene, 1)[0].pk}


def a_workbook_by_pk(scene):
    return {"pk": a_workbook(scene).pk}


def a_row_by_line(scene):
    return {"pk": a_workbook(scene).pk, "line": 4}


def by_pk(fill):
    return lambda scene: {"pk": fill(scene, 1)[0].pk}


def as_sheets(fill):
    """The quickest form of a paper."""
    return lambda scene: {"pk": fill(scene, 1)[0].pk, "kind": "xlsx"}


def name_of(row):
    return row.name


def page_of(row):
    return f"/{row.pk}/change/"


def a_reason(scene):
    return {"note": "核对台账后办理"}


ENDPOINTS = [
    Page("academies:list", READERS, fill=academies, name_of=name_of),
    Action("academies:list-export", READERS, actors=READERS),
    Page("academies:flags", STAFF_AND_OVERSIGHT, not_a_list="counts by pattern, not rows"),
    Page(
        "academy-flags",
        STAFF_AND_OVERSIGHT,
        closed=409,
        not_a_list="counts by pattern, not rows",
    ),
    Page("academies:plan", STAFF_AND_OVERSIGHT, not_a_list="counts by union, not rows"),
    Form("academies:new", STAFF, actors=STAFF, not_a_list="a form"),
    Form("academies:edit", STAFF, actors=STAFF, target=by_code),
    Page("academies:academy", READERS, target=by_code),
    Page("academies:year", READERS, target=by_code_and_year),
    Page("academies:rows", READERS, target=a_measure),
    Action("academies:rows-export", READERS, actors=READERS, target=a_measure),
    Form("academies:class-new", KEEPERS, actors=KEEPERS, target=by_code_and_year),
    Page("academies:class", READERS, target=a_class_by_pk),
    Action("academies:class-export", READERS, actors=READERS, target=a_class_by_pk),
    Action(
        "academies:class-act",
        READERS,
        actors=KEEPERS,
        target=lambda scene: a_class_by_pk(scene) | {"action": "remove"},
    ),
    Form("academies:class-edit", KEEPERS, actors=KEEPERS, target=a_class_by_pk),
    Form("academies:class-remove", KEEPERS, actors=KEEPERS, target=a_class_by_pk, data=a_reason),
    Form("academies:enrol", KEEPERS, actors=KEEPERS, target=a_class_by_pk),
    Form("academies:enrolment-edit", KEEPERS, actors=KEEPERS, target=an_enrolment),
    Form(
        "academies:enrolment-remove",
        KEEPERS,
        actors=KEEPERS,
        target=an_enrolment,
        data=a_reason,
    ),
    ApiResource("academy", READERS, target=by_pk(academies), fill=academies),
    Page("academy-standards", READERS, target=by_pk(academies), closed=404),
    Page("academies:rooms", READERS, fill=rooms, name_of=name_of),
    Action("academies:rooms-export", READERS, actors=READERS),
    Form("academies:room-new", KEEPERS, actors=KEEPERS, target=by_code),
    Form("academies:room-edit", KEEPERS, actors=KEEPERS, target=by_pk(rooms)),
    Form("academies:room-remove", KEEPERS, actors=KEEPERS, target=by_pk(rooms), data=a_reason),
    ApiResource("trainingroom", READERS, target=by_pk(rooms), fill=rooms),
    AdminModel("academies.room", view=OFFICE, target=by_pk(rooms), fill=rooms, name_of=name_of),
    ApiResource("brand", READERS, target=by_pk(brands), fill=brands),
    ApiResource("trainingclass", READERS, target=by_pk(classes), fill=classes),
    ApiResource("enrolment", READERS, target=by_pk(enrolments), fill=enrolments),
    Page(
        "academies:evaluations",
        READERS,
        fill=evaluations,
        name_of=lambda row: row.academy.name,
    ),
    Action("academies:evaluations-export", READERS, actors=READERS),
    Page("academies:evaluation", READERS, target=an_open_evaluation),
    Action("academies:evaluation-export", READERS, actors=READERS, target=an_open_evaluation),
    *(
        Page(
            f"academies:{name}",
            READERS,
            target=lambda scene: an_open_evaluation(scene) | {"kind": "xlsx"},
        )
        for name in ("rectification-notice", "closing-sheet")
    ),
    *(
        Page(f"academies:{name}", READERS, target=as_sheets(items))
        for name in ("item-notice", "item-closing")
    ),
    # only the city union does these, and nobody here serves at it
    Form("academies:demand", STAFF, peeked=frozenset({403, 409}), target=an_open_evaluation),
    *(
        Form(
            f"academies:evaluation-{name}",
            STAFF,
            peeked=frozenset({403, 409}),
            target=by_pk(evaluations),
        )
        for name in ("correct", "strike", "correction")
    ),
    Form(
        "academies:recheck",
        STAFF,
        peeked=frozenset({403, 409}),
        target=lambda scene: {"pk": items(scene, 1)[0].pk},
    ),
    Form(
        "academies:prove",
        KEEPERS,
        actors=KEEPERS,
        target=lambda scene: {"pk": items(scene, 1)[0].pk},
    ),
    Page("academies:reviews", FILES, fill=reviews, name_of=lambda row: row.academy.name),
    Action("academies:reviews-export", FILES, actors=FILES),
    Form(
        "academies:campaign-new", STAFF, peeked=frozenset({403, 409}), not_a_list="a form"
    ),  # for the city union alone
    Form("academies:campaign-add", STAFF, peeked=frozenset({403, 409}), not_a_list="a form"),
    Page("academies:review", FILES, target=a_review),
    Action("academies:review-export", FILES, actors=FILES, target=a_review),
    Action(
        "academies:review-act",
        FILES,
        actors=STAFF,
        target=lambda scene: filed(scene) | {"action": "confirmed"},
    ),
    Page("academies:review-paper", FILES, target=as_sheets(reviews)),
    Form("academies:review-evidence-new", KEEPERS, actors=KEEPERS, target=a_review),
    Page("academies:review-evidence-file", FILES, target=by_pk(evidence)),
    Form(
        "academies:review-evidence-remove",
        KEEPERS,
        actors=KEEPERS,
        target=by_pk(evidence),
        data=a_reason,
    ),
    Form("academies:review-self", KEEPERS, actors=KEEPERS, target=a_review),
    Form("academies:review-endorse", STAFF, actors=STAFF, target=filed),
    Form("academies:review-return", STAFF, actors=STAFF, target=filed),
    Form(
        "academies:review-mark",
        frozenset({Role.EXPERT}),
        actors=frozenset({Role.EXPERT}),
        target=lambda scene: a_review(scene, "endorsed"),
    ),
    Form(
        "academies:review-grade",
        STAFF,
        peeked=frozenset({403, 409}),
        target=lambda scene: a_review(scene, "endorsed"),
    ),
    Form(
        "academies:review-lifting",
        STAFF,
        peeked=frozenset({403, 409}),
        target=lambda scene: a_review(
            scene, "endorsed", lifted_to="qualified", lifted_by=UserFactory()
        ),
    ),
    Form("academies:review-extend", STAFF, actors=STAFF, target=a_review),
    Form(
        "academies:review-object",
        KEEPERS,
        actors=KEEPERS,
        target=lambda scene: a_review(scene, "graded"),
    ),
    Form(
        "academies:review-answer",
        STAFF,
        peeked=frozenset({403, 409}),
        target=lambda scene: a_review(scene, "graded", objection="不服"),
    ),
    AdminModel(
        "academies.reviewevidence",
        view=OFFICE,
        target=by_pk(evidence),
        fill=evidence,
        name_of=page_of,
    ),
    AdminModel(
        "academies.review", view=OFFICE, target=by_pk(reviews), fill=reviews, name_of=page_of
    ),
    AdminModel(
        "academies.campaign", view=OFFICE, target=by_pk(campaigns), fill=campaigns, name_of=page_of
    ),
    AdminModel(
        "academies.panelmark", view=OFFICE, target=by_pk(marks), fill=marks, name_of=page_of
    ),
    AdminModel(
        "academies.phonecheck", view=OFFICE, target=by_pk(calls), fill=calls, name_of=page_of
    ),
    Page("academies:items", READERS, fill=items, name_of=lambda row: row.problem),
    Action("academies:items-export", READERS, actors=READERS),
    AdminModel(
        "academies.rectification", view=OFFICE, target=by_pk(items), fill=items, name_of=page_of
    ),
    AdminModel(
        "academies.evaluation",
        view=OFFICE,
        target=by_pk(evaluations),
        fill=evaluations,
        name_of=page_of,
    ),
    AdminModel(
        "academies.academy", view=OFFICE, target=by_pk(academies), fill=academies, name_of=name_of
    ),
    AdminModel("academies.brand", view=OFFICE, target=by_pk(brands), fill=brands, name_of=name_of),
    AdminModel(
        "academies.trainingclass",
        view=OFFICE,
        target=by_pk(classes),
        fill=classes,
        name_of=page_of,
    ),
    AdminModel(
        "academies.enrolment",
        view=OFFICE,
        target=by_pk(enrolments),
        fill=enrolments,
        name_of=page_of,
    ),
]
