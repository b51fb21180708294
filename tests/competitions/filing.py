"""A table handed in through the pages, filed, and taken back."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.models import ImportBatch


def handed_in(client, content, kind="contests", *key):
    address = reverse("intake:upload", args=[kind, *key])
    answer = client.post(address, {"file": SimpleUploadedFile("表.xlsx", content)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return ImportBatch.objects.latest("pk")


def commit(client, batch):
    return client.post(reverse("intake:commit", args=[batch.pk]))


def faults(batch):
    return set(batch.findings.values_list("line", "field", "code"))


def undone(client, batch):
    return client.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表"})
