"""Whether the stored editions are still the ones that were loaded, and what was confirmed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policies.library.defaults import CONFIRMED, defaults_of
from policies.library.editions import LOADED, every_edition, fault_in, policy_by_digest
from policies.models import DefaultConfirmation, PolicyEdition
from policies.wording.statements import default_words
from workflow.models import Record
from workflow.records import kept, subject_of, verification

if TYPE_CHECKING:
    from collections.abc import Iterator


def breaks() -> Iterator[str]:
    """Every edition that is altered, was never loaded, or was loaded and is gone."""
    loaded = Record.objects.filter(code=LOADED.code).values_list("subject", "after__digest")
    recorded = dict(loaded)
    for edition in every_edition().order_by("pk"):
        name = f"政策版本 {edition.pk}（{edition}）"
        if fault := fault_in(edition):
            yield name + fault
        if recorded.pop(subject_of(edition), None) != edition.digest:
            yield f"{name}：摘要值与载入时的留痕记录不符"
    for subject in recorded:
        yield f"政策版本 {subject.rpartition(':')[2]}：留痕记录载有载入，但版本已不存在"


def unproven() -> Iterator[str]:
    """Every default that its edition does not name so, every confirmation that no record tells of."""
    for edition in every_edition().prefetch_related("defaults").order_by("pk"):
        if fault_in(edition):  # said by ``breaks``
            continue
        named = {
            (d.section, d.item): (d.title, d.digest)
            for d in defaults_of(policy_by_digest(edition.digest))
        }
        listed = {(d.section, d.item): (d.title, d.digest) for d in edition.defaults.all()}
        if named != listed:
            yield f"政策版本 {edition.pk}（{edition}）：所列默认与文字不符"
    recorded = {
        row.subject: (row.actor_id, row.note, row.after)
        for row in Record.objects.filter(code=CONFIRMED.code)
    }
    rows = DefaultConfirmation.objects.select_related("default__edition").order_by("pk")
    for row in rows:
        if recorded.pop(subject_of(row.default), None) != told(row):
            yield f"默认的确认 {row.pk}（{row}）：与留痕记录或所确认的条文不符"
    for subject in recorded:
        yield f"默认 {subject.rpartition(':')[2]}：留痕记录载有确认，但确认已不存在"


def told(row: DefaultConfirmation) -> tuple[int, str, dict[str, Any]] | None:
    """What the record says of a confirmation; None where it is not of the default it names."""
    default, edition = row.default, row.default.edition
    if row.digest != default.digest or fault_in(edition):
        return None
    after = {
        "edition": str(edition),
        "value": default_words(policy_by_digest(edition.digest), default),
        "document_number": row.document_number,
        "decided_on": row.decided_on.isoformat(),
    }
    return row.confirmed_by_id, kept(row.note), {k: kept(text) for k, text in after.items()}


verification.register(verification.Check("政策版本", breaks, PolicyEdition.objects.count))
verification.register(
    verification.Check("政策默认及其确认", unproven, DefaultConfirmation.objects.count)
)
