"""Whom the policy lets be recommended further: lists by rule, from which people choose; nothing follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from talents.models import BoostYear, Cultivation, Honour, Studio
from talents.rules.boosting import BoostRule
from talents.rules.titles import newest_ladders, selects

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Provisions of a policy that say so, and what they are called on the register.
AWARD, NATIONAL = "priority_award", "priority_national"
LISTS = [
    (AWARD, "可推荐首都劳动奖章、北京市劳动模范"),
    (NATIONAL, "可推荐大国工匠培育对象"),
]
GREAT = "great-craftsman"


def recommendable(rows: QuerySet[Honour], code: str) -> QuerySet[Honour]:
    """Of ``rows`` the titles in force whose holders may be recommended, each of them once."""
    found = rows.filter(state=Honour.State.VALID)
    policies = [p for p in newest_ladders() if any(item.code == code for item in p.provisions)]
    if code == AWARD:
        rule = BoostRule.current()
        tiers = [rule.tier] if rule else []
    else:
        tiers = [tier.code for policy in policies for tier in policy.tiers if selects(tier)]
        chosen = Cultivation.objects.filter(person=OuterRef("person"), tier=GREAT)
        held = Honour.objects.filter(person=OuterRef("person"), tier=GREAT)
        found = found.exclude(Exists(chosen)).exclude(Exists(held))
    found = found.filter(scheme__in=[policy.code for policy in policies], tier__in=tiers)
    earlier = Honour.objects.filter(
        person=OuterRef("person"), scheme=OuterRef("scheme"), tier__in=tiers,
        state=Honour.State.VALID, pk__lt=OuterRef("pk"),
    )  # fmt: skip
    return found.exclude(Exists(earlier))


def nameable(rows: QuerySet[Studio]) -> QuerySet[Studio]:
    """Of ``rows`` those first in line to be named by the city: led by a holder, a project boosted."""
    rule = BoostRule.current()
    if rule is None:
        return rows.none()
    titled = Honour.objects.filter(
        person=OuterRef("leader"), scheme=rule.scheme, tier=rule.tier, state=Honour.State.VALID
    )
    boosted = BoostYear.objects.filter(project__studio=OuterRef("pk"), state=BoostYear.State.PASSED)
    named = rows.filter(state=Studio.State.NAMED).exclude(level=Studio.Level.CITY)
    return named.filter(Exists(titled), Exists(boosted))
