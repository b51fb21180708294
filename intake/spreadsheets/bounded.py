"""Starting a bounded process of ours and hearing its frames; its death becomes a refusal."""

import contextlib
import fcntl
import json
import logging
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from intake.spreadsheets.confinement import ROOT, command, environment
from intake.spreadsheets.frames import HEADER, LONGEST
from intake.spreadsheets.limits import Limits
from workflow.refusals import DomainError

logger = logging.getLogger(__name__)

PIPE_BYTES = 1 << 20
MEND = "请用 Excel 或 WPS 打开核对，新建工作簿只粘贴数值，另存为 .xlsx 后再上传。"
OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL}


@contextlib.contextmanager
def bounded(
    module: str, task: dict[str, Any], *, files: tuple[int, ...], limits: Limits
) -> Iterator["Frames"]:
    """Run ``module`` on ``task``, with the descriptors ``files``; it ends with the block."""
    ours, theirs = os.pipe2(os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # an unprivileged user may have used up the allowance
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        task = task | {"out": theirs, "parent": os.getpid(), "limits": asdict(limits)}
        try:
            process = subprocess.Popen(  # noqa: S603 — our own module, no shell
                command(module, json.dumps(task)),
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(*files, theirs),
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


class Frames:
    """The frames a bounded process sends; ``next`` raises ``DomainError`` when it has died."""

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
        return self.current

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
