"""`make run`: everything the product needs under one parent that takes all of it down with it.

Children get a signal from the kernel when this process ends, however it ends; the local services
notice that their last user is gone and stop as well.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from config import environment
from config.command_line import Service, use_local_services
from config.local_services import share
from config.local_services.children import PR_SET_PDEATHSIG, start_child, wait_for
from config.local_services.valkey import LocalValkey

HOST = "127.0.0.1"
WEB_SECONDS = 120
LOOK_EVERY = 0.5
LOOKS_PER_SERVICE = 10
MOST_FALLS, FALL_SECONDS = 5, 60  # a child that falls more often than that will not stand
PATIENCE = 10
BACKGROUND = {"worker", "beat"}


class Launcher:
    def __init__(self, port: int) -> None:
        self.port = port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.starters: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}
        self.falls: deque[float] = deque(maxlen=MOST_FALLS)
        self.services: list[Service] = []
        self.preparation: subprocess.Popen[bytes] | None = None
        self.ending = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        end_with_make()
        began = time.monotonic()
        self._say("正在准备数据库……")
        self.services = use_local_services(start_broker=True)
        logins = self._prepare()
        try:
            if self.ending:
                return 0
            self._start_web()
            if not self._web_answers():
                self._say("" if self.ending else "网页服务没有启动，原因见上。")
                return 0 if self.ending else 1
            self._start_workers()  # afterwards, so that nothing delays the first page
            seconds = time.monotonic() - began
            self._say(f"匠阶已启动（{seconds:.1f} 秒）：http://{HOST}:{self.port}/")
            self._say(f"{logins}\n按 Ctrl+C 停止。".strip())
            return self._watch()
        finally:
            self._stop_children()

    def _end(self, number: int, frame: object) -> None:
        self.ending = True
        if self.preparation:
            self.preparation.terminate()

    def _say(self, text: str) -> None:
        print(text, flush=True)

    def _prepare(self) -> str:
        """Bring the data up to date in a process of its own; returns the logins it prints."""
        if self.ending:
            return ""
        self.preparation = start_child(
            [sys.executable, "-m", "config.first_data"],
            dies_by=signal.SIGTERM,
            cwd=environment.CHECKOUT,
            env=os.environ | {"JIANGJIE_INLINE_JOBS": "1", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
        )
        printed, _ = self.preparation.communicate()
        if self.preparation.returncode and not self.ending:
            raise SystemExit("准备数据失败，原因见上。")
        self.preparation = None
        return printed.decode().strip()

    def _start_web(self) -> None:
        # Threads mostly wait, for a body that comes slowly among others; the pool of connections
        # keeps them from crowding the database.
        self._start(
            "web",
            *("-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port)),
            *("--workers", "1", "--blocking-threads", "32", "--no-ws", "--log-level", "warning"),
            *("--http1-header-read-timeout", "10000"),
            *("--workers-kill-timeout", "5", "config.wsgi:application"),
            dies_by=signal.SIGTERM,  # its workers end only when it tells them to
        )

    def _start_workers(self) -> None:
        celery = ("-m", "celery", "-A", "config", "--quiet")
        quiet = {"PYTHONWARNINGS": "ignore:You're running the worker"}
        self._start(
            "worker",
            *(*celery, "worker", "--concurrency=2", "--loglevel=WARNING", "-n", "jiangjie@%h"),
            *("--without-gossip", "--without-mingle"),
            dies_by=signal.SIGKILL,  # its pool dies with it; the next start takes the job up again
            **quiet,
        )
        self._start(
            "beat",
            *(*celery, "beat", "--loglevel=WARNING", "--pidfile="),
            *(
                "--scheduler",
                "celery.beat.Scheduler",
            ),  # the schedule is in the settings, not a file
            dies_by=signal.SIGKILL,
        )

    def _start(self, name: str, *arguments: str, dies_by: int, **extra: str) -> None:
        self.starters[name] = partial(
            start_child,
            [sys.executable, *arguments],
            dies_by=dies_by,
            env=os.environ | extra,
            cwd=environment.CHECKOUT,
        )
        self.children[name] = self.starters[name]()

    def _web_answers(self) -> bool:
        deadline = time.monotonic() + WEB_SECONDS
        while not self.ending and not self._fallen() and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://{HOST}:{self.port}/accounts/login/", timeout=10)
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _fallen(self) -> list[str]:
        return [name for name, child in self.children.items() if child.poll() is not None]

    def _watch(self) -> int:
        looks = 0
        while not self.ending:
            for name in self._fallen():
                if not self._may_start_again():
                    self._say(f"{name} 反复意外退出，全部停止。")
                    return 1
                self._say(f"{name} 意外退出，重新启动。")
                self.children[name] = self.starters[name]()
            looks += 1
            if looks % LOOKS_PER_SERVICE == 0 and not self._services_stand():
                self._say("数据库已停止，全部停止。")
                return 1
            time.sleep(LOOK_EVERY)
        return 0

    def _services_stand(self) -> bool:
        """Whether the database answers; a broker that does not is started again.

        Without a broker pages go on and jobs wait in their rows. Worker and scheduler begin anew
        with it, for a connection that was cut is not always taken up again by itself.
        """
        for service in self.services:
            if service.answers():
                continue
            if not isinstance(service, LocalValkey):
                return False
            self._say("消息服务意外停止，正在重新启动；网页照常，后台任务等候。")
            try:
                share.valkey(environment.home())
            except SystemExit as failure:
                self._say(f"{failure}\n稍后再试。")
                continue
            for name in self.children.keys() & BACKGROUND:
                self.children[name].terminate()
                wait_for(self.children[name], patience=PATIENCE)
                self.children[name] = self.starters[name]()
            self._say("消息服务已恢复，后台任务继续。")
        return True

    def _may_start_again(self) -> bool:
        self.falls.append(time.monotonic())
        return len(self.falls) < MOST_FALLS or self.falls[-1] - self.falls[0] > FALL_SECONDS

    def _stop_children(self) -> None:
        for child in self.children.values():
            child.terminate()
        for name, child in self.children.items():
            if not wait_for(child, patience=PATIENCE):
                self._say(f"{name} 没有按时停止，已强行结束。")


def end_with_make() -> None:
    """`kill -9` of make must end us too; a shell that started us directly may go."""
    parent = os.getppid()
    try:
        name = Path(f"/proc/{parent}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return
    if name in {"make", "gmake"}:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def free_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal():
        raise SystemExit(f"PORT 应为数字：{text}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except (OSError, OverflowError) as error:
            raise SystemExit(
                f"端口 {text} 不可用（{error}）；可换一个：PORT=8001 make run"
            ) from error
    return int(text)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One `make run` per state folder: two workers' worth of beat would send every job twice."""
    with (home / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"这份数据（{home}）已由另一个 make run 使用") from None
        yield


if __name__ == "__main__":
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, TextIOWrapper):
            output.reconfigure(
                errors="replace"
            )  # a terminal without Chinese still gets the address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    chosen = free_port()
    with only_one(environment.usable_home()):
        sys.exit(Launcher(chosen).run())
