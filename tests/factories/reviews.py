"""Experts of a pool, and a round whose candidates were judged."""

import factory

from organizations.models import User
from organizations.roles import Role
from talents.models import Expert
from talents.services.eligibility import start_run
from tests.factories.organizations import OrganizationFactory, account
from workflow import jobs
from workflow.records import subject_of


class ExpertFactory(factory.django.DjangoModelFactory):
    """An expert with an account, known by code."""

    class Meta:
        model = Expert

    organization = factory.SubFactory(OrganizationFactory)
    code = factory.Sequence(lambda n: f"E{n:03}")
    name = factory.Sequence(lambda n: f"评委{n}")
    user = factory.LazyAttribute(lambda e: account(Role.EXPERT, e.organization))


def judged(selection):
    """The round with a finished eligibility check."""
    run = start_run(selection.pk, actor=User.objects.system())
    for job in jobs.jobs_of(subject_of(run)):
        jobs.run(job.pk)
    run.refresh_from_db()
    assert run.status == "done"
    return run
