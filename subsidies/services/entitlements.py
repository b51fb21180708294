"""Judging academies by the subsidy policy, and keeping what came of it where the ledger asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from academies.models import Academy
from policies.library.editions import edition_in_force
from subsidies.models import Entitlement
from subsidies.rules.eligibility import (
    NEVER,
    POLICY,
    against,
    before_its_time,
    failures,
    is_loaded,
    refusal_for,
    standings,
)

if TYPE_CHECKING:
    from datetime import date

    from policies.models import PolicyEdition
    from policies.rules.findings import Finding

WORDS = 500


def check_subsidised(academy: Academy, year: int) -> None:
    """Judge ``academy`` by the policy of today, keep the outcome, and refuse whoever is not to be paid
    for ``year``.

    Inside the transaction that books: what the ledger's guard reads is what was judged just now.
    """
    today = timezone.localdate()
    failed = failures(academy, today)
    keep_outcome(academy, failed.get(NEVER), today)
    if refusal := refusal_for(academy, failed) or before_its_time(academy, year):
        raise refusal


def keep_outcome(academy: Academy, finding: Finding | None, day: date) -> Entitlement:
    """The latest row about ``academy``, a new one where edition, tier or outcome have changed."""
    latest = academy.entitlements.order_by("-pk").first()
    outcome = _outcome(academy, finding, edition_in_force(POLICY, day))
    if latest is not None and _says_the_same(latest, outcome):
        return latest
    outcome.save()
    return outcome


def judge_everyone() -> int:
    """Judge every academy anew, so that who stopped being entitled is known before anybody asks.

    In as many statements for one academy as for all. Returns how many outcomes are new; nothing is
    done while no policy is loaded.
    """
    if not is_loaded():
        return 0
    today = timezone.localdate()
    edition = edition_in_force(POLICY, today)
    # Read before judging: who changes tier in between has a row that does not count for the new one.
    academies = {academy.pk: academy for academy in Academy.objects.only("name", "tier")}
    latest = {
        row.academy_id: row
        for row in Entitlement.objects.order_by("academy_id", "-pk").distinct("academy_id")
    }
    outcomes = [
        _outcome(academies[pk], against(found).get(NEVER), edition)
        for pk, found in standings(Academy.objects.all(), today).items()
        if pk in academies
    ]
    new = [
        outcome
        for outcome in outcomes
        if outcome.academy_id not in latest
        or not _says_the_same(latest[outcome.academy_id], outcome)
    ]
    Entitlement.objects.bulk_create(new)
    return len(new)


def _outcome(academy: Academy, finding: Finding | None, edition: PolicyEdition) -> Entitlement:
    words = "" if finding is None else f"{finding.criterion.title}：{finding.sentence}"[:WORDS]
    return Entitlement(
        academy=academy, edition=edition, tier=academy.tier, is_entitled=finding is None, words=words
    )  # fmt: skip


def _says_the_same(row: Entitlement, other: Entitlement) -> bool:
    """Whether money would go by both alike; the words follow from the rest, or from its day."""
    return (row.edition_id, row.tier, row.is_entitled) == (
        other.edition_id, other.tier, other.is_entitled,
    )  # fmt: skip
