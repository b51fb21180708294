from django.urls import path

from accounts import views

app_name = "organizations"
urlpatterns = [
    path("", views.organization_list, name="list"),
    path("organizations.xlsx", views.organizations_export, name="export"),
    path("<int:pk>/", views.organization_page, name="detail"),
]
