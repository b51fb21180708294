"""Killed between any two statements: a finding, what it demands and what comes back are whole."""

import pytest

from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from audits.models import Finding
from organizations.models import User
from policies.library.editions import load_library
from subsidies.models import Entry
from subsidies.rules.proofs import every_break
from tests.audits.test_audits import PROOF, Scene
from tests.subsidies.test_killed import survived

pytestmark = pytest.mark.attack


@pytest.fixture
def scene(transactional_db):
    load_library(actor=User.objects.system())
    return Scene()


def test_a_finding_goes_its_way_once_or_not_at_all(scene):
    pk = scene.found().pk

    def item():
        return Rectification.objects.get().pk

    counts = [
        survived(lambda: workflow.issue(pk, actor=scene.lead)),
        survived(lambda: rectification.prove(item(), PROOF, actor=scene.manager)),
        survived(lambda: workflow.take_back(pk, actor=scene.finance)),
        survived(lambda: rectification.strike_off(item(), actor=scene.approver, note="已核实")),
        survived(lambda: workflow.finish(pk, actor=scene.second, note="整改到位")),
    ]

    assert all(count > 3 for count in counts), counts
    found = Finding.objects.get()
    assert (found.state, found.rectification.state) == ("closed", "closed")
    assert Entry.objects.filter(key=f"finding:{pk}").count() == 1
    assert list(every_break()) == []


def test_an_audit_is_reported_and_filed_away_once_or_not_at_all(scene):
    finding = scene.found(refund="0.00")
    scene.reviewed(finding.papers.get())
    workflow.issue(finding.pk, actor=scene.lead)
    audit, item = scene.audit.pk, Rectification.objects.get().pk

    survived(lambda: workflow.report(audit, "总体合规", actor=scene.lead))
    rectification.prove(item, PROOF, actor=scene.manager)
    rectification.strike_off(item, actor=scene.approver, note="已核实")
    workflow.finish(finding.pk, actor=scene.second, note="到位")
    survived(lambda: workflow.archive(audit, actor=scene.second))

    scene.audit.refresh_from_db()
    assert scene.audit.state == "closed"
