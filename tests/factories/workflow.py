"""Jobs, notices, records, files, batches."""

import hashlib

import factory
from django.db import transaction

from intake.models import ImportBatch
from organizations.models import User
from pages.models import SavedView
from tests.factories.organizations import OrganizationFactory, UserFactory
from workflow.models import Attachment, Job, Notice, Record, WorkingDay
from workflow.records import Event, record_event, subject_of
from workflow.storage import attachments


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    name = "tests.count"
    label = factory.Sequence(lambda n: f"第{n}号任务·")
    subject = factory.Sequence(lambda n: f"tests.thing:{n}")
    organization = factory.SubFactory(OrganizationFactory)
    requested_by = factory.LazyFunction(User.objects.system)


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    subject = "tests.thing:1"
    title = factory.Sequence(lambda n: f"第{n}号通知·")


class AttachmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attachment

    filename = factory.Sequence(lambda n: f"附件-{n}-.csv")
    kind = Attachment.Kind.CSV
    organization = factory.SubFactory(OrganizationFactory)
    uploaded_by = factory.LazyFunction(User.objects.system)

    @classmethod
    def _create(cls, model_class, *args, **facts):
        content = facts.pop("content", facts["filename"].encode())
        attachments.keep(content)
        return attachments.register(content, **facts)


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportBatch

    kind = "tests"
    subject = "tests.thing:1"
    organization = factory.SubFactory(OrganizationFactory)
    attachment = factory.SubFactory(
        AttachmentFactory, organization=factory.SelfAttribute("..organization")
    )
    digest = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    uploaded_by = factory.LazyFunction(User.objects.system)


class WorkingDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkingDay

    day = factory.Sequence(lambda n: f"2030-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}")
    is_working = False


def record(
    organization, *, action="办理", kind=Record.Kind.CHANGE, subject="tests.thing:1", **words
):
    """One record by the system account."""
    actor = words.pop("actor", None) or User.objects.system()
    event = Event("tests.done", action, kind)
    return record_event(event, subject, actor=actor, organization=organization, **words)


def moved(rows, state, **facts):
    """Put rows that have a state into another, whatever arrows there are; the record says so.

    ``facts`` are columns that the state goes with.
    """
    with transaction.atomic():
        for row in rows.select_for_update(of=("self",)):
            words = {"source": row.state, "target": state}
            record(None, kind=Record.Kind.TRANSITION, subject=subject_of(row), **words)
        return rows.update(state=state, **facts)


class SavedViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedView

    table = "tests.Table"
    path = "/"
    name = factory.Sequence("筛选{}".format)
