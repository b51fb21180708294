"""What may be put right about a title on file."""

from __future__ import annotations

from pages.forms import CorrectionFields, Section, from_model
from talents.models import Honour


class HonourForm(CorrectionFields, from_model(Honour, Honour.CORRECTABLE.fields)):  # type: ignore[misc]
    SECTIONS = (Section("称号", Honour.CORRECTABLE.fields), Section("依据", ("note",)))
