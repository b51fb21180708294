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


def upheld(entry, chair, *, filed_by):
    """An appeal about the marks of ``entry``, upheld."""
    filed = workflow.appeal(entry.pk, "第一项少记一分半", actor=filed_by)
    return decided(filed, chair, is_upheld=True, verdict="复核属实，应予重评")


def opened_again(entry, chair, *, filed_by):
    """The item is marked anew because of it."""
    upheld(entry, chair, filed_by=filed_by)
    return workflow.mark_anew(entry.item_id, actor=chair, note="按仲裁意见重评第一项")
