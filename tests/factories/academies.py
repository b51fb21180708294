"""Academies, classes and who took part."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from academies.models import (
    Academy,
    Brand,
    Campaign,
    Enrolment,
    Evaluation,
    PanelMark,
    PhoneCheck,
    Rectification,
    Review,
    Room,
    TrainingClass,
    TrainingReport,
)
from academies.services.evidence import put_in
from organizations.models import Organization, User
from talents.services.scans import Scan
from tests.factories.organizations import OrganizationFactory
from tests.factories.policies import policy_edition
from tests.factories.talents import PersonFactory

YEAR = 2025


class AcademyFactory(factory.django.DjangoModelFactory):
    """A capital academy of a union, without a host of its own."""

    class Meta:
        model = Academy

    code = factory.Sequence(lambda n: f"A-{n}")
    name = factory.Sequence(lambda n: f"第{n}工匠学院")
    tier = Academy.Tier.CAPITAL
    supervising_union = factory.SubFactory(OrganizationFactory)
    organization = factory.LazyAttribute(lambda a: a.host or a.supervising_union)
    host = None
    designated_on = date(2023, 5, 10)


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand

    academy = factory.SubFactory(AcademyFactory)
    name = factory.Sequence(lambda n: f"工种{n}")
    since = date(2023, 5, 10)


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    academy = factory.SubFactory(AcademyFactory)
    name = factory.Sequence(lambda n: f"实训楼{n}")
    capacity = 40


class ClassFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingClass

    academy = factory.SubFactory(AcademyFactory)
    year = YEAR
    number = factory.Sequence(lambda n: f"{YEAR}-{n:03}")
    name = factory.Sequence(lambda n: f"电工能力提升班第{n}期")
    is_practical = False
    starts_on = factory.LazyAttribute(lambda c: date(c.year, 5, 9))
    ends_on = factory.LazyAttribute(lambda c: date(c.year, 5, 12))


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """Passed, no level before or after."""

    class Meta:
        model = Enrolment

    training_class = factory.SubFactory(ClassFactory)
    academy = factory.SelfAttribute("training_class.academy")
    year = factory.SelfAttribute("training_class.year")
    is_practical = factory.SelfAttribute("training_class.is_practical")
    person = factory.SubFactory(
        PersonFactory, organization=factory.SelfAttribute("..academy.organization")
    )
    passed = True


class EvaluationFactory(factory.django.DjangoModelFactory):
    """Passed, in the spring after the year; ``failed`` in ``grade`` leaves the rectification open."""

    class Meta:
        model = Evaluation

    academy = factory.SubFactory(AcademyFactory)
    year = YEAR
    grade = Evaluation.Grade.QUALIFIED
    evaluated_on = factory.LazyAttribute(lambda e: date(e.year + 1, 3, 9))


class RectificationFactory(factory.django.DjangoModelFactory):
    """One thing that a failed evaluation demands."""

    class Meta:
        model = Rectification

    evaluation = factory.SubFactory(
        EvaluationFactory, grade=Evaluation.Grade.FAILED, due_on=date(2026, 5, 8)
    )
    number = factory.Sequence(lambda n: n + 1)
    problem = factory.Sequence(lambda n: f"第{n}处台账和名册不符")
    due_on = date(2026, 5, 8)
    demanded_by = factory.LazyFunction(User.objects.system)


class TrainingReportFactory(factory.django.DjangoModelFactory):
    """The first half of the year, due in July and not put together yet."""

    class Meta:
        model = TrainingReport

    academy = factory.SubFactory(AcademyFactory)
    year = YEAR
    part = 1
    title = factory.LazyAttribute(lambda r: f"{r.year}年上半年")
    first_on = factory.LazyAttribute(lambda r: date(r.year, 1, 1))
    last_on = factory.LazyAttribute(lambda r: date(r.year, 6, 30))
    due_on = factory.LazyAttribute(lambda r: date(r.year, 7, 15))


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign
        django_get_or_create = ("organization", "year")

    organization = factory.SubFactory(OrganizationFactory)
    year = YEAR
    edition = factory.LazyFunction(policy_edition)
    self_due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    seed = "0" * 32
    opened_by = factory.LazyFunction(User.objects.system)


class ReviewFactory(factory.django.DjangoModelFactory):
    """One academy's file, on which nobody has worked yet."""

    class Meta:
        model = Review

    academy = factory.SubFactory(AcademyFactory)
    campaign = factory.SubFactory(
        CampaignFactory, organization=factory.SelfAttribute("..academy.supervising_union")
    )
    items = factory.LazyFunction(
        lambda: [{"name": "品牌", "weight": 100, "counted": "2个", "is_short": False}]
    )


class PanelMarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PanelMark

    review = factory.SubFactory(ReviewFactory)
    filed_at = factory.LazyAttribute(lambda mark: mark.review.filed_at or timezone.now())
    expert = factory.LazyFunction(User.objects.system)
    scores = factory.LazyFunction(lambda: [80])
    total = 80


class PhoneCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PhoneCheck

    review = factory.SubFactory(ReviewFactory)
    filed_at = factory.LazyAttribute(lambda check: check.review.filed_at or timezone.now())
    person = factory.SubFactory(PersonFactory)
    place = 1


def evidence_of(review, item, *, valid_until=None, actor=None, content=b"%PDF-1.4 proof"):
    """A file behind an item of a self-assessment, put in by the house where nobody is named."""
    scan = Scan(content + item.encode(), f"{item}佐证.pdf")
    actor = actor or User.objects.system()
    return put_in(review.pk, item=item, told="", valid_until=valid_until, scan=scan, actor=actor)


def hosted_academy(**facts):
    """An academy whose host is a unit below its union."""
    union = facts.pop("union", None) or OrganizationFactory()
    host = OrganizationFactory(parent=union, kind=Organization.Kind.UNIT)
    return AcademyFactory(supervising_union=union, host=host, **facts)


def system():
    return User.objects.system()
