"""Masters and apprentices: the list, one pair, putting in, taking on file, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.growth import FinishForm, PairForm
from talents.permissions.growth import may_agree, may_end, may_finish
from talents.selectors.dossiers import APPRENTICE, DOSSIERS, MASTER
from talents.selectors.growth import pairs_in_scope
from talents.selectors.pairing import pairing_of
from talents.selectors.passport import passport_href
from talents.tables.growth import PairTable
from talents.views.access import for_filers, for_readers
from talents.workflow.growth import agree_pair, end_pair, finish_pair, pair
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


DEEDS = {
    "agree": Deed(
        "备案",
        "把“{row}”的师徒协议备案吗？",
        agree_pair,
        ("备案后计入师徒结对数；", "协议内容不再更改，有变的终止后另签。"),
        form=WordsForm,
    ),
    "finish": Deed(
        "出师",
        "登记“{row}”出师吗？",
        finish_pair,
        ("成果记入师傅的带徒档案，同一徒弟只计一次。",),
        form=FinishForm,
    ),
    "end": Deed(
        "终止带教",
        "终止“{row}”的带教吗？",
        end_pair,
        ("协议提前结束，不计出师；", "事由计入留痕记录。"),
        tone="bad",
    ),
}


@for_readers
@list_page()
def pair_list(request: SignedRequest) -> PairTable:
    """All pairs within reach."""
    return PairTable(request)


@require_safe
@for_readers
def pair_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One pair, what can be done, what happened."""
    found, user = get_object_or_404(pairs_in_scope(request.user), pk=pk), request.user
    beside = pairs_in_scope(user).filter(master=found.master).exclude(pk=pk)
    context = {
        "pair": found,
        "others": beside.order_by("-starts_on")[:20],
        "pairing": pairing_of(found, user),
        "dossiers": [
            (f"{title}：{one.name}", reverse("talents:dossier", args=[one.pk, kind]))
            for one, kind, title in (
                (found.master, MASTER, DOSSIERS[MASTER]),
                (found.apprentice, APPRENTICE, DOSSIERS[APPRENTICE]),
            )
            if passport_href(one, user)
        ],
        "may_agree": may_agree.offer(user, found),
        "may_finish": may_finish.offer(user, found),
        "may_end": may_end.offer(user, found),
        "history": history_of(subject_of(found), user),
    }
    return render(request, "talents/pair.html", context)


@for_form
@for_filers
def pair_new(request: SignedRequest) -> HttpResponse:
    """Put an agreement in."""
    form = PairForm(posted(request), user=request.user)

    def put_in() -> HttpResponse:
        facts = form.cleaned_data
        made = pair(
            facts["master"].pk,
            facts["apprentice"].pk,
            form.agreement,
            organization_id=facts["organization"].pk,
            actor=request.user,
        )
        return done(request, "师徒协议已登记，待师傅、徒弟、单位三方确认", "talents:pair", made.pk)

    page = FormPage(
        title="登记师徒协议",
        button="登记",
        trail=(("师徒结对", reverse("talents:pairs")),),
        cancel_href=reverse("talents:pairs"),
    )
    return form_page(request, form, page, put_in)


@for_form
@for_filers
def pair_decide(request: SignedRequest, pk: int, decision: str) -> HttpResponse:
    """Take it on file, say that the apprentice is done, or end it."""
    found = get_object_or_404(pairs_in_scope(request.user), pk=pk)
    own = reverse("talents:pair", args=[pk])
    trail = (("师徒结对", reverse("talents:pairs")), (str(found), own))
    return decided(request, DEEDS[decision], found, trail)
