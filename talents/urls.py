"""Addresses of the craftsman programme."""

from django.urls import path

from pages.urls import list_paths
from talents.views import (
    actions,
    composition,
    cultivation,
    endorsing,
    evidence,
    filing,
    growth,
    honours,
    nominations,
    own,
    pairing,
    papers,
    passports,
    places,
    publicity,
    results,
    reviews,
    rounds,
    selfcheck,
    spending,
    stages,
    studios,
)

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
    path("places/", places.places_board, name="places-board"),
    path("rounds/<str:code>/places/", rounds.round_quotas, name="places"),
    path("rounds/<str:code>/places/swap/", places.round_swap, name="places-swap"),
    path("rounds/<str:code>/composition/", composition.round_composition, name="composition"),
    path("rounds/<str:code>/stages/", stages.round_stages, name="stages"),
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
    path(
        "nominations/<int:pk>/paper/<str:kind>/", papers.nomination_paper, name="nomination-paper"
    ),
    path("rounds/<str:code>/papers/<str:what>/<str:kind>/", papers.round_paper, name="round-paper"),
    path("notices/<int:pk>/paper/<str:kind>/", papers.notice_paper, name="notice-paper"),
    path("nominations/<int:pk>/edit/", filing.nomination_edit, name="nomination-edit"),
    path("nominations/<int:pk>/withdraw/", nominations.nomination_withdraw, name="withdraw"),
    path("nominations/<int:pk>/rank/", nominations.nomination_rank, name="nomination-rank"),
    path("nominations/<int:pk>/confirm/", nominations.nomination_confirm, name="confirm"),
    path("nominations/<int:pk>/return/", nominations.nomination_return, name="return"),
    path("nominations/<int:pk>/resubmit/", nominations.nomination_resubmit, name="resubmit"),
    path("nominations/<int:pk>/submit/", endorsing.nomination_submit, name="nomination-submit"),
    path("nominations/<int:pk>/unit-notice/", endorsing.unit_notice_new, name="unit-notice-new"),
    path("nominations/<int:pk>/offices/", endorsing.offices_ask, name="offices-ask"),
    path("nominations/<int:pk>/evidence/", evidence.evidence_new, name="evidence-new"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence-remove"),
    path("unit-notices/<int:pk>/close/", endorsing.unit_notice_close, name="unit-notice-close"),
    path("unit-notices/<int:pk>/scan/", endorsing.unit_notice_scan, name="unit-notice-scan"),
    *list_paths(
        "endorsements/",
        endorsing.endorsement_list,
        "endorsements",
        export="endorsements-export",
        acts=True,
    ),
    path("endorsements/<int:pk>/give/", endorsing.endorsement_give, name="endorsement-give"),
    *list_paths(
        "clearances/", endorsing.clearance_list, "clearances", export="clearances-export", acts=True
    ),
    path("clearances/<int:pk>/answer/", endorsing.clearance_answer, name="clearance-answer"),
    path("nominations/<int:pk>/why/", results.why, name="why"),
    path("nominations/<int:pk>/reveal/<str:kind>/", nominations.nomination_reveal, name="reveal"),
    *list_paths("runs/<int:pk>/", results.run_page, "run", export="run-export"),
    *list_paths("honours/", honours.honour_list, "honours", export="honours-export"),
    path("honours/<int:pk>/", honours.honour_page, name="honour"),
    path("honours/<int:pk>/edit/", honours.honour_edit, name="honour-edit"),
    *(
        path(
            f"honours/<int:pk>/{decision}/",
            honours.honour_decide,
            {"decision": decision},
            name=f"honour-{decision}",
        )
        for decision in honours.DEEDS
    ),
    path("directory/", honours.directory, name="directory"),
    path("certificates/<str:number>/", honours.certificate, name="certificate"),
    path(
        "certificates/<str:number>/print.pdf", honours.certificate_print, name="certificate-print"
    ),
    path("rounds/<str:code>/review/", reviews.desk, name="review-desk"),
    path("rounds/<str:code>/review/draw/", reviews.draw, name="draw"),
    path("rounds/<str:code>/review/draws/<int:pk>/release/", reviews.release, name="release"),
    path("rounds/<str:code>/review/second-look/", reviews.second_look, name="second-look"),
    *list_paths("experts/", reviews.expert_list, "experts", export="experts-export"),
    path("experts/new/", reviews.expert_new, name="expert-new"),
    path("experts/<int:pk>/", reviews.expert_page, name="expert"),
    path("experts/<int:pk>/edit/", reviews.expert_edit, name="expert-edit"),
    *list_paths("reviews/", reviews.review_list, "reviews"),
    path("reviews/<int:pk>/", reviews.review_page, name="review"),
    path("rounds/<str:code>/notice/", publicity.notice_new, name="notice-new"),
    path("notices/<int:pk>/", publicity.notice_page, name="notice"),
    path("notices/<int:pk>/drop/", publicity.notice_drop, name="notice-drop"),
    path("notices/<int:pk>/post/", publicity.notice_post, name="notice-post"),
    path("notices/<int:pk>/checks/", publicity.notice_check, name="notice-check"),
    path("notice-checks/<int:pk>/scan/", publicity.notice_check_scan, name="notice-check-scan"),
    path("notices/<int:pk>/name/", publicity.notice_name, name="notice-name"),
    *list_paths("objections/", publicity.objection_list, "objections", export="objections-export"),
    path("objections/<int:pk>/", publicity.objection_page, name="objection"),
    path("objections/<int:pk>/look/", publicity.objection_look, name="objection-look"),
    path("objections/<int:pk>/decide/", publicity.objection_decide, name="objection-decide"),
    path("public/", publicity.public_notice_list, name="public-notices"),
    path("public/<int:pk>/", publicity.public_notice, name="public-notice"),
    path("public/<int:pk>/object/", publicity.object_to, name="object"),
    path("public/receipt/", publicity.receipt, name="receipt"),
    *list_paths("pairs/", growth.pair_list, "pairs", export="pairs-export"),
    path("pairs/new/", growth.pair_new, name="pair-new"),
    path("pairs/<int:pk>/", growth.pair_page, name="pair"),
    *(
        path(
            f"pairs/<int:pk>/{decision}/",
            growth.pair_decide,
            {"decision": decision},
            name=f"pair-{decision}",
        )
        for decision in growth.DEEDS
    ),
    path("pairs/<int:pk>/consent/", pairing.pair_consent, name="pair-consent"),
    path("pairs/<int:pk>/log/", pairing.pair_log, name="pair-log"),
    path("consents/<int:pk>/scan/", pairing.consent_scan, name="consent-scan"),
    path("own/pairs/<int:pk>/", pairing.own_pair, name="own-pair"),
    path("own/pairs/<int:pk>/consent/", pairing.own_pair_consent, name="own-pair-consent"),
    path("own/pairs/<int:pk>/log/", pairing.own_pair_log, name="own-pair-log"),
    path("own/logs/<int:pk>/confirm/", pairing.own_log_confirm, name="own-log-confirm"),
    *list_paths("studios/", studios.studio_list, "studios", export="studios-export"),
    path("studios/new/", studios.studio_new, name="studio-new"),
    path("studios/<int:pk>/", studios.studio_page, name="studio"),
    *(
        path(
            f"studios/<int:pk>/{decision}/",
            studios.studio_decide,
            {"decision": decision},
            name=f"studio-{decision}",
        )
        for decision in studios.DEEDS
    ),
    path("studios/<int:pk>/members/", studios.studio_member, name="studio-member"),
    path("studios/members/<int:pk>/leave/", studios.member_leave, name="member-leave"),
    path("studios/<int:pk>/projects/", studios.studio_project, name="studio-project"),
    path("studios/projects/<int:pk>/boost/", studios.boost_ask, name="boost-ask"),
    *list_paths("boosts/", studios.boost_list, "boost-years", export="boost-years-export"),
    path("boosts/<int:pk>/judge/", studios.boost_judge, name="boost-judge"),
    *list_paths("actions/", actions.action_list, "actions", export="actions-export"),
    path("actions/new/", actions.action_new, name="action-new"),
    path("actions/<int:pk>/", actions.action_page, name="action"),
    path("actions/<int:pk>/withdraw/", actions.action_withdraw, name="action-withdraw"),
    path("actions/<int:pk>/partners/", actions.action_partner, name="action-partner"),
    path("actions/<int:pk>/evidence/", actions.action_evidence, name="action-evidence"),
    path("actions/<int:pk>/scan/", actions.action_scan, name="action-scan"),
    *list_paths("education-spends/", spending.spend_list, "spends", export="spends-export"),
    path("education-spends/new/", spending.spend_new, name="spend-new"),
    path("education-spends/<int:pk>/", spending.spend_page, name="spend"),
    path("education-spends/<int:pk>/withdraw/", spending.spend_withdraw, name="spend-withdraw"),
    path("persons/<int:pk>/", passports.passport_page, name="passport"),
    path("persons/<int:pk>/dossiers/<str:what>/", passports.dossier_page, name="dossier"),
    path(
        "persons/<int:pk>/dossiers/<str:what>/<str:kind>/",
        passports.dossier_file,
        name="dossier-paper",
    ),
    path("own/", own.own_page, name="own"),
    path("own/copy/<str:kind>/", own.own_copy, name="own-copy"),
    path("self-check/", selfcheck.self_check, name="self-check"),
    *list_paths(
        "cultivations/", cultivation.cultivation_list, "cultivations", export="cultivations-export"
    ),
    path("cultivations/new/", cultivation.cultivation_new, name="cultivation-new"),
    path("cultivations/<int:pk>/", cultivation.cultivation_page, name="cultivation"),
    path("cultivations/<int:pk>/move/", cultivation.cultivation_move, name="cultivation-move"),
    path("reports/<int:pk>/", cultivation.report_new, name="cultivation-report"),
    *(
        path(
            f"cultivations/<int:pk>/{decision}/",
            cultivation.cultivation_decide,
            {"decision": decision},
            name=f"cultivation-{decision}",
        )
        for decision in cultivation.DEEDS
    ),
    *(
        path(
            f"reports/<int:pk>/{decision}/",
            cultivation.report_decide,
            {"decision": decision},
            name=f"report-{decision}",
        )
        for decision in cultivation.REPORT_DEEDS
    ),
]
