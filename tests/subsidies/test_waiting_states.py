"""Every state in which a step waits for somebody has a tile in the home of whoever is to act.

The scenes go through the states of ``tests.waiting`` and look at the homes; those of claims and of accounts
of years stand with their own tests.
"""

from datetime import date
from decimal import Decimal

from django.apps import apps
from django.utils import timezone

from academies.models import PhoneCheck, Review
from academies.workflow import rectification, reviews
from academies.workflow import reporting as reports
from audits import workflow as audits
from audits.models import Finding
from audits.services.withdrawing import doubt
from audits.services.working import choose
from organizations.roles import Role
from subsidies import workflow as money
from subsidies.selectors.home import finance_queues
from subsidies.services.applications import draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.items import approve_item
from subsidies.workflow.accounts import confirm_account, refuse_account
from subsidies.workflow.allocations import sign_allocation
from subsidies.workflow.changes import draw_up_change, drop_change
from subsidies.workflow.payouts import cancel_payout, draw_up_payout
from tests.academies.test_rectification import PROOF
from tests.academies.test_rectification import Scene as Failed
from tests.academies.test_reviews import Scene as Evaluated
from tests.academies.test_reviews import in_a_month
from tests.academies.test_training_reports import Scene as Reported
from tests.accounts.lending import lend
from tests.audits.test_audits import Scene as Audited
from tests.factories.academies import TrainingReportFactory
from tests.factories.organizations import account
from tests.factories.subsidies import allocation_in
from tests.subsidies.granting import YEAR, approved
from tests.subsidies.test_open_items import ASKED
from tests.subsidies.test_payee_accounts import filed as account_filed
from tests.waiting import RESTS, WAITS, assert_waits, titles
from workflow.models import Notice


def test_every_state_is_one_that_waits_or_one_that_rests():
    found = {
        model._meta.label_lower: set(model.State.values)
        for app in ("academies", "subsidies", "audits")
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "State")
    }
    assert found == {name: WAITS[name].keys() | RESTS[name] for name in WAITS}
    assert not any(WAITS[name].keys() & RESTS[name] for name in WAITS)


def test_a_file_of_the_evaluation_and_what_is_objected_to(db, client):
    scene = Evaluated()
    review, pk = scene.review, scene.review.pk
    assert_waits(review, scene.manager)
    scene.filed()
    assert_waits(review, scene.handler)
    for check in PhoneCheck.objects.filter(review=review, outcome=""):
        reviews.call(check.pk, "confirmed", actor=scene.handler)
    reviews.endorse(pk, actor=scene.handler, note="抽查属实")
    assert_waits(review, scene.approver)
    assert "待评分的评价件" in titles(scene.experts[0])
    for expert in scene.experts:
        scores = [Decimal("0.9") * item["weight"] for item in Review.objects.get().items]
        reviews.mark(pk, scores, words="", actor=expert)
    other, handler = account(Role.APPROVER, scene.city), account(Role.HANDLER, scene.city)
    scene.graded("qualified", reason="受疫情影响")
    assert "等次待复核" in titles(other)
    assert "等次待复核" not in titles(scene.approver)  # who proposed may not agree
    reviews.drop_lifting(pk, actor=other, note="依据不足")
    scene.graded("failed", due_on=in_a_month())
    assert "待答复的异议" not in titles(other)

    reviews.object_to(pk, actor=scene.manager, note="人数统计有误")
    for who in (other, handler):
        assert "待答复的异议" in titles(who)
        client.force_login(who)
        listed = client.get("/academies/reviews/?is_objected=true&is_mine=true").content.decode()
        assert (scene.academy.name in listed, "待答复" in listed) == (True, True)
    assert not titles(scene.approver) & {"待答复的异议", "等次待复核"}  # who graded answers not
    assert not titles(scene.manager) & {"待答复的异议", "等次待复核"}
    reviews.answer(pk, "qualified", actor=handler, note="同意调整")
    assert ("等次待复核" in titles(other), "待答复的异议" in titles(other)) == (True, False)
    assert not titles(handler) & {"待答复的异议", "等次待复核"}
    reviews.answer(pk, "failed", actor=other, note="维持原等次")
    assert not titles(other) & {"待答复的异议", "等次待复核"}


