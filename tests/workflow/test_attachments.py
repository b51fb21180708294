import errno
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from intake.services.originals import hand_out
from organizations.roles import Role
from tests import database
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import AttachmentFactory, ImportBatchFactory
from tests.passwords import PURPOSE, with_password
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.storage import attachments, durable, vault

pytestmark = pytest.mark.django_db

CONTENT = "序号,姓名\r\n1,<script>alert(1)</script>\r\n".encode()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(), "unit")


@pytest.fixture
def attachment(unit):
    made = AttachmentFactory(organization=unit, content=CONTENT, filename="名册\r\nX: 1;.csv")
    ImportBatchFactory(kind="talents.nominations", organization=unit, attachment=made)
    return made


def place_of(attachment):
    return Path(settings.MEDIA_ROOT) / attachment.sha256[:2] / attachment.sha256


def test_a_file_lies_encrypted_under_its_digest_and_comes_back_whole(attachment):
    stored = place_of(attachment).read_bytes()

    assert "姓名".encode() not in stored
    assert attachments.content_of(attachment) == CONTENT


def test_the_same_content_is_kept_once_for_two_organizations(attachment, unit):
    other = AttachmentFactory(organization=unit.parent, content=CONTENT, filename="另一份.csv")

    assert place_of(other) == place_of(attachment)
    assert other.pk != attachment.pk


def test_a_file_exchanged_on_the_disk_is_noticed(attachment):
    place_of(attachment).write_bytes(vault.encrypt(b"another"))

    with pytest.raises(vault.VaultError):
        attachments.content_of(attachment)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("名册.csv", "名册.csv"),
        ("../../etc/passwd", "passwd"),
        ("名\r\n册.csv", "名册.csv"),
        ("名\u202ecsv.exe", "名csv.exe"),
        ("\x00", "未命名"),
        ("长" * 300 + ".csv", "长" * 196 + ".csv"),
    ],
    ids=("plain", "path", "line break", "right-to-left", "nothing left", "too long"),
)
def test_a_file_keeps_a_harmless_name(unit, given, kept):
    assert AttachmentFactory(organization=unit, filename=given, content=b"x").filename == kept


HARMS = {
    "gone": lambda place: place.unlink(),
    "cut off": lambda place: place.write_bytes(place.read_bytes()[:20]),
    "empty": lambda place: place.write_bytes(b""),
    "exchanged": lambda place: place.write_bytes(vault.encrypt(b"another")),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_file_the_disk_lost_is_named_by_verify_and_mended_by_the_same_upload(
    attachment, unit, harm, capsys
):
    HARMS[harm](place_of(attachment))

    with pytest.raises(SystemExit):
        call_command("verify")
    assert f"附件 {attachment.pk}" in capsys.readouterr().err

    AttachmentFactory(organization=unit.parent, content=CONTENT, filename="再次上传.csv")

    assert attachments.content_of(attachment) == CONTENT
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_a_size_that_is_not_the_files_own_is_named_by_verify(attachment):
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute("UPDATE workflow_attachment SET size = size + 1")

    assert [fault.endswith("登记的字节数与文件不符") for fault in attachments.breaks()] == [True]


def test_bytes_and_name_are_flushed_to_the_disk(attachment, unit, monkeypatch):
    """Counted at the kernel's door: the file, then the folder that names it."""
    flushed = []
    original = os.fsync
    monkeypatch.setattr(
        os,
        "fsync",
        lambda number: (
            flushed.append(stat.S_ISDIR(os.fstat(number).st_mode)),
            original(number),
        ),
    )

    attachments.keep(b"something new")
    attachments.keep(b"something new")

    assert flushed[-2:] == [False, True]
    assert len(flushed) <= 3  # a new folder's own name once, and nothing for what is there


def test_a_write_that_fails_leaves_neither_a_part_nor_a_draft(attachment, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", full)
    folder = place_of(attachment).parent

    with pytest.raises(OSError, match="disk full"):
        durable.write(folder / "next", b"x" * 1000)

    assert [path.name for path in folder.iterdir()] == [attachment.sha256]


def taken(client, attachment):
    address = reverse("intake:attachment", args=[attachment.pk])
    return with_password(client).post(address, PURPOSE)


def test_an_original_is_given_for_a_purpose_and_the_password_only(client, attachment, unit):
    client.force_login(account(Role.HANDLER, unit))
    address = reverse("intake:attachment", args=[attachment.pk])

    looked = client.get(address)
    unlocked_desk = client.post(address, PURPOSE)
    with_password(client)
    without_purpose = client.post(address, {"note": "看"})

    assert "须写明用途" in looked.content.decode()
    assert unlocked_desk.headers["Location"].startswith("/accounts/reauthenticate/")
    assert without_purpose.context["form"].errors.keys() == {"note"}
    assert CONTENT not in looked.content + without_purpose.content
    assert not Record.objects.filter(kind=Record.Kind.EXPORT).exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.FINANCE])
def test_who_does_not_work_on_a_file_sees_that_it_is_there_but_gets_no_bytes(
    client, attachment, unit, role
):
    reader = account(role, unit)
    client.force_login(reader)

    assert taken(client, attachment).status_code == 403
    with pytest.raises(DomainError, match="未遮盖的身份号码"):
        hand_out(attachment, reader=reader, reason="核对原表")
    assert not Record.objects.filter(kind=Record.Kind.EXPORT).exists()


def test_a_scan_is_given_out_by_the_page_of_what_it_proves_alone(client, unit):
    scan = AttachmentFactory(organization=unit, content=b"scan", filename="来信.pdf", kind="pdf")
    handler = account(Role.HANDLER, unit)
    client.force_login(handler)

    assert taken(client, scan).status_code == 403
    with pytest.raises(DomainError, match="请在所属业务的页面查看"):
        hand_out(scan, reader=handler, reason="核对原件")


def test_a_download_is_never_shown_in_the_browser(client, attachment, unit):
    client.force_login(account(Role.HANDLER, unit))

    answer = taken(client, attachment)

    assert answer.content == CONTENT
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_a_download_stands_on_record(client, attachment, unit):
    reader = account(Role.HANDLER, unit)
    client.force_login(reader)

    taken(client, attachment)

    record = Record.objects.get(kind=Record.Kind.EXPORT)
    assert record.note == PURPOSE["note"]
    assert (record.actor, record.subject) == (reader, f"workflow.attachment:{attachment.pk}")
    assert record.after["sha256"] == attachment.sha256


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_file_that_is_gone_or_damaged_is_explained(client, attachment, unit, harm):
    client.force_login(account(Role.HANDLER, unit))
    if harm == "gone":
        place_of(attachment).unlink()
    else:
        place_of(attachment).write_bytes(b"\x01" + b"x" * 100)

    answer = taken(client, attachment)

    assert answer.status_code == 409
    assert "缺失或已损坏" in answer.content.decode()
    assert not Record.objects.filter(kind=Record.Kind.EXPORT).exists()
