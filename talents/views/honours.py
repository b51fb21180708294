"""The register of honours: for staff, and for everybody with a page that proves each certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import WordsForm, posted
from pages.permissions import for_roles
from pages.readings import count_read
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from pages.views.papers import PDF, file_answer
from talents.documents.certificates import certificate_pdf, code_svg
from talents.forms.honours import HonourForm, RecallForm
from talents.models import Honour
from talents.permissions.honours import (
    may_correct_honour,
    may_doubt,
    may_recall,
    may_reissue,
    may_revoke,
    may_uphold,
)
from talents.selectors.honours import honours_in_scope, objected_titles, public_honours
from talents.selectors.passport import passport_href
from talents.services.honours import correct_honour, recall_certificate, reissue_certificate
from talents.tables.honours import DirectoryTable, HonourTable
from talents.views.access import for_readers
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.permissions import SignedRequest


DEEDS = {
    "doubt": Deed(
        "提出撤销",
        "提出撤销{row.person.name}的“{row.title}”称号吗？",
        doubt_honour,
        (
            "由命名工会的另一位审批人复核后才撤销，复核之前称号仍然有效；",
            "事由计入留痕记录，复核人可见。",
        ),
    ),
    "reissue": Deed(
        "补发证书",
        "补发{row.person.name}“{row.title}”的证书（{row.certificate_number}）吗？",
        reissue_certificate,
        (
            "称号、命名文号和日期不变，证书另编新号，事由请写明遗失、损毁或更正内容；",
            "原编号作废，核验页即时注明已由新证书替换，不再使用。",
        ),
        said="证书已补发，请打印新证书并收回原件",
    ),
    "recall": Deed(
        "登记证书收回",
        "登记{row.person.name}“{row.title}”证书（{row.certificate_number}）的收回情况",
        recall_certificate,
        ("公开的证书核验页即时注明证书已收回或遗失作废；", "登记遗失以后又收回的，可再登记收回。"),
        form=RecallForm,
        tone="info",
    ),
    "uphold": Deed(
        "维持称号",
        "维持{row.person.name}的“{row.title}”称号，不予撤销吗？",
        uphold_honour,
        ("称号恢复为有效，提出撤销的经过留在记录里。",),
        form=WordsForm,
    ),
    "revoke": Deed(
        "撤销称号",
        "撤销{row.person.name}的“{row.title}”称号吗？",
        revoke_honour,
        (
            "自今日起撤销，不能恢复；称号保留在名录中并注明已撤销，不再计数；",
            "证书核验页即时显示已撤销，并通知所在单位收回证书、停止待遇。",
        ),
        form=WordsForm,
        tone="bad",
    ),
}


@for_readers
@list_page()
def honour_list(request: SignedRequest) -> HonourTable:
    """All titles within reach."""
    return HonourTable(request)


@list_page()
def directory(request: HttpRequest) -> DirectoryTable:
    """The register for everybody."""
    return DirectoryTable(request)


@require_safe
@for_readers
def honour_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One title: by which decision, in which state, what happened to it."""
    honour = honour_or_404(request, pk)
    user = request.user
    others = honours_in_scope(user).filter(person=honour.person).exclude(pk=pk)
    context = {
        "honour": honour,
        "others": others.order_by("-named_on"),
        "is_objected": objected_titles(user).filter(pk=pk).exists(),
        "passport_href": passport_href(honour.person, user),
        "may_correct": may_correct_honour.offer(user, honour),
        "may_doubt": may_doubt.offer(user, honour),
        "may_uphold": may_uphold.offer(user, honour),
        "may_revoke": may_revoke.offer(user, honour),
        "may_recall": may_recall.allows(user, honour),
        "may_reissue": may_reissue.allows(user, honour),
        "history": history_of(subject_of(honour), user),
    }
    return render(request, "talents/honour.html", context)


@for_form
@for_roles(STAFF)
def honour_decide(request: SignedRequest, pk: int, decision: str) -> HttpResponse:
    """Propose to take a title back, drop that, or decide it."""
    honour = honour_or_404(request, pk)
    kicker = honour.certificate_number
    return decided(request, DEEDS[decision], honour, honour_trail(honour), kicker=kicker)


@for_form
@for_roles(STAFF)
def honour_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put unit, trade or document number right."""
    honour = honour_or_404(request, pk)
    facts = {name: getattr(honour, name) for name in (*honour.CORRECTABLE.fields, "version")}
    form = HonourForm(posted(request), initial=facts)

    def put_right() -> HttpResponse:
        correct_honour(pk, form.cleaned_data, actor=request.user, **form.words)
        return done(request, "已更正", "talents:honour", pk)

    page = FormPage(
        title="更正称号资料",
        lead="姓名、称号、年度和证书编号依命名决定，不在此更正；有误的，按程序撤销后重新命名。",
        corrects=True,
        trail=honour_trail(honour),
        kicker=honour.certificate_number,
        cancel_href=reverse("talents:honour", args=[pk]),
    )
    return form_page(request, form, page, put_right)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """What a certificate says and whether it still stands, for whoever scans its code."""
    honour = public_honours().filter(certificate_number=number).first()
    replaced = ""
    if honour is None:
        honour = get_object_or_404(Honour.once_under(number)[:1])
        replaced = f"现行证书编号 {honour.certificate_number}，下列内容为现行证书所载；持本编号证书不得对外证明。"
    address = reverse("talents:certificate", args=[honour.certificate_number])
    code = code_svg(request.build_absolute_uri(address))
    context = {"honour": honour, "number": number, "replaced": replaced, "code": code}
    return render(request, "talents/certificate.html", context)


@require_safe
def certificate_print(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate on paper; of a revoked title with that written across it."""
    honour = get_object_or_404(public_honours(), certificate_number=number)
    address = request.build_absolute_uri(reverse("talents:certificate", args=[number]))
    return file_answer(certificate_pdf(honour, address), f"证书-{number}.pdf", PDF)


def honour_or_404(request: SignedRequest, pk: int) -> Honour:
    honour = get_object_or_404(honours_in_scope(request.user), pk=pk)
    count_read(request.user, Honour, 1)
    return honour


def honour_trail(honour: Honour) -> tuple[tuple[str, str], ...]:
    own = reverse("talents:honour", args=[honour.pk])
    return (("工匠名录", reverse("talents:honours")), (str(honour), own))
