from django.urls import path

from pages.urls import list_paths
from policies.views import defaults, drafts, library

app_name = "policies"
urlpatterns = [
    path("", library.edition_list, name="list"),
    *list_paths(
        "defaults/", defaults.default_list, "defaults", export="defaults-export", acts=True
    ),
    path("defaults/<int:pk>/confirm/", defaults.confirm, name="default-confirm"),
    *list_paths("drafts/", drafts.draft_list, "drafts", export="drafts-export"),
    path("drafts/<int:pk>/", drafts.draft_page, name="draft"),
    path("drafts/<int:pk>/edit/", drafts.edit, name="draft-edit"),
    path("drafts/<int:pk>/items/<slug:section>/<slug:code>/", drafts.item, name="draft-item"),
    path(
        "drafts/<int:pk>/items/<slug:section>/<slug:code>/undo/",
        drafts.item_undo,
        name="draft-item-undo",
    ),
    path("drafts/<int:pk>/submit/", drafts.submit, name="draft-submit"),
    path("drafts/<int:pk>/return/", drafts.give_back, name="draft-return"),
    path("drafts/<int:pk>/activate/", drafts.activate, name="draft-activate"),
    path("drafts/<int:pk>/drop/", drafts.drop, name="draft-drop"),
    path("<slug:code>/<int:number>/draft/", drafts.begin, name="draft-new"),
    path("<slug:code>/", library.newest, name="policy"),
    path("<slug:code>/<int:number>/", library.edition, name="edition"),
    path("<slug:code>/<int:number>/text/", library.text, name="text"),
    path("<slug:code>/<int:older>/<int:newer>/", library.compare, name="compare"),
]
