"""The restore drill: what was backed up lives again elsewhere, equal; what was altered is refused."""

import random
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from config.local_services.postgres import OWNER
from tests import database
from tests.factories.organizations import OrganizationFactory
from tests.factories.workflow import AttachmentFactory, record
from workflow.models import Attachment, Record
from workflow.records import anchors
from workflow.refusals import DomainError
from workflow.storage import attachments, backups, vault

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "jiangjie_restored"


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.ANCHOR_ROOT = tmp_path / "media", tmp_path / "anchors"


@pytest.fixture
def _as_owner():
    """As `manage.py` runs the command; the suite's own schema is opened to the owner for it."""
    ours = connection.settings_dict
    app = ours["USER"]
    with database.as_administrator(ours["NAME"]) as administrator:
        administrator.execute(f"GRANT USAGE ON SCHEMA reference TO {OWNER}")
        administrator.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA reference TO {OWNER}")
    connection.close()
    ours["USER"] = OWNER
    yield
    connection.close()
    ours["USER"] = app


@pytest.fixture
def backup(tmp_path, _as_owner):
    for number in range(3):
        AttachmentFactory(content=b"roster" * (number + 1))
    for _ in range(5):
        record(OrganizationFactory())
    anchors.write()
    out = tmp_path / "backup"
    call_command("backup", out=str(out), stdout=StringIO())
    return out


@pytest.fixture
def elsewhere(settings, tmp_path):
    """An empty database of the owner's, empty folders, and the connection turned to them."""
    with database.as_administrator("postgres") as administrator:
        administrator.execute(f"DROP DATABASE IF EXISTS {ELSEWHERE}")
        administrator.execute(f"CREATE DATABASE {ELSEWHERE} OWNER {OWNER}")
    ours = connection.settings_dict
    before = {name: ours[name] for name in ("NAME", "USER")}
    connection.close()
    ours.update(NAME=ELSEWHERE, USER=OWNER)
    settings.MEDIA_ROOT, settings.ANCHOR_ROOT = tmp_path / "new-media", tmp_path / "new-anchors"
    yield
    connection.close()
    ours.update(before)
    with database.as_administrator("postgres") as administrator:
        administrator.execute(f"DROP DATABASE {ELSEWHERE}")


def restored(backup):
    out = StringIO()
    call_command("restore", str(backup), stdout=out)
    return out.getvalue()


def facts():
    return (
        backups._row_counts(),
        list(Record.objects.order_by("pk").values_list("chain", "sequence", "hash")),
        [attachments.content_of(a) for a in Attachment.objects.order_by("pk")],
    )


def test_a_backup_restored_elsewhere_is_equal_and_verifies(backup, request):
    before = facts()
    request.getfixturevalue("elsewhere")

    words = restored(backup)

    assert facts() == before
    assert "核验通过" in words
    assert "附件：3 份" in words
    with connection.cursor() as cursor:  # the guards came along
        cursor.execute("select has_table_privilege('jiangjie_app', 'workflow_record', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_anchors_that_know_more_than_the_backup_stay_and_say_so(backup, request, capsys):
    record(OrganizationFactory())
    anchors.write()
    later = {path.name: path.read_bytes() for path in anchors.folder().iterdir()}
    request.getfixturevalue("elsewhere")
    anchors.folder().mkdir()
    for name, content in later.items():
        (anchors.folder() / name).write_bytes(content)

    with pytest.raises(SystemExit):
        call_command("restore", str(backup))

    assert "外部锚点记载的记录已不存在" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in anchors.folder().iterdir()} == later


def test_a_database_with_data_is_left_alone(backup):
    before = facts()

    with pytest.raises(CommandError, match="已有数据"):
        restored(backup)

    assert facts() == before


def test_a_thousand_flipped_bytes_are_all_noticed(backup):
    draw = random.Random(10)
    files = [path for path in backup.rglob("*") if path.is_file() and path.stat().st_size]
    unnoticed = []
    for _ in range(1000):
        path = draw.choice(files)
        content = path.read_bytes()
        place = draw.randrange(len(content))
        flipped = bytes([content[place] ^ (1 << draw.randrange(8))])
        path.write_bytes(content[:place] + flipped + content[place + 1 :])
        try:
            backups.check(backup)
        except DomainError:
            pass
        else:
            unnoticed.append((path.name, place))
        path.write_bytes(content)

    assert unnoticed == []
    assert backups.check(backup).files


@pytest.mark.parametrize("harm", ["missing", "added"])
def test_a_file_too_few_or_too_many_is_noticed(backup, harm):
    file = next(path for path in (backup / "media").rglob("*") if path.is_file())
    file.unlink() if harm == "missing" else file.with_name("more").write_bytes(b"")

    with pytest.raises(DomainError, match="缺失、多出或损坏"):
        backups.check(backup)


@pytest.mark.parametrize(
    ("name", "value"),
    [("VAULT_DIGEST_KEY", b"another".ljust(32)), ("VAULT_KEYS", {1: b"another".ljust(32)})],
)
def test_other_keys_are_refused_before_anything_is_restored(backup, settings, name, value):
    setattr(settings, name, value)
    vault._ciphers.cache_clear()
    try:
        with pytest.raises(DomainError, match="密钥"):
            backups.check(backup)
    finally:
        vault._ciphers.cache_clear()


def test_no_key_lies_in_the_backup_and_none_may_be_put_there(backup, tmp_path):
    call_command("backup", out=str(tmp_path / "b"), keys_out=str(tmp_path / "k"), stdout=StringIO())

    kept = b"".join(path.read_bytes() for path in (tmp_path / "b").rglob("*") if path.is_file())
    keys = [
        settings.SECRET_KEY.encode(),
        settings.VAULT_DIGEST_KEY,
        *settings.VAULT_KEYS.values(),
        *settings.ANCHOR_KEYS.values(),
    ]
    assert not any(key in kept or key.hex().encode() in kept for key in keys)
    assert {path.name for path in (tmp_path / "k").iterdir()} == {
        "jiangjie_secret_key", "jiangjie_encryption_keys", "jiangjie_anchor_keys",
        "jiangjie_digest_key",
    }  # fmt: skip
    with pytest.raises(CommandError, match="分开存放"):
        call_command("backup", out=str(tmp_path / "c"), keys_out=str(tmp_path / "c" / "keys"))


def test_nobody_else_may_read_a_backup_and_none_is_overwritten(backup):
    modes = {path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]}

    assert modes == {0}
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", out=str(backup))


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(db, settings, tmp_path):
    settings.POSTGRES_PROGRAMS = lambda: Path("/bin/true").parent / "no-such"

    with pytest.raises((CommandError, OSError)):
        call_command("backup", out=str(tmp_path / "out"))

    assert not list(tmp_path.glob("out*"))
