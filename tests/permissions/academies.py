"""Academies, classes, enrolments and workbooks. An academy here is hosted by the unit itself, so
that own, sibling and foreign mean for it what they mean for the unit."""

from organizations.models import User
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from tests.academies.books import a_class, a_line, workbook
from tests.academies.handling import receive_workbook, upload_of
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    ClassFactory,
    EnrolmentFactory,
    EvaluationFactory,
)
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
KEEPERS = frozenset({Role.HANDLER, Role.ACADEMY_MANAGER})
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


def evaluations(scene, count):
    return [EvaluationFactory(academy=academy) for academy in academies(scene, count)]


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


def name_of(row):
    return row.name


def page_of(row):
    return f"/{row.pk}/change/"


def a_reason(scene):
    return {"note": "核对台账后办理"}


ENDPOINTS = [
    Page("academies:list", READERS, fill=academies, name_of=name_of),
    Action("academies:list-export", READERS, actors=READERS),
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
    ApiResource("evaluation", READERS, target=by_pk(evaluations), fill=evaluations),
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
