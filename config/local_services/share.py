"""How a process comes to a local service: join the one that runs, or start it, and let go at end."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from config.local_services import folders
from config.local_services.keeper import READY, THROW_AWAY, users_file
from config.local_services.postgres import LocalPostgres
from config.local_services.valkey import LocalValkey

CHECKOUT = Path(__file__).resolve().parents[2]
_held: list[int] = []  # descriptors whose locks live as long as this process


def postgres(home: Path, *, throw_away: bool = False) -> LocalPostgres:
    service = LocalPostgres(home, throw_away=throw_away)
    _join("postgres", service, home, throw_away=throw_away)
    return service


def valkey(home: Path, *, throw_away: bool = False) -> LocalValkey:
    service = LocalValkey(home, throw_away=throw_away)
    _join("valkey", service, home, throw_away=throw_away)
    return service


def running_valkey(home: Path) -> LocalValkey | None:
    """The Valkey of a `make run` that is up now, if any; none is started."""
    service = LocalValkey(home)
    return service if service.answers() else None


def _join(name: str, service: LocalPostgres | LocalValkey, home: Path, *, throw_away: bool) -> None:
    state = folders.state_folder(home)
    turn = os.open(state / f"{name}.turn", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one starter at a time
        users = users_file(state, name)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is stopping
        _held.append(users)
        if not service.answers():
            _start_keeper(name, home, state, throw_away=throw_away)
    finally:
        os.close(turn)


def _start_keeper(name: str, home: Path, state: Path, *, throw_away: bool) -> None:
    mode = THROW_AWAY if throw_away else "kept"
    with (state / f"{name}.keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.local_services.keeper", name, str(home), mode],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    if keeper.stdout is None or keeper.stdout.readline() != READY:
        reason = (state / f"{name}.keeper.log").read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"本机 {name} 没有启动：\n{reason[-3000:]}")
    _keepers.append(keeper)  # never waited for: it outlives us when others still use the service


_keepers: list[subprocess.Popen[bytes]] = []
