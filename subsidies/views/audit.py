"""The auditor's desk: whether the books hold, and what in them looks odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.views.forms import for_form
from subsidies.models import Claim, PayeeAccount
from subsidies.permissions import may_prove
from subsidies.rules.proofs import every_break
from subsidies.selectors.flags import compared, flags_raised, with_rows
from subsidies.selectors.money import accounts_in_scope, entries_in_scope
from subsidies.selectors.proofs import breaks_within_reach
from subsidies.views.access import expense_or_404, for_oversight

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

SHOWN = 20


@for_form
@never_cache
@for_oversight
def verify(request: SignedRequest) -> HttpResponse:
    """Asked to (POST), prove the whole ledger now and say what was proved; before that, say what will be."""
    may_prove.check(request.user)
    found = list(every_break()) if request.method == "POST" else None
    entries = entries_in_scope(request.user)
    context = {
        "is_proved": found is not None,
        "breaks": breaks_within_reach(found or (), request.user, SHOWN),
        "break_count": len(found or ()),
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
