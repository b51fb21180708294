"""Arrows of a workflow. The only place where a ``state`` is assigned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from organizations.scoping import holds_role
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User


class Stateful(Protocol):
    """What an arrow can move."""

    pk: Any
    state: str

    def get_state_display(self) -> str: ...
    def save(self, *, update_fields: list[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow: from which states, to which, by whom."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]

    def apply(
        self,
        obj: Stateful,
        *,
        organization: Organization,
        actor: User,
        note: str = "",
        **changes: Any,
    ) -> None:
        """Move ``obj`` along this arrow, set ``changes``, and record it, in one UPDATE.

        The caller holds the row lock. ``organization`` is the body whose roles decide and in whose
        chain the record stands.
        """
        if obj.state not in self.sources:
            message = (
                f"当前状态为“{obj.get_state_display()}”，不能{self.label}；请刷新页面查看最新状态"
            )
            raise DomainError("illegal-transition", message)
        self.check_role(actor, organization)
        source, obj.state = obj.state, self.target
        for field, value in changes.items():
            setattr(obj, field, value)
        obj.save(update_fields=["state", *changes])
        record_event(
            Record.Kind.TRANSITION,
            subject_of(obj),  # type: ignore[arg-type]
            self.label,
            actor=actor,
            organization=organization,
            source=source,
            target=self.target,
            note=note,
        )

    def apply_to_all(
        self,
        rows: QuerySet,
        *,
        subject: str,
        organization: Organization,
        actor: User,
        note: str = "",
    ) -> int:
        """Move every row of ``rows`` that stands in a source state, in one UPDATE and one record.

        Returns how many moved; the record names ``subject`` and the number.
        """
        self.check_role(actor, organization)
        moved = rows.filter(state__in=self.sources).update(state=self.target)
        if moved:
            record_event(
                Record.Kind.TRANSITION,
                subject,
                f"批量{self.label}",
                actor=actor,
                organization=organization,
                target=self.target,
                after={"count": moved},
                note=note,
            )
        return moved

    def check_role(self, actor: User, organization: Organization) -> None:
        """Refuse an actor who holds none of this arrow's roles at ``organization`` or above."""
        if not holds_role(actor, self.roles, organization.path):
            message = f"您没有“{self.label}”的权限，请由有权限的经办人或审批人办理"
            raise DomainError("role-required", message)
