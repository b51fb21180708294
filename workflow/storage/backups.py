"""Everything an installation needs to live again elsewhere, in one folder; its keys go apart.

A backup is ``database.dump`` (pg_dump's custom format), ``media/``, ``anchors/`` and a manifest
with the digest of each file and the rows of each table, sealed with the digest key. Anchors are
taken of the dump's own snapshot, so that they name all its records and no other, and media after it: a
row never names a file that is not there (files are kept before their row, and never removed).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from workflow.records import anchors
from workflow.refusals import DomainError
from workflow.storage import durable, vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DUMP, MEDIA, ANCHORS = "database.dump", "media", "anchors"
MANIFEST, SEAL = "manifest.json", "manifest.seal"
PROBE = b"jiangjie"
PROGRAM_SECONDS = 6 * 3600
#: libpq's own settings among Django's connection options.
NOT_LIBPQ = {"options", "pool"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup holds, as its manifest says."""

    files: Mapping[str, str]
    rows: Mapping[str, int]
    probe: str
    made_at: str


def make(out: Path) -> Content:
    """Write a backup to ``out``, which must not be there yet; it appears only when it is whole."""
    if out.exists():
        raise DomainError("backup-there-already", f"{out} 已经存在，请另指定一个新目录")
    draft = out.with_name(f"{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    durable.make_folder(draft)
    try:
        rows = _dump(draft)
        _copy_tree(Path(settings.MEDIA_ROOT), draft / MEDIA)
        content = Content(
            _digests(draft), rows, vault.encrypt(PROBE).hex(), timezone.now().isoformat()
        )
        _write_manifest(draft, content)
        draft.rename(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    durable.flush_folder(out.parent)
    return content


def write_keys(folder: Path, *, backup: Path) -> None:
    """The keys as ``$JIANGJIE_HOME/keys`` holds them; never inside what they open."""
    if folder.resolve().is_relative_to(backup.resolve()):
        raise DomainError("keys-beside-backup", "密钥必须与备份分开存放，请另指定目录")
    for name, text in (
        ("jiangjie_secret_key", settings.SECRET_KEY),
        ("jiangjie_encryption_keys", _numbered(settings.VAULT_KEYS)),
        ("jiangjie_anchor_keys", _numbered(settings.ANCHOR_KEYS)),
        ("jiangjie_digest_key", settings.VAULT_DIGEST_KEY.hex()),
    ):
        durable.write(folder / name, text.encode())


def _numbered(keys: Mapping[int, bytes]) -> str:
    return ",".join(f"{number}:{key.hex()}" for number, key in keys.items())


def restore(place: Path) -> Content:
    """Bring a backup into an empty database; every byte is checked before anything is written."""
    content = check(place)
    if _tables():
        raise DomainError(
            "database-not-empty",
            "目标数据库里已有数据，未作任何改动；请恢复到新建的空数据库，核对无误后再切换",
        )
    _check_anchors(place / ANCHORS)
    _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", str(place / DUMP))
    for file in _files(place / MEDIA):
        _copy(file, Path(settings.MEDIA_ROOT) / file.relative_to(place / MEDIA))
    for file in _files(place / ANCHORS):
        if not (anchors.folder() / file.name).exists():
            _copy(file, anchors.folder() / file.name)
    if _row_counts() != content.rows:
        raise DomainError("restored-differs", "恢复后各表行数与备份清单不符，请勿启用这个数据库")
    return content


def check(place: Path) -> Content:
    """The manifest of a backup whose every byte is as it was and whose keys are ours."""
    try:
        text = (place / MANIFEST).read_bytes()
        seal = (place / SEAL).read_bytes()
    except OSError as error:
        raise DomainError("no-backup", f"{place} 不是完整的备份：缺少清单") from error
    if not hmac.compare_digest(seal, _seal_of(text)):
        raise DomainError(
            "backup-altered", "备份清单被改动过，或当前的号码匹配密钥不是备份时的那一把"
        )
    content = Content(**json.loads(text))
    try:
        vault.decrypt(bytes.fromhex(content.probe))
    except vault.VaultError as error:
        raise DomainError("wrong-keys", "当前的加密密钥打不开这份备份，请先放回原密钥") from error
    found = _digests(place)
    wrong = sorted(
        name
        for name in content.files.keys() | found.keys()
        if content.files.get(name) != found.get(name)
    )
    if wrong:
        names = "、".join(wrong[:5])
        raise DomainError("backup-altered", f"备份中有{len(wrong)}个文件缺失、多出或损坏：{names}")
    return content


def _check_anchors(kept: Path) -> None:
    """Anchors here may know of later records; they must not contradict those of the backup."""
    for file in _files(kept):
        here = anchors.folder() / file.name
        if here.exists() and not here.read_bytes().startswith(file.read_bytes()):
            raise DomainError(
                "anchors-differ", f"本机的锚点文件 {here} 与备份中的不一致，请先查明原因"
            )


def _dump(folder: Path) -> dict[str, int]:
    """Dump one snapshot of the database; anchor its chains and count its rows in the same."""
    with ExitStack() as held:
        with anchors.alone():
            held.enter_context(transaction.atomic())
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read")
                cursor.execute("set local idle_in_transaction_session_timeout = 0")
                cursor.execute("select pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
            anchors.append()
            _copy_tree(anchors.folder(), folder / ANCHORS)
        rows = _row_counts()
        file = folder / DUMP
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
    _flush(file)
    return rows


def _row_counts() -> dict[str, int]:
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            cursor.execute(query.as_string())
            rows[table] = cursor.fetchone()[0]
    return rows


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') order by relname"
        )
        return [name for (name,) in cursor.fetchall()]


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL on our database; the password is no word of the command line."""
    ours = connection.settings_dict
    place: dict[str, Any] = {
        "host": ours["HOST"],
        "port": ours["PORT"],
        "user": ours["USER"],
        "dbname": ours["NAME"],
        **{k: v for k, v in ours["OPTIONS"].items() if k not in NOT_LIBPQ},
    }
    target = make_conninfo(**{k: v for k, v in place.items() if v})
    command = [
        str(settings.POSTGRES_PROGRAMS() / program),
        *("--no-password", f"--dbname={target}", *arguments),
    ]
    secret = {"PGPASSWORD": ours["PASSWORD"]} if ours["PASSWORD"] else {}
    done = subprocess.run(  # noqa: S603 - our own program, words of our own
        command,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **secret},
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[0]
        raise DomainError("program-failed", f"{program} 没有完成：{said}")


def _write_manifest(folder: Path, content: Content) -> None:
    facts = {name: getattr(content, name) for name in Content.__slots__}
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()
    durable.write(folder / MANIFEST, text)
    durable.write(folder / SEAL, _seal_of(text))


def _seal_of(manifest: bytes) -> bytes:
    return vault.digest(f"backup:{hashlib.sha256(manifest).hexdigest()}").hex().encode()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digests(place: Path) -> dict[str, str]:
    """Name and SHA-256 of every file of a backup but the manifest's own."""
    found = {}
    for path in _files(place):
        name = path.relative_to(place).as_posix()
        if name not in {MANIFEST, SEAL}:
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _copy_tree(source: Path, target: Path) -> None:
    durable.make_folder(target)
    for file in _files(source):
        _copy(file, target / file.relative_to(source))


def _copy(source: Path, target: Path) -> None:
    """Copy by way of a draft, so that a file is whole or not there."""
    durable.make_folder(target.parent)
    draft = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    _flush(draft)
    draft.replace(target)
    durable.flush_folder(target.parent)


def _flush(file: Path) -> None:
    with file.open("rb") as whole:
        os.fsync(whole.fileno())
    file.chmod(0o600)
