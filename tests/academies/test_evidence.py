"""Evidence of a self-assessment: rows where they tell, else a file, until when it holds, and for whom."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from academies.models import Review, ReviewEvidence
from academies.services import evidence
from academies.workflow import reviews as workflow
from talents.services.scans import Scan
from tests.academies.test_reviews import Scene
from tests.factories.academies import evidence_of
from tests.refusals import refused
from workflow.models import Record
from workflow.records import subject_of

TODAY_PDF = b"%PDF-1.4 evidence"


@pytest.fixture
def scene(db):
    return Scene()


def bare(scene):
    return next(item["name"] for item in scene.review.items if not item["counted"])


def filing(scene):
    own = [(5, "")] * len(scene.review.items)
    return refused(workflow.self_assess, scene.review.pk, own, statement="", actor=scene.manager)


def test_an_item_that_no_row_tells_of_claims_nothing_without_a_file(scene):
    assert filing(scene) == "evidence-missing"
    nothing = [(0 if not item["counted"] else 5, "") for item in scene.review.items]
    workflow.self_assess(scene.review.pk, nothing, statement="", actor=scene.manager)
    assert Review.objects.get(pk=scene.review.pk).state == "filed"


def test_what_has_expired_is_refused_when_put_in_and_when_filed(scene):
    today = timezone.localdate()
    facts = {
        "item": bare(scene),
        "told": "",
        "scan": Scan(TODAY_PDF, "a.pdf"),
        "actor": scene.manager,
    }
    yesterday = today - timedelta(days=1)
    code = refused(evidence.put_in, scene.review.pk, valid_until=yesterday, **facts)
    assert code == "evidence-expired"
    scene.proved()
    held = evidence_of(scene.review, bare(scene), valid_until=today, content=b"%PDF-1.4 of today")
    row = ReviewEvidence(
        review=scene.review, item=bare(scene), file=held.file, valid_until=yesterday,
        uploaded_by=scene.manager,
    )  # fmt: skip
    held.delete()
    row.save()  # as if a day had passed
    assert filing(scene) == "evidence-expired"
    with pytest.raises(Error, match="有效期"), transaction.atomic():
        Review.objects.filter(pk=scene.review.pk).update(state="filed", filed_by=scene.manager)
    evidence.take_out(row.pk, note="已过期", actor=scene.manager)
    scene.filed()
    codes = Record.objects.filter(subject=subject_of(scene.review)).values_list("code", flat=True)
    assert "academies.evidence-taken-out" in codes


def test_nothing_is_added_or_taken_out_once_it_is_filed(scene):
    scene.filed()
    row = ReviewEvidence.objects.first()
    assert (
        refused(evidence.take_out, row.pk, note="换", actor=scene.manager) == "illegal-transition"
    )
    with pytest.raises(Error, match="不能再增减"), transaction.atomic():
        row.delete()


def test_the_same_file_proves_an_item_once_and_only_files_of_the_list(scene):
    facts = {
        "told": "",
        "valid_until": None,
        "scan": Scan(TODAY_PDF, "a.pdf"),
        "actor": scene.manager,
    }
    put = evidence.put_in
    put(scene.review.pk, item=bare(scene), **facts)
    assert refused(put, scene.review.pk, item=bare(scene), **facts) == "evidence-twice"
    assert refused(put, scene.review.pk, item="别的", **facts) == "unknown-item"
    text = facts | {"scan": Scan(b"hello", "a.txt")}
    assert refused(put, scene.review.pk, item=bare(scene), **text) == "scan-kind"
    others = facts | {"actor": scene.handler}
    assert refused(put, scene.review.pk, item=bare(scene), **others) is not None


def test_it_is_uploaded_flagged_shown_to_the_panel_and_printed(client, scene):
    pk, own = scene.review.pk, reverse("academies:review", args=[scene.review.pk])
    client.force_login(scene.manager)
    new = reverse("academies:review-evidence-new", args=[pk])
    page = client.get(own).content.decode()
    assert new in page
    assert reverse("academies:rows", args=[scene.academy.code, 2025, "persons"]) in page
    file = {
        "item": bare(scene),
        "told": "课程目录",
        "scan": SimpleUploadedFile("课程.pdf", TODAY_PDF),
    }
    assert client.post(new, file).status_code == 422  # neither a day nor for good
    until = timezone.localdate() + timedelta(days=30)
    file["scan"] = SimpleUploadedFile("课程.pdf", TODAY_PDF)
    assert client.post(new, file | {"valid_until": f"{until}"}).status_code == 302
    scene.endorsed()

    client.force_login(scene.experts[0])
    page = client.get(own).content.decode()
    row = ReviewEvidence.objects.get(told="课程目录")
    fetch = reverse("academies:review-evidence-file", args=[row.pk])
    assert fetch in page
    assert f"{until}" in page
    assert "已过期" not in page
    assert client.get(fetch).content == TODAY_PDF
    mark = client.get(reverse("academies:review-mark", args=[pk])).content.decode()
    assert f"课程.pdf（{until}）" in mark
    printed = reverse("academies:review-paper", args=[pk, "docx"])
    assert client.get(printed).content.startswith(b"PK")
    told = client.get(reverse("academyreview-detail", args=[pk])).json()["evidence"]
    assert (told[0]["valid_until"], told[0]["has_expired"]) == (f"{until}", False)
