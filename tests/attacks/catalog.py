"""What stands guard in the database, read from its own catalogue: the controls to drop one by one."""

from dataclasses import dataclass

from django.apps import apps

from config.layout import APPS

CONSTRAINTS = """
    select c.relname, k.conname, k.contype from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.connamespace = 'public'::regnamespace and k.contype in ('c', 'x', 'u', 'f', 'p')
      and k.conparentid = 0 and c.relname = any(%s) order by 1, 2
"""
TRIGGERS = """
    select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relname = any(%s) order by 1, 2
"""
UNIQUE_INDEXES = """
    select c.relname, i.relname from pg_index x
    join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where x.indisunique and c.relname = any(%s)
      and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid) order by 1, 2
"""
HELD = """
    select r from unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
    where has_table_privilege('jiangjie_app', %s::regclass, r)
"""


@dataclass(frozen=True)
class Control:
    """One guard: on which table, what it is called there, and the statement that takes it away."""

    kind: str
    table: str
    name: str
    dropped_by: str

    @property
    def place(self):
        return f"{self.table}.{self.name}"


def our_tables():
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
    )


def controls(database):
    """Every constraint, unique index and trigger of our tables, and every right that is withheld."""
    tables = our_tables()
    found = []
    for table, name, kind in database.execute(CONSTRAINTS, [tables]).fetchall():
        drop = f'alter table {table} drop constraint "{name}" cascade'
        found.append(
            Control({"f": "reference", "c": "check"}.get(kind, "unique"), table, name, drop)
        )
    for table, name in database.execute(UNIQUE_INDEXES, [tables]).fetchall():
        found.append(Control("unique", table, name, f'drop index "{name}"'))
    for table, name in database.execute(TRIGGERS, [tables]).fetchall():
        found.append(Control("trigger", table, name, f'drop trigger "{name}" on {table}'))
    return found + [
        Control("right", table, right, f"grant {right} on {table} to jiangjie_app")
        for table in tables
        for right in withheld(database, table)
    ]


def withheld(database, table):
    """Rights on a whole table that the application does not have; REFERENCES nobody could use."""
    held = {right for (right,) in database.execute(HELD, [table])}
    return [r for r in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER") if r not in held]
