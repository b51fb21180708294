from django.urls import path

from intake.views import files, originals, rows, uploads
from pages.urls import list_paths

app_name = "intake"
urlpatterns = [
    *list_paths("imports/", uploads.import_list, "imports", export="imports-export"),
    path("attachments/<int:pk>/", originals.attachment, name="attachment"),
    path("<str:code>/form.xlsx", uploads.blank, name="blank"),
    path("<str:code>/new/", uploads.upload, name="upload"),
    path("<str:code>/new/<path:key>/", uploads.upload, name="upload"),
    *list_paths("files/<int:pk>/", files.file_page, "file", export="findings-export"),
    path("files/<int:pk>/commit/", files.commit, name="commit"),
    path("files/<int:pk>/discard/", files.discard, name="discard"),
    path("files/<int:pk>/revert/", files.revert, name="revert"),
    path("files/<int:pk>/annotated/", originals.annotated, name="annotated"),
    path("files/<int:pk>/drop/", rows.drop_all, name="drop-all"),
    path("files/<int:pk>/rows/<int:line>/", rows.row_page, name="row"),
    path("files/<int:pk>/rows/<int:line>/drop/", rows.drop, name="drop"),
]
