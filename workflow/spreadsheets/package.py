"""The zip package of a workbook: members, sizes, active content, and the scan of its parts."""

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from workflow.errors import DomainError
from workflow.spreadsheets.addresses import beyond_column, beyond_row, column_index
from workflow.spreadsheets.limits import MEBIBYTE, Limits

# Packages up to this size are scanned whole when they arrive (well under 0.1 s); bigger ones while
# the reading process is parsing them anyway, so that an honest big file does not wait for us.
SCANNED_AT_ONCE = 8 * MEBIBYTE
CHUNK = 1 << 20
LONGEST_TAIL = 8 * MEBIBYTE
PROLOG = 8192
SMALL_PART = 2 * MEBIBYTE
MEMBER_HEADER, END_RECORD = 30, 22
DIRECTORY_ENTRY = 512
SYMLINK, FILE_TYPE = 0o120000, 0o170000

BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError,
)  # fmt: skip
ACTIVE = (
    (
        re.compile(r"vba|macrosheet|dialogsheet|macroenabled", re.IGNORECASE),
        "宏",
        "另存为不带宏的 .xlsx",
    ),
    (re.compile(r"activex|customui|webextension", re.IGNORECASE), "控件或插件", "删除控件"),
    (
        re.compile(r"embeddings|oleobject|package\+oleobject", re.IGNORECASE),
        "嵌入对象",
        "删除嵌入的文件",
    ),
    (
        re.compile(r"externallink|connections|querytable|ddelink|attachedtemplate", re.IGNORECASE),
        "外部链接或数据连接",
        "在“数据”里断开所有链接和连接",
    ),
)
_EXTERNAL = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE)
_PROLOG = re.compile(  # atomic and possessive: a hostile row of comments must not cost time
    rb"(?:\xef\xbb\xbf)?\s*+(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+<[A-Za-z_]", re.DOTALL
)
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_INERT = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?|bin|vml)$", re.IGNORECASE)


def examine(file: BinaryIO, *, limits: Limits) -> None:
    """Refuse a package whose directory, sizes or parts no honest workbook has."""
    try:
        _refuse_crowd(file, limits)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_names(members, limits)
            _refuse_sizes(members, limits)
            _refuse_other_formats({member.filename for member in members})
            _refuse_active_content(archive, members)
            _refuse_prologs(archive, members)
            if not _is_big(members):
                _scan(archive, limits)
    except BROKEN as error:
        raise damaged() from error


def unpacked_bytes(file: BinaryIO) -> int:
    """What the package claims to hold when unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _unpacked(archive.infolist())
    except BROKEN as error:
        raise damaged() from error


def scan_if_big(file: BinaryIO, *, limits: Limits) -> None:
    """The scan that ``examine`` put off; call it once the reading process is at work."""
    try:
        with zipfile.ZipFile(file) as archive:
            if _is_big(archive.infolist()):
                _scan(archive, limits)
    except BROKEN as error:
        raise damaged() from error


def damaged() -> DomainError:
    """The refusal for a package that is cut off or does not add up."""
    return DomainError(
        "file-damaged",
        "文件不完整或已损坏。请重新下载，或用 Excel、WPS 打开确认后另存为 .xlsx 再上传。",
    )


def _unpacked(members: list[zipfile.ZipInfo]) -> int:
    return sum(member.file_size for member in members)


def _is_big(members: list[zipfile.ZipInfo]) -> bool:
    return _unpacked(members) > SCANNED_AT_ONCE


def _bomb(what: str) -> DomainError:
    return DomainError(
        "file-bomb", f"压缩包{what}，不像正常的工作簿，已拒绝。请用 Excel 或 WPS 另存为新的 .xlsx。"
    )


def _refuse_crowd(file: BinaryIO, limits: Limits) -> None:
    """Read only the end record: a directory of 100,000 members is never loaded."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 0xFFFF - END_RECORD))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END_RECORD:
        raise damaged()
    count, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count > limits.members or directory_bytes > limits.members * DIRECTORY_ENTRY:
        raise _bomb(f"里有 {count} 个部件，超过 {limits.members} 个")
    file.seek(0)


