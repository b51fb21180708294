"""What a process that opens strangers' files may use, and how it is started.

``serve`` is all that the main part of such a process calls; ``command`` is what its parent runs.
Linux only, like the rest of the house.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from intake.spreadsheets.frames import END, REFUSAL, frame
from intake.spreadsheets.refusal import Refusal

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
NICENESS = 5
OPEN_FILES = 32
ROOT = Path(__file__).resolve().parents[2]


def command(module: str, argument: str) -> list[str]:
    """The command line that runs ``module`` of ours alone, blind to the user's environment."""
    return [sys.executable, "-E", "-s", "-X", "utf8", "-m", module, argument]


def environment() -> dict[str, str]:
    """Nothing of ours: no database address, no key, no proxy."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def confine(task: dict[str, Any]) -> None:
    """Bound memory, time, files and priority; die with the parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != task["parent"]:  # it died before the line above took effect
        sys.exit(1)
    os.nice(NICENESS)
    memory, seconds = task["limits"]["memory_bytes"], task["limits"]["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (task.get("writes", 0),) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def serve(work: Callable[[dict[str, Any], BinaryIO], None]) -> None:
    """Do the task in the JSON argument, confined, and end with END or one REFUSAL."""
    task = json.loads(sys.argv[1])
    confine(task)
    with open(task["out"], "wb", buffering=1 << 16) as out:  # noqa: PTH123 — a descriptor
        try:
            work(task, out)
        except Refusal as refusal:
            out.write(frame(REFUSAL, json.dumps([refusal.code, refusal.message])))
        else:
            out.write(frame(END, ""))
