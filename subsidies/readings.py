"""What of a policy the money reads: whom it subsidises, what it may go to, in how many instalments."""

from __future__ import annotations

from policies.library.policy import Criterion, Parameter, Tier, Use
from policies.readings import register
from subsidies.rules.eligibility import POLICY, TIER
from subsidies.rules.flags import LINES

INSTALMENTS = "instalments_percent"

register(
    Tier, "拨款前核对受补助资格", lambda policy, tier: policy.code == POLICY and tier.code == TIER
)
register(
    Criterion,
    "拨款前核对受补助资格",
    lambda policy, criterion: policy.code == POLICY and TIER in criterion.tiers,
)
register(Use, "登记支出时核对用途", lambda policy, use: policy.code == POLICY)
register(
    Parameter,
    "拨款分期",
    lambda policy, parameter: policy.code == POLICY and parameter.code == INSTALMENTS,
)
register(
    Parameter,
    "列出支出疑点",
    lambda policy, parameter: policy.code == POLICY and parameter.code in LINES,
)
