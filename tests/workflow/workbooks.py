"""Builders of workbooks for tests: honest ones, and every hostile kind we know, all small."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from intake.spreadsheets.addresses import column_letters

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
NOMINATIONS = Path(__file__).parents[1] / "fixtures" / "nominations-beijing-great-2026.xlsx"
BIG = 5 << 20  # past the size below which a high ratio is let pass


def cell(reference: str, value: object, style: int = 0) -> str:
    """One ``<c>``: text inline, numbers as numbers; a string that is XML already is taken as is."""
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def sheet(rows: dict[int, list[object]], *, merges: tuple[str, ...] = (), extra: str = "") -> str:
    """A worksheet with the given lines; ``None`` leaves a cell out."""
    body = "".join(
        f'<row r="{line}">'
        + "".join(
            cell(f"{column_letters(index)}{line}", value)
            for index, value in enumerate(values)
            if value is not None
        )
        + "</row>"
        for line, values in rows.items()
    )
    merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in merges)
    tail = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
    return f'{DECLARATION}<worksheet xmlns="{NAMESPACE}"><sheetData>{body}</sheetData>{tail}{extra}</worksheet>'


def parts(*sheets: tuple[str, str], properties: str = "", visible: bool = True) -> dict[str, bytes]:
    """The members of a minimal workbook with these (name, worksheet) pairs."""
    hidden = "" if visible else ' state="hidden"'
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{hidden if n == 1 else ""}/>'
        for n, (name, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{MAIN_TYPE}.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    members = {
        TYPES: f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MAIN_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{MAIN_TYPE}.styles+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}">'
        f"{properties}<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">{links}'
        f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{DECLARATION}<styleSheet xmlns="{NAMESPACE}"><fonts><font/></fonts>'
        "<fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
    } | {f"xl/worksheets/sheet{n}.xml": text for n, (_, text) in enumerate(sheets, 1)}
    return {name: text.encode() for name, text in members.items()}


def packed(members: dict[str, bytes], *extra: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """The members as a zip; ``extra`` may repeat names or bring a ``ZipInfo`` of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*members.items(), *extra]:
            archive.writestr(name, content)
    return out.getvalue()


def workbook(*sheets: tuple[str, str], **options: object) -> bytes:
    """A whole minimal workbook."""
    return packed(parts(*sheets, **options))


SMALL = {1: ["序号", "姓名", "公民身份号码"], 2: [1, "曾怡刚", "110199197002262579"]}


def small_parts() -> dict[str, bytes]:
    """The members of a small honest workbook."""
    return parts(("名单", sheet(SMALL)))


def small() -> bytes:
    """A small honest workbook."""
    return packed(small_parts())


def with_cell(reference: str) -> bytes:
    """A workbook whose sheet has one more cell, far away."""
    line = re.sub(r"\D", "", reference)
    far = f'<row r="{line}">{cell(reference, 1)}</row></sheetData>'
    return packed({**small_parts(), SHEET: sheet(SMALL).replace("</sheetData>", far).encode()})


def with_part(name: str, content: bytes = b"<a/>") -> bytes:
    """A workbook with one more member."""
    return packed(small_parts() | {name: content})


def with_external(kind: str) -> bytes:
    """A workbook whose sheet links to something outside."""
    link = (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/{kind}" Target="http://192.0.2.1/x" TargetMode="External"/></Relationships>'
    )
    return with_part("xl/worksheets/_rels/sheet1.xml.rels", link.encode())


def replaced(old: str, new: str, *, part: str = SHEET) -> bytes:
    """A workbook with a text changed in one part."""
    members = small_parts()
    assert old.encode() in members[part]
    return packed(members | {part: members[part].replace(old.encode(), new.encode())})


def symlinked() -> bytes:
    """A workbook with a member that is a symbolic link."""
    link = zipfile.ZipInfo("xl/media/image1.png")
    link.external_attr = 0o120777 << 16
    return packed(small_parts(), (link, b"/etc/passwd"))


