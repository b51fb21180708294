#!/usr/bin/env python3
"""Django's commands. Without DATABASE_URL they find or start the local PostgreSQL."""

import os
import sys

from django.core.management import execute_from_command_line

from config.command_line import prepare

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    prepare(sys.argv)
    execute_from_command_line(sys.argv)
