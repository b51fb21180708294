"""Attacks on the heads of chains: a head that would move to a record or an entry that is not kept."""

from tests.attacks.attack import APP, OWNER, Attack
from tests.attacks.money import ENTRY, account
from tests.attacks.rules import RECORD

SKIPPED = "on conflict do nothing"
A_LEDGER = "(select max(chain) from workflow_chainhead where chain like 'ledger:%')"


def attacks(database):
    record = RECORD.format(subject="x:1", source="", target="")
    known = record.replace("sequence, previous_hash", "id, sequence, previous_hash").replace(
        "min(id), 0", "min(id), (select min(id) from workflow_record), 0"
    )
    pay = ENTRY.format(
        kind="pay", giver=account("reserved", "A-EAST"), taker=account("held", "A-EAST"), amount=1
    )
    paid = pay.replace("'attack'", "(select min(key) from subsidies_entry)")
    for control, statement in (
        ("chain_head_has_its_record", f"{known} {SKIPPED}"),
        ("chain_head_has_its_entry", record.replace("'main'", A_LEDGER)),
        ("chain_head_has_its_entry", f"{paid} {SKIPPED}"),
    ):
        for role in (APP, OWNER):
            yield Attack(role, f"workflow_chainhead.{control}", statement, "JX001", control)
