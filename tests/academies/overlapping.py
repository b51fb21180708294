"""Two transactions of which the second begins before the first has ended."""

import threading
import time

from django.db import connection, transaction

from tests.talents.test_imports_at_once import at_once

PATIENCE = 8
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def overlapping(first, second):
    """What both came to; ``first`` commits when ``second`` waits for it, or is through."""
    written, ended = threading.Event(), threading.Event()

    def leading():
        try:
            with transaction.atomic():
                outcome = first()
                written.set()
                _until_somebody_waits(ended)
        finally:
            written.set()
        return outcome

    def following():
        assert written.wait(PATIENCE)
        try:
            return second()
        finally:
            ended.set()

    return at_once(leading, following)


def _until_somebody_waits(ended):
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline and not ended.is_set():
            # In a transaction the sessions are listed once only: the second's may be younger.
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)


__all__ = ["at_once", "overlapping"]
