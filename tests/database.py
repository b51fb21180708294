"""The test database: migrated once by its owner, used as the application's role, put back fast.

Append-only tables refuse DELETE and TRUNCATE, and the application may do neither, so the cleaning
after a transactional test is done by the cluster's administrator with triggers off. Rows that
migrations and the policies brought (permissions, the system user, …) are kept aside and put back.
"""

import contextlib
import fcntl

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from config.local_services.postgres import ADMIN, OWNER
from organizations.models import User
from policies.library.editions import load_library
from tests import template

TEMPLATE = "jiangjie_template"
KEPT = "django_migrations"
#: What the loading of the policies leaves behind: they, their record, and the account that did it.
POLICIES = (
    "organizations_user",
    "policies_policyedition",
    "policies_editiondefault",
    "policies_editionuse",
    "workflow_record",
    "workflow_chainhead",
)
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> %s
    ORDER BY relname
"""
PLAIN_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""


def as_administrator(database):
    return psycopg.connect(
        host=settings.DATABASES["default"]["HOST"], user=ADMIN, dbname=database, autocommit=True
    )


@contextlib.contextmanager
def without_trigger(table, trigger):
    """One guard of a table off, for the control of a test, until the block ends."""
    with as_administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        try:
            yield
        finally:
            administrator.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def make_test_database(name):
    """Migrate a template unless another process of this run has, and copy it."""
    lock_file = settings.JIANGJIE_HOME.with_name("template.lock")
    with lock_file.open("w") as lock, as_administrator("postgres") as administrator:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = "SELECT FROM pg_database WHERE datname = %s AND datistemplate"
        if not administrator.execute(known, [TEMPLATE]).rowcount:
            _make_template(administrator)
        administrator.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, TEMPLATE, OWNER))
            )
        )
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _make_template(administrator):
    administrator.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
    administrator.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    if not template.restored(TEMPLATE):
        _migrate()
        _keep_reference_rows()
        template.keep(TEMPLATE)
    administrator.execute(f"ALTER DATABASE {TEMPLATE} WITH is_template true")


def _migrate():
    ours = connection.settings_dict
    app = ours["USER"]
    ours.update(NAME=TEMPLATE, USER=OWNER)
    try:
        call_command("migrate", verbosity=0)
        # nearly every test needs a policy, and they never change
        load_library(actor=User.objects.system())
    finally:
        connection.close()
        ours["USER"] = app


def _keep_reference_rows():
    with as_administrator(TEMPLATE) as database:
        database.execute("CREATE SCHEMA reference")
        for (table,) in database.execute(TABLES, [KEPT]).fetchall():
            name = sql.Identifier(table)
            if database.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).rowcount:
                copy = sql.SQL("CREATE TABLE reference.{0} AS TABLE public.{0}").format(name)
                database.execute(copy)


@contextlib.contextmanager
def without_policies():
    """As on the day of installing, inside the block: nothing loaded, nothing on the record."""
    with _as_triggers_off() as database:
        for table in reversed(POLICIES):
            database.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)))
    _left_out.update(POLICIES)
    try:
        yield
    finally:
        _left_out.clear()
        restore()


#: Tables that stay empty when the database is put back.
_left_out = set()


@contextlib.contextmanager
def _as_triggers_off():
    """A transaction of the administrator's, in which nothing is refused."""
    with as_administrator(connection.settings_dict["NAME"]) as database, database.transaction():
        database.execute("SET LOCAL lock_timeout = '10s'")
        database.execute("SET LOCAL session_replication_role = replica")
        yield database


def restore():
    """Bring every table back to what it was at the start."""
    with _as_triggers_off() as database:
        for (table,) in database.execute(TABLES, [KEPT]).fetchall():
            database.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)))
        kept = "SELECT relname FROM pg_class WHERE relnamespace = 'reference'::regnamespace"
        for (table,) in database.execute(kept).fetchall():
            if table not in _left_out:
                _put_back(database, table)


def _put_back(database, table):
    columns = sql.SQL(", ").join(
        sql.Identifier(column) for (column,) in database.execute(PLAIN_COLUMNS, [table])
    )
    database.execute(
        sql.SQL(
            "INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM reference.{0}"
        ).format(sql.Identifier(table), columns)
    )


def url():
    """The test database as another process of the application is told it."""
    ours = connection.settings_dict
    return f"postgresql://{ours['USER']}@/{ours['NAME']}?host={ours['HOST']}"
