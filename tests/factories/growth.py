"""Masters with apprentices."""

from datetime import date

import factory

from talents.models import Mentorship
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.talents import PersonFactory


class PairFactory(factory.django.DjangoModelFactory):
    """An agreement of two years that waits to be taken on file."""

    class Meta:
        model = Mentorship

    organization = factory.SubFactory(OrganizationFactory)
    master = factory.SubFactory(PersonFactory, organization=factory.SelfAttribute("..organization"))
    apprentice = factory.SubFactory(
        PersonFactory, organization=factory.SelfAttribute("..organization")
    )
    trade = "焊工"
    goals = "独立完成管道全位置焊接"
    starts_on = date(2025, 3, 1)
    ends_on = date(2027, 3, 1)
    proposed_by = factory.SubFactory(UserFactory)