def patched_directory(change: Callable[[bytearray, int], None]) -> bytes:
    """A workbook whose central directory entry of the sheet has been changed."""
    content = bytearray(small())
    at = content.rfind(SHEET.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    change(content, at)
    return bytes(content)


def lying_size(size: int) -> bytes:
    """The directory says that the sheet unpacks to ``size`` bytes."""
    return patched_directory(
        lambda b, at: b.__setitem__(slice(at + 24, at + 28), struct.pack("<I", size))
    )


def encrypted_member() -> bytes:
    """The directory says that the sheet is encrypted."""
    return patched_directory(lambda b, at: b.__setitem__(at + 8, b[at + 8] | 1))


def overlapping() -> bytes:
    """Two directory entries that share one piece of data."""
    content = bytearray(small())
    first, second = content.find(b"PK\x01\x02"), content.rfind(SHEET.encode()) - 46
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def crowded_end() -> bytes:
    """The end record announces 60,000 members."""
    content = bytearray(small())
    at = content.rfind(b"PK\x05\x06")
    content[at + 10 : at + 12] = struct.pack("<H", 60_000)
    return bytes(content)


def sharing(text: str, *, cells: int, lines: int) -> bytes:
    """A workbook in which every cell shows one shared text: small as a file, and only there."""
    strings = f'{DECLARATION}<sst xmlns="{NAMESPACE}"><si><t>{text}</t></si></sst>'
    relations = "xl/_rels/workbook.xml.rels"
    kind = f"{RELATIONS}/sharedStrings"
    link = f'<Relationship Id="rIdT" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    rows = {
        line: [f'<c r="{column_letters(i)}{line}" t="s"><v>0</v></c>' for i in range(cells)]
        for line in range(1, lines + 1)
    }
    members = small_parts()
    return packed(
        members
        | {
            "xl/sharedStrings.xml": strings.encode(),
            relations: members[relations].replace(b"</Relationships>", link.encode()),
            SHEET: sheet(rows).encode(),
        }
    )


def memory_hungry() -> bytes:
    """60,000 cells that all show one text of 32,000 signs: 6 GB once the parser has copied it."""
    return sharing("匠" * 32_000, cells=20, lines=3000)


