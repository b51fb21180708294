"""What of a policy contests read: which places rise to which level, and by what they are judged."""

from competitions.rules.admission import CONSEQUENCES
from competitions.rules.awards import PRIZES
from competitions.rules.editions import APPEAL, RESERVES, RULES, SPREAD
from competitions.rules.promotions import NO_RULE
from competitions.rules.scale import CENTRE, STEP
from competitions.rules.trials import contests_told, placed_candidates
from competitions.selectors.attainments import results_of
from competitions.services.promotions import ONCE
from policies.library.policy import Parameter, Policy, Promotion, Provision, Step
from policies.readings import register
from talents.rules.contests import register_contests
from talents.rules.ranking import register_placings
from talents.selectors.attainments import register_attainments


def _is_ours(policy: Policy, item: Promotion | Step | Parameter | Provision) -> bool:
    return policy.code == RULES


register(Promotion, "据以提出竞赛晋升建议", lambda policy, item: True)
register(
    Step,
    "计算申诉截止日期",
    lambda policy, step: _is_ours(policy, step) and step.code == APPEAL,
)
register(
    Parameter,
    "评委打分相差过大时须重评",
    lambda policy, item: _is_ours(policy, item) and item.code == SPREAD,
)
register(
    Parameter,
    "核对同一职业（工种）本年度是否已晋升",
    lambda policy, item: _is_ours(policy, item) and item.code == ONCE,
)
register(
    Parameter,
    "参赛条件不符时据以不予报名、要求补交证明或提示",
    lambda policy, item: _is_ours(policy, item) and item.code in CONSEQUENCES,
)
register(
    Parameter,
    "据以编列后备名单",
    lambda policy, item: _is_ours(policy, item) and item.code == RESERVES,
)
register(
    Provision,
    "说明为什么不提出晋升建议",
    lambda policy, item: _is_ours(policy, item) and item.code.startswith(NO_RULE),
)
register(
    Parameter,
    "在成绩旁列出标准分",
    lambda policy, item: _is_ours(policy, item) and item.code in {CENTRE, STEP},
)
register(
    Provision,
    "据以给第一名的教练和单位授奖",
    lambda policy, item: _is_ours(policy, item) and item.code == PRIZES,
)
register_placings(placed_candidates)
register_contests(contests_told)
register_attainments("参赛成绩", ("竞赛", "名次", "成绩", "奖牌"), results_of)
