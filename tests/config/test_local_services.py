import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config.local_services import folders
from config.local_services.folders import Account

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20
USER = """
import sys
from pathlib import Path
from config.local_services import share
print(share.postgres(Path(sys.argv[1])).url("jiangjie_app"), flush=True)
sys.stdin.readline()
"""
BROKER_USER = USER.replace(
    'postgres(Path(sys.argv[1])).url("jiangjie_app")', "valkey(Path(sys.argv[1])).url()"
)


@pytest.fixture
def home():
    """A state folder whose path is hard: spaces, Chinese, and too long for a socket."""
    top = Path(tempfile.mkdtemp(prefix="jiangjie-test-"))  # pytest closes its own to other accounts
    top.chmod(0o755)
    yield top / "工匠 人才" / ("很长的目录" * 8) / "var"
    shutil.rmtree(top)


@pytest.fixture
def join(home):
    """Start a process that uses a service of `home` until told to end."""
    users = []

    def start(program=USER):
        user = subprocess.Popen(
            [sys.executable, "-c", program, str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        users.append(user)
        return user, user.stdout.readline().strip()

    yield start
    for user in users:
        user.kill()
        user.communicate()
    assert until(lambda: not processes_of(home))


def processes_of(home):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(home) in words and b"-c\0\nimport sys" not in words:
                found.append(int(entry.name))
    return found


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def leave(user):
    user.communicate("\n")


def test_two_users_share_one_server_and_the_last_one_out_stops_it(join, home):
    first, address = join()
    keepers = processes_of(home)
    second, same = join()

    leave(first)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TEMPORARY TABLE seen ()")
    leave(second)

    assert (same, len(keepers) > 0) == (address, True)
    assert until(lambda: not processes_of(home))


def test_a_server_ends_with_users_that_were_killed(join, home):
    first, _ = join()
    second, _ = join()

    for user in (first, second):
        user.send_signal(signal.SIGKILL)
        user.wait()

    assert until(lambda: not processes_of(home))


def test_a_server_ends_with_its_keeper_and_the_next_user_starts_another(join, home):
    _, address = join()
    keeper = next(
        p for p in processes_of(home) if b"keeper" in Path(f"/proc/{p}/cmdline").read_bytes()
    )

    os.kill(keeper, signal.SIGKILL)
    ended = until(lambda: not processes_of(home))
    _, again = join()

    assert (ended, again) == (True, address)


def test_data_outlives_the_server(join, home):
    user, address = join()
    owner = address.replace("jiangjie_app", "jiangjie_owner")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    leave(user)
    assert until(lambda: not processes_of(home))

    join()
    with psycopg.connect(owner) as connection:
        found = connection.execute("SELECT number FROM kept").fetchall()

    assert found == [(42,)]


def test_the_application_can_neither_rule_nor_build_nor_empty(join):
    _, address = join()
    with psycopg.connect(address.replace("jiangjie_app", "jiangjie_owner")) as connection:
        connection.execute("CREATE TABLE thing (number int)")
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON thing TO jiangjie_app")

    with psycopg.connect(address, autocommit=True) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        connection.execute("INSERT INTO thing VALUES (1)")
        for statement in ("TRUNCATE thing", "DROP TABLE thing", "CREATE TABLE other ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)

    assert rights == (False, False, False, False)


def test_a_broker_is_shared_in_the_same_way(join, home):
    user, address = join(BROKER_USER)
    other, same = join(BROKER_USER)

    leave(user)
    leave(other)

    assert (address, address.startswith("unix:///")) == (same, True)
    assert until(lambda: not processes_of(home))


@pytest.mark.parametrize(
    "state",
    [Path("/srv/jiangjie"), Path("/srv") / ("long" * 30), Path("/srv/有 空格")],
    ids=("plain", "long", "Chinese"),
)
def test_socket_paths_fit_and_need_no_quoting(monkeypatch, state):
    monkeypatch.setattr(folders, "private_folder", lambda path, owner: path)
    me = Account("me", 1234, 1234)

    folder = str(folders.socket_folder(state, "postgres", me))

    assert len(os.fsencode(folder + folders.LONGEST_SOCKET_NAME)) <= 107
    assert folder.isascii()
    assert " " not in folder


def test_a_closed_folder_is_out_of_reach_of_the_lent_account(tmp_path):
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    stranger = Account("stranger", 64_999, 64_999)

    assert not folders.reachable(inner, stranger)
    assert folders.reachable(Path("/usr/bin"), stranger)


def test_a_socket_folder_of_somebody_else_is_not_used(tmp_path):
    (tmp_path / "trap").symlink_to(tmp_path)

    with pytest.raises(SystemExit, match="属于别的账号"):
        folders.private_folder(tmp_path / "trap", folders.account_of_this_process())
