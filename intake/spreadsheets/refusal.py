"""How a bounded process says no; its parent turns it into a ``DomainError``."""


class Refusal(Exception):  # noqa: N818 — it is the answer, not a fault
    """A file that was understood well enough to say what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message
