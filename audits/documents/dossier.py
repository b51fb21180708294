"""The dossier (卷宗): every paper of an audit in one ZIP, with an index and the SHA-256 of each."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING

from pages.documents import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.documents.filing import Piece

IN_MEMORY = 8 << 20
#: One and the same for every file, so that the same papers give the same dossier.
MOMENT = (1980, 1, 1, 0, 0, 0)
INDEX, SUMS = "00-卷内目录.xlsx", "SHA256SUMS.txt"


def dossier_of(title: str, pieces: Iterable[Piece]) -> IO[bytes]:
    """All of them with their index and sums; the sums are as ``sha256sum -c`` reads them."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    lines: list[tuple[int, str, str, str, int, str]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for piece in pieces:
            content = piece.content()
            digest = hashlib.sha256(content).hexdigest()
            lines.append((len(lines) + 1, piece.name, piece.what, piece.mark, len(content), digest))
            book.writestr(zipfile.ZipInfo(piece.name, MOMENT), content, zipfile.ZIP_DEFLATED)
        heads = ("序号", "文件", "内容", "核对码", "字节数", "SHA-256")
        with write_table(heads, lines, title=title, sheet="卷内目录") as index:
            listed = index.read()
        book.writestr(zipfile.ZipInfo(INDEX, MOMENT), listed)
        sums = [f"{digest}  {name}" for _, name, *_, digest in lines]
        sums.append(f"{hashlib.sha256(listed).hexdigest()}  {INDEX}")
        book.writestr(zipfile.ZipInfo(SUMS, MOMENT), "\n".join(sums) + "\n")
    out.seek(0)
    return out
