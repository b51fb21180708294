"""A pytest plugin: one throw-away PostgreSQL and Valkey for the whole session.

It runs before Django reads its settings. The services end with this process, however it ends.
"""

import os
import tempfile
from pathlib import Path

import pytest

from config.local_services import share
from config.local_services.postgres import APP, OWNER

REDIS_DATABASES = 16


def _temporary_home(name: str) -> Path:
    home = Path(tempfile.mkdtemp(prefix=f"jiangjie-test-{name}-"))
    home.chmod(0o755)  # the account PostgreSQL runs as has to walk through it
    return home


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        number = int(worker.removeprefix("gw")) + 1
        plain = os.environ["REDIS_URL"].rpartition("=")[0]
        os.environ["REDIS_URL"] = f"{plain}={number % REDIS_DATABASES}"
        return
    home = _temporary_home("postgres")
    postgres = share.postgres(home, throw_away=True)
    valkey = share.valkey(_temporary_home("valkey"), throw_away=True)
    os.environ["JIANGJIE_HOME"] = str(home / "home")
    os.environ["DATABASE_URL"] = postgres.url(APP)
    os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
    os.environ["REDIS_URL"] = valkey.url()