def test_what_is_to_be_put_right(db):
    scene = Failed()
    item = scene.demanded()
    assert_waits(item, scene.manager)
    rectification.prove(item.pk, PROOF, actor=scene.manager)
    assert_waits(item, scene.approver)


def test_a_training_report(db):
    scene, today = Reported(), timezone.localdate()
    year = today.year - 1
    report = TrainingReportFactory(
        academy=scene.academy, year=year, part=2, first_on=date(year, 7, 1),
        last_on=date(year, 12, 31), due_on=today,
    )  # fmt: skip
    assert_waits(report, scene.manager)
    assert "报送逾期" in titles(scene.manager)  # the other one, of a day that is over
    reports.prepare_report(report.pk, words="", actor=scene.manager)
    assert_waits(report, scene.deputy)
    reports.certify_report(report.pk, actor=scene.deputy)
    assert_waits(report, scene.handler)
    reports.return_report(report.pk, "mismatch", actor=scene.handler, note="名册有误")
    assert_waits(report, scene.manager)


def test_a_budget_that_comes_back_and_what_is_drawn_up_under_it(people):
    academy, city, made = people
    approver, planner = made["approver"], made["planner"]
    fund = draw_up_budget(city, YEAR, "municipal", {"academy": Decimal(500)}, actor=planner)
    assert_waits(fund, planner)
    money.submit_budget(fund.pk, actor=planner)
    assert_waits(fund, approver)
    money.return_budget(fund.pk, actor=approver, note="金额与党组会纪要不符")
    assert "退回待重编的预算" in titles(planner)
    told = Notice.objects.get(recipient=planner, title__contains="预算已退回")
    assert told.body == "金额与党组会纪要不符"
    money.submit_budget(fund.pk, actor=planner)
    money.sign_budget(fund.pk, actor=approver)
    assert Notice.objects.filter(recipient=planner, title__endswith="预算已批准").exists()
    assert not titles(planner) & {"退回待重编的预算", "待提交的预算"}

    change = draw_up_change(fund.pk, "academy", Decimal(5), "按市总批复", actor=planner)
    assert_waits(change, approver)
    drop_change(change.pk, actor=approver, note="依据不足作废")
    assert Notice.objects.filter(recipient=planner, title__endswith="预算调整：已作废").exists()
    allocation = allocation_in("drawn", fund, academy, amount="450.00")
    assert_waits(allocation, approver)
    sign_allocation(allocation.pk, actor=approver)


def test_a_grant_and_its_open_items(people, signed):
    academy, _, made = people
    manager, approver = made["manager"], made["approver"]
    grant = draft_grant(academy, YEAR, "municipal", ASKED, actor=manager)
    assert_waits(grant, manager)
    money.submit_grant(grant.pk, actor=manager)
    assert_waits(grant, made["handler"])
    money.endorse_grant(grant.pk, "同意上报", actor=made["handler"])
    assert_waits(grant, approver)
    assert "待填报收款账户" in titles(manager)
    assert "待批准的报批事项" not in titles(approver)
    money.approve_grant(grant.pk, Decimal(400), "批〔2026〕1号", actor=approver)
    assert "待批准的报批事项" in titles(approver)
    assert Notice.objects.filter(recipient=approver, title__contains="报批事项待批准").exists()
    approve_item(grant.projects.get(needs_approval=True).pk, "批〔2026〕9号", actor=approver)
    assert "待批准的报批事项" not in titles(approver)
    told = Notice.objects.get(recipient=manager, title="报批事项已批准：编写实训教材")
    assert "批〔2026〕9号" in told.body


def on_the_list(who, people, client):
    """Whether the page behind the checker's tile names the academy to ``who``."""
    academy, _, made = people
    queues = finance_queues(made["checker"])
    client.force_login(made[who])
    answer = client.get(next(q.href for q in queues if q.title == "待复核的拨款"))
    return academy.name in answer.content.decode()


