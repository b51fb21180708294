"""What the application's role may do with a table besides reading it; each model declares its own.

After every migration the owner of the tables grants exactly this (``config/receivers.py``). A model
that declares nothing may be written freely.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rights:
    """Add rows, change ``update`` (all columns, the named ones, or none), take rows away."""

    insert: bool = True
    update: bool | tuple[str, ...] = True
    delete: bool = True

    def in_words(self) -> list[str]:
        """As GRANT takes them."""
        words = ["select"]
        words += ["insert"] * self.insert + ["delete"] * self.delete
        if isinstance(self.update, tuple):
            words.append(f"update ({', '.join(self.update)})")
        elif self.update:
            words.append("update")
        return words


READ_ONLY = Rights(insert=False, update=False, delete=False)
APPEND_ONLY = Rights(update=False, delete=False)
KEPT = Rights(delete=False)
