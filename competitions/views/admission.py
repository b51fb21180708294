"""Finding of entrants that they may take part, and taking away what they won all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from competitions.forms.admission import AdmissionForm
from competitions.permissions import may_keep
from competitions.selectors.admission import who_owes
from competitions.services import leaving
from competitions.services.admitting import admit
from competitions.tables.contests import item_trail
from competitions.views.access import entry_or_404, for_keepers, item_or_404
from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


RESULT_DEEDS = {
    "ask": Deed(
        "提出取消成绩",
        "提出取消{row.person}已公布的成绩吗？",
        leaving.ask_away,
        (
            "由另一位审批人或仲裁组成员决定，决定之前成绩照旧；",
            "事由随新版成绩榜公布，请勿写入个人隐私。",
        ),
        said="已提出取消成绩，待另一人决定",
        tone="bad",
    ),
    "take": Deed(
        "取消已公布的成绩",
        "同意取消{row.person}已公布的成绩吗？",
        leaving.take_away,
        (
            "团体项目全队一并取消；随即公布新版成绩榜，列出不同和事由，其后名次依次前移，重新计算申诉期；",
            "其他人的分数、其他项目不变；",
            "已授的称号随即提出撤销，待另一位审批人复核并收回证书；已晋升的在项目页面列出，与发证部门核实。",
        ),
        said="{row.person}的成绩已取消，新版成绩榜已公布",
        tone="bad",
    ),
    "keep": Deed(
        "维持成绩",
        "维持{row.person}已公布的成绩吗？",
        leaving.keep_result,
        ("取消成绩的提议作废，事由计入留痕。",),
        said="{row.person}的成绩维持不变",
    ),
    "restore": Deed(
        "恢复成绩",
        "按仲裁恢复{row.person}的成绩吗？",
        leaving.restore_result,
        (
            "团体项目全队一并恢复；随即公布新版成绩榜，列出不同和事由，重新计算申诉期（正在重评的，随重评结果公布）；",
            "事由随新版成绩榜公布，请勿写入个人隐私；",
            "因取消成绩提出撤销的称号，由审批人重新复核。",
        ),
        said="{row.person}的成绩已恢复",
    ),
}


@for_form
@for_keepers
def entry_result(request: SignedRequest, pk: int, deed: str) -> HttpResponse:
    """Ask that a published result be taken away, decide that it is or stands, or give it back."""
    entry = entry_or_404(request, pk)
    if deed not in RESULT_DEEDS:
        raise Http404
    own = (entry.person.name, reverse("competitions:entry", args=[pk]))
    trail = (*item_trail(entry.item), own)
    return decided(request, RESULT_DEEDS[deed], entry, trail, kicker=str(entry))


@for_form
@for_keepers
def admission(request: SignedRequest, code: str) -> HttpResponse:
    """Find that those chosen meet the conditions of entry; ``entry`` of the address is chosen at first."""
    item = item_or_404(request, code)
    may_keep.check(request.user, item)
    chosen = request.GET.get("entry", "")
    initial = {"entries": [int(chosen)] if chosen.isdecimal() else []}
    form = AdmissionForm(posted(request), owing=who_owes(item), initial=initial)

    def find() -> HttpResponse:
        cleaned = form.cleaned_data
        count = admit(item.pk, cleaned["entries"], actor=request.user, note=cleaned["note"])
        return done(request, f"已认定{count}名参赛人符合参赛条件", "competitions:item", code)

    page = FormPage(
        title="认定参赛资格",
        button="认定",
        lead=(
            "列出的是不符合或未证明参赛条件的参赛人：认定之前不授奖、不提出晋升建议、不登记证书，其他人照常办理。"
            "证明不属实、确不符合的，在参赛页面取消成绩。报名和登记证明的人不能认定。"
        ),
        trail=item_trail(item),
        kicker=str(item),
        cancel_href=reverse("competitions:item", args=[code]),
    )
    return form_page(request, form, page, find)
