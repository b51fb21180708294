"""The zip package of a workbook: members, sizes and active content, judged without unpacking."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from intake.spreadsheets.limits import MEBIBYTE, Limits
from intake.spreadsheets.refusal import Refusal

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
_TAG = re.compile(rb"<[^<>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_PROLOG = re.compile(  # atomic and possessive: a hostile row of comments must not cost time
    rb"\A(?:\xef\xbb\xbf)?\s*+(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+<[A-Za-z_]", re.DOTALL
)
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def examine(file: BinaryIO, *, limits: Limits) -> int:
    """Refuse a package that no honest workbook is; return how many bytes it unpacks to."""
    try:
        _refuse_crowd(file, limits)
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_names(members, limits)
            _refuse_sizes(members, limits)
            _refuse_other_formats({member.filename for member in members})
            _refuse_active_content(archive, members)
            _refuse_prologs(archive, members)
            return sum(member.file_size for member in members)
    except BROKEN as error:
        raise damaged() from error


def damaged() -> Refusal:
    """The refusal for a package that is cut off or does not add up."""
    return Refusal(
        "file-damaged",
        "文件不完整或已损坏。请重新下载，或用 Excel、WPS 打开确认后另存为 .xlsx 再上传。",
    )


def _bomb(what: str) -> Refusal:
    return Refusal(
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
        raise Refusal("file-encrypted", "文件已加密，请取消密码后再上传。")
    unsafe = (
        len({name.lower() for name in names}) != len(names)
        or any(name.startswith("/") or "\\" in name or ":" in name for name in names)
        or any(".." in name.split("/") for name in names)
        or any((member.external_attr >> 16) & FILE_TYPE == SYMLINK for member in members)
    )
    if unsafe:
        raise Refusal(
            "file-unsafe-names",
            "压缩包里有重名、绝对路径、上级路径或符号链接的部件，不是正常的工作簿，已拒绝。"
            "请用 Excel 或 WPS 另存为新的 .xlsx。",
        )


def _refuse_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
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
            raise too_complex(f"单元格样式有 {size >> 20} MB")
    if unpacked > limits.ratio_free_bytes and unpacked / packed > limits.ratio:
        raise _bomb(f"压缩了 {unpacked / packed:.0f} 倍")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise _bomb("的部件互相重叠")
        end = member.header_offset + MEMBER_HEADER + member.compress_size


def too_complex(what: str) -> Refusal:
    """The refusal for a workbook with more of something than any form needs."""
    return Refusal(
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
    raise Refusal("file-wrong-kind", f"{what}。请用 Excel 或 WPS 另存为 .xlsx 后再上传。")


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
        for link in _TAG.findall(text):
            if b"/hyperlink" not in link and _EXTERNAL.search(
                link
            ):  # addresses in cells are honest and never followed
                raise _active("外部链接", "在“数据 → 编辑链接”里断开所有链接")


def _refuse_active(text: str) -> None:
    for pattern, what, mend in ACTIVE:
        if pattern.search(text):
            raise _active(what, mend)


def _active(what: str, mend: str) -> Refusal:
    return Refusal(
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
            raise Refusal(
                "file-doctype",
                f"部件 {member.filename[:60]} 里有 DOCTYPE 或实体定义，正常的工作簿没有，已拒绝。"
                "请用 Excel 或 WPS 另存为新的 .xlsx。",
            )
        encoding = _ENCODING.match(head)
        if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
            raise damaged()
        if not _PROLOG.match(head) and not member.filename.lower().endswith(".vml"):
            raise damaged()
