"""A refusal as a program is told it: RFC 9457, what happened, why, and on which clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflow.refusals import DomainError

CONTENT_TYPE, REFUSED = "application/problem+json", 409


def problem_of(refusal: DomainError) -> dict[str, Any]:
    """The body of the answer; its status is the one of the answer."""
    return {
        "type": refusal.code,
        "title": refusal.message,
        "status": REFUSED,
        "citation": refusal.citation,
    }