# What the guard must refuse, with the code it must say: (name → (code, filename, builder)).
HOSTILE: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "nothing at all": ("file-empty", "a.xlsx", lambda: b""),
    "blank text": ("file-empty", "a.csv", lambda: b"\xef\xbb\xbf \r\n , ,\r\n"),
    "an old .xls": (
        "file-legacy-xls", "a.xls", lambda: OLE2 + "Workbook".encode("utf-16-le") + bytes(512),
    ),
    "an old .xls renamed": (
        "file-legacy-xls", "a.xlsx", lambda: OLE2 + "Workbook".encode("utf-16-le") + bytes(512),
    ),
    "an encrypted workbook": (
        "file-encrypted", "a.xlsx", lambda: OLE2 + "EncryptedPackage".encode("utf-16-le"),
    ),
    "an old Word document": (
        "file-wrong-kind", "a.xlsx", lambda: OLE2 + "WordDocument".encode("utf-16-le"),
    ),
    "an encrypted member": ("file-encrypted", "a.xlsx", encrypted_member),
    "a PDF renamed": ("file-wrong-kind", "a.xlsx", lambda: b"%PDF-1.7\n" + bytes(100)),
    "a picture renamed": ("file-wrong-kind", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "a page called Excel": ("file-wrong-kind", "a.xls", lambda: b"<html><table><tr><td>1"),
    "an XML 2003 workbook": ("file-wrong-kind", "a.xlsx", lambda: b'<?xml version="1.0"?><Workbook>'),
    "text called .xlsx": ("file-wrong-kind", "a.xlsx", "序号,姓名\n1,王芳\n".encode),
    "a workbook called .csv": ("file-wrong-kind", "a.csv", small),
    "a workbook called .xls": ("file-wrong-kind", "a.xls", small),
    "a workbook without a suffix": ("file-wrong-kind", "名单", small),
    "random bytes": ("file-wrong-kind", "a.csv", lambda: random.Random(1).randbytes(3000)),
    "a plain zip": ("file-wrong-kind", "a.xlsx", lambda: packed({"readme.txt": b"hello"})),
    "a zip in a zip": ("file-wrong-kind", "a.xlsx", lambda: packed({"inner.xlsx": small()})),
    "a Word document": ("file-wrong-kind", "a.xlsx", lambda: with_part("word/document.xml")),
    "a binary workbook": ("file-wrong-kind", "a.xlsx", lambda: with_part("xl/workbook.bin")),
    "an OpenDocument file": ("file-wrong-kind", "a.xlsx", lambda: with_part("mimetype")),
    "the suffix .xlsm": ("file-active-content", "a.xlsm", small),
    "a macro": ("file-active-content", "a.xlsx", lambda: with_part("xl/vbaProject.bin")),
    "a macro under another name": (
        "file-active-content", "a.xlsx",
        lambda: replaced("sheet.main+xml", "sheet.macroEnabled.main+xml", part=TYPES),
    ),
    "an XLM macro sheet": (
        "file-active-content", "a.xlsx", lambda: with_part("xl/macrosheets/sheet1.xml"),
    ),
    "a dialog sheet": ("file-active-content", "a.xlsx", lambda: with_part("xl/dialogsheets/s1.xml")),
    "an ActiveX control": ("file-active-content", "a.xlsx", lambda: with_part("xl/activeX/x1.xml")),
    "an embedded object": (
        "file-active-content", "a.xlsx", lambda: with_part("xl/embeddings/oleObject1.bin"),
    ),
    "a link to another workbook": (
        "file-active-content", "a.xlsx", lambda: with_part("xl/externalLinks/externalLink1.xml"),
    ),
    "a data connection": ("file-active-content", "a.xlsx", lambda: with_part("xl/connections.xml")),
    "a query": ("file-active-content", "a.xlsx", lambda: with_part("xl/queryTables/q1.xml")),
    "a ribbon extension": ("file-active-content", "a.xlsx", lambda: with_part("customUI/customUI.xml")),
    "a remote template": ("file-active-content", "a.xlsx", lambda: with_external("attachedTemplate")),
    "a remote object": ("file-active-content", "a.xlsx", lambda: with_external("oleObject")),
    "a remote picture": ("file-active-content", "a.xlsx", lambda: with_external("image")),
    "a file cut in half": ("file-damaged", "a.xlsx", lambda: small()[: len(small()) // 2]),
    "a file without its end": ("file-damaged", "a.xlsx", lambda: small()[:-30]),
    "a head alone": ("file-damaged", "a.xlsx", lambda: b"PK\x03\x04" + bytes(60)),
    "a directory that understates": ("file-damaged", "a.xlsx", lambda: lying_size(100)),
    "a directory that overstates": ("file-bomb", "a.xlsx", lambda: lying_size(0x7FFF_FFFF)),
    "a high ratio": ("file-bomb", "a.xlsx", lambda: with_part("xl/media/image1.png", bytes(BIG))),
    "too many members": (
        "file-bomb", "a.xlsx",
        lambda: packed(small_parts() | {f"xl/media/{n}.png": b"" for n in range(500)}),
    ),
    "a directory of 60,000": ("file-bomb", "a.xlsx", crowded_end),
    "overlapping members": ("file-bomb", "a.xlsx", overlapping),
    "a name twice": (
        "file-unsafe-names", "a.xlsx", lambda: packed(small_parts(), (SHEET.upper(), b"<a/>")),
    ),
    "an absolute name": ("file-unsafe-names", "a.xlsx", lambda: with_part("/etc/cron.d/x")),
    "a name that climbs": ("file-unsafe-names", "a.xlsx", lambda: with_part("xl/../../x.xml")),
    "a name with backslashes": ("file-unsafe-names", "a.xlsx", lambda: with_part("xl\\x.xml")),
    "a symbolic link": ("file-unsafe-names", "a.xlsx", symlinked),
    "a document type": (
        "file-doctype", "a.xlsx", lambda: replaced("<worksheet", "<!DOCTYPE x><worksheet"),
    ),
    "a billion laughs": (
        "file-doctype", "a.xlsx",
        lambda: replaced("<worksheet", '<!DOCTYPE x [<!ENTITY a "&b;&b;">]><worksheet'),
    ),
    "an entity in the content types": (
        "file-doctype", "a.xlsx",
        lambda: replaced("<Types", '<!DOCTYPE x SYSTEM "http://192.0.2.1/x"><Types', part=TYPES),
    ),
    "a far corner": ("cell-out-of-bounds", "a.xlsx", lambda: with_cell("XFD1048576")),
    "a far column": ("cell-out-of-bounds", "a.xlsx", lambda: with_cell("CW3")),
    "a far row": ("too-many-rows", "a.xlsx", lambda: with_cell("B1048576")),
    "one row too many": ("too-many-rows", "a.xlsx", lambda: with_cell("C200001")),
    "UTF-16 parts": (
        "file-damaged", "a.xlsx",
        lambda: packed(small_parts() | {SHEET: sheet(SMALL).encode("utf-16")}),
    ),
    "another encoding": ("file-damaged", "a.xlsx", lambda: replaced("UTF-8", "GB18030")),
    "comments before the root": (
        "file-damaged", "a.xlsx", lambda: replaced("<worksheet", "<!---->" * 3000 + "<worksheet"),
    ),
    "a million merges": (
        "file-too-complex", "a.xlsx",
        lambda: packed(
            small_parts()
            | {SHEET: sheet(SMALL, merges=tuple(f"A{n}:B{n}" for n in range(1, 20_002))).encode()}
        ),
    ),
    "monstrous styles": (
        "file-too-complex", "a.xlsx",
        lambda: packed(small_parts() | {"xl/styles.xml": random.Random(2).randbytes(1 << 20) * 17}),
    ),
}  # fmt: skip


def mutant(seed: int, original: bytes) -> bytes:
    """One of eight ways to break a workbook, by seed."""
    chance = random.Random(seed)
    kind = seed % 8
    if kind == 0:
        return chance.randbytes(chance.randrange(4000))
    if kind == 1:
        content = bytearray(original)
        for _ in range(chance.choice([1, 4, 32])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        return bytes(content)
    if kind == 2:
        return original[: chance.randrange(len(original))]
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if kind == 3:
        del members[chance.choice([*members])]
        return packed(members)
    name = SHEET if kind in {6, 7} else chance.choice([n for n in members if n.endswith(".xml")])
    members[name] = _broken(members[name], kind, chance)
    return packed(members)


TOKENS = [
    b"<v>1e999</v>", b"<v>nan</v>", b"<v>-1</v>", b"<v>99999999999999999999</v>", b't="s"', b't="b"',
    b't="e"', b't="d"', b'r="ZZZ9999999"', b'r=""', b's="9999"', b'<f>HYPERLINK("http://e")</f>',
    "<v>０</v>".encode(), b"\x00", b"&#0;", b'<mergeCell ref="A1:XFD1048576"/>',
    b'<dimension ref="A1:XFD1048576"/>', b"<v>2958466</v>", b"<v>-693594</v>", b'<row r="1048576">',
]  # fmt: skip


def _broken(content: bytes, kind: int, chance: random.Random) -> bytes:
    if kind == 4:
        data = bytearray(content)
        for _ in range(chance.choice([1, 3, 10])):
            at = chance.randrange(max(1, len(data)))
            data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        return bytes(data)
    if kind == 5:
        at = chance.randrange(len(content))
        return content[:at] + chance.choice(TOKENS) + content[at:]
    if kind == 6:
        return re.sub(
            rb"<v>[^<]*</v>",
            lambda found: chance.choice(TOKENS) if chance.random() < 0.02 else found[0],
            content,
        )
    wrong = [b"", b"-1", b"A0", b"0", b"zz", b"AAAA1", b"1"]
    return re.sub(
        rb' (r|s|t)="[^"]*"',
        lambda found: (
            b' %b="%b"' % (found[1], chance.choice(wrong)) if chance.random() < 0.01 else found[0]
        ),
        content,
    )
