"""What of a policy the academies read: standards by tier, the plan board's targets, its baseline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from academies.facts.measures import OFFERED
from academies.models import Academy
from academies.rules import EVALUATING, FIRST_YEAR_ADVISES, REPORTING
from academies.selectors.attainments import training_meanwhile, training_of
from academies.selectors.flags import PARAMETERS as FLAG_LINES
from policies.facts import facts_about
from policies.library.policy import Baseline, Parameter, Policy, Standard, Target, Tier
from policies.readings import Effect, register, register_effects
from policies.rules.criteria import evaluation, moved_in_words, moves
from talents.selectors.attainments import TRAINING, register_attainments

if TYPE_CHECKING:
    from organizations.models import User

register(
    Tier,
    "按此层级对照建设标准",
    lambda policy, tier: any(tier.code in standard.tiers for standard in policy.standards),
)
register(
    Standard,
    "逐家对照建设标准，列入年度名额报告",
    lambda policy, standard: standard.fact in facts_about("academies.Academy"),
)
register(Target, "“1＋40＋N”进度", lambda policy, target: target.measure in OFFERED)
register(
    Baseline,
    "与学院名录核对",
    lambda policy, baseline: set(baseline.measures) <= OFFERED.keys(),
)
register(
    Parameter,
    "命名当年如何对照建设标准",
    lambda policy, parameter: bool(policy.standards) and parameter.code == FIRST_YEAR_ADVISES,
)
register(
    Parameter,
    "按期报送的期数和期限",
    lambda policy, parameter: parameter.code == REPORTING,
)
register(
    Parameter,
    "年度审核评价",
    lambda policy, parameter: parameter.code in EVALUATING,
)
register(
    Parameter,
    "名册疑点的界线",
    lambda policy, parameter: parameter.code in FLAG_LINES,
)


def _verdicts_moved(user: User, before: Policy, after: Policy) -> list[Effect]:
    """What would come of the academies' last full year by the standards of the later edition."""
    facts, found = facts_about("academies.Academy"), []
    year = timezone.localdate().year - 1
    for tier in before.tiers:
        standards = before.criteria_of(tier.code)
        later = after.criteria_of(tier.code) if tier.code in {t.code for t in after.tiers} else ()
        is_judged = any(isinstance(standard, Standard) for standard in standards)
        if is_judged and later and standards != later:
            rows = Academy.objects.visible_to(user).filter(tier=tier.code)
            was, now = (
                evaluation(policy, tier.code, facts, on=date(year, 12, 31))
                for policy in (before, after)
            )
            moved = moves(was, now, rows)
            words = f"{sum(moved.values())}家按{year}年度对照：{moved_in_words(moved, '家')}"
            found.append(Effect(tier.title, words, f"{reverse('academies:list')}?tier={tier.code}"))
    return found


register_effects(_verdicts_moved)
register_attainments(
    TRAINING,
    ("工匠学院", "技能等级", "结业"),
    training_of,
    meanwhile=training_meanwhile,
)
