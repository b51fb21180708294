"""Files on their way in: staged, committed, corrected, taken back, given out again."""

from intake.services.batches import commit, discard, judge_again, revert
from intake.services.corrections import Correction, correct_row, drop_row, drop_rows
from intake.services.staging import Upload, receive, receive_whole

__all__ = [
    "Correction",
    "Upload",
    "commit",
    "correct_row",
    "discard",
    "drop_row",
    "drop_rows",
    "judge_again",
    "receive",
    "receive_whole",
    "revert",
]
