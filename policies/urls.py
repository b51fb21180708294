from django.urls import path

from pages.urls import list_paths
from policies.views import defaults, library

app_name = "policies"
urlpatterns = [
    path("", library.edition_list, name="list"),
    *list_paths(
        "defaults/", defaults.default_list, "defaults", export="defaults-export", acts=True
    ),
    path("defaults/<int:pk>/confirm/", defaults.confirm, name="default-confirm"),
    path("<slug:code>/", library.newest, name="policy"),
    path("<slug:code>/<int:number>/", library.edition, name="edition"),
    path("<slug:code>/<int:number>/text/", library.text, name="text"),
    path("<slug:code>/<int:older>/<int:newer>/", library.compare, name="compare"),
]
