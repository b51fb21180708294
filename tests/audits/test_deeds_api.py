"""An evaluation and an audit over HTTP, step by step: the same people, the same refusals as on the pages."""

import pytest

from academies.facts.evaluations import payment_bar
from academies.models import Rectification, Review
from audits.models import Paper
from organizations.roles import Role
from tests.academies.test_rectification import PROOF
from tests.academies.test_rectification import Scene as Rectifying
from tests.academies.test_reviews import Scene as Evaluating
from tests.academies.test_reviews import in_a_month
from tests.audits.test_audits import Scene as Auditing
from tests.factories.audits import finding_of
from tests.factories.organizations import account

pytestmark = pytest.mark.django_db


class Desk:
    """Posts as whoever is named, and tells status and answer."""

    def __init__(self, client):
        self.client = client

    def __call__(self, who, address, /, **said):
        self.client.force_login(who)
        answer = self.client.post(f"/api/{address}/", said, content_type="application/json")
        return answer.status_code, answer.json()


@pytest.fixture
def desk(client):
    return Desk(client)


def test_what_is_demanded_is_proved_and_struck_off_by_another(desk):
    scene = Rectifying()
    own = f"evaluations/{scene.evaluation.pk}/demand"
    early = desk(scene.handler, own, problem="台账不符", due_on="2020-01-01")
    assert (early[0], "due_on" in early[1].get("errors", early[1])) == (400, True)

    status, item = desk(scene.handler, own, problem="台账不符", due_on=f"{in_a_month()}")

    assert (status, item["state"]) == (200, "demanded")
    own = f"rectifications/{item['id']}"
    assert desk(scene.manager, f"{own}/prove", **PROOF)[1]["state"] == "proved"
    status, refusal = desk(scene.handler, f"{own}/close", note="已核对台账")
    assert (status, refusal["type"]) == (409, "rechecker-had-a-hand")
    for said in (
        {},
        {"note": "已核对"},
    ):  # without words nothing is struck off, nor in three letters
        assert desk(scene.approver, f"{own}/close", **said)[0] == 400
    assert desk(scene.approver, f"{own}/return", note="不符")[0] == 400
    assert desk(scene.approver, f"{own}/return", note="名册仍不符")[1]["state"] == "demanded"
    assert desk(scene.manager, f"{own}/prove", **PROOF)[1]["state"] == "proved"
    assert desk(scene.approver, f"{own}/close", note="已核对台账")[1]["state"] == "closed"
    assert payment_bar(scene.academy) == ""
    assert Rectification.objects.get().checked_by == scene.approver


def test_a_deed_is_answered_with_its_row_whatever_was_asked_of_the_list(desk):
    scene = Rectifying()
    made = desk(scene.handler, f"evaluations/{scene.evaluation.pk}/demand", problem="台账不符", due_on=f"{in_a_month()}")  # fmt: skip
    own = f"rectifications/{made[1]['id']}"
    waiting = "state=demanded"

    status, item = desk(scene.manager, f"{own}/prove/?{waiting}".removesuffix("/"), **PROOF)

    assert (status, item["state"]) == (200, "proved")
    listed = desk.client.get(f"/api/rectifications/?{waiting}").json()
    assert listed["results"] == []
    assert desk.client.get(f"/api/{own}/?{waiting}").json()["state"] == "proved"


