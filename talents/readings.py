"""What of a policy the selection of persons reads: the tiers of rounds and their criteria."""

from __future__ import annotations

from policies.facts import facts_about
from policies.library.policy import Criterion, Policy, Severity, Subject, Tier
from policies.readings import register


def _selects(policy: Policy, tier: Tier) -> bool:
    decides = any(c.severity is Severity.MUST for c in policy.criteria_of(tier.code))
    return tier.subject is Subject.PERSON and decides


def _asks(policy: Policy, criterion: Criterion) -> bool:
    return any(_selects(policy, policy.tier(code)) for code in criterion.tiers)


def _is_answered(criterion: Criterion) -> bool:
    return criterion.fact in facts_about("talents.Nomination")


register(Tier, "可据以开设选树轮次", _selects)
register(
    Criterion,
    "资格核验，由程序判断",
    lambda policy, criterion: _asks(policy, criterion) and _is_answered(criterion),
)
register(
    Criterion,
    "资格核验，由人判断",
    lambda policy, criterion: _asks(policy, criterion) and criterion.severity is Severity.HUMAN,
)
register(
    Criterion,
    "资格核验，但系统尚未登记此项资料，一律为资料缺失",
    lambda policy, criterion: (
        _asks(policy, criterion) and bool(criterion.fact) and not _is_answered(criterion)
    ),
)
