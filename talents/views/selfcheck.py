"""The self-check: for everybody, without a file; nothing that is typed is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.library.editions import policy_by_digest
from talents.forms.selfcheck import SelfCheckForm
from talents.selectors.selfcheck import asked_facts, self_findings
from talents.selectors.tiers import tier_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from talents.selectors.tiers import TierChoice


@require_safe
@never_cache
def self_check(request: HttpRequest) -> HttpResponse:
    """Choose a step, answer, and read condition by condition what is met and what is missing."""
    choices = tier_choices()
    first = next(iter(choices.values()), None)
    chosen = choices.get(request.GET.get("tier", "")) or _step(choices, request) or first
    if chosen is None:
        return render(request, "talents/self_check.html", {"choices": []})
    policy = policy_by_digest(chosen.edition.digest)
    asked = asked_facts(policy, chosen.tier)
    is_answered = any(name in request.GET for name in asked)
    form = SelfCheckForm(request.GET if is_answered else None, asked=asked)
    findings = (
        self_findings(policy, chosen.tier, form.said) if is_answered and form.is_valid() else []
    )
    context = {
        "choices": list(choices.values()),
        "chosen": chosen,
        "policy": policy,
        "form": form,
        "findings": findings,
    }
    return render(request, "talents/self_check.html", context)


def _step(choices: Mapping[str, TierChoice], request: HttpRequest) -> TierChoice | None:
    """The one a passport leads to, by policy and tier: ``step=CODE:TIER``."""
    asked = request.GET.get("step", "")
    return next(
        (one for one in choices.values() if f"{one.edition.code}:{one.tier}" == asked), None
    )
