"""Asking the bounded process how a scan looks."""

from __future__ import annotations

import json

from intake.spreadsheets.bounded import bounded, descriptor, seat
from intake.spreadsheets.frames import FACTS
from intake.spreadsheets.limits import Limits
from workflow.refusals import DomainError

#: Unpacked, a large photograph takes some hundred megabytes; what needs more is no voucher.
LIMITS = Limits(memory_bytes=1024 << 20, cpu_seconds=15, waiting_seconds=20.0)
#: As many noughts and ones as the process tells of one picture.
BITS = 1024


def prints_of(content: bytes) -> list[str]:
    """``BITS`` noughts and ones for each picture in a JPEG, PNG or PDF file; none where none is seen.

    Refused where the file cannot be looked at (``picture-unreadable``), or too many are (``readers-busy``).
    """
    with (
        seat(),
        descriptor(content) as file,
        bounded("intake.pictures.child", {}, files={"path": file}, limits=LIMITS) as frames,
    ):
        found = json.loads(frames.expect(FACTS))
    if any(len(one) != BITS or set(one) - {"0", "1"} for one in found):
        raise DomainError("picture-unreadable", "图像已损坏，或者不是扫描件、照片")
    return found
