"""What staff may put right about a person in the back office; the reason stands in the record."""

from __future__ import annotations

from pages.admin.recorded import CorrectionForm
from talents.forms.fields import StandardWordsForm
from talents.models import Person


class PersonForm(CorrectionForm, StandardWordsForm):
    class Meta:
        model = Person
        fields = ("name", "ethnicity", "education", "political_status")
