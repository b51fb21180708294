"""What of a policy the money reads: whom it subsidises, what it may go to, in how many instalments."""

from __future__ import annotations

from competitions.rules.career import PLACES
from policies.library.policy import Amount, Criterion, Parameter, Tier, Use
from policies.readings import register
from subsidies.rules.allocating import GRADES, STEP, WEIGHTS
from subsidies.rules.claims import BOOST, BOOST_POLICY, PERSONAL, TYPES, WINDOW
from subsidies.rules.eligibility import POLICY, TIER
from subsidies.rules.flags import LINES
from subsidies.rules.norms import DAY, NORMS
from subsidies.rules.settling import CARRY_OVER, DUE_DAYS
from subsidies.selectors.claims import claimed_by
from talents.selectors.attainments import register_attainments

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
register(
    Parameter,
    "年终决算",
    lambda policy, parameter: policy.code == POLICY and parameter.code in {CARRY_OVER, DUE_DAYS},
)
register(
    Parameter,
    "分配年度资金",
    lambda policy, parameter: policy.code == POLICY and parameter.code in {GRADES, WEIGHTS, STEP},
)
register(
    Parameter,
    "提示超过费用标准、不面向规定职工的申报",
    lambda policy, parameter: policy.code == POLICY and parameter.code in NORMS,
)
register(
    Amount,
    "提示超过费用标准的申报",
    lambda policy, amount: policy.code == POLICY and amount.code == DAY,
)
register(
    Amount,
    "计发个人申领",
    lambda policy, amount: any(
        policy.code == each.policy and not amount.cap and amount.payee == PERSONAL for each in TYPES
    ),
)
register(
    Parameter,
    "核对申领期限",
    lambda policy, parameter: policy.code == BOOST_POLICY and parameter.code == WINDOW,
)
register(
    Parameter,
    "核对竞赛首轮参赛人数",
    lambda policy, parameter: (
        policy.code == BOOST_POLICY and parameter.code in {least for _, least in PLACES.values()}
    ),
)
register(
    Criterion,
    "核对申领条件",
    lambda policy, criterion: policy.code == BOOST_POLICY and BOOST.tier in criterion.tiers,
)

register_attainments("申领", ("应发（元）", "实发（元）", "状态"), claimed_by)
