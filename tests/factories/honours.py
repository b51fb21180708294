"""Titles on file."""

from datetime import date

import factory

from talents.models import Honour
from tests.factories.organizations import OrganizationFactory
from tests.factories.talents import POLICY, PersonFactory


class HonourFactory(factory.django.DjangoModelFactory):
    """A title of the city, valid, as if it had been named here."""

    class Meta:
        model = Honour

    organization = factory.SubFactory(OrganizationFactory)
    person = factory.SubFactory(PersonFactory, organization=factory.SelfAttribute("..organization"))
    title = "北京大工匠"
    scheme, tier = POLICY, "beijing-great"
    year = 2025
    named_on = date(2025, 9, 1)
    document_number = "京工发〔2025〕1号"
    certificate_number = factory.Sequence(lambda n: f"BE2025{n:05}")
