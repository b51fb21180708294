"""What staff may put right about a person in the back office; the reason stands in the record."""

from __future__ import annotations

from django import forms

from talents.forms.fields import StandardWordsForm
from talents.models import Person


class PersonForm(forms.ModelForm, StandardWordsForm):
    note = forms.CharField(label="更正说明", max_length=200, help_text="写明依据，计入留痕记录")

    class Meta:
        model = Person
        fields = ("name", "ethnicity", "education", "political_status")
