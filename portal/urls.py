from django.urls import path

from pages.urls import list_paths
from portal.views import home, papers, work

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("papers/", papers.paper_check, name="paper-check"),
    path("samples/<slug:key>.xlsx", home.sample, name="sample"),
    path("styleguide/", home.styleguide, name="styleguide"),
    *list_paths("jobs/", work.job_list, "jobs", export="jobs-export", acts=True),
    path("jobs/<int:pk>/", work.job_page, name="job"),
    path("jobs/<int:pk>/retry/", work.job_retry, name="job-retry"),
    path("notices/", work.notice_list, name="notices"),
    path("notices/read/", work.notices_read, name="notices-read"),
    path("notices/<int:pk>/read/", work.notice_read, name="notice-read"),
    *list_paths("records/", work.record_list, "records", export="records-export"),
    path("records/<str:model>/<int:pk>/", work.history, name="history"),
]
