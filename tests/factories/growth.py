"""Masters with apprentices."""

from datetime import date

import factory

from talents.models import Mentorship, PairConsent, PairLog
from talents.workflow.cultivation import Course, cultivate
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.talents import POLICY, PersonFactory


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


def consented(pair):
    """All three parties have agreed, each by an account of their own."""
    for party in PairConsent.Party.values:
        PairConsent.objects.create(mentorship=pair, party=party, given_by=UserFactory())
    return pair


def logged(pair, **facts):
    """A day of teaching that both have confirmed."""
    told = {"held_on": date(2025, 4, 1), "words": "讲解并练习管道仰焊", "written_by": UserFactory()}
    both = {"master_by": UserFactory(), "apprentice_by": UserFactory()}
    return PairLog.objects.create(mentorship=pair, **(told | both | facts))


#: Two years from here are over.
LONG_AGO = date(2024, 1, 15)


def cultivated(organization, *, actor, person=None, starts_on=date(2026, 1, 15)):
    """Somebody of that body in the first of four reports of two years."""
    known = person or PersonFactory(organization=organization)
    why = "按批次通知补登"
    course = Course(POLICY, "beijing-great", "北京大工匠", "引领力：…", starts_on, begun_for=why)
    return cultivate(known.pk, course, organization_id=organization.pk, actor=actor)
