"""Judging academies by the subsidy policy, and keeping what came of it where the ledger asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from academies.models import Academy
from policies.library.editions import edition_in_force
from subsidies.models import Entitlement
from subsidies.rules.eligibility import NEVER, POLICY, failures, is_loaded, refusal_for

if TYPE_CHECKING:
    from datetime import date

    from policies.rules.findings import Finding

WORDS = 500


def check_subsidised(academy: Academy) -> None:
    """Judge ``academy`` by the policy of today, keep the outcome, and refuse whoever is not to be paid.

    Inside the transaction that books: what the ledger's guard reads is what was judged just now.
    """
    today = timezone.localdate()
    failed = failures(academy, today)
    keep_outcome(academy, failed.get(NEVER), today)
    if refusal := refusal_for(academy, failed):
        raise refusal


def keep_outcome(academy: Academy, against: Finding | None, day: date) -> Entitlement:
    """The latest row about ``academy``, a new one where edition, tier or outcome have changed."""
    edition = edition_in_force(POLICY, day)
    facts = {"edition": edition, "tier": academy.tier, "is_entitled": against is None}
    latest = academy.entitlements.order_by("-pk").select_related("edition").first()
    if latest is not None and all(getattr(latest, name) == value for name, value in facts.items()):
        return latest
    words = "" if against is None else f"{against.criterion.title}：{against.sentence}"[:WORDS]
    return academy.entitlements.create(words=words, **facts)


def judge_everyone() -> int:
    """Judge every academy anew, so that who stopped being entitled is known before anybody asks.

    Returns how many outcomes are new; nothing is done while no policy is loaded.
    """
    if not is_loaded():
        return 0
    before, today = Entitlement.objects.count(), timezone.localdate()
    for academy in Academy.objects.order_by("pk"):
        keep_outcome(academy, failures(academy, today).get(NEVER), today)
    return Entitlement.objects.count() - before
