"""Forms of money."""

from __future__ import annotations

from django import forms

from pages.forms import ReasonForm
from subsidies.models import Entry

Reason = Entry.Reason
#: What an academy takes an expense back for; the others follow from something else.
OWN_REASONS = (Reason.MISTYPED, Reason.DUPLICATE, Reason.INVOICE, Reason.FINDING)


class WithdrawalForm(ReasonForm):
    """Why an expense is taken back: the kind of reason, and the words."""

    reason = forms.ChoiceField(label="冲销原因", choices=[(r.value, r.label) for r in OWN_REASONS])
    field_order = ("reason", "note")
