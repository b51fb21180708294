"""The verifier from outside: it reads an honest ledger as honest, and names what was altered in another."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from config.local_services.postgres import ADMIN
from organizations.models import User
from subsidies.models import Entry
from subsidies.models.ledger import Account
from subsidies.services.ledger import Hands, Purse, book
from tests import database
from tests.factories.subsidies import paid_grant, spent

VERIFIER = str(Path(__file__).parents[2] / "deploy" / "verify_ledger.py")
ODD = "C:\\补贴\\new\t表一\n第二行\\.\b\v结尾"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(settings, tmp_path):
    """The entries of a grant with three expenses; call it with statements: the verifier's code and words."""
    settings.ANCHOR_ROOT = tmp_path / "anchors"
    call_command("load_policies", verbosity=0)
    grant = paid_grant()
    purse = Purse(grant.fund, grant.academy)
    for _ in range(3):
        spent(grant)
    book(
        Entry.Kind.SPEND,
        purse.account(Account.Kind.HELD),
        purse.account(Account.Kind.SPENT),
        Decimal("0.10"),
        key="odd",
        hands=Hands(User.objects.system()),
        note=ODD,
    )
    place = settings.DATABASES["default"]
    url = f"host={place['HOST']} dbname={place['NAME']} user={ADMIN}"

    def proved(*statements, files=()):
        with database.as_administrator(place["NAME"]) as owner:
            owner.execute("set session_replication_role = replica")
            for statement in statements:
                owner.execute(statement)
        asked = [sys.executable, VERIFIER, url, *map(str, files)]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert not done.stderr
        return done.returncode, done.stdout

    return proved


FIRST = "(select min(id) from subsidies_entry where kind = 'spend')"
SECOND = f"(select min(id) from subsidies_entry where kind = 'spend' and id > {FIRST})"
ACADEMYS = "(select min(chain) from subsidies_entry where kind = 'spend')"


def taken_twice(entry, side):
    """The posting of that side stands twice, the other side is gone: the sum of all stays nothing."""
    other = "<" if side == ">" else ">"
    return [
        f"delete from subsidies_posting where entry_id = {entry} and amount {other} 0",
        (
            "insert into subsidies_posting (entry_id, account_id, amount, balance, at) select entry_id, account_id,"
            f" amount, balance, at + interval '1 s' from subsidies_posting where entry_id = {entry}"
        ),
    ]


ALTERED = {
    "a note": (
        [f"update subsidies_entry set note = 'x' where id = {FIRST}"],
        ["content and hash differ"],
    ),
    "who approved it": (
        [f"update subsidies_entry set approved_by_id = made_by_id + 1 where id = {FIRST}"],
        ["content and hash differ"],
    ),
    "an amount, with postings and balances to match": (
        [
            f"update subsidies_entry set amount = amount + 1 where id = {FIRST}",
            f"update subsidies_posting set amount = amount + sign(amount) where entry_id = {FIRST}",
            (
                "update subsidies_account set balance = balance + case kind when 'held' then -1 else 1 end"
                " where kind in ('held', 'spent')"
            ),
        ],
        ["content and hash differ"],
    ),
    "a hash that fits the altered content": (
        [
            f"update subsidies_entry set hash = sha256('x') where id = {FIRST}",
        ],
        ["content and hash differ", "does not follow on the entry before it"],
    ),
    "the link to the entry before": (
        [f"update subsidies_entry set previous_hash = '' where id = {SECOND}"],
        ["content and hash differ", "does not follow on the entry before it"],
    ),
    "a deleted entry": (
        [
            f"delete from subsidies_posting where entry_id = {SECOND}",
            f"delete from subsidies_entry where id = {SECOND}",
        ],
        ["does not follow on the entry before it", "entries come to"],
    ),
    "a balance": (
        ["update subsidies_account set balance = balance + 0.01 where kind = 'held'"],
        ["entries come to"],
    ),
    "a posting's amount": (
        [
            f"update subsidies_posting set amount = amount + 0.01 where entry_id = {FIRST} and amount > 0"
        ],
        ["postings do not mirror it"],
    ),
    "a posting's account": (
        [
            (
                "update subsidies_posting p set account_id = (select id from subsidies_account a"
                f" where kind = 'source' limit 1) where entry_id = {FIRST} and amount > 0"
            )
        ],
        ["postings do not mirror it"],
    ),
    "a missing posting": (
        [f"delete from subsidies_posting where entry_id = {FIRST} and amount > 0"],
        ["postings do not mirror it"],
    ),
    "a posting of no entry": (
        [
            (
                "insert into subsidies_posting (entry_id, account_id, amount, balance, at)"
                " select 999999, account_id, amount, balance, at + interval '1 s' from subsidies_posting"
                f" where entry_id = {FIRST}"
            )
        ],
        ["entry 999999: postings do not mirror it"],
    ),
    "the head": (
        [f"update workflow_chainhead set hash = sha256('x') where chain = {ACADEMYS}"],
        ["the head is not the last entry"],
    ),
}


