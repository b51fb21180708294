"""What each kind of item says beyond its words, as label and text: for the rule book and comparisons."""

from __future__ import annotations

from functools import singledispatch

from policies import wording
from policies.library.defaults import HEAD, item_at
from policies.library.policy import (
    Amount,
    Article,
    Baseline,
    Criterion,
    Parameter,
    Policy,
    Promotion,
    Severity,
    Step,
    Target,
    Tier,
    Use,
)
from policies.models import EditionDefault
from policies.readings import EXPLANATORY, is_explanatory, purposes_of

Statement = tuple[str, str]

#: The sections of a policy in the order a reader meets them, with their titles.
SECTION_TITLES = {
    section.value: str(section.label) for section in EditionDefault.Section if section != HEAD
}


def full_statements(policy: Policy, item: Article) -> list[Statement]:
    """Everything an item says, its words, source and note included."""
    clause = f"{item.clause}；" if item.clause else ""
    written = [
        *statements(item, policy),
        ("原文", f"「{item.quote}」" if item.quote else ""),
        ("要点", item.gist),
        ("出处", f"{clause}{wording.provenance(policy, item)}"),
        ("说明", item.note),
        ("系统用途", purpose(policy, item)),
    ]
    return [(label, text) for label, text in written if text]


def purpose(policy: Policy, item: Article) -> str:
    """What the programme does with an item; that it does nothing is said as well."""
    if is_explanatory(policy, item):
        return f"{EXPLANATORY}，供人阅读和办理，系统不据以核验、统计或拨付"
    return "；".join(purposes_of(policy, item))


def default_words(policy: Policy, default: EditionDefault) -> str:
    """What a default comes to: the value that was chosen."""
    if default.section == HEAD:
        return wording.head_value(policy, default.item)
    item = item_at(policy, default.section, default.item)
    said = "；".join(f"{label}：{text}" for label, text in statements(item, policy) if text)
    return said or item.gist or item.quote


def default_reason(policy: Policy, default: EditionDefault) -> str:
    """Why it was chosen."""
    if default.section == HEAD:
        return policy.note
    return item_at(policy, default.section, default.item).note


@singledispatch
def statements(item: Article, policy: Policy) -> list[Statement]:
    """What an item of this kind states; provisions and references only have their words."""
    return []


@statements.register
def _tier(item: Tier, policy: Policy) -> list[Statement]:
    above = "、".join(policy.tier(code).title for code in item.feeds)
    return [
        ("选定对象", wording.SUBJECTS[item.subject]),
        ("上一层级", above),
        ("名录中又称", "、".join(item.synonyms)),
    ]


@statements.register
def _criterion(item: Criterion, policy: Policy) -> list[Statement]:
    others = wording.alternatives(policy, item)
    readings = wording.other_readings(item)
    is_human = item.severity is Severity.HUMAN
    return [
        ("适用", "、".join(policy.tier(code).title for code in item.tiers)),
        ("要求", wording.requirement(item)),
        ("性质", wording.SEVERITIES[item.severity]),
        ("折算", wording.derivation(item)),
        ("择一", f"与“{'、'.join(others)}”满足其一即可" if others else ""),
        ("另一读法", f"按{readings}计" if readings else ""),
        ("效力", "不改变核验结论，由人员判断后登记" if is_human else ""),
    ]


@statements.register
def _target(item: Target, policy: Policy) -> list[Statement]:
    return [
        ("目标", wording.target_figure(item)),
        ("期间", wording.target_period(item)),
        ("范围", wording.SCOPES[item.scope]),
        ("要求", wording.target_softness(item)),
        ("统计口径", wording.TERMS[item.measure].explanation),
    ]


@statements.register
def _baseline(item: Baseline, policy: Policy) -> list[Statement]:
    return [("起点", wording.baseline_words(item))]


@statements.register
def _amount(item: Amount, policy: Policy) -> list[Statement]:
    return [
        ("金额", wording.amount_words(item)),
        ("支付对象", item.payee),
        ("等级", _level(item, policy)),
    ]


def _level(item: Amount, policy: Policy) -> str:
    """The level as people say it: of a tier of the policy its title."""
    titles = {tier.code: tier.title for tier in policy.tiers}
    return titles.get(item.level, item.level)


@statements.register
def _step(item: Step, policy: Policy) -> list[Statement]:
    return [
        ("程序", f"{item.procedure}第 {item.order} 步"),
        ("办理", item.actor),
        ("形成", item.output),
        ("期限", wording.deadline(item)),
    ]


@statements.register
def _use(item: Use, policy: Policy) -> list[Statement]:
    return [("列支", wording.use_words(item))]


@statements.register
def _promotion(item: Promotion, policy: Policy) -> list[Statement]:
    return [("适用", wording.promotion_scope(item)), ("晋升", wording.promotion_words(item))]


@statements.register
def _parameter(item: Parameter, policy: Policy) -> list[Statement]:
    return [("取值", wording.parameter_value(item))]
