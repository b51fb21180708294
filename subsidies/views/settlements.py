"""The account of a year: the list, drawing it up, one of them, confirming it, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms.settlements import SettlementForm
from subsidies.permissions.settlements import may_confirm, may_send_back, may_settle
from subsidies.rules.settling import sums_of
from subsidies.selectors.settlements import (
    adjusted_to,
    adjustments_of,
    bounced_after,
    settlements_in_scope,
    spent_by_use,
)
from subsidies.tables.settlements import SETTLEMENT_TONES, SettlementTable
from subsidies.views.access import (
    for_applicants,
    for_approvers,
    for_readers,
    grant_or_404,
    settlement_or_404,
)
from subsidies.workflow.settlements import confirm_settlement, return_settlement, settle_grant
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import Settlement


@for_readers
@list_page()
def settlement_list(request: SignedRequest) -> SettlementTable:
    """All accounts of years within reach."""
    return SettlementTable(request)


@for_form
@for_applicants
def settlement_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Draw up the account of a grant's year, or draw it up anew."""
    grant = grant_or_404(request, pk)
    may_settle.check(request.user, grant)
    sums = sums_of(grant, timezone.localdate())
    known = settlements_in_scope(request.user).filter(grant=grant).first()
    shown = {"results": known.results, "explanation": known.explanation} if known else {}
    form = SettlementForm(posted(request), initial=shown)

    def hand_in() -> HttpResponse:
        said = form.cleaned_data
        made = settle_grant(pk, said["results"], said["explanation"], actor=request.user)
        return done(request, "决算已报送，待出资单位审定", "subsidies:settlement", made.pk)

    page = FormPage(
        title="编制决算",
        kicker=grant.academy.name,
        lead=(
            f"{grant.fund}：收到{sums.received:,.2f}元，支出{sums.spent:,.2f}元，审计认定退回{sums.refunded:,.2f}元，结余{sums.left:,.2f}元；"
            f"结转{sums.carried:,.2f}元，退回{sums.given_back:,.2f}元，未拨收回{sums.unpaid:,.2f}元。"
        ),
        button="报送",
        trail=(
            ("学院补助", reverse("subsidies:grants")),
            (grant.number, reverse("subsidies:grant", args=[pk])),
        ),
        cancel_href=reverse("subsidies:grant", args=[pk]),
        keeps_draft=True,
    )
    return form_page(request, form, page, hand_in)


@require_safe
@for_readers
def settlement_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One account: sums, what was spent for what, what came of it."""
    found, user = settlement_or_404(request, pk), request.user
    now = adjusted_to(found, user)
    context = {
        "settlement": found,
        "grant": found.grant,
        "tone": SETTLEMENT_TONES[found.state],
        "uses": spent_by_use(found.grant, user),
        "adjustments": adjustments_of(found.grant, user),
        "bounced": bounced_after(found, user),
        "adjusted": now,
        "reduced": found.spent - now,
        "may_confirm": may_confirm.offer(user, found),
        "may_send_back": may_send_back.allows(user, found),
        "may_settle": may_settle.allows(user, found.grant),
        "records": history_of(subject_of(found), user),
    }
    return render(request, "subsidies/settlement.html", context)


@for_form
@for_approvers
def settlement_confirm(request: SignedRequest, pk: int) -> HttpResponse:
    """Confirm what another drew up."""
    found = settlement_or_404(request, pk)
    may_confirm.check(request.user, found)
    form = WordsForm(posted(request))

    def confirm() -> HttpResponse:
        confirm_settlement(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "决算已审定，结余已结转、退回", "subsidies:settlement", pk)

    page = Question(
        title="审定决算",
        question=f"审定“{found.grant.academy}”{found.grant.fund}的决算吗？",
        consequences=(
            f"结转下年{found.carried:,.2f}元，退回{found.given_back:,.2f}元，未拨收回{found.unpaid:,.2f}元，立即记账；",
            "该年度专账结清，不再列支。",
        ),
        trail=_trail(found),
        cancel_href=reverse("subsidies:settlement", args=[pk]),
    )  # fmt: skip
    return form_page(request, form, page, confirm)


SEND_BACK = Deed(
    "退回决算",
    "把“{row}”退回学院重编吗？",
    return_settlement,
    said="决算已退回学院",
)


@for_form
@for_approvers
def settlement_return(request: SignedRequest, pk: int) -> HttpResponse:
    """Send it back to be drawn up anew."""
    found = settlement_or_404(request, pk)
    may_send_back.check(request.user, found)
    return decided(request, SEND_BACK, found, _trail(found))


def _trail(settlement: Settlement) -> tuple[tuple[str, str], ...]:
    return (
        ("年终决算", reverse("subsidies:settlements")),
        (settlement.grant.number, reverse("subsidies:settlement", args=[settlement.pk])),
    )
