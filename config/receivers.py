"""What happens around a migration: the owner of the tables lets the application's role use them."""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

TABLE_RIGHTS = sql.SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES")
SEQUENCE_RIGHTS = sql.SQL("USAGE, SELECT ON SEQUENCES")


def let_the_application_in(*, using: str, **kwargs: Any) -> None:
    """Before tables are made, so that a migration may take rights on its own table away again.

    Nothing to do where one role is both, or where the application's role is called otherwise.
    """
    role = settings.JIANGJIE_APP_ROLE
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role]
        )
        if cursor.fetchone() is None:
            return
        for rights in (TABLE_RIGHTS, SEQUENCE_RIGHTS):
            statement = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}")
            cursor.execute(statement.format(rights, sql.Identifier(role)).as_string())
