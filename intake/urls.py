from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
