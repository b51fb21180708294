"""Child processes that never outlive their parent, however the parent ends."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.local_services.places import Account

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _bound_to(parent: int, dies_by: int) -> Callable[[], None]:
    def bind() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, dies_by, 0, 0, 0)
        if os.getppid() != parent:  # it ended between our fork and the line above
            os._exit(1)

    return bind


def start_child(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    dies_by: int = signal.SIGTERM,
    log: Path | None = None,
    account: Account | None = None,
    folder: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own that gets `dies_by` when this process ends.

    Call it from the main thread: the kernel watches the thread that forked.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            list(command),
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=_bound_to(os.getpid(), dies_by),  # noqa: PLW1509 - no threads run here
            **(account.popen_options() if account else {}),
        )
    finally:
        if output:
            output.close()


def stop_child(child: subprocess.Popen[bytes], by: int, *, patience: float) -> bool:
    """Ask, wait, then kill the whole session; True if asking was enough."""
    if child.poll() is None:
        child.send_signal(by)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return False
    return True
