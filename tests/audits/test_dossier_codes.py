"""Every paper that leaves with a dossier is on the record of what it is about, by its code."""

import pytest
from django.urls import reverse

from tests.audits.test_audits import Scene, listed
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def test_every_paper_of_a_dossier_is_on_the_record_with_its_code(scene, client):
    scene.drawn()
    scene.found(scene.expenses[0], refund="0")
    client.force_login(scene.lead)
    answer = client.post(reverse("audits:dossier", args=[scene.audit.pk]))
    rows = listed(b"".join(answer.streaming_content))

    codes = [
        after["paper"]
        for after in Record.objects.filter(code="pages.exported").values_list("after", flat=True)
    ]
    assert len(codes) == len(set(codes))
    assert set(codes) == {row[3] for name, row in rows.items() if name != "00-卷内目录.pdf"}
    own = Record.objects.filter(subject=f"audits.paper:{scene.audit.papers.order_by('pk')[0].pk}")
    assert own.filter(kind=Record.Kind.EXPORT, actor=scene.lead).count() == 1
