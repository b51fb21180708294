"""What a local installation holds when it is new: the policies, and demo data once.

`python -m config.first_data` reports progress on stderr and prints the demo logins on stdout.
"""

import os
import sys

import django
from django.core.management import call_command, get_commands

from config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")


def furnish() -> None:
    """Load what is missing; a second start changes nothing."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - needs django.setup()

    commands = get_commands()
    if "load_policies" in commands:
        call_command("load_policies", stdout=sys.stderr)
    people = get_user_model().objects.exclude(username="system")
    if environment.wants_demo() and "load_demo" in commands and not people.exists():
        sys.stderr.write("首次启动，正在载入演示数据……\n")
        call_command("load_demo", stdout=sys.stderr)
    if "demo_logins" in commands:
        call_command("demo_logins")


if __name__ == "__main__":
    django.setup()
    furnish()
