from django.urls import path

from workflow import views

app_name = "workflow"
urlpatterns = [
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<int:pk>/", views.job_page, name="job"),
    path("jobs/<int:pk>/retry/", views.job_retry, name="job-retry"),
    path("imports/", views.import_list, name="imports"),
    path("notices/", views.notice_list, name="notices"),
    path("notices/read/", views.notices_read, name="notices-read"),
    path("notices/<int:pk>/read/", views.notice_read, name="notice-read"),
    path("records/", views.record_list, name="records"),
    path("records/<str:model>/<int:pk>/", views.history, name="history"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
    path("organizations.xlsx", views.organizations_export, name="organizations-export"),
]
