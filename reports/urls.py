"""Addresses of the reports."""

from django.urls import path

from pages.urls import list_paths
from reports import views

app_name = "reports"
urlpatterns = [
    *list_paths("", views.report_list, "list", export="list-export"),
    path("new/", views.report_new, name="new"),
    path("<int:pk>/", views.report_page, name="report"),
    path("<int:pk>/progress/", views.report_progress, name="progress"),
    path("<int:pk>/since/", views.report_since, name="since"),
    path("<int:pk>/print/", views.report_print, name="print"),
    path("<int:pk>/report.<str:kind>", views.report_file, name="file"),
    path("<int:pk>/compare/<int:other>/", views.report_compare, name="compare"),
    *list_paths("figures/<int:pk>/", views.figure_page, "figure", export="figure-export"),
]
