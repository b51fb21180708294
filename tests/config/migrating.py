"""What a migration may not do to a table that may be large while people work: told, with what to do instead.

Judged are operations of Django by what they do, SQL by its statements outside of function bodies.
"""

import re

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db.migrations import operations as ops
from django.db.models import UniqueConstraint

#: Rows of these come by the hundred thousand.
LARGE = frozenset(
    {
        "academies_academyyearperson", "academies_enrolment", "academies_trainingclass",
        "intake_importfinding", "intake_importrow", "reports_figurerows", "talents_assessment",
        "talents_certificate", "talents_employment", "talents_nomination", "talents_person",
        "workflow_notice", "workflow_record",
    }
)  # fmt: skip
CONCURRENTLY = "an index is built CONCURRENTLY, in a migration of its own that is not atomic"
NOT_VALID = "a constraint is added NOT VALID and validated in a later migration"
TWO_RELEASES = "running code still uses it: stop using it in one release, take it away in the next"
BATCHES = "rows are changed in batches, by RunPython in a migration that is not atomic"
_BODIES = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_SQL = (
    (r"create (?:unique )?index (?!concurrently).*?\bon (?:only )?(\w+)", CONCURRENTLY),
    (r"drop index (?!concurrently)(\w+)", CONCURRENTLY),
    (r"alter table (?:only )?(\w+)(?:(?!;).)*? add constraint (?:(?!;|not valid|unique using index).)*(?:;|$)", NOT_VALID),
    (r"alter table (?:only )?(\w+)(?:(?!;).)*? set not null", "add a NOT VALID check, validate it, then SET NOT NULL"),
    (r"alter table (?:only )?(\w+)(?:(?!;).)*? alter (?:column )?\w+ (?:set data )?type", "a new type rewrites the table"),
    (r"alter table (?:only )?(\w+)(?:(?!;).)*? (?:drop column|rename)", TWO_RELEASES),
    (r"(?:^|;)\s*update (\w+)", BATCHES),
    (r"(?:^|;)\s*delete from (\w+)", BATCHES),
    (r"(?:^|;)\s*(?:lock table|vacuum full|cluster|reindex table) (\w+)", "nobody can work meanwhile"),
)  # fmt: skip


def findings(migration, before):
    """What is wrong with ``migration``; ``before`` is the state of all models that it starts from."""
    state, new = before.clone(), set()
    for operation in migration.operations:
        if isinstance(operation, ops.CreateModel):
            new.add(f"{migration.app_label}_{operation.name_lower}")
        yield from _judged(operation, migration, state, LARGE - new)
        operation.state_forwards(migration.app_label, state)


def _judged(operation, migration, state, large):
    kind = type(operation).__name__
    if isinstance(operation, ops.RunSQL | ops.RunPython) and not operation.reversible:
        yield f"{kind}: there is a way back"
    if isinstance(operation, ops.RunSQL):
        yield from _sql(operation.sql, large)
    if isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        return
    name = getattr(operation, "model_name", None) or getattr(operation, "old_name", None)
    table = f"{migration.app_label}_{(name or getattr(operation, 'name', '') or '').lower()}"
    if table not in large:
        return
    if isinstance(operation, ops.AddIndex | ops.RemoveIndex):
        yield f"{kind} {table}: {CONCURRENTLY}"
    elif isinstance(operation, ops.AddConstraint) and not isinstance(
        operation, AddConstraintNotValid
    ):
        unique = isinstance(operation.constraint, UniqueConstraint)
        yield f"{kind} {table}: {CONCURRENTLY if unique else NOT_VALID}"
    elif isinstance(
        operation, ops.RemoveField | ops.RenameField | ops.RenameModel | ops.DeleteModel
    ):
        yield f"{kind} {table}: {TWO_RELEASES}"
    elif isinstance(operation, ops.AddField):
        yield from _added(operation.field, f"{kind} {table}.{operation.name}")
    elif isinstance(operation, ops.AlterField):
        old = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        yield from _altered(old, operation.field, f"{kind} {table}.{operation.name}")


def _added(field, where):
    if not field.null and not field.has_db_default() and not field.generated:
        yield f"{where}: a column that must be filled has a db_default, or running code cannot insert"
    if field.generated:
        yield f"{where}: a generated column rewrites the table"
    if field.unique or field.db_index:
        yield f"{where}: {CONCURRENTLY}"


def _altered(old, new, where):
    kinds = old.get_internal_type(), new.get_internal_type()
    is_wider = kinds[0] == kinds[1] and (new.max_length or 0) >= (old.max_length or 0)
    if (not is_wider and kinds[0] != kinds[1]) or (new.max_length or 0) < (old.max_length or 0):
        yield f"{where}: a new type rewrites the table"
    if old.null and not new.null:
        yield f"{where}: add a NOT VALID check, validate it, then SET NOT NULL"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield f"{where}: {CONCURRENTLY}"


def _sql(sql, large):
    text = (
        sql if isinstance(sql, str) else "; ".join(s if isinstance(s, str) else s[0] for s in sql)
    )
    text = " ".join(_BODIES.sub("$$", text).lower().split())
    for pattern, instead in _SQL:
        for found in re.finditer(pattern, text):
            if found[1] in large or found[0].startswith("drop index"):
                yield f"RunSQL {found[1]}: {instead}"
