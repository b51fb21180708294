"""How a bounded process tells what it found: length-prefixed frames of plain text.

Plain text on purpose: what comes out of a process that has parsed a hostile file must not be able
to do anything in ours, which rules out ``pickle`` and ``marshal``.
A frame is a type byte, a four-byte length and UTF-8; rows inside it are parted by RECORD, their
cells by FIELD, and the last field holds the line number and the columns of rounded numbers.
"""

import struct

HEADER = struct.Struct(">cI")
RECORD, FIELD = "\x1e", "\x1f"
SHEET, ROWS, REFUSAL, END = b"S", b"R", b"X", b"E"
KIND, FACTS = b"K", b"F"
LONGEST = 32 << 20
ROWS_PER_FRAME = 500
CHARACTERS_PER_FRAME = 1 << 20


def frame(kind: bytes, text: str) -> bytes:
    """``text`` ready to be written to the pipe."""
    payload = text.encode("utf-8", "replace")
    return HEADER.pack(kind, len(payload)) + payload
