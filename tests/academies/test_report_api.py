"""Training reports over HTTP: each one's part, and classes that are none of the report's are named."""

from datetime import date

import pytest
from django.urls import reverse

from academies.models import TrainingReport
from academies.workflow import reporting as workflow
from tests.academies.test_training_reports import Scene
from tests.factories.academies import ClassFactory
from tests.refusals import refused


@pytest.fixture
def scene(db):
    return Scene()


def posted(client, who, part, pk, **said):
    client.force_login(who)
    address = reverse(f"trainingreport-{part}", args=[pk])
    return client.post(address, said, content_type="application/json")


def test_a_report_goes_its_way_over_http(client, scene):
    pk = scene.report.pk
    said = posted(
        client, scene.manager, "prepare", pk, words="名册第2行已退学", contested=[scene.may.pk]
    )
    assert (said.status_code, said.json()["state"]) == (200, "prepared")
    assert [row["class"] for row in TrainingReport.objects.get().contested] == [scene.may.pk]
    assert posted(client, scene.manager, "certify", pk).json()["type"] == "preparer-cannot-certify"
    assert posted(client, scene.deputy, "certify", pk).json()["counted"]["persons"] == 3
    back = posted(
        client, scene.handler, "return", pk, fault="doubt", note="请核对",
        figures=[{"figure": "persons", "fault": "mismatch"}],
        classes=[{"training_class": scene.may.pk, "fault": "missing"}],
    )  # fmt: skip
    assert back.json()["fault"] == "doubt"
    assert [row["on"] for row in TrainingReport.objects.get().faults] == [
        "persons", f"class:{scene.may.pk}",
    ]  # fmt: skip
    posted(client, scene.manager, "prepare", pk, words="已核对")
    posted(client, scene.deputy, "certify", pk)
    taken = posted(client, scene.handler, "accept", pk)
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")


def test_contested_classes_outside_the_period_are_refused_by_name(client, scene):
    july = scene.academy.classes.get(ends_on=date(2025, 7, 2))
    foreign = ClassFactory(name="别家的班")
    contested = [scene.may.pk, july.pk, foreign.pk]

    answer = posted(
        client, scene.manager, "prepare", scene.report.pk, words="有异议", contested=contested
    )

    assert answer.status_code == 400
    told = answer.json()["errors"]["contested"][0]
    assert f"{july.number} {july.name}（2025年度，2025-07-02结业）" in told
    assert f"记录号{foreign.pk}" in told
    assert "别家的班" not in told
    assert f"{scene.may.number} " not in told
    assert TrainingReport.objects.get().state == "draft"


def test_so_are_classes_for_which_a_report_would_go_back(client, scene):
    scene.certified()
    foreign = ClassFactory()
    classes = [{"training_class": foreign.pk, "fault": "missing"}]

    answer = posted(
        client,
        scene.handler,
        "return",
        scene.report.pk,
        fault="doubt",
        note="请核对",
        classes=classes,
    )

    assert answer.status_code == 400
    assert f"记录号{foreign.pk}" in answer.json()["errors"]["classes"][0]
    assert TrainingReport.objects.get().state == "certified"


def test_whoever_calls_is_refused_alike(scene):
    foreign = ClassFactory().pk
    deed = workflow.prepare_report
    code = refused(deed, scene.report.pk, words="异议", actor=scene.manager, contested=[foreign])
    assert code == "class-not-in-report"
