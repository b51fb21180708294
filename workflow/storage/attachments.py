"""Keeping files: encrypted, by content, under no name that a person chose."""

from __future__ import annotations

import hashlib
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from workflow.models import Attachment
from workflow.storage import durable, vault
from workflow.texts.identity import without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import Organization, User

LONGEST_NAME = 200


def keep(content: bytes) -> None:
    """Put the bytes away, encrypted; a file that holds them already is left alone.

    One that holds anything else was cut off or damaged, and the same upload mends it.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if look_at(sha256)[0]:
        durable.write(_place(sha256), vault.encrypt(content))


def register(
    content: bytes,
    *,
    filename: str,
    kind: str,
    organization: Organization | None,
    uploaded_by: User,
) -> Attachment:
    """The row alone; the caller sees to it that ``keep`` follows in the same transaction."""
    plain = "".join(c for c in Path(filename).name if c.isprintable())
    name = without_numbers(plain)[-LONGEST_NAME:] or "未命名"
    return Attachment.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        filename=name,
        kind=kind,
        organization=organization,
        uploaded_by=uploaded_by,
    )


def content_of(attachment: Attachment) -> bytes:
    """The file's bytes, decrypted and checked against the digest in the row."""
    return _read(attachment.sha256)


def look_at(sha256: str) -> tuple[str, int]:
    """What is wrong with the stored file of this digest, empty if it is whole; and its size."""
    try:
        return "", len(_read(sha256))
    except FileNotFoundError:
        return "存储中没有这份文件", 0
    except OSError:
        return "存储中的文件无法读取", 0
    except vault.VaultError as error:
        return str(error), 0


def _read(sha256: str) -> bytes:
    content = vault.decrypt(_place(sha256).read_bytes())
    if hashlib.sha256(content).hexdigest() != sha256:
        message = "附件内容与登记的摘要不符"
        raise vault.VaultError(message)
    return content


def _place(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def breaks() -> Iterator[str]:
    """Every stored file that is missing or damaged, by the rows that name it."""
    named = Attachment.objects.order_by("sha256", "pk")
    columns = ("sha256", "pk", "filename", "size")
    for sha256, rows in groupby(named.values_list(*columns).iterator(), key=itemgetter(0)):
        fault, size = look_at(sha256)
        for _, pk, filename, said in rows:
            wrong = fault or ("登记的字节数与文件不符" if said != size else "")
            if wrong:
                yield f"附件 {pk}“{filename}”（{sha256[:12]}）：{wrong}"
                break


def file_count() -> int:
    return Attachment.objects.values("sha256").distinct().count()
