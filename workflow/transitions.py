"""Arrows of a workflow. The only place where a ``state`` or a ``status`` is assigned.

A ``state`` is what people decided; a ``Transition`` moves it, for who may, on the record. A
``status`` is how far some work has come; a ``Step`` moves it, whoever the work is done for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from organizations.scoping import holds_role
from organizations.standing_in import said_of_standing_in
from workflow.models import Record
from workflow.records import Event, chain_of, kept, record_event, subject_of
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
insert into workflow_record (chain, kind, subject, organization_id, code, action, source, target,
  before, after, note, actor_id, sequence, previous_hash, hash)
select %s, %s, %s || id, organization_id, %s, %s, state, %s, '{{}}', %s, %s, %s, 0, '', ''
from moved order by id
"""


class Stateful(Protocol):
    """What an arrow can move."""

    pk: Any
    state: str

    def get_state_display(self) -> str: ...
    def save(self, *, update_fields: list[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a row's ``status`` from any of ``sources``: one guarded UPDATE.

    Of two who are at it at once one gets through, and the other is told, where need be in words of
    its own (``code`` and ``message``; ``{now}`` is the status that stands in the way).
    """

    sources: frozenset[str]
    target: str
    code: str = "illegal-transition"
    message: str = "当前状态为“{now}”，不能办理此操作；请刷新页面查看最新状态"

    def take(self, rows: QuerySet, **changes: Any) -> int:
        """Move those of ``rows`` that stand in a source, and say how many did."""
        return rows.filter(status__in=self.sources).update(status=self.target, **changes)

    def apply(self, row: Any, **changes: Any) -> None:
        """Move ``row`` and set ``changes``, or refuse."""
        if not self.take(type(row)._base_manager.filter(pk=row.pk), **changes):
            row.refresh_from_db(fields=["status"])
            raise self._refusal(row)
        row.status = self.target
        for field, value in changes.items():
            setattr(row, field, value)

    def why_not(self, row: Any) -> DomainError | None:
        """Why ``row`` is not moved from where it stands, in the words in which ``apply`` refuses."""
        return None if row.status in self.sources else self._refusal(row)

    def _refusal(self, row: Any) -> DomainError:
        return DomainError(self.code, self.message.format(now=row.get_status_display()))


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow: from which states, to which, by whom. ``name`` is the code of its records."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]

    @property
    def event(self) -> Event:
        return Event(self.name, self.label, Record.Kind.TRANSITION)

    def apply(
        self,
        obj: Stateful,
        *,
        organization: Organization,
        actor: User,
        note: str = "",
        after: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        """Record the move of ``obj`` along this arrow, and make it with ``changes`` in one UPDATE.

        In this order: a trigger lets a state move only when its record is there. ``after`` is what
        the record vouches for besides the state.

        The caller holds the row lock. ``organization`` is the body whose roles decide and in whose
        chain the record stands.
        """
        if refusal := self.why_not(actor, obj, organization):
            raise refusal
        with transaction.atomic(savepoint=False):
            record_event(
                self.event,
                subject_of(obj),  # type: ignore[arg-type]
                actor=actor,
                organization=organization,
                roles=self.roles,
                source=obj.state,
                target=self.target,
                after=after or {},
                note=note,
            )
            obj.state = self.target
            for field, value in changes.items():
                setattr(obj, field, value)
            obj.save(update_fields=["state", *changes])

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
        if refusal := self.why_not_at(actor, organization):
            raise refusal
        moved = self._move(rows, organization=organization, actor=actor, note=note)
        if moved:
            record_event(
                Event(f"{self.name}-all", f"批量{self.label}", Record.Kind.TRANSITION),
                subject,
                actor=actor,
                organization=organization,
                roles=self.roles,
                target=self.target,
                after={"count": moved},
                note=note,
            )
        return moved

    def _move(self, rows: QuerySet, *, organization: Organization, actor: User, note: str) -> int:
        model: Any = rows.model
        said = said_of_standing_in(actor, self.roles, organization.path)
        owner = model.ORGANIZATION_PATH.removesuffix("__path")
        chosen = (
            rows.filter(state__in=self.sources).order_by("pk").select_for_update(no_key=True)
        ).values_list("pk", "state", owner)
        try:
            select, values = chosen.query.sql_with_params()
        except EmptyResultSet:  # nothing was chosen
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE.format(select=select, table=connection.ops.quote_name(model._meta.db_table)),
                [
                    *values,
                    self.target,
                    chain_of(organization),
                    Record.Kind.TRANSITION,
                    f"{model._meta.label_lower}:",
                    self.name,
                    self.label,
                    self.target,
                    json.dumps(said),
                    kept(note),
                    actor.pk,
                ],
            )
            return cursor.rowcount

    def why_not(self, actor: User, obj: Stateful, organization: Organization) -> DomainError | None:
        """Why ``actor`` may not move ``obj`` along this arrow now; None if they may."""
        if refusal := self.why_not_at(actor, organization):
            return refusal
        if obj.state in self.sources:
            return None
        message = f"当前状态为“{obj.get_state_display()}”，不能{self.label}；请刷新页面查看最新状态"
        return DomainError("illegal-transition", message)

    def why_not_at(self, actor: User, organization: Organization) -> DomainError | None:
        """Why ``actor`` moves nothing at all along this arrow at ``organization``."""
        if holds_role(actor, self.roles, organization.path):
            return None
        message = f"您没有“{self.label}”的权限，请由有权限的经办人或审批人办理"
        return DomainError("role-required", message)
