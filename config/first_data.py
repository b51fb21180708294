"""Bring a local installation up to date: tables, policies, and demo data once.

`python -m config.first_data` reports progress on stderr and prints the demo logins on stdout.
"""

import os
import sys
from contextlib import redirect_stdout

import django
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")


def migrate_as_owner() -> None:
    """Migrate as the role that owns the tables, then go on as the application's role."""
    app = dict(connection.settings_dict)
    owner = environment.database(environment.database_owner_url())
    connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD")})
    call_command("migrate", verbosity=0)
    try:
        call_command("digest_accounts", verbosity=0)  # of before they were compared
    except CommandError as refusal:
        # what no key opens stays uncompared, and keeps nobody from working
        sys.stderr.write(f"{refusal}\n")
    connection.close()
    connection.settings_dict.update(app)


def furnish() -> None:
    """Load what is missing; a second start changes nothing."""
    commands = get_commands()
    with redirect_stdout(sys.stderr):  # also of the commands that these call
        if "load_policies" in commands:
            call_command("load_policies")
        if environment.wants_demo() and "load_demo" in commands:
            _load_demo_once()
        call_command("anchor")  # of what was done before the hour was up last time, too
    if "demo_logins" in commands:
        call_command("demo_logins")


def _load_demo_once() -> None:
    """Only into an empty installation; what was interrupted is taken up again at the next start."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs django.setup()

    unfinished = environment.home() / "demo-unfinished"
    people = get_user_model().objects.exclude(username="system")
    if people.exists() and not unfinished.exists():
        return
    sys.stdout.write("正在载入演示数据……\n")
    unfinished.touch()
    call_command("load_demo")
    unfinished.unlink()


if __name__ == "__main__":
    django.setup()
    migrate_as_owner()
    furnish()
