"""One hostile statement: as whom, against which control, and with which refusal it has to end."""

from dataclasses import dataclass

import psycopg

APP, OWNER = "jiangjie_app", "jiangjie_owner"
#: One record of a move, which the database lets a state move with.
RECORD = (
    "insert into workflow_record (chain, kind, subject, code, action, source, target, before, after,"
    " note, actor_id, sequence, previous_hash, hash) select 'main', 'transition', '{subject}',"
    " 'tests.done', '办理', '{source}', '{target}', '{{}}', '{{}}', '', min(id), 0, '', ''"
    " from organizations_user"
)
SOMEBODY = "(select min(id) from organizations_user)"
NO_RIGHT, CHECK, UNIQUE, REFERENCE = "42501", "23514", "23505", "23503"


@dataclass(frozen=True)
class Attack:
    """``control`` is the guard it is meant for (table and name); ``says`` the constraint of the refusal.

    Where ``state`` is empty the statement goes through, and ``then`` has to be true afterwards.
    """

    role: str
    control: str
    statement: str
    state: str = ""
    says: str = ""
    then: str = ""


def outcome(database, attack):
    """What comes of it: SQLSTATE and constraint, or nothing; everything is taken back."""
    try:
        with database.transaction(force_rollback=True):
            database.execute(f"set local role {attack.role}")
            database.execute(attack.statement)
            database.execute("set constraints all immediate")
            if attack.then:
                return "", "" if database.execute(attack.then).fetchone()[0] else "untrue"
    except psycopg.Error as error:
        return error.sqlstate or "", error.diag.constraint_name or ""
    return "", ""


def is_refused_as_meant(database, attack):
    return outcome(database, attack) == (attack.state, attack.says)
