"""A finding issued in error: one auditor says so, another decides; nothing of it is left behind."""

import io
import zipfile

import pytest
from django.db import Error, transaction
from django.urls import reverse

from academies.facts.evaluations import payment_bar
from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from audits.models import Finding
from audits.services.withdrawing import doubt, drop_doubt, uphold, withdraw
from audits.services.working import find, reword
from organizations.roles import Role
from subsidies.services.expenses import withdraw_expense
from tests.audits.test_audits import Scene, home_of, on_the_page, refused
from tests.factories.audits import PROOF, engagement_of, finding_of, paper_of
from tests.factories.organizations import account
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
WHY = {"note": "发票所附清单后经查实齐全"}
FACTS = ("academy", "kind", "fact", "basis", "advice", "amount", "refund", "due_on")


@pytest.fixture
def scene():
    made = Scene()
    made.third = account(Role.AUDITOR, made.city)
    made.finding = workflow.issue(made.found().pk, actor=made.lead)
    return made


def printed(client, user, name, pk):
    """The words of a paper, as its DOCX has them."""
    client.force_login(user)
    paper = client.get(reverse(name, args=[pk, "docx"]))
    with zipfile.ZipFile(io.BytesIO(paper.content)) as leaves:
        return leaves.read("word/document.xml").decode()


def test_it_is_taken_back_by_two_and_money_flows_again(scene):
    pk = scene.finding.pk
    assert payment_bar(scene.academy) == "payments-suspended"
    assert refused(withdraw, pk, actor=scene.second, **WHY) == "illegal-transition"
    doubt(pk, actor=scene.second, **WHY)
    assert refused(doubt, pk, actor=scene.third, **WHY) == "illegal-transition"
    for had_a_hand in (scene.lead, scene.second):
        assert refused(withdraw, pk, actor=had_a_hand, **WHY) == "same-person"
    assert payment_bar(scene.academy) == "payments-suspended"
    withdraw(pk, actor=scene.third, **WHY)

    assert payment_bar(scene.academy) == ""
    item = Rectification.objects.get()
    assert (item.state, item.checked_by, item.finding) == ("dropped", scene.third, WHY["note"])
    told = Record.objects.filter(subject=f"audits.finding:{pk}").order_by("pk")
    assert list(told.values_list("code", flat=True))[-2:] == ["audits.doubted", "audits.withdraw"]
    title = f"审计发现已撤销：{scene.academy}"
    assert Notice.objects.filter(recipient=scene.manager, title=title).exists()


def test_nothing_that_follows_from_it_is_done_afterwards_and_the_audit_ends(scene):
    expense, pk = scene.expenses[1], scene.finding.pk
    scene.reviewed(scene.finding.papers.get())
    rectification.prove(scene.finding.rectification_id, PROOF, actor=scene.manager)
    doubt(pk, actor=scene.second, **WHY)
    assert refused(workflow.take_back, pk, actor=scene.finance) == "finding-doubted"
    withdraw(pk, actor=scene.third, **WHY)

    assert refused(workflow.take_back, pk, actor=scene.finance) == "illegal-transition"
    take = (expense.pk, "finding")
    assert refused(withdraw_expense, *take, actor=scene.manager, note="审计") == (
        "expense-is-not-found"
    )
    item = scene.finding.rectification_id
    strike_off = rectification.strike_off
    assert refused(strike_off, item, actor=scene.approver, note="核实") == "illegal-transition"
    workflow.report(scene.audit.pk, "总体规范", actor=scene.lead)
    assert workflow.archive(scene.audit.pk, actor=scene.second).state == "closed"


def test_it_stands_where_another_holds_it_right_and_once_the_money_came_back(scene):
    pk = scene.finding.pk
    doubt(pk, actor=scene.lead, **WHY)
    uphold(pk, actor=scene.second, note="原认定无误")
    assert (scene.finding.state, Finding.objects.get().doubt) == ("issued", "")
    rectification.prove(scene.finding.rectification_id, PROOF, actor=scene.manager)
    workflow.take_back(pk, actor=scene.finance)
    with pytest.raises(DomainError, match="撤销须在入账以前提出") as caught:
        doubt(pk, actor=scene.second, **WHY)
    assert caught.value.code == "refund-booked"


def test_the_academy_is_told_until_when_and_to_whom_it_may_object(scene, client):
    told = Notice.objects.get(recipient=scene.manager, title__startswith="审计整改")
    whom = f"以前向“{scene.audit.organization}”的经审人员反映，由其提出撤销"
    assert f"请在退回款入账{whom}" in told.body
    client.force_login(scene.manager)
    page = client.get(reverse("audits:finding", args=[scene.finding.pk])).content.decode()
    assert f"请在入账{whom}" in page


@pytest.fixture
def two():
    """The city has two auditors; both had a hand in the finding: one issued it, the other doubts it."""
    made = Scene()
    made.finding = workflow.issue(made.found().pk, actor=made.lead)
    rectification.prove(made.finding.rectification_id, PROOF, actor=made.manager)
    doubt(made.finding.pk, actor=made.second, **WHY)
    return made


def test_who_doubted_takes_the_doubt_back_and_the_money_is_booked(two, client):
    pk = two.finding.pk
    for other in (two.lead, account(Role.AUDITOR, two.city)):
        assert refused(drop_doubt, pk, actor=other, **WHY) == "illegal-transition"
    assert refused(workflow.take_back, pk, actor=two.finance) == "finding-doubted"
    page = on_the_page(client, two.second, "audits:finding-doubt-drop", pk, note="清单另有缺页")

    assert "有人提出撤销" not in page
    assert Record.objects.filter(code="audits.doubt-dropped", actor=two.second).count() == 1
    workflow.take_back(pk, actor=two.finance)
    assert refused(drop_doubt, pk, actor=two.second, **WHY) == "illegal-transition"


