"""A pair and its parties: agreeing each by themselves, and the log both confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.roles import EVERYBODY
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.pairing import LogForm, UnitConsentForm
from talents.permissions.pairing import (
    may_confirm_log,
    may_consent,
    may_consent_for_unit,
    may_log,
)
from talents.selectors.growth import pairs_in_scope
from talents.selectors.pairing import consents_in_scope, own_logs, own_pairs, pairing_of
from talents.views.access import for_filers, for_readers
from talents.views.scans import scan_answer
from talents.workflow.pairing import confirm_log, consent, consent_for_unit, write_log

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Mentorship

CONSENT = Deed(
    "确认协议",
    "确认“{row}”的师徒协议吗？",
    consent,
    ("以本人名义确认带教目标和期限；", "师傅、徒弟、单位都确认后，由主管工会备案。"),
    form=None,
    said="协议已由您确认",
)
CONFIRM_LOG = Deed(
    "确认带教日志",
    "确认{row}的带教日志吗？",
    confirm_log,
    ("师傅和徒弟都确认后，这一条计入带教次数。",),
    form=None,
    said="带教日志已由您确认",
)


def _own_trail(pair: Mentorship) -> tuple[tuple[str, str], ...]:
    own = reverse("talents:own-pair", args=[pair.pk])
    return (("我的档案", reverse("talents:own")), (str(pair), own))


@require_safe
@for_roles(EVERYBODY)
def own_pair(request: SignedRequest, pk: int) -> HttpResponse:
    """A pair of one's own."""
    found = get_object_or_404(own_pairs(request.user), pk=pk)
    context = {"pair": found, "pairing": pairing_of(found, request.user)}
    return render(request, "talents/own_pair.html", context)


@for_form
@for_roles(EVERYBODY)
def own_pair_consent(request: SignedRequest, pk: int) -> HttpResponse:
    """Agree in person."""
    found = get_object_or_404(own_pairs(request.user), pk=pk)
    may_consent.check(request.user, found)
    return decided(request, CONSENT, found, _own_trail(found))


@for_form
@for_roles(EVERYBODY)
def own_pair_log(request: SignedRequest, pk: int) -> HttpResponse:
    """Write a day of teaching down, as one of the two."""
    found = get_object_or_404(own_pairs(request.user), pk=pk)
    return _log(request, found, _own_trail(found), "talents:own-pair")


@for_form
@for_roles(EVERYBODY)
def own_log_confirm(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that it was so."""
    found = get_object_or_404(own_logs(request.user), pk=pk)
    may_confirm_log.check(request.user, found)
    return decided(request, CONFIRM_LOG, found, _own_trail(found.mentorship))


@for_form
@for_filers
def pair_consent(request: SignedRequest, pk: int) -> HttpResponse:
    """Agree as the unit."""
    found = get_object_or_404(pairs_in_scope(request.user), pk=pk)
    may_consent_for_unit.check(request.user, found)
    form = UnitConsentForm(posted(request), request.FILES or None)

    def agree() -> HttpResponse:
        consent_for_unit(pk, scan=form.cleaned_data["paper"], actor=request.user)
        return done(request, "已确认师徒协议", "talents:pair", pk)

    page = FormPage(
        title="单位确认",
        button="确认",
        lead="以单位名义确认协议；师傅、徒弟本人在线确认，没有账号的上传本人签字的协议。",
        trail=(("师徒结对", reverse("talents:pairs")), (str(found), found_href(found))),
        cancel_href=found_href(found),
    )
    return form_page(request, form, page, agree)


@for_form
@for_filers
def pair_log(request: SignedRequest, pk: int) -> HttpResponse:
    """Write a day of teaching down for the two; both confirm it."""
    found = get_object_or_404(pairs_in_scope(request.user), pk=pk)
    trail = (("师徒结对", reverse("talents:pairs")), (str(found), found_href(found)))
    return _log(request, found, trail, "talents:pair")


@require_safe
@never_cache
@for_readers
def consent_scan(request: SignedRequest, pk: int) -> HttpResponse:
    """The signed agreement, to be saved."""
    found = get_object_or_404(consents_in_scope(request.user).select_related("scan"), pk=pk)
    if found.scan is None:
        raise Http404
    return scan_answer(found.scan)


def found_href(pair: Mentorship) -> str:
    return reverse("talents:pair", args=[pair.pk])


def _log(
    request: SignedRequest, pair: Mentorship, trail: tuple[tuple[str, str], ...], back: str
) -> HttpResponse:
    may_log.check(request.user, pair)
    form = LogForm(posted(request))

    def write() -> HttpResponse:
        write_log(pair.pk, **form.cleaned_data, actor=request.user)
        return done(request, "带教日志已记，待师徒双方确认", back, pair.pk)

    page = FormPage(
        title="记带教日志",
        button="记入",
        lead="写明当天教了什么、练了什么；由本人写的视为本人已确认，另一方确认后计入。",
        trail=trail,
        cancel_href=trail[-1][1],
    )
    return form_page(request, form, page, write)
