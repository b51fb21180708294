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
    from collections.abc import Mapping, Sequence

    from django.db.models import Model
    from django.forms import ModelForm
    from django.http import HttpRequest

    from organizations.models import User

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

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        (self.correct if change else self.enter)(obj, form, user_of(request))

    def enter(self, obj: Any, form: ModelForm, actor: User) -> None:
        """Put a new row on file; ``obj`` is it as the form has it. Classes with a service call that."""
        obj.save()
        record_event(
            ENTERED,
            subject_of(obj),
            actor=actor,
            organization=self.organization_of(obj),
            note="管理后台",
            after=_stated(form, form.cleaned_data),
        )

    def correct(self, obj: Any, form: ModelForm, actor: User) -> None:
        """Put a row on file right. Classes with a service call that."""
        obj.save()
        record_change(
            obj,
            actor=actor,
            organization=self.organization_of(obj),
            note="管理后台",
            before=_stated(form, form.initial),
            after=_stated(form, form.cleaned_data),
        )


def _stated(form: ModelForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the changed fields have in ``values``."""
    return {name: _plain(values.get(name)) for name in form.changed_data}


def _plain(value: Any) -> Any:
    """A form's value as the record keeps it: a row by its name, the rest as JSON has it."""
    try:
        return str(value) if hasattr(value, "_meta") else value
    except ObjectDoesNotExist:
        return None
