"""What a `manage.py` command needs around it: a database, the right role, a place for its jobs."""

import os
from typing import Protocol

from config import environment


class Service(Protocol):
    def answers(self) -> bool: ...


LOCAL_SETTINGS = "config.settings.development"
WITHOUT_DATABASE = {
    "", "help", "version", "collectstatic", "findstatic", "diffsettings",
    "compilemessages", "makemessages", "startapp",
}  # fmt: skip
AS_OWNER = {
    "migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations",
    "optimizemigration", "flush", "sqlflush", "createcachetable", "backup", "restore", "digest_accounts",
}  # fmt: skip


def prepare(arguments: list[str]) -> None:
    """Set the environment for `manage.py ARGUMENTS`, starting local services where needed."""
    command = arguments[1] if len(arguments) > 1 else ""
    if os.environ["DJANGO_SETTINGS_MODULE"] == LOCAL_SETTINGS and not environment.has_database():
        if command in WITHOUT_DATABASE or {"-h", "--help", "--version"} & set(arguments):
            os.environ["DATABASE_URL"] = "postgresql:///not-needed"
            return
        use_local_services()
    if command in AS_OWNER:
        os.environ["DATABASE_URL"] = environment.database_owner_url()


def use_local_services(*, start_broker: bool = False) -> list[Service]:
    """Name the local services to Django; a Valkey that is not up is started only for `make run`."""
    from config.local_services import share  # noqa: PLC0415 - its binaries are absent in production

    home = environment.usable_home()
    used: list[Service] = []
    if not environment.has_database():
        postgres = share.postgres(home)
        used.append(postgres)
        os.environ["DATABASE_URL"] = postgres.url("jiangjie_app")
        os.environ["DATABASE_OWNER_URL"] = postgres.url("jiangjie_owner")
    if environment.redis_url():
        return used
    valkey = share.valkey(home) if start_broker else share.running_valkey(home)
    if valkey:
        os.environ["REDIS_URL"] = valkey.url()
        used.append(valkey)
    return used
