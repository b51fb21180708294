"""Electronic invoices: what they say is read in every form, and compared with what was typed."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.invoices.child import facts_of
from intake.invoices.reader import read_invoice
from intake.spreadsheets.refusal import Refusal
from organizations.models import User
from organizations.roles import Role
from pages.documents.paper import Paper
from subsidies.models import Evidence
from subsidies.services.invoices import compare_invoice
from talents.services.scans import Scan
from tests.factories.audits import audited, paper_of
from tests.factories.organizations import account
from tests.factories.subsidies import paid_grant, spent
from workflow.models import Record
from workflow.refusals import DomainError

NUMBER = "25112000000012345678"
XML = f"""<?xml version="1.0" encoding="UTF-8"?><EInvoice><EInvoiceData>
<SellerInformation><SellerName>示例耗材公司</SellerName></SellerInformation>
<BasicInformation><TotalTax-includedAmount>123.45</TotalTax-includedAmount></BasicInformation>
</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber>
<IssueTime>2025-05-08</IssueTime></TaxSupervisionInfo></EInvoice>""".encode()
OFD = f"""<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CustomDatas>
<ofd:CustomData Name="发票号码">{NUMBER}</ofd:CustomData>
<ofd:CustomData Name="开票日期">2025年05月08日</ofd:CustomData>
<ofd:CustomData Name="合计金额">100.00</ofd:CustomData><ofd:CustomData Name="合计税额">23.45</ofd:CustomData>
<ofd:CustomData Name="销售方名称">示例耗材公司</ofd:CustomData></ofd:CustomDatas></ofd:OFD>""".encode()
SAID = {"number": NUMBER, "issued_on": "2025-05-08", "amount": "123.45", "seller": "示例耗材公司"}


def packed(content, name="OFD.xml"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, content)
    return out.getvalue()


def printed():
    words = [f"发票号码：{NUMBER}", "开票日期：2025年05月08日", "名称：学院 名称：示例耗材公司",
             "价税合计（大写）壹佰贰拾叁元肆角伍分 （小写）¥123.45"]  # fmt: skip
    return Paper(title="电子发票", issuer="x", subject="subsidies.expense:1", words=words).pdf()


@pytest.mark.parametrize("content", [XML, packed(OFD), printed], ids=["xml", "ofd", "pdf"])
def test_each_form_says_number_day_sum_and_seller(content):
    content = content() if callable(content) else content

    assert facts_of(content) == SAID


@pytest.mark.parametrize(
    "content",
    [b"<a", b"PK\x03\x04junk", b"%PDF-1.7 junk", packed(b"0" * (9 << 20)),
     b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ids=["cut", "no zip", "no pdf", "bomb", "entity"],
)  # fmt: skip
def test_what_is_no_invoice_is_refused_in_words(content):
    with pytest.raises(Refusal, match="电子发票"):
        facts_of(content)


def test_it_is_read_in_a_process_of_its_own():
    said = read_invoice(XML)

    assert (said.number, said.issued_on, said.amount) == (
        NUMBER,
        date(2025, 5, 8),
        Decimal("123.45"),
    )
    with pytest.raises(DomainError, match="没有找到发票号码"):
        read_invoice(b"<a>1</a>")


@pytest.mark.django_db
def test_what_agrees_is_put_on_record_and_what_differs_is_asked_about(client):
    grant = paid_grant(amount="900.00")
    typed = {"payee": "示例耗材公司", "invoice_number": NUMBER, "spent_on": date(2025, 5, 9)}
    same = spent(grant, "123.45", **typed)
    other = spent(grant, "132.45")
    client.force_login(account(Role.ACADEMY_MANAGER, grant.academy.organization))

    def sent(expense, content=XML, **data):
        file = SimpleUploadedFile("发票.xml", content)
        address = reverse("subsidies:expense-invoice", args=[expense.pk])
        return client.post(address, {"file": file, **data})

    assert sent(same).status_code == 302
    asked = sent(other)
    assert asked.status_code == 409
    assert "金额：登记132.45元，电子发票123.45元" in asked.content.decode()
    why = "分两次开票，另一张随后补"
    assert "只能用于一笔支出" in sent(other, note=why).content.decode()
    assert sent(other, packed(OFD), note=why).status_code == 302
    told = Record.objects.filter(code="subsidies.invoice-compared").order_by("pk")
    assert [row.after["result"][:4] for row in told] == ["一致", "发票号码"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [XML, packed(OFD), printed], ids=["xml", "ofd", "pdf"])
def test_the_original_is_kept_as_it_came_beside_the_figures_and_in_the_dossier(
    client, content, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    content = content() if callable(content) else content
    audit = audited(expenses=1)
    expense = audit.fund.expenses.get()
    paper_of(audit, expense)
    scan, system = Scan(content, "电子发票"), User.objects.system()
    compare_invoice(expense.pk, scan, actor=system, note="补开")
    compare_invoice(expense.pk, scan, actor=system, note="再核")

    kept = Evidence.objects.get(expense=expense)
    client.force_login(account(Role.AUDITOR, audit.organization))
    shown = reverse("subsidies:evidence", args=[kept.pk])
    page = client.get(reverse("subsidies:expense", args=[expense.pk])).content.decode()
    assert f'href="{shown}"' in page
    assert f"发票号码{NUMBER}" in page
    assert client.get(shown).content == content
    answer = client.post(reverse("audits:dossier", args=[audit.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        name = next(name for name in book.namelist() if "凭证原件" in name)
        assert book.read(name) == content
