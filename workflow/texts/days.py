"""Days as people write them in a cell."""

from __future__ import annotations

import re
from datetime import date

from workflow.texts.folding import fold_code

WRITTEN = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})[日号]?|(\d{4})(\d{2})(\d{2})")


def written_day(text: str) -> date | None:
    """The day that ``text`` stands for: 2026-09-01, 2026年9月1日, 2026.9.1, 20260901; None for no real day."""
    match = WRITTEN.fullmatch(fold_code(text))
    try:
        return date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None
