"""All addresses. Each app's pages stand under its own name, the portal's at the root."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.api import APPS, router

#: Apps whose pages stand elsewhere than under their own name.
PLACES = {"accounts": "organizations/", "pages": "lists/", "portal": ""}

urlpatterns = [
    path("accounts/", include("config.account_urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("api/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    *(
        path(PLACES.get(app, f"{app}/"), include(f"{app}.urls"))
        for app in APPS
        if find_spec(f"{app}.urls")
    ),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.page_not_found"
handler500 = "portal.views.errors.server_error"
