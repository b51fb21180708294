"""The arbitration group of a contest, as tests have it decide."""

from competitions import workflow
from organizations.roles import Role
from tests.factories.competitions import ArbiterFactory
from tests.factories.organizations import account


def group_of(competition, chair):
    """Three of the organizer, ``chair`` among them."""
    city = competition.organizer
    others = [account(Role.APPROVER, city), account(Role.HANDLER, city)]
    for user in (chair, *others):
        ArbiterFactory(competition=competition, user=user)
    return others


def decided(filed, chair, *, is_upheld, verdict):
    """What most of the group decide of an appeal."""
    others = group_of(filed.item.competition, chair)
    words = {"is_upheld": is_upheld, "verdict": verdict}
    return workflow.decide(filed.pk, jury=others[:1], actor=chair, **words)
