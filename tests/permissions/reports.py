"""Reports and figures. A report here is one of the unit itself, so that own, sibling and foreign mean
for it what they mean for the rows it counted."""

from organizations.roles import STAFF, Role
from reports.models import Figure
from reports.models.reports import READERS
from tests.factories.reports import sealed_report
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page

OFFICE = STAFF | {Role.AUDITOR}


def reports(scene, count):
    return [sealed_report(scene.organization) for _ in range(count)]


def a_report(scene):
    return {"pk": reports(scene, 1)[0].pk}


def a_file(kind):
    return lambda scene: {**a_report(scene), "kind": kind}


def two_editions(scene):
    first = reports(scene, 1)[0]
    later = sealed_report(
        scene.organization, policy_edition=first.policy_edition, edition_no=2, reason="更正"
    )
    return {"pk": later.pk, "other": first.pk}


def figures(scene, count):
    return list(Figure.objects.filter(report__in=reports(scene, count)))


def a_figure(scene):
    return {"pk": figures(scene, 1)[0].pk}


def address_of(report):
    return f"/reports/{report.pk}/"


def change_page_of(row):
    return f"/{row.pk}/change/"


ENDPOINTS = [
    Page("reports:list", READERS, fill=reports, name_of=address_of),
    Action("reports:list-export", READERS, actors=READERS),
    Form("reports:new", STAFF, actors=STAFF, not_a_list="a form"),
    Page("reports:report", READERS, target=a_report),
    Page("reports:progress", READERS, target=a_report),
    Page("reports:since", READERS, target=a_report),
    Page("reports:print", READERS, target=a_report),
    Page("reports:file", READERS, target=a_file("json")),
    Page("reports:compare", READERS, target=two_editions),
    Page("reports:figure", READERS, target=a_figure),
    Action("reports:figure-export", READERS, actors=READERS, target=a_figure),
    ApiResource("report", READERS, target=a_report, fill=reports),
    Action("report-ask", STAFF, actors=STAFF, posted=frozenset({400})),
    Page("report-statement", READERS, target=a_report, closed=404),
    ApiResource("figure", READERS, target=a_figure, fill=figures),
    Page("figure-rows", READERS, target=a_figure, closed=404),
    AdminModel(
        "reports.targetreport", view=OFFICE, target=a_report, fill=reports, name_of=change_page_of
    ),
    AdminModel(
        "reports.figure", view=OFFICE, target=a_figure, fill=figures, name_of=change_page_of
    ),
]
