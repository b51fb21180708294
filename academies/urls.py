"""Addresses of the academies."""

from django.urls import path

from academies.views import academies, evaluations, evidence, reporting, reviews, rooms, training
from pages.urls import list_paths

app_name = "academies"
urlpatterns = [
    *list_paths("", academies.academy_list, "list", export="list-export"),
    path("new/", academies.academy_new, name="new"),
    path("plan/", academies.plan, name="plan"),
    path("flags/", academies.flags, name="flags"),
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
    *list_paths("evaluations/items/", evaluations.item_list, "items", export="items-export"),
    *list_paths(
        "evaluations/<int:pk>/",
        evaluations.evaluation_page,
        "evaluation",
        export="evaluation-export",
    ),
    path("evaluations/<int:pk>/demand/", evaluations.demand, name="demand"),
    path("evaluations/<int:pk>/correct/", evaluations.correct, name="evaluation-correct"),
    path("evaluations/<int:pk>/strike/", evaluations.strike, name="evaluation-strike"),
    path("evaluations/<int:pk>/correction/", evaluations.correction, name="evaluation-correction"),
    path(
        "evaluations/<int:pk>/notice/<str:kind>/", evaluations.notice, name="rectification-notice"
    ),
    path(
        "evaluations/<int:pk>/closing/<str:kind>/", evaluations.closing_sheet, name="closing-sheet"
    ),
    path(
        "evaluations/items/<int:pk>/notice/<str:kind>/", evaluations.item_notice, name="item-notice"
    ),
    path(
        "evaluations/items/<int:pk>/closing/<str:kind>/",
        evaluations.item_sheet,
        name="item-closing",
    ),
    path("evaluations/items/<int:pk>/prove/", evaluations.prove, name="prove"),
    path("evaluations/items/<int:pk>/recheck/", evaluations.recheck, name="recheck"),
    *list_paths("reports/", reporting.report_list, "reports", export="reports-export"),
    path("reports/rates/", reporting.rates, name="report-rates"),
    path("reports/<int:pk>/", reporting.report_page, name="report"),
    path("reports/<int:pk>/prepare/", reporting.prepare, name="report-prepare"),
    path("reports/<int:pk>/certify/", reporting.certify, name="report-certify"),
    path("reports/<int:pk>/hand-back/", reporting.hand_back, name="report-hand-back"),
    path("reports/<int:pk>/accept/", reporting.accept, name="report-accept"),
    path("reports/<int:pk>/return/", reporting.give_back, name="report-return"),
    path("reports/<int:pk>/reopen/", reporting.reopen, name="report-reopen"),
    path("reports/<int:pk>/chase/", reporting.remind, name="report-chase"),
    *list_paths("reviews/", reviews.review_list, "reviews", export="reviews-export"),
    path("reviews/new/", reviews.campaign_new, name="campaign-new"),
    path("reviews/add/", reviews.campaign_add, name="campaign-add"),
    *list_paths(
        "reviews/<int:pk>/", reviews.review_page, "review", export="review-export", acts=True
    ),
    path("reviews/<int:pk>/evidence/new/", evidence.evidence_new, name="review-evidence-new"),
    path("review-evidence/<int:pk>/file/", evidence.evidence_file, name="review-evidence-file"),
    path(
        "review-evidence/<int:pk>/remove/", evidence.evidence_remove, name="review-evidence-remove"
    ),
    path("reviews/<int:pk>/self/", reviews.self_assess, name="review-self"),
    path("reviews/<int:pk>/paper/<str:kind>/", reviews.self_assessment, name="review-paper"),
    path("reviews/<int:pk>/endorse/", reviews.endorse, name="review-endorse"),
    path("reviews/<int:pk>/return/", reviews.give_back, name="review-return"),
    path("reviews/<int:pk>/mark/", reviews.mark, name="review-mark"),
    path("reviews/<int:pk>/grade/", reviews.grade, name="review-grade"),
    path("reviews/<int:pk>/lifting/", reviews.lifting, name="review-lifting"),
    path("reviews/<int:pk>/extend/", reviews.extend, name="review-extend"),
    path("reviews/<int:pk>/object/", reviews.object_to, name="review-object"),
    path("reviews/<int:pk>/answer/", reviews.answer, name="review-answer"),
    *list_paths("rooms/", rooms.room_list, "rooms", export="rooms-export"),
    path("rooms/<int:pk>/edit/", rooms.room_edit, name="room-edit"),
    path("rooms/<int:pk>/remove/", rooms.room_remove, name="room-remove"),
    path("<str:code>/", academies.academy_page, name="academy"),
    path("<str:code>/edit/", academies.academy_edit, name="edit"),
    path("<str:code>/rooms/new/", rooms.room_new, name="room-new"),
    path("<str:code>/<int:year>/", academies.academy_page, name="year"),
    path("<str:code>/<int:year>/classes/new/", training.class_new, name="class-new"),
    *list_paths(
        "<str:code>/<int:year>/<str:measure>/",
        academies.academy_rows,
        "rows",
        export="rows-export",
    ),
]