@pytest.mark.parametrize("deed", [withdraw, uphold])
def test_with_no_auditor_left_an_approver_decides_and_the_refusal_says_so(two, deed, client):
    pk = two.finding.pk
    for had_a_hand in (two.lead, two.second):
        with pytest.raises(DomainError, match="审批人决定") as refusal:
            deed(pk, actor=had_a_hand, **WHY)
        assert refusal.value.code == "same-person"
    assert refused(deed, pk, actor=two.finance, **WHY) == "role-required"
    assert refused(doubt, pk, actor=two.approver, **WHY) == "role-required"
    title = f"审计发现待决定是否撤销：{two.academy}"
    assert Notice.objects.filter(recipient=two.approver, title=title).exists()
    assert "待决定是否撤销的审计发现" in home_of(client, two.approver)

    deed(pk, actor=two.approver, **WHY)
    assert Finding.objects.get().doubted_by_id == (two.second.pk if deed is withdraw else None)
    assert payment_bar(two.academy) == ("" if deed is withdraw else "payments-suspended")


def test_while_an_auditor_is_left_no_approver_decides(scene, client):
    doubt(scene.finding.pk, actor=scene.second, **WHY)
    assert "待决定是否撤销的审计发现" not in home_of(client, scene.approver)
    with pytest.raises(DomainError, match="另一名经审人员决定"):
        withdraw(scene.finding.pk, actor=scene.approver, **WHY)
    withdraw(scene.finding.pk, actor=scene.third, **WHY)


def test_what_was_struck_off_is_not_doubted_and_what_is_doubted_not_finished(scene):
    item = scene.finding.rectification_id
    rectification.prove(item, PROOF, actor=scene.manager)
    workflow.take_back(scene.finding.pk, actor=scene.finance)
    free = finding_of(
        engagement_of(scene.grant.fund, number="另1号"), scene.expenses[0], state="struck"
    )
    assert refused(doubt, free.pk, actor=scene.third, **WHY) == "rectification-struck-off"
    other = finding_of(
        engagement_of(scene.grant.fund, number="另2号"), scene.expenses[0], state="issued"
    )
    doubt(other.pk, actor=scene.second, **WHY)
    assert refused(workflow.finish, other.pk, actor=scene.third, note="到位") == "finding-doubted"


def test_the_database_takes_none_back_by_one_hand(scene):
    doubt(scene.finding.pk, actor=scene.second, **WHY)
    rows = Finding.objects.filter(pk=scene.finding.pk)
    with pytest.raises(Error, match="finding_is_withdrawn_by_two"), transaction.atomic():
        rows.update(state="withdrawn", closed_by=scene.second)


def test_auditors_do_it_on_the_pages(scene, client):
    pk = scene.finding.pk
    page = on_the_page(client, scene.second, "audits:finding-doubt", pk, **WHY)
    assert "有人提出撤销" in page
    assert "待决定是否撤销的审计发现" in home_of(client, scene.third)
    client.force_login(scene.second)
    assert client.get(reverse("audits:finding-withdraw", args=[pk])).status_code == 409
    words = {"verdict": "withdraw", "note": "查证后予以撤销"}
    page = on_the_page(client, scene.third, "audits:finding-withdraw", pk, **words)
    assert "已撤销" in page


def test_nothing_is_demanded_any_more_on_report_paper_list_page_and_notice(scene, client):
    scene.reviewed(scene.finding.papers.get())
    pk, item = scene.finding.pk, scene.finding.rectification_id
    doubt(pk, actor=scene.second, **WHY)
    withdraw(pk, actor=scene.third, **WHY)
    workflow.report(scene.audit.pk, "总体规范", actor=scene.lead)

    report = printed(client, scene.lead, "audits:report", scene.audit.pk)
    assert "0项，涉及0.00元，应退回0.00元；另撤销1项" in report
    assert f"已撤销，不要求整改和退款；撤销事由：{WHY['note']}" in report
    assert WHY["note"] in printed(
        client, scene.lead, "audits:paper-print", scene.finding.papers.get().pk
    )
    notice = printed(client, scene.manager, "academies:item-notice", item)
    assert "整改通知书（已撤销）" in notice
    assert "现责令整改" not in notice
    listed = client.get(reverse("audits:findings")).content.decode()
    page = client.get(reverse("audits:finding", args=[pk])).content.decode()
    for text in (report, listed, page):
        assert "待退回" not in text
        assert "尚未入账" not in text
    assert "审计发现已撤销" in page
    assert "有人提出撤销" not in page


def test_its_papers_are_free_for_the_right_finding_and_the_record_says_what_it_rested_on(scene):
    paper, pk = scene.finding.papers.get(), scene.finding.pk
    facts = {name: getattr(scene.finding, name) for name in FACTS}
    again = (scene.audit.pk, facts, [paper])
    with pytest.raises(DomainError, match="同一支出另有问题的，在那一项下达以前修改") as caught:
        find(*again, actor=scene.lead)
    assert caught.value.code == "paper-of-another-finding"
    doubt(pk, actor=scene.second, **WHY)
    withdraw(pk, actor=scene.third, **WHY)

    right = find(*again, actor=scene.lead)

    assert list(right.papers.all()) == [paper]
    told = Record.objects.get(subject=f"audits.finding:{pk}", code="audits.withdraw")
    assert paper.expense.voucher in told.after["vouchers"]
    other = find(
        scene.audit.pk, facts, [paper_of(scene.audit, scene.expenses[2])], actor=scene.lead
    )
    assert refused(reword, other.pk, facts, [paper], actor=scene.lead) == "paper-of-another-finding"
