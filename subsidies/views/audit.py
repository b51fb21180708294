"""The auditor's desk: whether the books hold, and what in them looks odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from subsidies.models import Claim, PayeeAccount
from subsidies.rules.proofs import every_break
from subsidies.selectors.flags import compared, flags_raised, with_rows
from subsidies.selectors.money import accounts_in_scope, entries_in_scope
from subsidies.views.access import expense_or_404, for_oversight, for_readers

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

SHOWN = 20


@require_safe
@for_readers
def verify(request: SignedRequest) -> HttpResponse:
    """Prove the whole ledger now, and say what was proved."""
    found = list(every_break())
    entries = entries_in_scope(request.user)
    context = {
        "breaks": found[:SHOWN],
        "break_count": len(found),
        "entry_count": entries.count(),
        "account_count": accounts_in_scope(request.user).count(),
        "last": entries.order_by("-pk").first(),
    }
    return render(request, "subsidies/verify.html", context)


@require_safe
@for_oversight
def flags(request: SignedRequest) -> HttpResponse:
    """What looks odd in the spending within reach, each with its expenses."""
    raised = flags_raised(request.user)
    context = {
        "raised": [with_rows(one, request.user, SHOWN) for one in raised],
        "clear": [one.flag for one in raised if not one.hits],
        "not_compared": PayeeAccount.not_compared().count() + Claim.not_compared().count(),
    }
    return render(request, "subsidies/flags.html", context)


@require_safe
@for_oversight
def expenses_compared(request: SignedRequest, pk: int, other: int) -> HttpResponse:
    """Two expenses side by side: what was typed of each, and the originals they rest on."""
    if pk == other:
        raise Http404
    pair = [expense_or_404(request, one) for one in (pk, other)]
    return render(request, "subsidies/compared.html", compared(pair, request.user))
