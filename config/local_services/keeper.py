"""The process that owns one service: `python -m config.local_services.keeper NAME HOME MODE`.

It says "ready" on its output once the service answers, then waits for an exclusive lock on the
users' file, which it gets when the last user has ended, and stops the service. While it stops, it
holds that lock, so that a newcomer waits and then starts a fresh one.
"""

import fcntl
import os
import shutil
import signal
import sys
from pathlib import Path

from config.local_services import folders
from config.local_services.postgres import LocalPostgres
from config.local_services.valkey import LocalValkey

SERVICES: dict[str, type[LocalPostgres] | type[LocalValkey]] = {
    "postgres": LocalPostgres,
    "valkey": LocalValkey,
}
THROW_AWAY = "throw-away"
READY = b"ready\n"


class _Ended(Exception):  # noqa: N818 - a turn of events, not an error
    pass


def _end(number: int, frame: object) -> None:
    raise _Ended


def users_file(state: Path, name: str) -> int:
    """A descriptor to lock; opened for reading, so that root's file serves others too."""
    return os.open(state / f"{name}.users", os.O_RDONLY | os.O_CREAT, 0o644)


def keep(name: str, home: Path, *, throw_away: bool) -> None:
    service = SERVICES[name](home, throw_away=throw_away)
    try:
        service.start()
        os.write(sys.stdout.fileno(), READY)
        users = users_file(folders.state_folder(home), name)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        fcntl.flock(users, fcntl.LOCK_EX)
    except _Ended:
        pass
    finally:
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        service.stop()
        if throw_away:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), throw_away=sys.argv[3] == THROW_AWAY)
