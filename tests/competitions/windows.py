"""The days of appealing, as tests have them pass."""

from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone
from time_machine import travel

DAYS = 15


@contextmanager
def appeals_over():
    """So many days later that nobody appeals any more against what was published just now."""
    with travel(timezone.now() + timedelta(days=DAYS)):
        yield


def later(act, *args, **words):
    """What ``act`` comes to then."""
    with appeals_over():
        return act(*args, **words)
