"""Paper sheets: printing them, typing them twice, what is left to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competitions import permissions
from competitions.documents.sheets import sheets_pdf
from competitions.forms.judging import MarkingForm, aspects_told, values_told
from competitions.selectors.board import current_scheme
from competitions.selectors.progress import aspects_of_seat, marks_of_before
from competitions.selectors.sheets import scanned_sheet, typed_in_scope, works_on_paper
from competitions.services.judging import check_aspects
from competitions.services.sheets import type_sheet
from competitions.tables.contests import item_trail
from competitions.tables.sheets import CodeTable, SheetTable
from competitions.views.access import for_keepers, item_or_404
from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from pages.views.papers import PDF, file_answer
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from competitions.models import Aspect, Item
    from pages.permissions import SignedRequest

#: So many sheets are printed at once; the next ones begin after the last number of these.
MOST_AT_ONCE = 200


@list_page()
def _sheets(request: SignedRequest, item: Item) -> SheetTable:
    return SheetTable(request, of_item=item)


@for_keepers
def sheet_list(request: SignedRequest, code: str, **deed: str) -> HttpResponseBase:
    """The sheets of an item, and how far they are typed; one whose bars were scanned is opened."""
    item = item_or_404(request, code)
    permissions.may_handle.check(request.user, item)
    found = scanned_sheet(request.GET.get("number", ""))
    if found and works_on_paper(item, request.user).filter(work=found[0]).exists():
        return redirect("competitions:typing", item.code, found[1], found[0])
    return _sheets(request, item, **deed)


@for_keepers
@list_page()
def code_list(request: SignedRequest, code: str) -> CodeTable:
    """Which code is whose: for whoever drew the codes, and for every keeper once marks are locked."""
    item = item_or_404(request, code)
    permissions.may_read_codes.check(request.user, item)
    return CodeTable(request, of_item=item)


@require_safe
@for_keepers
def sheet_print(request: SignedRequest, code: str, seat: int) -> HttpResponse:
    """The sheets of one seat on paper, those after the number ``after``."""
    item = item_or_404(request, code)
    permissions.may_change_marks.check(request.user, item)
    aspects = _aspects_or_404(item, seat)
    rows = works_on_paper(item, request.user).filter(work__gt=request.GET.get("after", ""))
    works = list(rows.order_by("work", "pk")[:MOST_AT_ONCE])
    if not works:
        raise DomainError("nobody-numbered", "还没有已加密的作品，请先抽签编号、加密，再打印评分表")

    def address_of(work: object) -> str:
        number = getattr(work, "work_words", "")
        path = reverse("competitions:typing", args=[item.code, seat, number])
        return request.build_absolute_uri(path)

    content = sheets_pdf(item, seat, works, aspects, address_of)
    return file_answer(content, f"{item.name}评分表第{seat}席.pdf", PDF)


@for_form
@never_cache
@for_keepers
def typing(request: SignedRequest, code: str, seat: int, number: str) -> HttpResponse:
    """Type one sheet; what somebody else typed is not shown."""
    item = item_or_404(request, code)
    permissions.may_type.check(request.user, item)
    aspects = _aspects_or_404(item, seat)
    work = works_on_paper(item, request.user).filter(work=number).first()
    if work is None:
        raise Http404
    own = typed_in_scope(request.user).filter(entry=work, seat=seat, typed_by=request.user).first()
    kept = own.values if own else {}
    initial = {f"aspect_{a.pk}": kept[a.code] for a in aspects if a.code in kept}
    told, scheme = posted(request), aspects[0].scheme
    form = MarkingForm(told, aspects=aspects, marks={}, initial={"seen": 0, **initial})
    listed = reverse("competitions:sheets", args=[code])

    def check() -> None:
        check_aspects(aspects_told(request.POST), aspects, scheme)

    def keep() -> HttpResponse:
        found = type_sheet(item.pk, number, seat, form.values(), actor=request.user)
        return done(request, f"{number}号第{seat}席：{_said(found)}", listed)

    page = FormPage(
        title=f"誊录{number}号",
        here=f"{number}号第{seat}席",
        button="保存誊录",
        lead="照原表填写。另一人再誊录一遍，两遍一致的才登记为分数；不一致的各自对照原表更正。",
        cancel_href=listed,
        trail=(*item_trail(item), ("纸质评分表", listed)),
        kicker=f"{item} · 第{seat}席",
        keeps_draft=True,
        template="competitions/typing.html",
        check=check,
        context={"of_before": marks_of_before(scheme, values_told(told or {}))},
    )
    return form_page(request, form, page, keep)


def _said(found: tuple[str, ...] | None) -> str:
    if found is None:
        return "已保存，请另一人再誊录一遍"
    if found:
        return f"与另一人所录不一致（{'、'.join(found)}），请各自对照原表更正"
    return "两人誊录一致，分数已登记"


def _aspects_or_404(item: Item, seat: int) -> list[Aspect]:
    scheme = current_scheme(item)
    aspects = aspects_of_seat(seat, scheme) if scheme else []
    if not aspects and scheme and item.schemes.filter(aspects__seats__gte=seat).exists():
        message = (
            f"评分方案已换版（现为第{scheme.number}版），第{seat}席没有要评的评分点，这张评分表不再誊录；"
            "请按现行方案重新打印评分表"
        )
        raise DomainError("seat-not-in-scheme", message)
    if not aspects:
        raise Http404
    return aspects
