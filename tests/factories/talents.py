"""Rounds, persons, nominations and their segments of working life."""

from datetime import date

import factory

from organizations.models import Organization, User
from policies.library.editions import edition_in_force
from talents.models import Employment, Nomination, Person, SelectionRound
from talents.services.rounds import RoundPlan, create_round
from talents.workflow import open_round
from tests.factories.organizations import OrganizationFactory
from tests.factories.policies import with_policy

POLICY = "beijing-craftsman-selection-2024"
REFERENCE_DAY = date(2026, 6, 30)
THIS_MONTH = 2026 * 12 + 5
FORCES = (
    "force_leading",
    "force_practice",
    "force_innovation",
    "force_tackling",
    "force_passing",
)


class RoundFactory(factory.django.DjangoModelFactory):
    """An open round under the Beijing policy."""

    class Meta:
        model = SelectionRound

    code = factory.Sequence(lambda n: f"R{n}")
    name = factory.Sequence(lambda n: f"第{n}轮选树")
    tier = "beijing-great"
    year = 2026
    organizer = factory.SubFactory(OrganizationFactory)
    reference_day = REFERENCE_DAY

    @classmethod
    def _create(cls, model_class, *args, **facts):
        system = User.objects.system()
        if "edition" not in facts:
            with_policy(POLICY)
            facts["edition"] = edition_in_force(POLICY, facts["reference_day"])
        selection = create_round(facts.pop("code"), RoundPlan(**facts), actor=system)
        return open_round(selection.pk, actor=system)


def unit_below(body):
    """The one unit at ``body`` that the factory knows; who confirms serves above it."""
    code = f"{body.code}-unit"
    known = Organization.objects.filter(code=code).first()
    return known or OrganizationFactory(parent=body, kind="unit", code=code)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"工匠{n}")
    identity_cipher = b"sealed"
    identity_digest = factory.Sequence(lambda n: n.to_bytes(32))
    identity_mask = "******************"
    organization = factory.SubFactory(OrganizationFactory)


class NominationFactory(factory.django.DjangoModelFactory):
    """A nomination with all five statements and no working life."""

    class Meta:
        model = Nomination

    round = factory.SubFactory(RoundFactory)
    unit = factory.LazyAttribute(lambda n: unit_below(n.round.organizer))
    person = factory.SubFactory(PersonFactory, organization=factory.SelfAttribute("..unit"))
    row_number = factory.Sequence(lambda n: n)
    force_leading = force_practice = force_innovation = "有事迹"
    force_tackling = force_passing = "有事迹"


def with_service(nomination, *spans, is_frontline=True):
    """Give the nomination segments: (first month, last month or None for 至今)."""
    Employment.objects.bulk_create(
        Employment(
            person_id=nomination.person_id,
            nomination=nomination,
            start_month=first,
            end_month=last,
            is_frontline=is_frontline,
        )
        for first, last in spans
    )
    return nomination


def eligible_nomination(**facts):
    """A nomination with everything in order: five full years up to the reference day."""
    return with_service(NominationFactory(**facts), (THIS_MONTH - 59, None))
