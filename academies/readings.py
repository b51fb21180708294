"""What of a policy the academies read: standards by tier, the plan board's targets, its baseline."""

from __future__ import annotations

from academies.facts.measures import OFFERED
from academies.rules import FIRST_YEAR_ADVISES
from policies.facts import facts_about
from policies.library.policy import Baseline, Parameter, Standard, Target, Tier
from policies.readings import register

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
