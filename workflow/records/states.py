"""Whether every state is the one that the newest transition on record led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG = sql.SQL("""
with told as (
  select distinct on (subject) subject, target from workflow_record
  where kind = 'transition' and subject like {prefix} || '%%' and code not like '%%-all'
  order by subject, id desc
)
select m.id, m.state, coalesce(told.target, {first}) from {table} m
left join told on told.subject = {prefix} || m.id
where m.state <> coalesce(told.target, {first}) order by m.id
""")


def stateful() -> list[Any]:
    """Every model with a state."""
    return [model for model in apps.get_models() if _first_state(model) is not None]


def _first_state(model: Any) -> str | None:
    try:
        return model._meta.get_field("state").default
    except FieldDoesNotExist:
        return None


def breaks() -> Iterator[str]:
    """Every row that stands in another state than its record says."""
    for model in stateful():
        meta = model._meta
        query = WRONG.format(
            prefix=sql.Literal(f"{meta.label_lower}:"),
            first=sql.Literal(str(_first_state(model))),
            table=sql.Identifier(meta.db_table),
        )
        labels = dict(meta.get_field("state").flatchoices)
        with connection.cursor() as cursor:
            cursor.execute(query.as_string())
            for pk, state, told in cursor.fetchall():
                now, then = labels.get(state, state), labels.get(told, told)
                yield f"{meta.verbose_name} {pk}：状态为“{now}”，留痕记录为“{then}”"