def test_an_honest_ledger_is_proved_whatever_characters_a_note_has(ledger):
    code, words = ledger()

    assert Entry.objects.filter(note=ODD).count() == 1
    assert code == 0
    assert f"{Entry.objects.count()} entries" in words
    assert " 0 faults" in words


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_is_named(ledger, what):
    statements, sentences = ALTERED[what]

    code, words = ledger(*statements)

    assert code == 1
    assert not [sentence for sentence in sentences if sentence not in words], words


def test_an_altered_note_with_odd_characters_is_named(ledger):
    code, words = ledger("update subsidies_entry set note = note || E'\\\\' where key = 'odd'")

    assert code == 1
    assert words.count("content and hash differ") == 1


TWICE = {
    "one side each of two entries": [*taken_twice(FIRST, ">"), *taken_twice(SECOND, "<")],
    "both sides of an entry, none of another": [
        (
            "insert into subsidies_posting (entry_id, account_id, amount, balance, at) select entry_id, account_id,"
            f" amount, balance, at + interval '1 s' from subsidies_posting where entry_id = {FIRST}"
        ),
        f"delete from subsidies_posting where entry_id = {SECOND}",
    ],
}


@pytest.mark.parametrize("what", TWICE)
def test_postings_that_stand_twice_are_named_where_no_key_forbids_it(ledger, what):
    try:
        code, words = ledger(
            "alter table subsidies_posting drop constraint subsidies_posting_pkey", *TWICE[what]
        )
    finally:
        ledger(
            "delete from subsidies_posting",
            "alter table subsidies_posting add primary key (entry_id, account_id)",
        )

    assert code == 1
    assert words.count("postings do not mirror it") == 2


def test_an_entry_that_its_index_does_not_know_is_missed(ledger):
    index = "where indexrelid = 'entry_once_in_its_chain'::regclass"
    others = (
        "chain, kind, amount, reason, booked_on, note, evidence, at, previous_hash, hash, academy_id,"
        " approved_by_id, giver_id, made_by_id, reverses_id, taker_id"
    )
    try:
        code, words = ledger(
            "set allow_system_table_mods = on",
            f"update pg_index set indisready = false {index}",
            f"insert into subsidies_entry (id, key, sequence, {others}) overriding system value"
            f" select 900001, 'forged', 99, {others} from subsidies_entry where id = {FIRST}",
            f"update pg_index set indisready = true {index}",
            "insert into subsidies_posting (entry_id, account_id, amount, balance, at) select 900001, account_id,"
            f" amount, balance, at + interval '1 s' from subsidies_posting where entry_id = {FIRST}",
        )
    finally:
        ledger(
            "delete from subsidies_posting where entry_id = 900001",
            "set enable_indexscan = off",
            "delete from subsidies_entry where key = 'forged'",
        )

    assert code == 1
    assert "an index hides some" in words


@pytest.mark.parametrize("encoding", ["UTF8", "GBK"])
def test_what_a_terminal_speaks_changes_nothing(ledger, monkeypatch, encoding):
    monkeypatch.setenv("PGCLIENTENCODING", encoding)

    assert ledger()[0] == 0
