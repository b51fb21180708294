"""Workbooks to try the demo with: for whom they are, and that they show what the import can do."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from organizations.models import User
from portal.demo import cast, yantai
from portal.demo.loading import TREE
from portal.demo.training import REGISTER

ROSTER, TRAINING = (reverse("portal:sample", args=[key]) for key in ("roster", "training"))

AT_THE_CITY = ("shizong", "shenpi", "zhongcai", "zhongcai2")


@pytest.fixture
def demo(db):
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(TREE), verbosity=0)
    call_command("import_academies", str(REGISTER), verbosity=0)
    cast.enrol()


@pytest.fixture
def asked(client):
    """Call it with a name of the cast and an address: the answer."""

    def ask(username, address):
        client.force_login(User.objects.get(username=username))
        return client.get(address)

    return ask


def test_each_gets_what_their_role_hands_in(demo, asked):
    call_command("import_organizations", str(yantai.TREE), verbosity=0)
    cast.enrol()
    statuses = {
        (member.username, address): asked(member.username, address).status_code
        for member in cast.CAST
        for address in (ROSTER, TRAINING)
    }

    allowed = {who for who, status in statuses.items() if status == 200}
    assert allowed == {
        *((name, ROSTER) for name in (*AT_THE_CITY, "daxing", "shougang", "yantai")),
        *((name, TRAINING) for name in ("xueyuan", "beixue")),
    }
    assert set(statuses.values()) == {200, 404}


def test_the_home_offers_them_to_these(demo, asked):
    staff, unit = (asked(name, "/").content.decode() for name in ("shizong", "jingbei"))

    assert f'href="{ROSTER}"' in staff
    assert "/samples/" not in unit


def test_outside_the_demo_there_are_none(demo, asked, settings):
    settings.JIANGJIE_ALLOWS_DEMO = False

    assert asked("shizong", ROSTER).status_code == 404
    assert "/samples/" not in asked("shizong", "/").content.decode()


def test_the_roster_is_filed_but_for_a_few_faults(demo, asked, tmp_path):
    book, told = tmp_path / "示例.xlsx", tmp_path / "told.json"
    answer = asked("shizong", ROSTER)
    book.write_bytes(b"".join(answer.streaming_content))
    call_command(
        "create_round", "R1", policy="beijing-craftsman-selection-2024", tier="beijing-great",
        year="2026", reference_day="2026-06-30", verbosity=0,
    )  # fmt: skip

    call_command("import_nominations", str(book), round="R1", json=str(told), verbosity=0)

    report = json.loads(told.read_text("utf-8"))
    assert {found["code"] for found in report["refused"]} >= {"identity-checksum"}
    assert (report["rows"], report["accepted"]) == (64, 63)


def test_the_training_is_filed_but_for_a_few_faults(demo, asked, tmp_path):
    book, told = tmp_path / "示例.xlsx", tmp_path / "told.json"
    book.write_bytes(b"".join(asked("xueyuan", TRAINING).streaming_content))
    academy = (
        User.objects.get(username="xueyuan").memberships.get().organization.hosted_academies.get()
    )

    call_command(
        "import_training", str(book), academy=academy.code, year=2026, json=str(told), verbosity=0
    )

    report = json.loads(told.read_text("utf-8"))
    assert [found["code"] for found in report["refused"]] == [
        "identity-checksum", "unknown-class", "level-falls",
    ]  # fmt: skip
