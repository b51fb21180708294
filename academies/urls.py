"""Addresses of the academies."""

from django.urls import path

from academies.views import academies, imports, training

app_name = "academies"
urlpatterns = [
    path("", academies.academy_list, name="list"),
    path("new/", academies.academy_new, name="new"),
    path("plan/", academies.plan, name="plan"),
    path("classes/<int:pk>/", training.class_page, name="class"),
    path("classes/<int:pk>/edit/", training.class_edit, name="class-edit"),
    path("classes/<int:pk>/remove/", training.class_remove, name="class-remove"),
    path("classes/<int:pk>/enrol/", training.enrolment_new, name="enrol"),
    path("enrolments/<int:pk>/edit/", training.enrolment_edit, name="enrolment-edit"),
    path("enrolments/<int:pk>/remove/", training.enrolment_remove, name="enrolment-remove"),
    path("workbooks/<int:pk>/", imports.workbook_page, name="workbook"),
    path("workbooks/<int:pk>/commit/", imports.workbook_commit, name="workbook-commit"),
    path("workbooks/<int:pk>/discard/", imports.workbook_discard, name="workbook-discard"),
    path("workbooks/<int:pk>/revert/", imports.workbook_revert, name="workbook-revert"),
    path("workbooks/<int:pk>/annotated/", imports.workbook_annotated, name="workbook-annotated"),
    path("workbooks/<int:pk>/rows/<int:line>/", imports.workbook_row, name="workbook-row"),
    path("workbooks/<int:pk>/rows/<int:line>/drop/", imports.workbook_drop, name="workbook-drop"),
    path("<str:code>/", academies.academy_page, name="academy"),
    path("<str:code>/edit/", academies.academy_edit, name="edit"),
    path("<str:code>/<int:year>/", academies.academy_page, name="year"),
    path("<str:code>/<int:year>/import/", imports.workbook_upload, name="import"),
    path("<str:code>/<int:year>/classes/new/", training.class_new, name="class-new"),
    path("<str:code>/<int:year>/<str:measure>/", academies.academy_rows, name="rows"),
]
