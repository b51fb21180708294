"""Addresses of the contests."""

from django.urls import path

from competitions.views import awards, contests, entries, judging, public, sheets
from pages.urls import list_paths

app_name = "competitions"
urlpatterns = [
    *list_paths("", contests.competition_list, "list", export="list-export"),
    path("figures/", public.figures, name="figures"),
    path("calendar/", public.calendar, name="calendar"),
    path("boards/<str:code>/", public.board, name="board"),
    *list_paths("winners/", awards.winners, "winners"),
    path("certificates/<str:number>/", public.certificate, name="certificate"),
    path("certificates/<str:number>/print.pdf", public.certificate_print, name="certificate-print"),
    *list_paths("pool/", awards.pool_list, "pool", export="pool-export"),
    *list_paths("awards/", awards.award_list, "awards", export="awards-export"),
    *list_paths("reserves/", awards.reserve_list, "reserves", export="reserves-export"),
    path("new/", contests.competition_new, name="new"),
    *list_paths("items/", contests.item_list, "items", export="items-export"),
    path("contests/<str:code>/", contests.competition_page, name="competition"),
    path("contests/<str:code>/edit/", contests.competition_edit, name="edit"),
    path("contests/<str:code>/results/<str:kind>/", public.results, name="results"),
    path("contests/<str:code>/items/new/", contests.item_new, name="item-new"),
    path("contests/<str:code>/do/<str:deed>/", contests.competition_deed, name="deed"),
    path("items/<str:code>/", contests.item_page, name="item"),
    path("items/<str:code>/edit/", contests.item_edit, name="item-edit"),
    path("items/<str:code>/do/<str:deed>/", contests.item_deed, name="item-deed"),
    path("items/<str:code>/decide/<str:deed>/", contests.result_deed, name="result-deed"),
    path("items/<str:code>/awards/new/", awards.award_new, name="award-new"),
    *list_paths("items/<str:code>/sheets/", sheets.sheet_list, "sheets"),
    path("items/<str:code>/sheets/<int:seat>/print/", sheets.sheet_print, name="sheet-print"),
    path("items/<str:code>/sheets/<int:seat>/<str:number>/", sheets.typing, name="typing"),
    path("items/<str:code>/trial/", contests.trial_new, name="trial-new"),
    path("items/<str:code>/schemes/new/", contests.scheme_new, name="scheme-new"),
    path("items/<str:code>/judges/new/", judging.judge_new, name="judge-new"),
    path("judges/<int:pk>/dismiss/", judging.judge_dismiss, name="judge-dismiss"),
    *list_paths(
        "items/<str:code>/entries/", entries.entry_list, "entries", export="entries-export"
    ),
    path("items/<str:code>/entries/new/", entries.entry_new, name="entry-new"),
    path("entries/<int:pk>/", entries.entry_page, name="entry"),
    path("entries/<int:pk>/edit/", entries.entry_edit, name="entry-edit"),
    path("entries/<int:pk>/sign/", entries.entry_sign, name="entry-sign"),
    path("contests/<str:code>/terms/new/", contests.terms_new, name="terms-new"),
    path("entries/<int:pk>/coach/", awards.coach, name="coach"),
    path("entries/<int:pk>/withdraw/", entries.entry_withdraw, name="entry-withdraw"),
    path("entries/<int:pk>/disqualify/", entries.entry_disqualify, name="entry-disqualify"),
    path("entries/<int:pk>/appeal/", entries.appeal_new, name="appeal-new"),
    path("appeals/<int:pk>/", entries.appeal_page, name="appeal"),
    path("appeals/<int:pk>/decide/", entries.appeal_decide, name="appeal-decide"),
    *list_paths(
        "items/<str:code>/promotions/",
        entries.promotion_list,
        "promotions",
        export="promotions-export",
    ),
    path("promotions/<int:pk>/certify/", entries.promotion_certify, name="certify"),
    path("promotions/<int:pk>/decline/", entries.promotion_decline, name="decline"),
    path("judging/", judging.my_items, name="my-items"),
    path("judging/<str:code>/", judging.works, name="judging"),
    path("judging/<str:code>/<str:number>/", judging.marking, name="marking"),
]
