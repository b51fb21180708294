from django.urls import path

from portal.views import home, work

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path("jobs/", work.job_list, name="jobs"),
    path("jobs/<int:pk>/", work.job_page, name="job"),
    path("jobs/<int:pk>/retry/", work.job_retry, name="job-retry"),
    path("notices/", work.notice_list, name="notices"),
    path("notices/read/", work.notices_read, name="notices-read"),
    path("notices/<int:pk>/read/", work.notice_read, name="notice-read"),
    path("records/", work.record_list, name="records"),
    path("records/<str:model>/<int:pk>/", work.history, name="history"),
]
