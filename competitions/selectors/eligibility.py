"""Whether the rules admit an entrant: each criterion with its why, by the evaluator of all policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Entry
from competitions.rules.editions import rules_of
from policies.facts import facts_about
from policies.rules.criteria import evaluation
from policies.rules.findings import findings

if TYPE_CHECKING:
    from policies.rules.findings import Finding


def findings_about(entry: Entry) -> tuple[Finding, ...]:
    """What the rules of the contest say about one entrant; nothing where they have no such tier."""
    item = entry.item
    policy = rules_of(item.competition)
    if policy is None or item.entry_tier not in {tier.code for tier in policy.tiers}:
        return ()
    facts = facts_about("competitions.Entry")
    day = item.starts_on or item.competition.starts_on or timezone.localdate()
    judged = evaluation(policy, item.entry_tier, facts, on=day)
    verdict = judged.judge(Entry.objects.all(), entry.pk)
    return findings(judged, verdict) if verdict else ()
