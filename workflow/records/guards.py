"""Triggers that let a state move only with the record of its move, for the migrations of every app."""

from __future__ import annotations

GUARD = """
create trigger {name}_moves_on_record after update on {table}
  for each row when (old.state is distinct from new.state)
  execute function workflow_state_moves_on_record('{label}');
create trigger {name}_begins_at_the_first_state after insert on {table}
  for each row when (new.state <> '{first}')
  execute function workflow_state_moves_on_record('{label}');
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
