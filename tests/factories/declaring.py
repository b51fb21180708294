"""A round whose experts are asked before papers go out."""

from datetime import timedelta

from django.utils import timezone

from organizations.roles import Role
from talents.models import Declaration, Draw
from talents.rules.digests import draw_digest
from talents.services.declaring import Ties, declare_conflicts
from talents.services.drawing import draw_experts
from tests.factories.organizations import UserFactory, account, with_child
from tests.factories.panels import NEXT_YEAR
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import RoundFactory, eligible_nomination


def asked_round(city, *, experts=9, trades=("焊工", "钳工", "焊工"), **facts):
    """Three candidates of two units, judged; nine experts, of whom three are welders."""
    units = [with_child(city, "unit", name=f"{name}示例公司") for name in ("东方", "西山")]
    selection = RoundFactory(organizer=city, **(NEXT_YEAR | facts))
    for place, trade in enumerate(trades):
        eligible_nomination(round=selection, unit=units[place % 2], occupation=trade)
    judged(selection)
    for place in range(experts):
        ExpertFactory(organization=city, fields="焊工" if place % 3 == 0 else "")
    return selection


def drawn(selection, seed=7):
    return draw_experts(selection.pk, seed, actor=account(Role.HANDLER, selection.organizer))


def all_clear(draw, *, but=()):
    """Everybody the round waits for declares that there is nothing, ``but`` those."""
    waiting = Declaration.objects.filter(round=draw.round, status="asked").exclude(expert__in=but)
    for one in waiting.select_related("expert__user"):
        declare_conflicts(one.pk, Ties(), actor=one.expert.user)


def overdue(monkeypatch, declaration, *, days=1):
    """It is so many days after the last on which it could be answered."""
    today = declaration.due_on + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today)


def asked(organization, selection, **facts):
    """One expert asked, as a row."""
    expert = facts.pop("expert", None) or ExpertFactory(organization=organization, user=None)
    draw = Draw.objects.create(
        round=selection, seed=1, per_candidate=1, drawn={}, sha256=draw_digest({}),
        drawn_by=UserFactory(),
    )  # fmt: skip
    return Declaration.objects.create(
        round=selection, expert=expert, draw=draw, due_on=timezone.localdate(), **facts
    )
