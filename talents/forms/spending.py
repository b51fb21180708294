"""What is asked of an enterprise's money for workers' education."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from organizations.models import Organization, User
from organizations.scoping import within_reach
from pages.forms import Section, from_model
from talents.models import EducationSpend
from talents.permissions import FILERS

FACTS = ("year", "wages", "spent", "frontline")


class SpendForm(from_model(EducationSpend, FACTS)):  # type: ignore[misc]
    """One enterprise, one year; what is part of what is compared at once."""

    SECTIONS = (Section("填报", ("organization", "year", "wages", "spent", "frontline")),)
    REFUSED_AT: ClassVar = {"spend-in-future": "year", "spend-of-no-enterprise": "organization"}

    organization = forms.ModelChoiceField(label="企业", queryset=Organization.objects.none())

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        bodies = Organization.objects.visible_to(user).filter(within_reach(user, FILERS))
        field: Any = self.fields["organization"]
        field.queryset = bodies.filter(kind=Organization.Kind.UNIT).order_by("path")
        field.initial = field.queryset.first()
        self.fields["year"].initial = timezone.localdate().year - 1

    def clean(self) -> None:
        wages, spent, frontline = (
            self.cleaned_data.get(name) for name in ("wages", "spent", "frontline")
        )
        if wages is not None and wages <= 0:
            self.add_error("wages", "工资薪金总额须大于零")
        if wages is not None and spent is not None and spent > wages:
            self.add_error("spent", "职工教育经费不能超过工资薪金总额，请核对单位（元）")
        if spent is not None and frontline is not None and frontline > spent:
            self.add_error("frontline", "用于一线职工的不能超过职工教育经费支出")

    def declared(self) -> dict[str, Any]:
        """The cleaned form as the service takes it."""
        cleaned = self.cleaned_data
        return {
            "facts": {name: cleaned[name] for name in FACTS},
            "organization_id": cleaned["organization"].pk,
        }
