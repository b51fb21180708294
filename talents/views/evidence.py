"""The papers of a nomination: put in, looked at, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from talents.forms.evidence import PaperForm
from talents.permissions.evidence import may_attach
from talents.selectors.evidence import evidence_in_scope
from talents.services.evidence import put_in, take_out
from talents.views.access import for_filers, for_readers, nomination_or_404, nomination_trail
from talents.views.scans import scan_answer

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_filers
def evidence_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a paper in."""
    nomination = nomination_or_404(request, pk)
    may_attach.check(request.user, nomination)
    asked = request.GET.get("kind", "")
    form = PaperForm(posted(request), request.FILES or None, initial={"kind": asked})

    def keep() -> HttpResponse:
        facts = form.cleaned_data
        put_in(pk, kind=facts["kind"], told=facts["told"], scan=facts["scan"], actor=request.user)
        return done(request, "材料已上传", "talents:nomination", pk)

    page = FormPage(
        title="上传材料",
        button="上传",
        lead="职代会纪要、五力佐证、证书等逐份上传，写明种类；匿名评审时不提供给专家。",
        trail=nomination_trail(nomination),
        cancel_href=reverse("talents:nomination", args=[pk]),
    )
    return form_page(request, form, page, keep)


@require_safe
@never_cache
@for_readers
def evidence_file(request: SignedRequest, pk: int) -> HttpResponse:
    """The file, to be saved; nothing of it is opened by the house."""
    found = get_object_or_404(evidence_in_scope(request.user), pk=pk)
    return scan_answer(found.file)


@for_form
@for_filers
def evidence_remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take it out again."""
    found = get_object_or_404(evidence_in_scope(request.user), pk=pk)
    nomination = found.nomination
    may_attach.check(request.user, nomination)
    form = ReasonForm(posted(request))

    def remove() -> HttpResponse:
        take_out(pk, note=form.cleaned_data["note"], actor=request.user)
        return done(request, "材料已撤下", "talents:nomination", nomination.pk)

    page = Question(
        title="撤下材料",
        question=f"撤下“{found.get_kind_display()}”（{found.file.filename}）吗？",
        consequences=("撤下的事由计入留痕；原件加密留存，不再随推荐提供。",),
        trail=nomination_trail(nomination),
        cancel_href=reverse("talents:nomination", args=[nomination.pk]),
    )
    return form_page(request, form, page, remove)
