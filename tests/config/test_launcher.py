"""`make run` for real, on a state folder of its own and without demo data."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    return None


def processes_with(environment_line):
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if environment_line in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
    return found


class Run:
    """One `make run`: its process, its address, and whatever belongs to it."""

    def __init__(self, home, port):
        self.home, self.port = home, port
        inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.launcher"],
            cwd=ROOT,
            env=inherited | {"JIANGJIE_HOME": str(home), "PORT": str(port), "JIANGJIE_DEMO": "no"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_up(self):
        address = f"http://127.0.0.1:{self.port}/accounts/login/"
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                return page.status == 200
        except OSError:
            return False

    def everything(self):
        return processes_with(b"JIANGJIE_HOME=" + os.fsencode(self.home))

    def workers(self):
        mine = self.process.pid
        return [
            pid
            for pid, words in self.everything().items()
            if b"worker" in words and parent_of(pid) == mine
        ]

    def brokers(self):
        keepers = [pid for pid, words in self.everything().items() if b"keeper" in b" ".join(words)]
        return [pid for pid in children_of(keepers) if b"valkey" in command_of(pid)]

    def has_left_nothing(self):
        return self.everything() == {} and not self.is_up()


def parent_of(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def children_of(parents):
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [pid for pid in numbers if parent_of(pid) in parents]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def run():
    top = Path(tempfile.mkdtemp(prefix="jiangjie-test-"))
    top.chmod(0o755)
    runs = []

    def start(port=None):
        runs.append(Run(top / "家 var", port or free_port()))
        return runs[-1]

    yield start
    for one in runs:
        one.process.kill()
        one.process.communicate()
    assert until(runs[0].has_left_nothing)
    shutil.rmtree(top)


def test_everything_starts_ends_and_starts_again_with_one_parent(run):
    first = run()
    assert until(first.is_up)
    assert until(first.workers)

    second = run()
    refusal, _ = second.process.communicate(timeout=PATIENCE)
    assert (second.process.returncode, "已由另一个 make run 使用" in refusal) == (1, True)

    taken = run(first.port)
    refusal, _ = taken.process.communicate(timeout=PATIENCE)
    assert (taken.process.returncode, "PORT=8001 make run" in refusal) == (1, True)

    first.process.send_signal(signal.SIGTERM)
    said, _ = first.process.communicate(timeout=PATIENCE)
    assert (first.process.returncode, f"http://127.0.0.1:{first.port}/" in said) == (0, True)
    assert until(first.has_left_nothing)


def test_a_killed_worker_is_replaced_and_a_killed_parent_leaves_nothing(run):
    house = run()
    assert until(house.is_up)
    [worker] = until(house.workers)

    os.kill(worker, signal.SIGKILL)
    replaced = until(lambda: [pid for pid in house.workers() if pid != worker])
    os.kill(house.process.pid, signal.SIGKILL)

    assert replaced
    assert until(house.has_left_nothing)


def test_without_its_broker_the_house_answers_until_the_broker_is_back(run):
    house = run()
    assert until(house.is_up)
    assert until(house.workers)
    [broker] = house.brokers()

    os.kill(broker, signal.SIGKILL)
    answered = [house.is_up() for _ in range(5)]
    replaced = until(lambda: [pid for pid in house.brokers() if pid != broker])
    workers = until(house.workers)
    house.process.send_signal(signal.SIGTERM)
    said, _ = house.process.communicate(timeout=PATIENCE)

    assert answered == [True] * 5
    assert (bool(replaced), bool(workers)) == (True, True)
    assert "消息服务已恢复，后台任务继续。" in said