def _refuse_names(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [member.filename for member in members]
    if len(names) > limits.members:
        raise _bomb(f"里有 {len(names)} 个部件，超过 {limits.members} 个")
    if any(member.flag_bits & 1 for member in members):
        raise DomainError("file-encrypted", "文件已加密，请取消密码后再上传。")
    unsafe = (
        len({name.lower() for name in names}) != len(names)
        or any(name.startswith("/") or "\\" in name or ":" in name for name in names)
        or any(".." in name.split("/") for name in names)
        or any((member.external_attr >> 16) & FILE_TYPE == SYMLINK for member in members)
    )
    if unsafe:
        raise DomainError(
            "file-unsafe-names",
            "压缩包里有重名、绝对路径、上级路径或符号链接的部件，不是正常的工作簿，已拒绝。"
            "请用 Excel 或 WPS 另存为新的 .xlsx。",
        )


def _refuse_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = _unpacked(members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > limits.unpacked_bytes:
        raise _bomb(f"解开后有 {unpacked >> 20} MB，超过 {limits.unpacked_bytes >> 20} MB")
    for member in members:
        size, ratio = member.file_size, member.file_size / (member.compress_size or 1)
        if size > limits.ratio_free_bytes and ratio > limits.ratio:
            raise _bomb(f"的部件 {member.filename[:60]} 压缩了 {ratio:.0f} 倍")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise damaged()
        if member.filename.lower().endswith("styles.xml") and size > limits.style_bytes:
            raise _complex(f"单元格样式有 {size >> 20} MB")
    if unpacked > limits.ratio_free_bytes and unpacked / packed > limits.ratio:
        raise _bomb(f"压缩了 {unpacked / packed:.0f} 倍")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise _bomb("的部件互相重叠")
        end = member.header_offset + MEMBER_HEADER + member.compress_size


def _complex(what: str) -> DomainError:
    return DomainError(
        "file-too-complex",
        f"{what}，超过上限。请新建工作簿，只粘贴数值（不带格式）后再上传。",
    )


def _refuse_other_formats(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        what = "这是二进制工作簿（.xlsb）"
    elif "word/document.xml" in names:
        what = "这是 Word 文档"
    elif "ppt/presentation.xml" in names:
        what = "这是 PowerPoint 文档"
    elif "mimetype" in names:
        what = "这是 OpenDocument 文件（.ods）"
    elif "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        what = "这是压缩包，不是工作簿"
    else:
        return
    raise DomainError("file-wrong-kind", f"{what}。请用 Excel 或 WPS 另存为 .xlsx 后再上传。")


def _refuse_active_content(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.filename
        _refuse_active(name)
        if name != "[Content_Types].xml" and not name.lower().endswith(".rels"):
            continue
        if member.file_size > SMALL_PART:
            raise _bomb(f"的部件 {name[:60]} 过大")
        text = archive.read(member)
        if name == "[Content_Types].xml":
            _refuse_active(text.decode("utf-8", "replace"))
        for link in _EXTERNAL.findall(text):
            if b"/hyperlink" not in link:  # addresses in cells are honest and never followed
                raise _active("外部链接", "在“数据 → 编辑链接”里断开所有链接")


def _refuse_active(text: str) -> None:
    for pattern, what, mend in ACTIVE:
        if pattern.search(text):
            raise _active(what, mend)


def _active(what: str, mend: str) -> DomainError:
    return DomainError(
        "file-active-content", f"工作簿里有{what}，为安全起见不接收。请{mend}，另存后再上传。"
    )


def _refuse_prologs(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """A DOCTYPE can only stand before the root element, so the first bytes decide."""
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(member) as part:
            head = part.read(PROLOG)
        if _DOCTYPE.search(head):
            raise DomainError(
                "file-doctype",
                f"部件 {member.filename[:60]} 里有 DOCTYPE 或实体定义，正常的工作簿没有，已拒绝。"
                "请用 Excel 或 WPS 另存为新的 .xlsx。",
            )
        encoding = _ENCODING.match(head)
        if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
            raise damaged()
        if not _PROLOG.match(head) and not member.filename.lower().endswith(".vml"):
            raise damaged()


@dataclass(slots=True)
class _Counts:
    merges: int = 0
    strings: int = 0


def _scan(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Stream every part once: cells out of bounds, and more merges or strings than is sane."""
    far = re.compile(
        rb' r="(?:(%b)[0-9]{1,9}|[A-Z]{1,3}(%b))"[^<>]*(?<!/)>(?!</)'
        % (beyond_column(limits.columns).encode(), beyond_row(limits.rows).encode())
    )
    for member in archive.infolist():
        if _INERT.search(member.filename):
            continue
        counts = _Counts()
        for piece in _pieces(archive, member):
            counts.merges += piece.count(b"mergeCell ")
            counts.strings += piece.count(b"<si>") + piece.count(b"<si ")
            if found := far.search(piece):
                raise _out_of_bounds(found, _sheet_name(archive, member.filename), limits)
        if counts.merges > limits.merges:
            raise _complex(f"合并单元格有 {counts.merges} 处")
        if counts.strings > limits.shared_strings:
            raise _complex(f"不同的文本有 {counts.strings} 个")


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces of about 1 MB that never cut a tag in two."""
    tail = b""
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            data = tail + chunk
            cut = data.rfind(b"<c ")
            if cut <= 0:
                cut = max(0, data.rfind(b"<"))
            tail = data[cut:]
            if len(tail) > LONGEST_TAIL:
                raise damaged()
            yield data[:cut]
    yield tail


def _out_of_bounds(found: re.Match[bytes], sheet: str, limits: Limits) -> DomainError:
    place = found[0].split(b'"', 2)[1].decode()
    bounds = f"{limits.rows} 行、{limits.columns} 列"
    if found[1] and column_index(found[1].decode()) >= limits.columns:
        return DomainError(
            "cell-out-of-bounds",
            f"{sheet}的单元格 {place} 有内容，超出可读取的范围（{bounds}）。"
            "请删去表格右侧和下方多余的列、行，保存后再上传。",
        )
    return DomainError(
        "too-many-rows",
        f"{sheet}的单元格 {place} 有内容，超过上限（{bounds}）。"
        "请删去表格下方多余的行，或拆成几个文件分别上传。",
    )


def _sheet_name(archive: zipfile.ZipFile, part: str) -> str:
    """What the person calls the sheet kept in ``part``; the part's name if that is unclear."""
    fallback = f"部件 {part[:60]} "
    try:
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    except BROKEN:
        return fallback
    for link in re.findall(r"<Relationship [^<>]*>", links):
        target, key = re.search(r'Target="([^"]*)"', link), re.search(r'\bId="([^"]*)"', link)
        if not target or not key or not part.endswith(target[1].removeprefix("/xl/")):
            continue
        for sheet in re.findall(r"<sheet [^<>]*>", book):
            name = re.search(r'\bname="([^"]*)"', sheet)
            if name and f'r:id="{key[1]}"' in sheet:
                return f"工作表“{html.unescape(name[1])}”"
    return fallback
