from django.urls import path

from accounts import views
from pages.urls import list_paths

app_name = "organizations"
urlpatterns = [
    *list_paths("", views.organization_list, "list", export="export"),
    path("<int:pk>/", views.organization_page, name="detail"),
    *list_paths("delegations/", views.delegation_list, "delegations"),
    path("delegations/new/", views.delegate, name="delegate"),
    path("delegations/<int:pk>/end/", views.end_delegation, name="delegation-end"),
]
