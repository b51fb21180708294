"""Where a service keeps its data and its socket, and as whom it runs."""

import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107  # sun_path, less its closing zero
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
ROOT_STATE = Path("/var/lib/jiangjie")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def popen_options(self) -> dict:
        """What makes `subprocess` start a program as this account."""
        if self.is_me:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account(data: Path | None = None) -> Account:
    """PostgreSQL refuses to run as root, so root lends it an account that is there already."""
    if os.geteuid() != 0:
        return account_of_this_process()
    if data and data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in (os.environ.get("JIANGJIE_PG_USER"), "postgres", "nobody"):
        try:
            if name and pwd.getpwnam(name).pw_uid != 0:
                return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise SystemExit("以 root 运行时需要一个普通账号来运行 PostgreSQL；请以 JIANGJIE_PG_USER 指定")


def account_of_this_process() -> Account:
    return _account(pwd.getpwuid(os.geteuid()))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reachable(path: Path, by: Account) -> bool:
    """Whether the account may walk to `path`, by the mode bits of every folder above it."""
    for step in (path, *path.parents):
        if not step.exists():
            continue
        facts = step.stat()
        if facts.st_uid == by.uid:
            bit = stat.S_IXUSR
        elif facts.st_gid == by.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if step.is_dir() and not facts.st_mode & bit:
            return False
    return True


def state_folder(home: Path) -> Path:
    """Where service data lives: in `home`, unless root's home is closed to the lent account.

    Then it is under /var/lib/jiangjie, by a name drawn once and written down in `home`.
    """
    home.mkdir(parents=True, exist_ok=True)
    services = home / "services"
    if services.exists() or reachable(home, account()):
        services.mkdir(mode=0o755, exist_ok=True)
        return services
    note = home / "instance"
    if not note.exists():
        note.write_text(secrets.token_hex(5), encoding="ascii")
    elsewhere = ROOT_STATE / note.read_text(encoding="ascii").strip()
    elsewhere.mkdir(mode=0o755, parents=True, exist_ok=True)
    return elsewhere


def socket_folder(state: Path, name: str, owner: Account) -> Path:
    """A folder only the owner may enter, on a path short and plain enough for every client."""
    near = state / f"{name}.run"
    if _suits_a_socket(near):
        return private_folder(near, owner)
    tag = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:12]
    temporary = Path(tempfile.gettempdir())
    far = temporary / f"jiangjie-{owner.uid}-{tag}-{name}"
    if not _suits_a_socket(far):
        far = Path("/tmp") / far.name  # noqa: S108 - the folder made in it is checked and closed
    return private_folder(far, owner)


def _suits_a_socket(folder: Path) -> bool:
    plain = str(folder).isascii() and not set(str(folder)) & set(" %?#&'\"\\,")
    return plain and len(os.fsencode(folder)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH


def private_folder(path: Path, owner: Account) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    facts = path.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {owner.uid, os.geteuid()}:
        raise SystemExit(f"{path} 属于别的账号，不能使用")
    if not owner.is_me:
        os.chown(path, owner.uid, owner.gid)
    path.chmod(0o700)
    return path
