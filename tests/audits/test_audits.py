"""An audit from the sample to the money that came back; who may do what in it, and who may not."""

import hashlib
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from academies.facts.evaluations import payment_bar
from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from audits.models import Engagement, Finding, Paper, Sample
from audits.rules.sampling import drawn_at_random, drawn_by_money
from audits.selectors.audits import drawn, findings_in_scope, population_at, rows_of
from audits.services.working import begin, choose, draw, find, reword
from organizations.roles import Role
from subsidies.models import Account, Expense
from subsidies.services.expenses import withdraw_expense
from subsidies.services.ledger import Hands, Place, Purse, book
from tests.academies.overlapping import overlapping
from tests.factories.academies import AcademyFactory
from tests.factories.audits import PROOF
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.subsidies import fund_of, paid_grant, spent
from workflow.models import Notice, Record
from workflow.refusals import DomainError
from workflow.refusals.database import refusing


class Scene:
    """A city whose fund an academy spent of; two auditors, finance, the academy's manager."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        host = with_child(self.city, "unit", code="U1")
        self.academy = AcademyFactory(host=host, supervising_union=self.city)
        self.grant = paid_grant(self.academy, "9000.00")
        self.expenses = [spent(self.grant, amount) for amount in ("100.00", "250.50", "4000.00")]
        self.lead, self.second = account(Role.AUDITOR, self.city), account(Role.AUDITOR, self.city)
        self.finance = account(Role.FINANCE, self.grant.fund.organization)
        self.manager = account(Role.ACADEMY_MANAGER, host)
        self.approver = account(Role.APPROVER, self.city)
        facts = {"number": "经审〔2026〕1号", "title": "补助资金专项审计", "scope": "真实、合规"}
        self.audit = begin(self.grant.fund, facts, actor=self.lead)

    def drawn(self, **how):
        how = {"method": "monetary", "size": 2, "academy": None, "seed": "20261128"} | how
        return draw(self.audit.pk, how, actor=self.lead)

    def found(self, expense=None, *, refund="250.50"):
        expense = expense or self.expenses[1]
        paper = choose(self.audit.pk, expense, actor=self.lead)
        facts = {
            "academy": self.academy, "kind": "use", "fact": "购买食品", "basis": "管理办法第九条",
            "advice": "冲销并退回", "amount": expense.amount, "refund": Decimal(refund),
            "due_on": date(2026, 12, 31),
        }  # fmt: skip
        return find(self.audit.pk, facts, [paper], actor=self.lead)

    def reviewed(self, paper):
        workflow.examine(paper.pk, ["invoice"], "发票相符", actor=self.lead)
        return workflow.review(paper.pk, actor=self.second, note="充分")

    @refusing()
    @transaction.atomic
    def paid_more(self):
        purse = Purse(fund_of(self.city, year=2026), self.academy)
        giver, taker = purse.account(Place.SOURCE), purse.account(Place.HELD)
        hands = Hands(self.finance, self.approver)
        return book("opening", giver, taker, Decimal(5), key="more", hands=hands)

    def balance(self, kind):
        return Account.objects.get(fund=self.grant.fund, kind=kind).balance


@pytest.fixture
def scene(db):
    return Scene()


def refused(deed, *args, **words):
    with pytest.raises(DomainError) as refusal:
        deed(*args, **words)
    return refusal.value.code


def test_a_sample_is_the_same_for_everybody_who_draws_it_again():
    rows = [(number, Decimal(number * 100)) for number in range(1, 101)]

    assert drawn_at_random(rows, 5, "a") == drawn_at_random(rows[::-1], 5, "a")
    assert drawn_at_random(rows, 5, "a") != drawn_at_random(rows, 5, "b")
    assert sorted(drawn_at_random(rows, 100, "a")) == [number for number, _ in rows]
    by_hand = sorted(range(1, 101), key=lambda n: hashlib.sha256(f"a:{n}".encode()).hexdigest())
    assert drawn_at_random(rows, 5, "a") == by_hand[:5]


def test_money_draws_the_large_for_certain_and_the_others_by_their_size():
    rows = [(1, Decimal("0.01")), (2, Decimal(900)), *((n, Decimal(10)) for n in range(3, 13))]
    seeds = [str(seed) for seed in range(200)]

    hits = [drawn_by_money(rows, 10, seed) for seed in seeds]

    assert all(2 in found and len(found) <= 10 for found in hits)
    small = sum(found.count(3) for found in hits) / len(seeds)
    assert 0.02 < small < 0.25  # 10 of an interval of 100
    assert not any(1 in found for found in hits)


def test_drawing_makes_papers_and_stays_the_same_after_the_books_have_moved_on(scene, client):
    sample = scene.drawn()
    drawn_then = set(scene.audit.papers.values_list("expense", flat=True))
    assert scene.expenses[2].pk in drawn_then

    withdraw_expense(scene.expenses[0].pk, "mistyped", actor=scene.manager, note="金额有误")
    spent(scene.grant, "77.77")
    client.force_login(scene.second)
    page = client.get(reverse("audits:sample", args=[sample.pk])).content.decode()

    assert "重抽核对一致" in page
    assert (sample.population, sample.total) == (3, Decimal("4350.50"))
    scene.drawn(method="random", size=50, seed="x")
    assert scene.audit.papers.count() == 3
    assert refused(scene.drawn, academy=AcademyFactory()) == "nothing-to-draw"


@pytest.mark.django_db(transaction=True)
def test_a_voucher_of_a_lower_number_committed_after_the_draw_does_not_change_it(client):
    city = OrganizationFactory(kind="city")
    grants = [
        paid_grant(AcademyFactory(supervising_union=city), "900.00", source="district")
        for _ in range(2)
    ]
    fund, lead = grants[0].fund, account(Role.AUDITOR, city)
    assert grants[1].fund == fund
    audit = begin(fund, {"number": "1号", "title": "专项审计", "scope": ""}, actor=lead)
    for amount in ("100.00", "250.50"):
        spent(grants[0], amount)

    def drawn_meanwhile():
        spent(grants[0], "400.00")
        how = {"method": "random", "size": 2, "academy": None, "seed": "20261129"}
        return draw(audit.pk, how, actor=lead)

    late, sample = overlapping(lambda: spent(grants[1], "77.77"), drawn_meanwhile)

    assert late.entry_id < sample.as_of
    assert Expense.objects.filter(entry__lte=sample.as_of).count() == 4  # by number it would count
    assert (sample.population, len(sample.numbers)) == (3, 3)
    client.force_login(lead)
    page = client.get(reverse("audits:sample", args=[sample.pk])).content.decode()
    assert "重抽核对一致" in page
    papers = list(audit.papers.order_by("pk").values_list("expense", flat=True))
    assert drawn(sample, rows_of(population_at(sample, lead))) == papers


@pytest.mark.parametrize("is_kept", [True, False])
def test_where_the_population_is_another_one_the_page_says_so(scene, client, is_kept):
    sample = scene.drawn()
    numbers = [*sample.numbers[:2], 10**9] if is_kept else []
    facts = {name: getattr(sample, name) for name in ("method", "size", "seed", "total", "digest")}
    other = Sample.objects.create(
        engagement=scene.audit, as_of=0, population=3, drawn_by=scene.lead, numbers=numbers, **facts
    )
    client.force_login(scene.second)

    page = client.get(reverse("audits:sample", args=[other.pk])).content.decode()

    assert "重抽核对一致" not in page
    assert ("请校验账本" in page) == is_kept
    assert ("没有留存总体" in page) != is_kept


def test_a_paper_is_reviewed_by_another_and_then_stays(scene):
    paper = choose(scene.audit.pk, scene.expenses[0], actor=scene.lead)
    workflow.examine(paper.pk, ["invoice", "payee"], "相符", actor=scene.lead)
    assert Notice.objects.filter(recipient=scene.second, title__contains="待复核").exists()
    assert refused(workflow.review, paper.pk, actor=scene.lead) == "same-person"
    workflow.review(paper.pk, actor=scene.second, note="充分")

    with pytest.raises(Error, match="已经复核"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(seen="别的")
    assert refused(workflow.examine, paper.pk, [], "x", actor=scene.lead) == "illegal-transition"
    workflow.give_back(paper.pk, actor=scene.second, note="补查合同")
    workflow.examine(paper.pk, ["use"], "已补查", actor=scene.second)
    assert refused(workflow.review, paper.pk, actor=scene.second) == "same-person"
    assert refused(choose, scene.audit.pk, scene.expenses[0], actor=scene.lead) == (
        "paper-once-per-expense"
    )


def test_a_finding_runs_from_the_expense_through_rectification_to_the_money(scene):
    finding = scene.found()
    assert findings_in_scope(scene.manager).count() == 0
    assert payment_bar(scene.academy) == ""

    finding = workflow.issue(finding.pk, actor=scene.lead)
    assert payment_bar(scene.academy) == "payments-suspended"
    assert findings_in_scope(scene.manager).get() == finding
    assert refused(scene.paid_more) == "payments-suspended"
    assert refused(workflow.take_back, finding.pk, actor=scene.finance) == "refund-not-reported"
    for reason in ("finding", "mistyped"):
        take = (scene.expenses[1].pk, reason)
        assert refused(withdraw_expense, *take, actor=scene.manager, note="审计指出") == (
            "refund-takes-it-back"
        )
    rectification.prove(finding.rectification_id, PROOF, actor=scene.manager)
    held = scene.balance("held")
    finding = workflow.take_back(finding.pk, actor=scene.finance)
    assert scene.balance("returned") == Decimal("250.50")
    assert scene.balance("held") == held  # the expense of it is taken back with it
    assert finding.returned.made_by == scene.manager
    assert refused(workflow.take_back, finding.pk, actor=scene.finance) == "illegal-transition"
    assert refused(workflow.finish, finding.pk, actor=scene.second, note="x") == (
        "finding-keeps-its-thread"
    )
    rectification.strike_off(finding.rectification_id, actor=scene.approver, note="已核实")
    assert payment_bar(scene.academy) == ""
    assert refused(workflow.finish, finding.pk, actor=scene.lead, note="x") == "same-person"
    workflow.finish(finding.pk, actor=scene.second, note="整改到位")

    told = Record.objects.filter(subject=f"audits.finding:{finding.pk}").order_by("pk")
    assert list(told.values_list("code", flat=True)) == [
        "audits.found", "audits.issue", "audits.returned", "audits.finish",
    ]  # fmt: skip
    titles = Notice.objects.filter(recipient=scene.manager).values_list("title", flat=True)
    assert {f"审计整改：{scene.academy}", f"审计发现已办结：{scene.academy}"} <= set(titles)


def test_more_is_neither_found_nor_given_back_than_was_spent(scene):
    finding = scene.found(refund="0")
    over = {"amount": Decimal("250.51"), "refund": Decimal(0)}
    from_draft = list(finding.papers.all())
    assert (
        refused(reword, finding.pk, over, from_draft, actor=scene.lead) == "finding-beyond-expenses"
    )
    more = {"amount": Decimal(5), "refund": Decimal(6)}
    assert refused(reword, finding.pk, more, from_draft, actor=scene.lead) == (
        "finding-refunds-no-more-than-it-is-about"
    )
    elsewhere = spent(paid_grant(AcademyFactory(supervising_union=scene.city)), "5.00")
    assert refused(choose, scene.audit.pk, elsewhere, actor=scene.lead) == (
        "paper-is-of-an-open-audit"
    )


def test_the_report_waits_for_papers_and_findings_and_closes_the_audit_to_more(scene):
    finding = scene.found(refund="0")
    assert refused(workflow.report, scene.audit.pk, "规范", actor=scene.lead) == "papers-open"
    scene.reviewed(finding.papers.get())
    assert refused(workflow.report, scene.audit.pk, "规范", actor=scene.lead) == "findings-draft"
    workflow.issue(finding.pk, actor=scene.lead)
    workflow.report(scene.audit.pk, "总体规范", actor=scene.lead)

    assert refused(scene.drawn) == "audit-reported"
    with pytest.raises(Error, match="已经出具"), transaction.atomic():
        Paper.objects.create(engagement=scene.audit, expense=scene.expenses[0])
    assert refused(workflow.archive, scene.audit.pk, actor=scene.lead) == "same-person"
    assert refused(workflow.archive, scene.audit.pk, actor=scene.second) == "findings-open"
    rectification.prove(Rectification.objects.get().pk, PROOF, actor=scene.manager)
    rectification.strike_off(Rectification.objects.get().pk, actor=scene.approver, note="核实")
    workflow.finish(finding.pk, actor=scene.second, note="到位")
    workflow.archive(scene.audit.pk, actor=scene.second)
    assert Engagement.objects.get().state == "closed"


def test_nobody_but_auditors_writes_and_auditors_write_nothing_else(scene):
    finding = scene.found()
    for somebody in (scene.finance, scene.approver, scene.manager):
        assert refused(begin, scene.grant.fund, {}, actor=somebody) == "role-required"
    assert refused(workflow.take_back, finding.pk, actor=scene.lead) == "role-required"
    workflow.issue(finding.pk, actor=scene.lead)
    item = Rectification.objects.get()
    assert refused(rectification.prove, item.pk, PROOF, actor=scene.lead) == "role-required"
    assert refused(
        withdraw_expense, scene.expenses[0].pk, "finding", actor=scene.lead, note="x"
    ) == ("role-required")


def test_report_papers_and_dossier_come_from_the_same_rows_with_their_sums(scene, client):
    scene.drawn()
    finding = scene.found(scene.expenses[0], refund="0")
    client.force_login(scene.lead)
    own = [scene.audit.pk]

    pdf = client.get(reverse("audits:report", args=[*own, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    for kind in ("docx", "xlsx"):
        content = client.get(reverse("audits:report", args=[*own, kind])).content
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            text = "".join(book.read(n).decode("utf-8", "ignore") for n in book.namelist())
        assert finding.fact in text
        assert f"审计项目{scene.audit.pk} " in text
    answer = client.post(reverse("audits:dossier", args=own))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        sums = book.read("SHA256SUMS.txt").decode().splitlines()
        assert len(sums) == len(book.namelist()) - 1 == 5 + scene.audit.papers.count()
        for line in sums:
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(book.read(name)).hexdigest() == digest
    assert Record.objects.filter(code="audits.dossier-taken").count() == 1


def listed(dossier):
    """The rows of the index in a dossier, and the code at the foot of the index on paper."""
    with zipfile.ZipFile(io.BytesIO(dossier)) as book:
        sheet = openpyxl.load_workbook(io.BytesIO(book.read("00-卷内目录.xlsx"))).active
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    return {row[1]: row for row in rows}


def test_the_index_of_a_dossier_is_a_paper_whose_code_holds_while_nothing_in_it_changes(
    scene, client
):
    scene.drawn()
    own = [scene.audit.pk]
    client.force_login(scene.lead)
    answer = client.post(reverse("audits:dossier", args=own))
    rows = listed(b"".join(answer.streaming_content))
    code = rows["00-卷内目录.pdf"][3]

    def said(typed):
        return client.get(reverse("portal:paper-check"), {"code": typed}).content.decode()

    assert "《审计卷宗目录》" in said(code)
    for name, row in rows.items():
        assert "与登记一致" in said(row[3]), name
    paper = scene.audit.papers.order_by("pk").first()
    workflow.examine(paper.pk, ["invoice"], "相符", actor=scene.lead)
    assert "与登记一致" not in said(code)
    assert "与登记一致" in said(rows["01-审计报告.pdf"][3])


def on_the_page(client, who, name, pk=None, **data):
    """The page that follows when ``who`` sends the form."""
    client.force_login(who)
    answer = client.post(reverse(name, args=[pk] if pk else []), data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return client.get(answer.headers["Location"]).content.decode()


def home_of(client, who):
    client.force_login(who)
    return client.get(reverse("portal:home")).content.decode()


def test_auditors_do_their_part_on_the_pages(scene, client):
    facts = {"fund": scene.grant.fund.pk, "number": "经审2", "title": "第二项"}
    on_the_page(client, scene.lead, "audits:engagement-new", **facts)
    audit = Engagement.objects.get(number="经审2").pk
    page = on_the_page(client, scene.lead, "audits:sample-new", audit, method="random", size=1)
    assert "重抽核对一致" in page
    chosen = Paper.objects.get(engagement=audit)
    assert "待查的底稿" in home_of(client, scene.lead)
    words = {"marks": ["invoice"], "seen": "相符"}
    on_the_page(client, scene.lead, "audits:paper-examine", chosen.pk, **words)
    assert "待复核的底稿" in home_of(client, scene.second)
    words = {"verdict": "stands", "note": "查证充分"}
    assert "已复核" in on_the_page(client, scene.second, "audits:paper-review", chosen.pk, **words)
    words = {
        "kind": "false", "fact": "重复列支", "basis": "第九条", "advice": "退回", "papers": [chosen.pk],
        "amount": chosen.expense.amount, "refund": "1.00", "due_on": localdate() + timedelta(days=30),
    }  # fmt: skip
    assert "草拟" in on_the_page(client, scene.lead, "audits:finding-new", audit, **words)
    finding = Finding.objects.get().pk
    on_the_page(client, scene.lead, "audits:finding-edit", finding, **words)
    page = on_the_page(client, scene.lead, "audits:finding-issue", finding)
    assert "整改销号前暂停拨付" in page
    words = {"conclusion": "总体规范"}
    page = on_the_page(client, scene.lead, "audits:engagement-report", audit, **words)
    assert "总体规范" in page
    for name in ("papers", "findings", "engagements"):
        assert client.get(reverse(f"audits:{name}")).status_code == 200


def test_academy_finance_and_union_do_theirs(scene, client):
    finding = workflow.issue(scene.found(refund="1.00").pk, actor=scene.lead)
    assert "审计发现整改中" in home_of(client, scene.manager)
    item = finding.rectification_id
    page = on_the_page(client, scene.manager, "academies:prove", item, **PROOF)
    assert str(finding) in page
    assert "待登记的退回款" in home_of(client, scene.finance)
    page = on_the_page(client, scene.finance, "audits:finding-refund", finding.pk)
    assert "退回入账" in page
    words = {"verdict": "close", "note": "核对无误"}
    on_the_page(client, scene.approver, "academies:recheck", item, **words)
    assert "可办结的审计发现" in home_of(client, scene.second)
    words = {"note": "整改到位"}
    page = on_the_page(client, scene.second, "audits:finding-finish", finding.pk, **words)
    assert "已办结" in page
