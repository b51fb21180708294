"""Whether the stored editions are still the ones that were loaded: words, digest, columns, record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.library.editions import LOADED, every_edition, fault_in
from policies.models import PolicyEdition
from workflow.models import Record
from workflow.records import subject_of, verification

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


verification.register(verification.Check("政策版本", breaks, PolicyEdition.objects.count))
