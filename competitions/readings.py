"""What of a policy contests read: which places rise to which level, and by what they are judged."""

from policies.library.policy import Policy, Promotion
from policies.readings import register


def _is_ours(policy: Policy, promotion: Promotion) -> bool:
    return True


register(Promotion, "据以提出竞赛晋升建议", _is_ours)
