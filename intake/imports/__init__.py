"""Spreadsheets on their way in, whatever they are about: staged, judged, committed, taken back."""

from intake.imports.batches import (
    batch_for,
    check_purpose,
    commit,
    discard,
    handling_of,
    may_handle,
    not_for_them,
    revert,
)
from intake.imports.checks import ERROR, WARNING, Check, run
from intake.imports.corrections import Correction, correct_row, drop_row
from intake.imports.hands import hands_on, text_with
from intake.imports.kinds import (
    Filed,
    Handling,
    ImportKind,
    Lines,
    address_of,
    kind_of,
    register,
    registered_kinds,
)
from intake.imports.staging import (
    STAGE_JOB,
    Receipt,
    Upload,
    receive,
    receive_sheets,
    receive_whole,
    receive_whole_sheets,
)

__all__ = [
    "ERROR",
    "STAGE_JOB",
    "WARNING",
    "Check",
    "Correction",
    "Filed",
    "Handling",
    "ImportKind",
    "Lines",
    "Receipt",
    "Upload",
    "address_of",
    "batch_for",
    "check_purpose",
    "commit",
    "correct_row",
    "discard",
    "drop_row",
    "handling_of",
    "hands_on",
    "kind_of",
    "may_handle",
    "not_for_them",
    "receive",
    "receive_sheets",
    "receive_whole",
    "receive_whole_sheets",
    "register",
    "registered_kinds",
    "revert",
    "run",
    "text_with",
]
