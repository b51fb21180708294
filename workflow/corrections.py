"""Correcting a row on file: one way, for every model that says what may be put right about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workflow.records import CORRECTED, record_change
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organizations.models import Organization, User
    from workflow.records import Event

OUTDATED = "您打开此表后，他人已更正过；您的填写未写入，请对照后再提交"


def nothing(row: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Correctable:
    """What may be put right about the rows of a model; the model has it as ``CORRECTABLE``.

    Models below this app cannot have it; whoever corrects them says it in the call.
    """

    fields: tuple[str, ...]
    #: In whose chain the record stands: a path of attributes, or how it is found.
    organization: str | Callable[[Any], Organization | None] = "organization"
    event: Event = CORRECTED
    #: Columns that follow from the fields, such as the pinyin of a name.
    derived: Callable[[Any], dict[str, Any]] = nothing
    #: What belongs to the row and stands in its record, but in other tables or in no plain column.
    besides: Callable[[Any], dict[str, Any]] = nothing
    #: The column that says who corrected the row last, where there is one.
    by: str = ""
    #: The column that lists the numbers of all accounts that ever had a hand in the row.
    all_by: str = ""

    def organization_of(self, row: Any) -> Organization | None:
        if callable(self.organization):
            return self.organization(row)
        for step in self.organization.split("."):
            row = getattr(row, step)
        return row

    def recorded(self, row: Any) -> dict[str, Any]:
        """The facts of ``row`` as a record keeps them."""
        return as_recorded(row, self.fields) | self.besides(row)


def correct(  # noqa: PLR0913 - what a correction consists of
    row: Any,
    facts: dict[str, Any],
    *,
    version: int | None,
    actor: User,
    note: str,
    follow_up: Callable[[Any], bool | None] | None = None,
    declared: Correctable | None = None,
) -> bool:
    """Write what changed about ``row``, and say whether anything did.

    The row is locked; who saw an older version is refused (None: nobody looked at it before, as when
    a file is taken in). ``follow_up`` changes what belongs to the row, before the row itself is
    written, and may return True where something changed that no record shows. Facts and marks are
    written in one UPDATE, before and after stand in one record; what is sent as it is on file leaves
    no trace. ``row`` has what is on file now, even where it is refused as outdated.
    """
    declared = declared or row.CORRECTABLE
    with refusing(invalid=f"{row._meta.model_name}-invalid"), transaction.atomic():
        marks: list[str] = [name for name in ("version", "edited_at") if name in _columns(row)]
        row.refresh_from_db(
            from_queryset=type(row)._base_manager.select_for_update(of=("self",)),
            fields=[*declared.fields, *marks, *filter(None, [declared.all_by])],
        )
        check_version(row, version, declared)
        before, stored = declared.recorded(row), _columns(row)
        check_clean(row, write_facts(row, facts, declared))
        hidden = bool(follow_up and follow_up(row))
        after = declared.recorded(row)
        if before == after and not hidden:
            return False
        _mark(row, marks, declared, actor)
        written = [name for name, value in _columns(row).items() if stored[name] != value]
        row.save(update_fields=written)
        record_change(
            row,
            actor=actor,
            organization=declared.organization_of(row),
            note=note,
            event=declared.event,
            before=before,
            after=after,
            is_kept=hidden,
        )
    return True


def version_of(row: Any, declared: Correctable | None = None) -> int:
    """What a form is opened with: the number the row keeps, or one made of what it says.

    The key of the installation goes into it, so that nobody finds out by trying what the row keeps
    sealed, such as a telephone number.
    """
    if "version" in _columns(row):
        return row.version
    facts = json.dumps((declared or row.CORRECTABLE).recorded(row), default=str, sort_keys=True)
    return int.from_bytes(salted_hmac(__name__, facts, algorithm="sha256").digest()[:6])


def check_version(row: Any, version: int | None, declared: Correctable | None = None) -> None:
    """Refuse what was typed over an older version of ``row``."""
    if version is not None and version_of(row, declared) != version:
        raise DomainError("edited-meanwhile", OUTDATED)


def as_recorded(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Fields of ``row`` as people read them: choices by label, others by name, nothing as ""."""
    return {name: _readable(row, name) for name in names}


def _readable(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    if value is None:
        return ""
    if value and hasattr(row, f"get_{name}_display"):
        return getattr(row, f"get_{name}_display")()
    if isinstance(value, models.Model):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def write_facts(row: Any, facts: dict[str, Any], declared: Correctable) -> list[str]:
    """Set what is given of the declared fields, and what follows from it; the names of the given."""
    given = [name for name in declared.fields if name in facts]
    for name in given:
        setattr(row, name, facts[name])
    for name, value in declared.derived(row).items():
        setattr(row, name, value)
    return given


def check_clean(row: models.Model, given: Iterable[str]) -> None:
    """Each value as its column takes it; constraints speak for themselves, from the database."""
    others = {field.name for field in row._meta.concrete_fields} - set(given)
    row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)


def _columns(row: models.Model) -> dict[str, Any]:
    """The values of all columns that can be written, as they are in memory."""
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.generated and field.attname in row.__dict__
    }


def _mark(row: Any, marks: list[str], declared: Correctable, actor: User) -> None:
    if "version" in marks:
        row.version += 1
    if "edited_at" in marks:
        row.edited_at = timezone.now()
    if declared.by:
        setattr(row, declared.by, actor)
    if declared.all_by:
        setattr(row, declared.all_by, sorted({*getattr(row, declared.all_by), actor.pk}))
