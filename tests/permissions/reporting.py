"""Training reports of academies."""

from django.utils import timezone

from academies.models import TrainingReport
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT
from tests.factories.academies import TrainingReportFactory
from tests.factories.organizations import UserFactory
from tests.factories.workflow import moved
from tests.permissions.academies import KEEPERS, OFFICE, READERS, academies, by_pk, page_of
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page


def reports(scene, count):
    return [TrainingReportFactory(academy=academy) for academy in academies(scene, count)]


def a_report(scene, state="draft"):
    """A report of the body's academy, as far as ``state``; others signed it."""
    rows = TrainingReport.objects.filter(pk=reports(scene, 1)[0].pk)
    if state != "draft":
        rows.update(
            prepared_by=UserFactory(),
            certified_by=UserFactory(),
            accepted_by=UserFactory(),
            certified_at=timezone.now(),
            accepted_at=timezone.now(),
            digest="0" * 64,
        )
        moved(rows, state)
    return {"pk": rows.get().pk}


ENDPOINTS = [
    Page("academies:reports", READERS, fill=reports, name_of=lambda row: row.academy.name),
    Action("academies:reports-export", READERS, actors=READERS),
    Page("academies:report-rates", STAFF_AND_OVERSIGHT, not_a_list="counts by union, not rows"),
    Page("academies:report", READERS, target=a_report),
    Form("academies:report-prepare", KEEPERS, actors=KEEPERS, target=a_report),
    Form(
        "academies:report-certify",
        KEEPERS,
        actors=KEEPERS,
        target=lambda scene: a_report(scene, "prepared"),
    ),
    Form(
        "academies:report-hand-back",
        KEEPERS,
        actors=KEEPERS,
        target=lambda scene: a_report(scene, "prepared"),
    ),
    Form(
        "academies:report-accept",
        STAFF,
        actors=STAFF,
        target=lambda scene: a_report(scene, "certified"),
    ),
    Form(
        "academies:report-return",
        STAFF,
        actors=STAFF,
        target=lambda scene: a_report(scene, "certified"),
    ),
    Form(
        "academies:report-reopen",
        STAFF,
        actors=STAFF,
        target=lambda scene: a_report(scene, "accepted"),
    ),
    Form("academies:report-chase", STAFF, actors=STAFF, target=a_report),
    ApiResource(
        "trainingreport",
        READERS,
        target=by_pk(reports),
        fill=reports,
        actions={
            "prepare": KEEPERS,
            "certify": KEEPERS,
            "hand-back": KEEPERS,
            "accept": STAFF,
            "return": STAFF,
        },
        bodies={
            "return": {"fault": "doubt", "note": "请核对"},
            "hand-back": {"note": "说明不全，请补写"},
        },
    ),
    AdminModel(
        "academies.trainingreport",
        view=OFFICE,
        target=by_pk(reports),
        fill=reports,
        name_of=page_of,
    ),
]
