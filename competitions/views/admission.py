"""Finding of entrants that they may take part, and taking away what they won all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from competitions.forms.admission import AdmissionForm
from competitions.permissions import may_handle
from competitions.selectors.admission import who_owes
from competitions.services.admitting import admit
from competitions.tables.contests import item_trail
from competitions.views.access import entry_or_404, for_keepers, item_or_404
from competitions.views.deeds import ENTRY_DEEDS, deed_or_404
from pages.forms import posted
from pages.views.deeds import decided
from pages.views.forms import FormPage, done, for_form, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_keepers
def entry_result(request: SignedRequest, pk: int, deed: str) -> HttpResponse:
    """Ask that a published result be taken away, decide that it is or stands, give it back, or leave it so."""
    entry = entry_or_404(request, pk)
    asked = deed_or_404(ENTRY_DEEDS, deed)
    own = (entry.person.name, reverse("competitions:entry", args=[pk]))
    trail = (*item_trail(entry.item), own)
    return decided(request, asked, entry, trail, kicker=str(entry))


@for_form
@for_keepers
def admission(request: SignedRequest, code: str) -> HttpResponse:
    """Find that those chosen meet the conditions of entry; ``entry`` of the address is chosen at first."""
    item = item_or_404(request, code)
    may_handle.check(request.user, item)
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
