"""What a file is by its content, whatever its name says. Runs in a bounded process."""

import re
from pathlib import Path
from typing import BinaryIO

from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.refusal import Refusal

HEAD_BYTES = 4096
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
SUFFIXES = {".xlsx": FileKind.XLSX, ".csv": FileKind.CSV, ".txt": FileKind.CSV}
STRANGERS = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
)
_MARKUP = re.compile(
    rb"\A\s*<(?:!doctype|\?xml|html|table|head|meta|body|svg|workbook)", re.IGNORECASE
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORD = re.compile(rb"^[^\x00-\x08\x0e-\x1f\x7f]*$")


def kind_of(file: BinaryIO, filename: str) -> FileKind:
    """The kind of ``file``, or a refusal that says what it is instead and what to do."""
    kind = _kind(file)
    _refuse_wrong_name(kind, filename)
    return kind


def _kind(file: BinaryIO) -> FileKind:
    head = file.read(HEAD_BYTES)
    if head.startswith(OLE2):
        raise _ole2(head + file.read())
    if head.startswith(ZIP):
        return FileKind.XLSX
    for magic, name in STRANGERS:
        if head.startswith(magic):
            raise _wrong_kind(f"这是{name}，不是表格")
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise _wrong_kind("这是网页或 XML 格式的文件（有些系统导出的“Excel”其实是网页）")
    if not head.startswith(_UTF16) and not _WORD.match(head):
        raise _wrong_kind("认不出文件的格式，文件可能已损坏")
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;"):
        raise Refusal("file-empty", "文件里没有内容。请确认保存成功后重新上传。")
    return FileKind.CSV


def _ole2(content: bytes) -> Refusal:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Refusal("file-encrypted", "文件已加密，请取消密码后再上传。")
    if holds("Workbook") or holds("Book"):
        return Refusal(
            "file-legacy-xls",
            "这是旧版 .xls（或 WPS .et）工作簿，请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
        )
    return _wrong_kind("这是旧版 Office 文件，但不是工作簿")


def _wrong_kind(what: str) -> Refusal:
    return Refusal("file-wrong-kind", f"{what}。请上传 .xlsx 工作簿或 .csv 文件。")


def _refuse_wrong_name(kind: FileKind, filename: str) -> None:
    suffix = Path(filename.replace("\x00", "")).suffix.lower()
    if suffix == ".xlsm":
        raise Refusal(
            "file-active-content", "这是带宏的工作簿（.xlsm）。请另存为不带宏的 .xlsx 后再上传。"
        )
    if SUFFIXES.get(suffix) is kind:
        return
    content = "Excel 工作簿（.xlsx）" if kind is FileKind.XLSX else "文本（.csv）"
    named = f"扩展名是 {suffix[:12]}" if suffix else "没有扩展名"
    raise Refusal(
        "file-wrong-kind",
        f"文件内容是{content}，但文件名的{named}，两者不符。"
        f"请用 Excel 或 WPS 打开后另存为 .{kind.value}，不要直接改名。",
    )
