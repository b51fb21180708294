#!/usr/bin/env python3
"""Django's commands. Without DATABASE_URL they find or start the local PostgreSQL."""

import os
import sys


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    from config.command_line import prepare

    prepare(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
