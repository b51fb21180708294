"""Starting a bounded process of ours and hearing its frames; its death becomes a refusal."""

import contextlib
import fcntl
import json
import logging
import os
import select
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.spreadsheets.confinement import ROOT, command, environment
from intake.spreadsheets.frames import HEADER, LONGEST, REFUSAL
from intake.spreadsheets.limits import Limits
from workflow.refusals import DomainError

logger = logging.getLogger(__name__)

Source = Path | bytes

PIPE_BYTES = 1 << 20
MEND = "请用 Excel 或 WPS 打开核对，新建工作簿只粘贴数值，另存为 .xlsx 后再上传。"
SEATS, SEAT_SECONDS = 3, 10.0
_SEATS = threading.BoundedSemaphore(SEATS)
OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL}


@contextlib.contextmanager
def seat() -> Iterator[None]:
    """A place among those whose files a web process looks at while they wait.

    Fewer than its threads, so that however long files take, pages are still answered.
    """
    if not _SEATS.acquire(timeout=SEAT_SECONDS):
        raise DomainError("readers-busy", "正在读取的文件较多，本文件还没有读取，请稍后重新上传")
    try:
        yield
    finally:
        _SEATS.release()


@contextlib.contextmanager
def bounded(
    module: str, task: dict[str, Any], *, files: Mapping[str, int], limits: Limits
) -> Iterator["Frames"]:
    """Run ``module`` on ``task``; it ends with the block.

    ``files``: what the task calls a file → the open descriptor of ours that it gets.
    """
    ours, theirs = os.pipe2(os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # an unprivileged user may have used up the allowance
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        task = task | {name: f"/proc/self/fd/{file}" for name, file in files.items()}
        task |= {"out": theirs, "parent": os.getpid(), "limits": asdict(limits)}
        try:
            process = subprocess.Popen(  # noqa: S603 — our own module, no shell
                command(module, json.dumps(task)),
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(*files.values(), theirs),
            )
        finally:
            os.close(theirs)
        try:
            yield Frames(process, ours, limits.waiting_seconds)
        finally:
            process.kill()
            process.wait()
    finally:
        os.close(ours)


@contextlib.contextmanager
def descriptor(source: Source) -> Iterator[int]:
    """``source`` as an open descriptor; bytes go into anonymous memory, never onto a disk."""
    if isinstance(source, Path):
        number = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    else:
        number = os.memfd_create("spreadsheet")
    try:
        if isinstance(source, bytes):
            view = memoryview(source)
            while view:
                view = view[os.write(number, view) :]
        yield number
    finally:
        os.close(number)


class Frames:
    """The frames a bounded process sends; its refusal and its death are a ``DomainError``."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: int, patience: float) -> None:
        self._process, self._pipe, self._patience = process, pipe, patience
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)
        self._buffer = bytearray()
        self.current: tuple[bytes, bytes] = (b"", b"")

    def next(self) -> tuple[bytes, bytes]:
        """The type and the payload of the next frame; ``current`` keeps the latest."""
        kind, length = HEADER.unpack(self._take(HEADER.size))
        if length > LONGEST:
            raise self._dead()
        self.current = kind, self._take(length)
        if kind == REFUSAL:
            raise DomainError(*json.loads(self.current[1]))
        return self.current

    def expect(self, kind: bytes) -> bytes:
        """The payload of the next frame, which is of this kind."""
        self.next()
        return self.check(kind)

    def check(self, kind: bytes) -> bytes:
        """The payload of the current frame; a process that says anything else is not believed."""
        if self.current[0] != kind:
            self._process.kill()
            raise self._dead()
        return self.current[1]

    def _take(self, count: int) -> bytes:
        buffer = self._buffer
        while len(buffer) < count:
            if not self._poll.poll(self._patience * 1000):
                self._process.kill()
                raise self._dead()
            chunk = os.read(self._pipe, PIPE_BYTES)
            if not chunk:
                raise self._dead()
            buffer += chunk
        taken = bytes(memoryview(buffer)[:count])
        del buffer[:count]
        return taken

    def _dead(self) -> DomainError:
        status = self._process.wait()
        logger.warning("spreadsheet process ended with status %s", status)
        if status in OUT_OF_TIME:
            what = "文件过于复杂，在限定时间内读不完。"
        elif status == -signal.SIGABRT:
            what = "文件读取失败：内容过大，或者内部结构已损坏。"
        else:
            what = "文件读取失败：内部结构已损坏。"
        return DomainError("workbook-unreadable", what + MEND)
