"""What of a policy the selection of persons reads: the tiers of rounds and their criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from policies.facts import facts_about
from policies.library.policy import (
    Amount,
    Criterion,
    Parameter,
    Policy,
    Severity,
    Step,
    Subject,
    Tier,
)
from policies.readings import Effect, register, register_effects
from policies.rules.criteria import evaluation, moved_in_words, moves
from talents.models import Nomination, SelectionRound
from talents.rules.boosting import AMOUNT as BOOST_AMOUNT
from talents.rules.boosting import PARAMETERS as BOOSTING
from talents.rules.composition import PARAMETERS as COMPOSITION
from talents.rules.declaring import PARAMETERS as DECLARING
from talents.rules.endorsing import NOTICE_STEP
from talents.rules.endorsing import PARAMETERS as ENDORSEMENT
from talents.rules.holders import PARAMETER as HOLDERS
from talents.rules.panels import PARAMETERS as PANELS
from talents.rules.papers import PARAMETER as PAPERS
from talents.rules.ranking import PARAMETERS

if TYPE_CHECKING:
    from organizations.models import User

#: Rounds looked at, the newest first, and nominations in one beyond which they are not judged twice.
ROUNDS_COMPARED, MOST_COMPARED = 6, 50_000


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

register(Parameter, "专家抽取与评审计分", lambda policy, parameter: parameter.code in PARAMETERS)
register(Parameter, "拟命名名单的结构提示", lambda policy, item: item.code in COMPOSITION)
register(Parameter, "逐级推荐，征求部门意见", lambda policy, item: item.code in ENDORSEMENT)
register(Parameter, "确认推荐，同层级称号按名录自动核对", lambda policy, item: item.code == HOLDERS)
register(Parameter, "分发评审材料以前的回避申报", lambda policy, item: item.code in DECLARING)
register(Parameter, "评审委员会到会和表决", lambda policy, item: item.code in PANELS)
register(Parameter, "须报材料，规定轮次要求时提示", lambda policy, item: item.code == PAPERS)
register(Parameter, "创新工作室项目助推", lambda policy, item: item.code in BOOSTING)
register(Amount, "创新工作室项目助推", lambda policy, item: item.code == BOOST_AMOUNT)
register(Step, "逐级推荐，单位公示的期限", lambda policy, item: item.code == NOTICE_STEP)


def _verdicts_moved(user: User, before: Policy, after: Policy) -> list[Effect]:
    """What would come of the nominations judged by the edition before; their rounds stay with it."""
    facts, found = facts_about("talents.Nomination"), []
    kept = {tier.code for tier in after.tiers}
    moved = [
        tier.code
        for tier in before.tiers
        if tier.code in kept
        and _selects(before, tier)
        and before.criteria_of(tier.code) != after.criteria_of(tier.code)
    ]
    rounds = SelectionRound.objects.visible_to(user).filter(
        edition__code=before.code, tier__in=moved
    )
    for selection in rounds.order_by("-pk")[:ROUNDS_COMPARED]:
        rows = Nomination.objects.visible_to(user).filter(round=selection)
        count = rows.order_by()[: MOST_COMPARED + 1].count()
        words = f"推荐超过{MOST_COMPARED:,}名，不在此逐名比较"
        if count <= MOST_COMPARED:
            was, now = (
                evaluation(policy, selection.tier, facts, on=selection.reference_day)
                for policy in (before, after)
            )
            words = f"已推荐{count}名，按新版核验：{moved_in_words(moves(was, now, rows), '名')}"
        words += "；本轮次固定在原版次，不受影响"
        found.append(Effect(selection.name, words, reverse("talents:round", args=[selection.code])))
    return found


register_effects(_verdicts_moved)
