"""What a policy may ask about a claim: whether a member draws it, and by what certificate or place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Cast, NullIf

from competitions.models import Item
from policies.facts import Fact, register
from talents.models.persons import LevelRank

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.expressions import Combinable

CLAIM = "subsidies.Claim"


def _certificate_rank(on: date) -> Combinable:
    return Cast(NullIf(LevelRank("level"), Value("")), IntegerField()) - 1


def _rank(stage: str) -> Combinable:
    return Case(When(place__board__item__stage=stage, then="place__rank"))


register(
    CLAIM,
    Fact(
        code="union_member",
        expression=lambda on: Cast("is_member", IntegerField()),
        remedy="请由所在单位核实是否为工会会员",
    ),
    Fact(
        code="certificate_rank",
        expression=_certificate_rank,
        remedy="请登记据以申领的技能证书",
    ),
    Fact(
        code="contest_final_rank",
        expression=lambda on: _rank(Item.Stage.FINAL),
        remedy="请指明据以申领的决赛名次",
    ),
    Fact(
        code="contest_semifinal_rank",
        expression=lambda on: _rank(Item.Stage.SEMIFINAL),
        remedy="请指明据以申领的复赛名次",
    ),
)
