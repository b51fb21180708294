"""Child processes that never outlive their parent, however the parent ends."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _bound_to(parent: int, dies_by: int) -> Callable[[], None]:
    def bind() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, dies_by, 0, 0, 0)
        if os.getppid() != parent:  # it ended between our fork and the line above
            os._exit(1)

    return bind


def _opened_for_us_alone(log: Path) -> int:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.fchmod(descriptor, 0o600)  # also one that an earlier version left open to others
    return descriptor


def start_child(
    command: Sequence[str],
    *,
    dies_by: int,
    log: Path | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own that gets `dies_by` when this process ends.

    Call it from the main thread: the kernel watches the thread that forked.
    """
    output = os.fdopen(_opened_for_us_alone(log), "ab") if log else None
    try:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_bound_to(os.getpid(), dies_by),  # noqa: PLW1509 - no threads run here
            **options | ({"stdout": output, "stderr": subprocess.STDOUT} if output else {}),
        )
    finally:
        if output:
            output.close()


def stop_child(child: subprocess.Popen[bytes], by: int, *, patience: float) -> None:
    if child.poll() is None:
        child.send_signal(by)
    wait_for(child, patience=patience)


def wait_for(child: subprocess.Popen[bytes], *, patience: float) -> bool:
    """Wait, then kill its whole session; True if waiting was enough."""
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return False
    return True
