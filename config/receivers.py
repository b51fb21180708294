"""What happens around a migration: the owner of the tables lets the application's role use them."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

TABLE_RIGHTS = sql.SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES")
SEQUENCE_RIGHTS = sql.SQL("USAGE, SELECT ON SEQUENCES")


def let_the_application_in(*, using: str, **kwargs: Any) -> None:
    """Before tables are made: what the application's role may do with those that declare nothing."""
    statement = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}")
    _as_owner(
        using, *(statement.format(rights, _role()) for rights in (TABLE_RIGHTS, SEQUENCE_RIGHTS))
    )


def keep_the_application_out(*, using: str, **kwargs: Any) -> None:
    """After tables are made: the rights that a model declares, and no others."""
    revoke, grant = sql.SQL("REVOKE ALL ON {} FROM {}"), sql.SQL("GRANT {} ON {} TO {}")
    there = connections[using].introspection.table_names()  # fewer after going back
    for model in apps.get_models():
        rights = getattr(model, "RIGHTS", None)
        if rights and model._meta.db_table in there:
            table = sql.Identifier(model._meta.db_table)
            words = sql.SQL(", ".join(rights.in_words()))
            _as_owner(using, revoke.format(table, _role()), grant.format(words, table, _role()))


def _role() -> sql.Identifier:
    return sql.Identifier(settings.JIANGJIE_APP_ROLE)


def _as_owner(using: str, *statements: sql.Composable) -> None:
    """Nothing to do where one role is both, or where the application's role is called otherwise."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user",
            [settings.JIANGJIE_APP_ROLE],
        )
        if cursor.fetchone() is not None:
            together = sql.SQL("; ").join(statements)  # so that no right is missing in between
            cursor.execute(together.as_string())
