"""Fixtures every app's tests may ask for. How the services start is in `services.py`."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import TransactionTestCase
from redis import Redis

from tests import database
from tests.contexts import contexts_of_pages_only, nothing_is_kept  # noqa: F401 - of every test
from tests.inputs import beijing, lasting_beijing  # noqa: F401 - fixtures of every test
from tests.order import (  # noqa: F401 - hooks
    pytest_collection_finish,
    pytest_collection_modifyitems,
)
from tests.permissions.world import build

WORKER_SECONDS = 90


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """The database is made by its owner and used as the application's role."""
    suffix = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with django_db_blocker.unblock():
        database.make_test_database(f"test_{suffix}")


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_clean_up_as_administrator():
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: database.restore()
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="module")
def no_policies(django_db_setup, django_db_blocker):
    """The module begins with an empty policy library and an empty record."""
    with django_db_blocker.unblock(), database.without_policies():
        yield


@pytest.fixture(scope="module")
def lasting_world(django_db_setup, django_db_blocker):
    """The people and bodies of the permission table, made once per module and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(lasting_world):
    """The same for one test; what the test adds is taken back."""
    with transaction.atomic():
        yield lasting_world
        transaction.set_rollback(True)


@pytest.fixture
def valkey():
    """The broker of this test session, empty."""
    with Redis.from_url(django_settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def start_worker(transactional_db, valkey):
    """Call it to get a real Celery worker process (one child) on the test database."""
    workers = []

    def start(*options):
        environment = os.environ | {"DATABASE_URL": database.url()}
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1"]
        worker = subprocess.Popen(
            [*command, "--loglevel=WARNING", "--without-gossip", "--without-mingle", *options],
            env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
            start_new_session=True,
        )
        workers.append(worker)
        deadline = time.monotonic() + WORKER_SECONDS
        while not valkey.exists("_kombu.binding.celery.pidbox"):
            assert worker.poll() is None, "the worker ended"
            assert time.monotonic() < deadline, "the worker did not come up"
            time.sleep(0.05)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            os.killpg(worker.pid, 9)
        worker.wait()