def test_a_file_is_assessed_endorsed_marked_graded_objected_to_and_answered(desk):
    scene = Evaluating()
    own, items = f"academy-reviews/{scene.review.pk}", scene.review.items
    scene.proved()
    short = desk(scene.manager, f"{own}/self-assess", own=[{"score": 1}])
    assert short[0] == 400
    most = [{"score": item["weight"], "words": "见台账"} for item in items]
    above = [most[0] | {"score": items[0]["weight"] + 1}, *most[1:]]
    status, refusal = desk(scene.manager, f"{own}/self-assess", own=above)
    assert (status, items[0]["name"] in f"{refusal}") == (400, True)

    assessed = desk(scene.manager, f"{own}/self-assess", own=[{"score": 5, "words": "见台账"}] * len(items))  # fmt: skip
    assert assessed[1]["state"] == "filed"
    assert (
        desk(
            scene.handler,
            f"{own}/return",
            fault="doubt",
            until=f"{in_a_month()}",
            note="请核对人数",
        )[1]["state"]
        == "draft"
    )
    scene.endorsed()
    for expert in scene.experts:
        scores = [float(item["weight"]) * 0.5 for item in items]
        above = [items[0]["weight"] + 0.5, *scores[1:]]
        assert desk(expert, f"{own}/mark", scores=above)[0] == 400
        assert desk(expert, f"{own}/mark", scores=scores)[0] == 200
    assert desk(scene.approver, f"{own}/grade", grade="failed", reason="不实")[0] == 400
    facts = {"grade": "failed", "reason": "不实", "demand": "台账", "due_on": f"{in_a_month()}"}
    assert desk(scene.approver, f"{own}/grade", **facts)[1]["state"] == "graded"
    assert (
        desk(scene.manager, f"{own}/object", note="人数统计有误")[1]["objection"] == "人数统计有误"
    )
    assert desk(scene.approver, f"{own}/answer", grade="qualified", note="异议成立")[0] == 409
    assert desk(scene.opener, f"{own}/answer", grade="qualified", note="采纳")[0] == 400
    proposed = desk(scene.opener, f"{own}/answer", grade="qualified", note="异议成立")
    assert (proposed[1]["regrade_to"], proposed[1]["answer"]) == ("qualified", "")
    other = account(Role.APPROVER, scene.city)
    answered = desk(other, f"{own}/answer", grade="qualified", note="异议成立")
    assert (answered[0], answered[1]["answer"]) == (200, "异议成立")
    assert Review.objects.get(pk=scene.review.pk).evaluation.grade == "qualified"


def test_a_paper_is_examined_by_one_and_reviewed_by_another_and_the_audit_reported(desk):
    scene = Auditing()
    scene.drawn(method="random", size=1)
    paper = Paper.objects.get()
    own = f"audit-papers/{paper.pk}"
    assert desk(scene.lead, f"{own}/examine", marks=["x"], seen="相符")[0] == 400
    assert desk(scene.lead, f"{own}/examine", marks=["invoice"], seen="相符")[1]["state"] == "done"
    assert desk(scene.lead, f"{own}/review", note="充分")[1]["type"] == "same-person"
    assert desk(scene.second, f"{own}/return", note="补充")[1]["state"] == "planned"
    desk(scene.lead, f"{own}/examine", marks=["invoice"], seen="相符")
    assert desk(scene.second, f"{own}/review", note="充分")[1]["state"] == "reviewed"

    audit = f"audits/{scene.audit.pk}"
    assert desk(scene.lead, f"{audit}/report", conclusion="使用规范")[1]["state"] == "reported"
    assert desk(scene.second, f"{audit}/archive")[1]["state"] == "closed"


def test_a_finding_is_issued_paid_back_and_closed(desk):
    scene = Auditing()
    finding = finding_of(scene.audit, scene.expenses[1], refund="250.50", actor=scene.lead)
    own = f"audit-findings/{finding.pk}"
    issued = desk(scene.lead, f"{own}/issue")[1]
    assert issued["state"] == "issued"
    item = f"rectifications/{issued['rectification']}"
    assert desk(scene.manager, f"{item}/prove", **PROOF)[0] == 200
    assert desk(scene.lead, f"{own}/take-back")[0] in {403, 409}
    assert desk(scene.finance, f"{own}/take-back")[1]["returned"]
    checker = account(Role.APPROVER, scene.city)
    assert desk(checker, f"{item}/close", note="已核实到位")[1]["state"] == "closed"
    assert desk(scene.lead, f"{own}/finish", note="到位")[1]["type"] == "same-person"
    assert desk(scene.second, f"{own}/finish", note="整改到位")[1]["state"] == "closed"
