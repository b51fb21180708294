"""What is done to many rows of a list at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import Form

from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from organizations.models import User
    from pages.tables import Table
    from workflow.permissions import Permission


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done to the chosen rows; each is done or refused in words.

    ``act`` takes the list, the chosen keys and what the user wrote, and gives the refusals by key;
    ``may`` says why somebody cannot at all, ``form`` asks for words where there are any to say.
    """

    code: str
    label: str
    act: Callable[[Table, Sequence[int], str], Mapping[int, DomainError]]
    may: Callable[[Table], DomainError | None] = lambda table: None
    form: type[Form] = Form
    tone: str = "info"
    consequences: tuple[str, ...] = ()


def for_user(permission: Permission[[User]]) -> Callable[[Table], DomainError | None]:
    """An act that an account may do at all or not; of each row its own service says."""
    return lambda table: permission.why_not(table.user)


def one_by_one(
    act: Callable[[int, User, str], object],
) -> Callable[[Table, Sequence[int], str], Mapping[int, DomainError]]:
    """Act on one row after the other, each in a transaction of its own."""

    def act_on_each(table: Table, keys: Sequence[int], note: str) -> Mapping[int, DomainError]:
        refused = {}
        for key in keys:
            try:
                act(key, table.user, note)
            except DomainError as refusal:
                refused[key] = refusal
        return refused

    return act_on_each
