"""The database keeps the rules by itself: hostile statements, as the application and as the owner.

Each has to be refused by the very control that is meant for it; and of every control in the catalogue,
dropped one at a time, some attack has to notice that it is gone.
"""

from collections import Counter, defaultdict

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.local_services.postgres import APP as APP_ROLE
from tests import database
from tests.attacks import (
    auditing,
    checks,
    city,
    claims,
    closing,
    craftsmen,
    evaluating,
    generated,
    heads,
    money,
    payees,
    rosters,
    rules,
)
from tests.attacks.attack import APP, NO_RIGHT, OWNER, is_refused_as_meant, outcome
from tests.attacks.catalog import controls, our_tables, withheld

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.attack]

#: Of all controls, how many may be such as others imply.
MOST_EQUIVALENT = 0.03


@pytest.fixture
def administrator():
    """A connection that may take any role; what is done on it is never kept."""
    city.build()
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        yield administrator


def every_attack(administrator):
    for module in (
        generated,
        checks,
        rules,
        craftsmen,
        money,
        closing,
        auditing,
        claims,
        payees,
        rosters,
        evaluating,
        heads,
    ):
        yield from module.attacks(administrator)


def test_every_attack_is_refused_by_the_control_it_is_meant_for(administrator):
    attacks = list(every_attack(administrator))

    wrong = [
        f"{attack.role} {attack.control}: {outcome(administrator, attack)} — {attack.statement}"
        for attack in attacks
        if not is_refused_as_meant(administrator, attack)
    ]

    assert not wrong, "\n".join(wrong)
    by_role = Counter(attack.role for attack in attacks if attack.state)
    assert by_role[APP] >= 60
    assert by_role[OWNER] >= 15


def test_every_control_is_missed_when_it_is_dropped(administrator):
    against = defaultdict(list)
    for attack in every_attack(administrator):
        against[attack.control].append(attack)
    found = controls(administrator)

    unnoticed = [
        control.place
        for control in found
        if not _is_missed(administrator, control, against[control.place])
    ]

    assert sorted(unnoticed) == sorted(generated.EQUIVALENT)
    assert len(unnoticed) <= MOST_EQUIVALENT * len(found)


def _is_missed(administrator, control, attacks):
    """Whether one of the attacks ends otherwise when the control is gone."""
    with administrator.transaction(force_rollback=True):
        administrator.execute(control.dropped_by)
        return any(not is_refused_as_meant(administrator, attack) for attack in attacks)


STEPS_UP = [
    "set session_replication_role = replica",
    "set role jiangjie_owner",
    "set session authorization jiangjie_owner",
    "alter table workflow_record disable trigger user",
    "alter table talents_nomination drop constraint nomination_rank_from_one",
    "alter table workflow_record owner to jiangjie_app",
    "drop trigger record_append on workflow_record",
    ("create or replace function workflow_state_moves_on_record() returns trigger language plpgsql"
    " as 'begin return null; end'"),
    "create table public.workflow_mine (id int)",
    "alter default privileges for role jiangjie_owner grant update on tables to jiangjie_app",
    "alter role jiangjie_app bypassrls",
    "create role mine superuser",
    "copy workflow_record to program 'true'",
    "select pg_read_file('/etc/passwd')",
    "select setval('workflow_record_id_seq', 1)",
]  # fmt: skip


@pytest.mark.parametrize("statement", STEPS_UP)
def test_the_application_gets_no_rights_it_was_not_given(db, statement):
    place = connection.settings_dict
    with (
        psycopg.connect(host=place["HOST"], dbname=place["NAME"], user=APP_ROLE) as app,
        pytest.raises(psycopg.Error) as refusal,
    ):
        app.execute(statement)

    assert refusal.value.sqlstate == NO_RIGHT


def test_the_rights_of_the_application_are_those_that_the_models_declare(db):
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        held = {table: withheld(administrator, table) for table in our_tables()}

    assert set(held["workflow_record"]) == {"UPDATE", "DELETE", "TRUNCATE", "TRIGGER"}
    assert held["talents_nomination"] == ["TRUNCATE", "TRIGGER"]
    assert all("TRUNCATE" in rights for rights in held.values())
    assert settings.JIANGJIE_APP_ROLE == APP_ROLE
