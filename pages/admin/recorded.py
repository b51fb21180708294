"""Back-office classes whose every change is written to the record, and whose history is read there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist

from organizations.models import Organization
from pages.admin.scoped import ScopedAdmin
from pages.permissions import user_of
from workflow.records import Event, record_change, record_event, subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model
    from django.forms import ModelForm
    from django.http import HttpRequest

ENTERED = Event("pages.entered", "登记")


class RecordedAdmin(ScopedAdmin):
    """Adds and changes leave a record with before and after; history shows records."""

    object_history_template = "admin/object_history.html"

    def history_of(self, request: HttpRequest, obj: Model) -> Sequence[Any]:
        return history_of(subject_of(obj), user_of(request))

    def organization_of(self, obj: Model) -> Organization | None:
        """The body in whose chain the record of ``obj`` stands."""
        value: Any = obj
        for step in getattr(obj, "ORGANIZATION_PATH", "").split("__")[:-1]:
            value = getattr(value, step, None)
        return value if isinstance(value, Organization) else None

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        before = {name: _plain(form.initial.get(name)) for name in form.changed_data}
        super().save_model(request, obj, form, change)
        after = {name: _plain(form.cleaned_data.get(name)) for name in form.changed_data}
        if change:
            record_change(
                obj,
                actor=user_of(request),
                organization=self.organization_of(obj),
                note="管理后台",
                before=before,
                after=after,
            )
        else:
            record_event(
                ENTERED,
                subject_of(obj),
                actor=user_of(request),
                organization=self.organization_of(obj),
                note="管理后台",
                after=after,
            )


def _plain(value: Any) -> Any:
    """A form's value as the record keeps it: a row by its name, the rest as JSON has it."""
    try:
        return str(value) if hasattr(value, "_meta") else value
    except ObjectDoesNotExist:
        return None