def test_an_account_its_payment_and_the_list(people, signed, client):
    made, grant = people[2], approved(people, has_account=False)
    manager, payment = made["manager"], grant.payments.get()
    held = account_filed(people)
    assert_waits(held, made["checker"])
    refuse_account(held.pk, "王会计 010-1234", actor=made["checker"], note="电话不符")
    assert_waits(held, manager)
    held = account_filed(people)
    confirm_account(held.pk, "王会计 010-1234", actor=made["checker"], note="核对无误")
    for row in (grant, payment):
        assert_waits(row, made["orderer"])
    money.order_payment(payment.pk, actor=made["orderer"])
    assert_waits(payment, made["checker"])
    assert "待复核的拨款" not in titles(made["orderer"])  # who ordered may not check
    stand_in = account(Role.FINANCE, people[1])
    lend(made["orderer"], stand_in)
    assert "待复核的拨款" not in titles(stand_in)  # nor who stands in for who ordered
    assert [on_the_list(who, people, client) for who in ("checker", "orderer")] == [True, False]
    money.recall_payment(payment.pk, actor=made["checker"], note="账户有疑问")
    told = Notice.objects.get(recipient=made["orderer"], title__endswith="拨款已退回制单")
    assert told.body == "账户有疑问"
    listed = draw_up_payout(signed.pk, "academy", actor=made["orderer"])
    assert_waits(listed, made["checker"])
    assert "待复核的付款清单" not in titles(made["orderer"])
    assert "待复核的拨款" not in titles(made["checker"])  # it is checked with its list
    cancel_payout(listed.pk, actor=made["checker"], note="清单有误作废")
    assert Notice.objects.filter(recipient=made["orderer"], title__contains="已作废").exists()
    money.order_payment(payment.pk, actor=made["orderer"])
    money.check_payment(payment.pk, actor=made["checker"])
    assert_waits(payment, made["checker"])
    assert "待登记回单" not in titles(made["orderer"])  # who ordered may not enter the receipt


def test_an_audit_its_papers_and_what_it_found(db):
    scene = Audited()
    second, third = scene.second, account(Role.AUDITOR, scene.city)
    assert_waits(scene.audit, scene.lead)
    paper = choose(scene.audit.pk, scene.expenses[0], actor=scene.lead)
    assert_waits(paper, scene.lead)
    audits.examine(paper.pk, ["invoice"], "发票相符", actor=scene.lead)
    assert_waits(paper, second)
    assert "待复核的底稿" not in titles(scene.lead)  # who wrote it may not review it
    audits.give_back(paper.pk, actor=second, note="没有看原件")
    told = Notice.objects.get(recipient=scene.lead, title__startswith="底稿已退回")
    assert told.body == "没有看原件"
    finding = scene.found()
    assert_waits(finding, scene.lead)
    audits.issue(finding.pk, actor=scene.lead)
    assert_waits(finding, scene.manager)
    doubt(finding.pk, actor=second, note="该事项有文件依据")
    tile = "待决定是否撤销的审计发现"
    assert [tile in titles(who) for who in (third, second, scene.lead)] == [True, False, False]
    for row in scene.audit.papers.all():
        scene.reviewed(row)
    audits.report(scene.audit.pk, "基本合规", actor=scene.lead)
    assert_waits(scene.audit, second)
    assert WAITS["audits.engagement"]["reported"] not in titles(scene.lead)


def test_what_was_proved_to_an_audit_is_booked_and_closed(db):
    scene = Audited()
    finding = scene.found()
    audits.issue(finding.pk, actor=scene.lead)
    item = Finding.objects.get().rectification_id
    rectification.prove(item, PROOF, actor=scene.manager)
    assert "待登记的退回款" in titles(scene.finance)
    audits.take_back(finding.pk, actor=scene.finance)
    rectification.strike_off(item, actor=scene.approver, note="已退回")
    assert "可办结的审计发现" in titles(scene.second)
    assert "可办结的审计发现" not in titles(scene.lead)  # who found it may not close it
