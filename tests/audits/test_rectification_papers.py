"""整改通知书 and 销号单 of what an audit found: the same words in every form, and the code of the item."""

import io

import openpyxl
import pytest
from django.urls import reverse

from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from tests.audits.test_audits import PROOF, scene  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db


def cells(client, name, item):
    answer = client.get(reverse(f"academies:{name}", args=[item.pk, "xlsx"]))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]


def test_what_an_audit_found_is_demanded_and_struck_off_on_paper(client, scene):  # noqa: F811
    finding = workflow.issue(scene.found(refund="0").pk, actor=scene.lead)
    item = Rectification.objects.get(pk=finding.rectification_id)
    client.force_login(scene.manager)

    notice = cells(client, "item-notice", item)
    before = cells(client, "item-closing", item)
    rectification.prove(item.pk, PROOF, actor=scene.manager)
    rectification.strike_off(item.pk, actor=scene.approver, note="已核实")
    after = cells(client, "item-closing", item)

    assert item.problem in notice
    assert "整改台账（未销号）" in before
    assert {"整改销号单", "已销号", str(finding)} <= set(after)
    assert any(text.startswith(f"已核实（{scene.approver}") for text in after)
    assert any(f"整改事项{item.pk} " in text for text in after), "the code leads to the item"
    for name in ("item-notice", "item-closing"):
        for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
            answer = client.get(reverse(f"academies:{name}", args=[item.pk, kind]))
            assert answer.content.startswith(begins)
    page = client.get(reverse("audits:finding", args=[finding.pk])).content.decode()
    assert reverse("academies:item-closing", args=[item.pk, "pdf"]) in page
