"""Writing the append-only record. Every change of state or data passes through here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from organizations.standing_in import said_of_standing_in
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.texts.controls import CODE, CONTROL, MESSAGE
from workflow.texts.identity import without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from organizations.models import Organization, User

#: Fields whose content must never be copied into a record: only that they changed.
UNRECORDED_FIELDS = frozenset(
    {"identity_cipher", "identity_digest", "phone_cipher", "password", "identity", "phone"}
)


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of thing that is put on record, declared once where it happens.

    Code reads ``code``, which is never changed; people read ``label``, which may be.
    """

    code: str
    label: str
    kind: str = Record.Kind.CHANGE

    def of(self, what: str) -> Self:
        """The same, with what was done it to in its label."""
        return replace(self, label=f"{self.label}{what}")


#: Facts of a row were put right; which row, its subject says.
CORRECTED = Event("workflow.corrected", "更正")


def subject_of(obj: Model) -> str:
    """The name under which ``obj`` stands in records and jobs: ``talents.nomination:12``."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def chain_of(organization: Organization | None) -> str:
    """One chain per second-level body (a district or industry union), so that locks stay apart."""
    if organization is None:
        return "main"
    steps = organization.path.strip("/").split("/")
    return "org:" + "/".join(steps[:3])


def record_event(
    event: Event,
    subject: str,
    *,
    actor: User,
    organization: Organization | None = None,
    roles: Iterable[str] | None = None,
    **words: Any,
) -> Record:
    """Append one record. ``words``: source, target, before, after, note of the Record.

    Notes, texts and names of files are what somebody typed; a number of a person in them must not
    stay for ever. Who acts only as a stand-in is recorded with the colleague it is done for;
    ``roles`` are those that the act asks for, any where none are named.
    """
    if organization is not None:
        said = said_of_standing_in(actor, roles, organization.path)
        words["after"] = words.get("after", {}) | said
    words["note"] = kept(words.get("note", ""))
    for side in ("before", "after"):
        words[side] = {
            field: "（已变更，不留存）" if field in UNRECORDED_FIELDS else _masked(value)
            for field, value in words.get(side, {}).items()
        }
    return Record.objects.create(
        chain=chain_of(organization),
        kind=event.kind,
        code=event.code,
        subject=subject,
        organization=organization,
        action=event.label,
        actor=actor,
        **words,
    )


def kept(text: str) -> str:
    """What somebody typed as it stands in a record for ever: without numbers of persons.

    Refused (``control-characters``) where it holds signs that nobody sees.
    """
    if CONTROL.search(text):
        raise DomainError(CODE, MESSAGE)
    return without_numbers(text)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return kept(value)
    if isinstance(value, dict):
        return {key: _masked(part) for key, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list | tuple) else value


def record_change(  # noqa: PLR0913 - what a correction consists of
    obj: Model,
    *,
    actor: User,
    organization: Organization | None,
    note: str,
    event: Event = CORRECTED,
    is_kept: bool = False,
    **sides: dict,
) -> Record | None:
    """Append a correction of data. ``sides``: before and after; unchanged fields are left out.

    Where nothing changed there is no record, unless it is to be kept who was at it.
    """
    before, after = sides["before"], sides["after"]
    changed = [field for field in after if before.get(field) != after[field]]
    if not changed and not is_kept:
        return None
    return record_event(
        event,
        subject_of(obj),
        actor=actor,
        organization=organization,
        note=note,
        before={field: before.get(field) for field in changed},
        after={field: after[field] for field in changed},
    )
