"""Rows about persons are counted, told of and stopped, whichever way they are read."""

import threading

import pytest
from django.apps import apps
from django.db import connections
from django.urls import reverse

from intake.models import ImportFinding
from organizations.models import User
from organizations.roles import Role
from pages import readings
from pages.models import ReadingTally
from talents.models import Nomination, Person, SelectionRound
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
from tests.talents.importing import call_of_nominations, sheet_of, staged
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
ROWS = 7
#: Rows that belong to a person and show nobody: experts and their work know a code, not a name.
BLIND = {"talents.Review"}


@pytest.fixture
def city():
    return OrganizationFactory()


@pytest.fixture
def selection(city):
    selection = RoundFactory(organizer=city)
    NominationFactory.create_batch(ROWS, round=selection, unit=with_child(city, "unit"))
    return selection


@pytest.fixture
def reader(city, client):
    user = account(Role.HANDLER, city)
    client.force_login(user)
    return user


def read_by(user):
    return sum(ReadingTally.objects.filter(owner=user).values_list("persons", flat=True))


def test_page_back_office_export_and_interface_all_count(client, reader, selection):
    ways = {
        "page": lambda: client.get(reverse("talents:round-nominations", args=[selection.code])),
        "file": lambda: client.get(reverse("talents:nomination", args=[_first().pk])),
        "office": lambda: client.get(reverse("admin:talents_person_changelist")),
        "export": lambda: client.post(reverse("talents:nominations-export", args=[selection.code])),
        "api": lambda: client.get("/api/persons/"),
        "one": lambda: client.get(f"/api/persons/{_first().person_id}/"),
        "search": lambda: client.get(reverse("portal:search"), {"q": "工匠"}),
    }
    counted = {}
    for name, way in ways.items():
        before = read_by(reader)
        answer = way()
        for close in answer._resource_closers:  # the file of an export, and nothing else
            close()
        assert answer.status_code == 200
        counted[name] = read_by(reader) - before

    assert counted == {
        "page": ROWS, "file": 1, "office": ROWS, "export": ROWS, "api": ROWS, "one": 1,
        "search": ROWS,
    }  # fmt: skip


def test_whatever_belongs_to_a_person_tells_of_persons():
    telling = {m for m in apps.get_models() if getattr(m, "TELLS_OF_PERSONS", False)}
    belonging = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in telling
    }

    assert Person in telling
    assert belonging - {model._meta.label for model in telling} == BLIND


def test_honours_count_one_by_one_and_in_lists(client, city, reader):
    held = HonourFactory.create_batch(ROWS, organization=city)

    client.get(reverse("talents:honours"))
    client.get(reverse("admin:talents_honour_changelist"))
    client.get("/api/honours/")
    listed = read_by(reader)
    client.get(reverse("talents:honour", args=[held[0].pk]))

    assert (listed, read_by(reader)) == (3 * ROWS, 3 * ROWS + 1)


def test_what_a_file_says_of_persons_counts_as_far_as_it_is_shown(client):
    call = call_of_nominations()
    user = account(Role.HANDLER, call.city)
    client.force_login(user)
    batch = staged(call, sheet_of(call, {"姓名": ""}, {"姓名": "王芳"}))
    (fault,) = ImportFinding.objects.filter(batch=batch, severity="error")

    client.get(reverse("intake:file", args=[batch.pk]))
    shown = ImportFinding.objects.filter(batch=batch).count()
    assert read_by(user) == shown

    client.get(reverse("intake:row", args=[batch.pk, fault.line]))
    assert read_by(user) == shown + 1


def _first():
    return Nomination.objects.first()


def test_lists_of_other_things_do_not_count(client, reader, selection):
    client.get(reverse("talents:rounds"))

    readings.count_read(reader, SelectionRound, 100)
    readings.count_read(User.objects.system(), Person, 100)

    assert not ReadingTally.objects.exists()


def test_who_reads_very_many_is_put_before_the_administrators_once(
    client, city, reader, selection, settings
):
    settings.READINGS_ALARM_AFTER, settings.MOST_READINGS_A_DAY = 10, 100
    watchers = [account(role, city) for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]

    for _ in range(3):
        client.get("/api/persons/")

    told = Notice.objects.filter(subject__startswith=readings.SUBJECT)
    assert sorted(notice.recipient_id for notice in told) == sorted(one.pk for one in watchers)
    assert Record.objects.filter(code=readings.MANY_READ.code, actor=reader).count() == 1
    client.force_login(watchers[1])
    assert "大量读取人员" in client.get(reverse("portal:home")).content.decode()
    listed = client.get(reverse("admin:pages_readingtally_changelist")).content.decode()
    assert reader.username in listed
    assert ">21<" in listed


def test_a_theft_row_by_row_ends_at_the_days_limit(client, reader, selection, settings):
    settings.MOST_READINGS_A_DAY = 3 * ROWS

    answers = [client.get("/api/persons/") for _ in range(5)]
    page = client.get(reverse("talents:round-nominations", args=[selection.code]))
    export = client.post(reverse("talents:nominations-export", args=[selection.code]))

    assert [a.status_code for a in answers] == [200, 200, 200, 409, 409]
    assert answers[-1].json()["type"] == "readings-used-up"
    assert (page.status_code, export.status_code) == (409, 409)
    assert Record.objects.filter(code=readings.STOPPED.code, actor=reader).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.attack
def test_of_many_requests_at_once_none_is_forgotten(settings):
    settings.MOST_READINGS_A_DAY = 100
    user = account(Role.HANDLER, OrganizationFactory())
    barrier, given = threading.Barrier(16), []

    def read():
        mine = User.objects.get(pk=user.pk)
        barrier.wait(timeout=60)
        for _ in range(10):
            try:
                readings.count_read(mine, Person, 1)
                given.append(1)
            except DomainError:
                pass
        connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert len(given) == 100
    assert read_by(user) == 160
