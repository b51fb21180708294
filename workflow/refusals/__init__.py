"""Refusals: what a rule says no to, in words for the person in front of the screen.

Nothing of Django here: the process that reads files of strangers loads this module and no more.
"""

from __future__ import annotations


class DomainError(Exception):
    """A refusal we can explain: what happened, why (citation), and what to do next."""

    def __init__(self, code: str, message: str, *, citation: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.citation = code, message, citation

    def told_of(self, whom: object) -> DomainError:
        """The same, told to somebody else than ``whom`` it is about: by that name."""
        message = self.message.replace("您", str(whom))
        return DomainError(self.code, message, citation=self.citation)


def check_reason(note: str, label: str = "") -> None:
    """Refuse with ``reason-required`` what has consequences and says no why; ``label`` names the step."""
    if note.strip():
        return
    if label:
        raise DomainError("reason-required", f"{label}须写明事由")
    raise DomainError("reason-required", "请写明事由")
