"""Two people at one batch: the second waits a little, then is told, never left with an error."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def busy_refused(what: str) -> Iterator[None]:
    """Turn a lock that did not come in time into a sentence; wraps the whole transaction."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise
        raise DomainError("import-busy", f"{what}，请稍候片刻，刷新页面后再试") from error
