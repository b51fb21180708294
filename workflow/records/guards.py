"""Triggers that let states and heads of chains move only on record, for the migrations of every app."""

from __future__ import annotations

GUARD = """
create trigger {name}_moves_on_record after update on {table}
  for each row when (old.state is distinct from new.state)
  execute function workflow_state_moves_on_record('{label}');
create trigger {name}_begins_at_the_first_state after insert on {table}
  for each row when (new.state <> '{first}')
  execute function workflow_state_moves_on_record('{label}');
"""
HEAD = """
create {instead}function {name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (
    select from {table} where chain = new.chain and sequence = new.sequence and hash = new.hash
  ) then
    raise exception '链头只能随留下的记录移动' using errcode = 'JX001', constraint = tg_name;
  end if;
  return null;
end $$;
"""
GUARDED = """create constraint trigger {name} after update on workflow_chainhead deferrable initially deferred
  for each row when (new.chain {which} 'ledger:%') execute function {name}();
"""
#: One row of a unique index whatever the values are: planned once a session.
FOUND_BY_PLACE = """
create or replace function {name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  stands bytea;
begin
  select hash into stands from {table} where chain = new.chain and sequence = new.sequence;
  if stands is distinct from new.hash then
    raise exception '链头只能随留下的记录移动' using errcode = 'JX001', constraint = tg_name;
  end if;
  return null;
end $$;
"""
NO_HEAD = """
drop trigger {name} on workflow_chainhead;
drop function {name}();
"""
UNGUARD = """
drop trigger {name}_moves_on_record on {table};
drop trigger {name}_begins_at_the_first_state on {table};
"""


def state_guards(label: str, name: str, *, first: str = "draft") -> tuple[str, str]:
    """SQL that guards the states of the model ``label`` (``talents.nomination``), and its reverse.

    ``name`` is what its triggers begin with. Refusals: JX006 with the trigger as constraint.
    """
    words = {"label": label, "table": label.replace(".", "_"), "name": name, "first": first}
    return GUARD.format(**words), UNGUARD.format(**words)


def head_guard(table: str, name: str, which: str) -> tuple[str, str]:
    """SQL that asks, before the transaction ends, for the row of ``table`` that a head was moved to.

    ``which`` is ``like`` for the chains of the ledger and ``not like`` for the others. Refusal: JX001
    with the trigger ``name`` as constraint.
    """
    words = {"table": table, "name": name, "which": which, "instead": ""}
    return (HEAD + GUARDED).format(**words), NO_HEAD.format(**words)


def head_guard_body(table: str, name: str) -> str:
    """SQL that puts the function of ``head_guard`` back as that made it."""
    return HEAD.format(table=table, name=name, instead="or replace ")


def head_found_by_place(table: str, name: str) -> str:
    """SQL that makes the function ``name`` of ``head_guard`` look a head's row up by its place alone."""
    return FOUND_BY_PLACE.format(table=table, name=name)
