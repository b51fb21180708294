"""Arrows of a workflow. The only place where a ``state`` is assigned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from organizations.scoping import holds_role
from workflow.identity import without_numbers
from workflow.models import Record
from workflow.records import chain_of, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User


MOVE = """
with chosen (id, state, organization_id) as (
  {select}
), moved as (
  update {table} m set state = %s from chosen where m.id = chosen.id
  returning m.id, chosen.state, chosen.organization_id
)
insert into workflow_record (chain, kind, subject, organization_id, action, source, target,
  before, after, note, actor_id, sequence, previous_hash, hash)
select %s, %s, %s || id, organization_id, %s, state, %s, '{{}}', '{{}}', %s, %s, 0, '', ''
from moved order by id
"""


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
        """Move every row of ``rows`` that stands in a source state, in one statement.

        Each gets a record of its own, so that its history tells of it, and ``subject`` one more with
        the number. All of them stand in the chain of ``organization``: one chain, one lock. Returns
        how many moved.
        """
        self.check_role(actor, organization)
        moved = self._move(rows, organization=organization, actor=actor, note=note)
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

    def _move(self, rows: QuerySet, *, organization: Organization, actor: User, note: str) -> int:
        model: Any = rows.model
        owner = model.ORGANIZATION_PATH.removesuffix("__path")
        chosen = (
            rows.filter(state__in=self.sources).order_by("pk").select_for_update(no_key=True)
        ).values_list("pk", "state", owner)
        select, values = chosen.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE.format(select=select, table=connection.ops.quote_name(model._meta.db_table)),
                [
                    *values,
                    self.target,
                    chain_of(organization),
                    Record.Kind.TRANSITION,
                    f"{model._meta.label_lower}:",
                    self.label,
                    self.target,
                    without_numbers(note),
                    actor.pk,
                ],
            )
            return cursor.rowcount

    def check_role(self, actor: User, organization: Organization) -> None:
        """Refuse an actor who holds none of this arrow's roles at ``organization`` or above."""
        if not holds_role(actor, self.roles, organization.path):
            message = f"您没有“{self.label}”的权限，请由有权限的经办人或审批人办理"
            raise DomainError("role-required", message)
