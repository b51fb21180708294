"""`make run` on an empty state folder, demo data included, and once more on the same folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import Goal
from config.environment import CHECKOUT
from config.local_services.postgres import LocalPostgres

FIRST_SECONDS, LATER_SECONDS = 60, 10
PATIENCE = 300
LATER_STARTS = 2
#: What a shell has; the database of the other benches is none of this one's business.
KEPT = {"PATH", "HOME", "LANG", "USER"}
HOST = "127.0.0.1"


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    print("启动：从命令到第一页")
    home = Path(tempfile.mkdtemp(prefix="jiangjie-start-"))
    try:
        first = _seconds_to_a_page(home)
        later = [_seconds_to_a_page(home) for _ in range(LATER_STARTS)]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(f"  首次 {first:.1f} 秒；再次 {'、'.join(f'{seconds:.1f}' for seconds in later)} 秒")
    yield Goal("首次启动到第一页（含演示数据）", first, FIRST_SECONDS, unit=" 秒")
    yield Goal("再次启动到第一页（最慢一次）", max(later), LATER_SECONDS, unit=" 秒")


def _seconds_to_a_page(home: Path) -> float:
    """Start, wait until the login page is served, stop and wait until all of it has gone."""
    port = _free_port()
    began = time.monotonic()
    with _started(home, port) as process:
        while time.monotonic() - began < PATIENCE:
            if process.poll() is not None:
                break
            if _serves(port):
                return time.monotonic() - began
            time.sleep(0.05)
    raise RuntimeError((home / "start.log").read_text(encoding="utf-8", errors="replace"))


@contextmanager
def _started(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if name in KEPT}
    environment |= {"JIANGJIE_HOME": str(home), "PORT": str(port), "PYTHONIOENCODING": "utf-8"}
    with (home / "start.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.launcher"],
            cwd=CHECKOUT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/accounts/login/", timeout=10) as page:
            return bool(page.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
