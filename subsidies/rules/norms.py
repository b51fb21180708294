"""What an application costs and whom it is open to, held against the policy: told, never refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from subsidies.rules.eligibility import is_loaded, policy_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.library.policy import Policy
    from subsidies.models import Grant

#: The norm of a person and day, and how days beyond so many count; hours that half a day can have.
DAY, LONG_DAYS, LONG_PERCENT, HALF_DAY = (
    "training_day_cap", "long_class_days", "long_class_percent", "lecture_hours_half_day",
)  # fmt: skip
#: Whom the training has to be open to, by name.
OPEN_TO = "training_open_to"
NORMS = frozenset({LONG_DAYS, LONG_PERCENT, HALF_DAY, OPEN_TO})
#: The use that the norm is about.
TRAINING = "training_class"
HUNDRED, HALVES = Decimal(100), 2


def warnings(grant: Grant, sums: Mapping[str, Decimal]) -> list[str]:
    """In what an application goes beyond a norm, each in a sentence with what it says and what the policy does.

    ``sums``: what is asked for by use, of all its sources together.
    """
    if not is_loaded():
        return []
    policy = policy_on(timezone.localdate())
    training = sums.get(TRAINING, Decimal(0))
    said = [_cost(policy, grant, training), _hours(policy, grant), _open(policy, grant, training)]
    return [words for words in said if words]


def _cost(policy: Policy, grant: Grant, asked: Decimal) -> str:
    norm = next((amount for amount in policy.amounts if amount.code == DAY), None)
    if norm is None or norm.yuan is None or not asked:
        return ""
    if not grant.headcount or not grant.days:
        return "没有填写面向职工人数和培训天数，培训班费用无法对照综合定额"
    long, percent = _number(policy, LONG_DAYS), _number(policy, LONG_PERCENT)
    days = Decimal(grant.days)
    if long is not None and percent is not None and days > long:
        days = long + (days - long) * percent / HUNDRED
    most = norm.yuan * grant.headcount * days
    if asked <= most:
        return ""
    return (
        f"培训班申请{asked:,.2f}元，超过按{norm.title}{norm.yuan}元每{norm.per}、{grant.headcount}人"
        f"{grant.days}天计算的{most:,.2f}元（提示）"
    )


def _hours(policy: Policy, grant: Grant) -> str:
    most = _number(policy, HALF_DAY)
    if most is None or not grant.hours or not grant.days:
        return ""
    limit = most * HALVES * grant.days
    if grant.hours <= limit:
        return ""
    return f"培训{grant.hours}学时，超过{grant.days}天按每半天{most}学时计算的{limit}学时（提示）"


def _open(policy: Policy, grant: Grant, asked: Decimal) -> str:
    """Training that is not open to those whom the policy names; of other uses it says nothing."""
    stated = policy.parameter(OPEN_TO)
    if stated is None or not asked or grant.get_audience_display() in stated.names:
        return ""
    said = f"面向{grant.get_audience_display()}" if grant.audience else "没有写明面向哪些职工"
    return f"申请的培训班{said}；《{policy.title}》规定“{stated.quote}”（提示）"


def _number(policy: Policy, code: str) -> Decimal | None:
    parameter = policy.parameter(code)
    return parameter.number if parameter else None
