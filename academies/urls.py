"""Addresses of the academies."""

from django.urls import path

from academies.views import academies, evaluations, training
from pages.urls import list_paths

app_name = "academies"
urlpatterns = [
    *list_paths("", academies.academy_list, "list", export="list-export"),
    path("new/", academies.academy_new, name="new"),
    path("plan/", academies.plan, name="plan"),
    *list_paths(
        "classes/<int:pk>/", training.class_page, "class", export="class-export", acts=True
    ),
    path("classes/<int:pk>/edit/", training.class_edit, name="class-edit"),
    path("classes/<int:pk>/remove/", training.class_remove, name="class-remove"),
    path("classes/<int:pk>/enrol/", training.enrolment_new, name="enrol"),
    path("enrolments/<int:pk>/edit/", training.enrolment_edit, name="enrolment-edit"),
    path("enrolments/<int:pk>/remove/", training.enrolment_remove, name="enrolment-remove"),
    *list_paths(
        "evaluations/", evaluations.evaluation_list, "evaluations", export="evaluations-export"
    ),
    path("<str:code>/", academies.academy_page, name="academy"),
    path("<str:code>/edit/", academies.academy_edit, name="edit"),
    path("<str:code>/<int:year>/", academies.academy_page, name="year"),
    path("<str:code>/<int:year>/classes/new/", training.class_new, name="class-new"),
    *list_paths(
        "<str:code>/<int:year>/<str:measure>/",
        academies.academy_rows,
        "rows",
        export="rows-export",
    ),
]
