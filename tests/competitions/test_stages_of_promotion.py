"""Who rises by a contest rises by its last stage."""

import pytest

from competitions.models import Promotion
from competitions.services.promotions import propose
from tests.factories.competitions import ItemFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def test_nobody_is_proposed_by_a_stage_that_another_follows(podium, item, hands):
    final = ItemFactory(competition=item.competition, follows=item)

    with pytest.raises(DomainError) as refusal:
        propose(item.pk, actor=hands["handler"])

    assert refusal.value.code == "promotions-in-the-final"
    assert not Promotion.objects.exists()
    final.delete()
    propose(item.pk, actor=hands["handler"])
    assert Promotion.objects.filter(item=item).exists()
