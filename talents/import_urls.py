"""Addresses of the import of 推荐人选汇总表."""

from django.urls import path

from talents.views import imports

urlpatterns = [
    path("rounds/<str:code>/import/", imports.import_upload, name="import"),
    path("imports/<int:pk>/", imports.import_batch, name="import-batch"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import-progress"),
    path("imports/<int:pk>/commit/", imports.import_commit, name="import-commit"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    path("imports/<int:pk>/revert/", imports.import_revert, name="import-revert"),
    path("imports/<int:pk>/annotated/", imports.import_annotated, name="import-annotated"),
    path("imports/<int:pk>/rows/<int:line>/", imports.import_row, name="import-row"),
    path("imports/<int:pk>/rows/<int:line>/drop/", imports.import_drop, name="import-drop"),
]
