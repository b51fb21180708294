"""Addresses of audits."""

from django.urls import path

from audits.views import engagements, findings, papers
from pages.urls import list_paths

app_name = "audits"
urlpatterns = [
    *list_paths("", engagements.engagement_list, "engagements", export="engagements-export"),
    path("new/", engagements.engagement_new, name="engagement-new"),
    *list_paths(
        "<int:pk>/", engagements.engagement, "engagement", export="engagement-papers-export"
    ),
    path("<int:pk>/sample/", engagements.sample_new, name="sample-new"),
    path("<int:pk>/choose/", engagements.paper_new, name="paper-new"),
    path("<int:pk>/find/", findings.finding_new, name="finding-new"),
    path("<int:pk>/conclude/", engagements.engagement_report, name="engagement-report"),
    path("<int:pk>/archive/", engagements.engagement_archive, name="engagement-archive"),
    path("<int:pk>/report/<str:kind>/", engagements.report, name="report"),
    path("<int:pk>/dossier.zip", engagements.dossier, name="dossier"),
    path("samples/<int:pk>/", engagements.sample, name="sample"),
    *list_paths("papers/", engagements.paper_list, "papers", export="papers-export"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/examine/", papers.paper_examine, name="paper-examine"),
    path("papers/<int:pk>/review/", papers.paper_review, name="paper-review"),
    path("papers/<int:pk>/reopen/", papers.paper_reopen, name="paper-reopen"),
    path("papers/<int:pk>/print/<str:kind>/", papers.paper_print, name="paper-print"),
    *list_paths("findings/", engagements.finding_list, "findings", export="findings-export"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/edit/", findings.finding_edit, name="finding-edit"),
    path("findings/<int:pk>/issue/", findings.finding_issue, name="finding-issue"),
    path("findings/<int:pk>/refund/", findings.finding_refund, name="finding-refund"),
    path("findings/<int:pk>/doubt/", findings.finding_doubt, name="finding-doubt"),
    path("findings/<int:pk>/doubt/drop/", findings.finding_doubt_drop, name="finding-doubt-drop"),
    path("findings/<int:pk>/withdraw/", findings.finding_withdraw, name="finding-withdraw"),
    path("findings/<int:pk>/finish/", findings.finding_finish, name="finding-finish"),
]
