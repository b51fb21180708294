"""Addresses of the craftsman programme."""

from django.urls import path

from pages.urls import list_paths
from talents.views import filing, nominations, results, rounds

app_name = "talents"
urlpatterns = [
    *list_paths("rounds/", rounds.round_list, "rounds", export="rounds-export"),
    path("rounds/new/", rounds.round_new, name="round-new"),
    path("rounds/<str:code>/", rounds.round_page, name="round"),
    path("rounds/<str:code>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<str:code>/open/", rounds.round_decide, {"decision": "open"}, name="round-open"),
    path(
        "rounds/<str:code>/close/", rounds.round_decide, {"decision": "close"}, name="round-close"
    ),
    path(
        "rounds/<str:code>/reopen/",
        rounds.round_decide,
        {"decision": "reopen"},
        name="round-reopen",
    ),
    path("rounds/<str:code>/check/", rounds.round_check, name="round-check"),
    path("rounds/<str:code>/progress/", rounds.round_progress, name="round-progress"),
    *list_paths("rounds/<str:code>/confirm/", rounds.round_confirm, "round-confirm", acts=True),
    path("rounds/<str:code>/places/", rounds.round_quotas, name="places"),
    path("rounds/<str:code>/runs/", results.run_list, name="runs"),
    *list_paths(
        "rounds/<str:code>/nominations/",
        nominations.round_nominations,
        "round-nominations",
        export="nominations-export",
        acts=True,
    ),
    path("rounds/<str:code>/nominations/new/", filing.nomination_new, name="nomination-new"),
    path("rounds/<str:code>/units/", filing.round_units, name="round-units"),
    path("rounds/<str:code>/nominations/restore/", nominations.nomination_restore, name="restore"),
    *list_paths(
        "nominations/",
        nominations.nomination_list,
        "nominations",
        export="all-nominations-export",
        acts=True,
    ),
    path("nominations/<int:pk>/", nominations.nomination_page, name="nomination"),
    path("nominations/<int:pk>/edit/", filing.nomination_edit, name="nomination-edit"),
    path("nominations/<int:pk>/withdraw/", nominations.nomination_withdraw, name="withdraw"),
    path("nominations/<int:pk>/confirm/", nominations.nomination_confirm, name="confirm"),
    path("nominations/<int:pk>/return/", nominations.nomination_return, name="return"),
    path("nominations/<int:pk>/resubmit/", nominations.nomination_resubmit, name="resubmit"),
    path("nominations/<int:pk>/why/", results.why, name="why"),
    path("nominations/<int:pk>/reveal/<str:kind>/", nominations.nomination_reveal, name="reveal"),
    *list_paths("runs/<int:pk>/", results.run_page, "run", export="run-export"),
]
