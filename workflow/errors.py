"""Refusals: what a rule says no to, in words for the person in front of the screen."""


class DomainError(Exception):
    """A refusal we can explain: what happened, why (citation), and what to do next."""

    def __init__(self, code: str, message: str, *, citation: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.citation = code, message, citation
