"""Evidence of a self-assessment: put in, looked at by whoever judges it, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from academies.forms.evidence import EvidenceForm
from academies.permissions import may_self_assess
from academies.selectors.reviews import evidence_in_scope, reviews_in_scope
from academies.services.evidence import put_in, take_out
from academies.views.access import for_files, for_keepers
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from talents.views.scans import scan_answer

if TYPE_CHECKING:
    from django.http import HttpResponse

    from academies.models import Review
    from pages.permissions import SignedRequest


@for_form
@never_cache
@for_keepers
def evidence_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a file in."""
    review = get_object_or_404(reviews_in_scope(request.user), pk=pk)
    may_self_assess.check(request.user, review)
    asked = {"item": request.GET.get("item", "")}
    form = EvidenceForm(posted(request), request.FILES or None, review=review, initial=asked)

    def keep() -> HttpResponse:
        put_in(pk, **form.facts(), actor=request.user)
        return done(request, "佐证已上传", "academies:review", pk)

    page = FormPage(
        title="上传佐证", button="上传", kicker=review.academy.name, trail=_trail(review),
        cancel_href=reverse("academies:review", args=[pk]),
        lead="没有可由记录计出的数的项目，自评有分的须上传佐证；过期的不能报送。",
    )  # fmt: skip
    return form_page(request, form, page, keep)


@require_safe
@never_cache
@for_files
def evidence_file(request: SignedRequest, pk: int) -> HttpResponse:
    """The file, to be saved; nothing of it is opened by the house."""
    return scan_answer(get_object_or_404(evidence_in_scope(request.user), pk=pk).file)


@for_form
@never_cache
@for_keepers
def evidence_remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take it out again."""
    found = get_object_or_404(evidence_in_scope(request.user), pk=pk)
    review = found.review
    may_self_assess.check(request.user, review)
    form = ReasonForm(posted(request))

    def remove() -> HttpResponse:
        take_out(pk, note=form.cleaned_data["note"], actor=request.user)
        return done(request, "佐证已撤下", "academies:review", review.pk)

    page = Question(
        title="撤下佐证",
        question=f"撤下“{found.item}”的佐证（{found.file.filename}）吗？",
        consequences=("撤下的事由计入留痕；原件加密留存，不再随自评提供。",),
        kicker=review.academy.name,
        trail=_trail(review),
        cancel_href=reverse("academies:review", args=[review.pk]),
    )
    return form_page(request, form, page, remove)


def _trail(review: Review) -> tuple[tuple[str, str], ...]:
    own = reverse("academies:review", args=[review.pk])
    return (("评价工作", reverse("academies:reviews")), (review.academy.name, own))
