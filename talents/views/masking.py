"""Looking through blind papers before they go out: what is masked and why, and words to mask or show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.masking import MaskingForm
from talents.permissions.masking import may_look_through, may_look_through_some, may_mask
from talents.rules.blinding import Redaction
from talents.selectors.masking import maskings_in_scope, statements_in
from talents.services.masking import decide_words
from talents.tables.masking import BlindPaperTable
from talents.views.access import nomination_or_404, round_or_404, round_trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

ASKED = ("words", "decision")


@for_roles(STAFF)
@list_page()
def blind_papers(request: SignedRequest, code: str) -> BlindPaperTable:
    """The papers of a round, each with how much is masked and how much looks telling still."""
    selection = round_or_404(request, code)
    may_look_through_some.check(request.user, selection.organizer)
    return BlindPaperTable(request, round=selection)


@for_form
@for_roles(STAFF)
def masking(request: SignedRequest, pk: int) -> HttpResponse:
    """One paper: each statement as it is written and as experts read it."""
    row = nomination_or_404(request, pk)
    may_look_through.check(request.user, row)
    asked = {name: request.GET[name] for name in ASKED if name in request.GET}
    form = MaskingForm(posted(request), initial={"decision": "mask"} | asked)

    def decide() -> HttpResponse:
        made = decide_words(pk, actor=request.user, **form.cleaned_data)
        return done(request, f"已决定：{made}", "talents:masking", pk)

    statements = statements_in(row, Redaction.of(row))
    desk = reverse("talents:review-desk", args=[row.round.code])
    papers = reverse("talents:blind-papers", args=[row.round.code])
    page = FormPage(
        title=f"核对隐名材料　{row.person.name}",
        here=row.person.name,
        button="保存决定",
        kicker=row.round.name,
        lead="左为本人陈述，加框的词语专家读到“某某”。只决定专家读到什么，陈述原文不变。",
        trail=(*round_trail(row.round), ("评审", desk), ("隐名材料核对", papers)),
        cancel_href=papers,
        template="talents/masking.html",
        context={
            "row": row,
            "statements": statements,
            "suspects": [(one.label, passage) for one in statements for passage in one.suspects],
            "masked": [(one.label, passage) for one in statements for passage in one.masked],
            "decisions": maskings_in_scope(request.user).filter(nomination=row),
            "may_mask": may_mask.offer(request.user, row),
            "is_out": row.reviews.filter(batch=None).exists(),
        },
    )
    return form_page(request, form, page, decide)
