"""`check --deploy` on the production settings, with an environment that names everything."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

EXAMPLE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DATABASE_URL": "postgresql://jiangjie_app@db.example/jiangjie",
    "REDIS_URL": "redis://valkey.example/0",
    "JIANGJIE_ALLOWED_HOSTS": "jiangjie.example",
    "JIANGJIE_PROXIES": "127.0.0.1",
    "JIANGJIE_SECRET_KEY": secrets.token_urlsafe(64),
    "JIANGJIE_ENCRYPTION_KEYS": f"1:{secrets.token_hex(32)}",
    "JIANGJIE_ANCHOR_KEYS": f"1:{secrets.token_hex(32)}",
    "JIANGJIE_DIGEST_KEY": secrets.token_hex(32),
}

if __name__ == "__main__":
    os.environ.update(EXAMPLE)
    execute_from_command_line([sys.argv[0], "check", "--deploy", "--fail-level", "WARNING"])
