"""Back-office classes whose every change is written to the record, and whose history is read there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ObjectDoesNotExist

from organizations.models import Organization
from pages.admin.scoped import ScopedAdmin
from pages.forms import ReasonForm, Versioned
from pages.permissions import user_of
from workflow.corrections import correct, version_of
from workflow.records import Event, record_event, subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model
    from django.http import HttpRequest

    from organizations.models import User
    from workflow.corrections import Correctable

ENTERED = Event("pages.entered", "登记")


class VersionedForm(Versioned, forms.ModelForm):
    """A row on file, with the version it was opened in."""

    correctable: ClassVar[Correctable | None] = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial["version"] = version_of(self.instance, self.correctable)


class CorrectionForm(ReasonForm, VersionedForm):
    """The same with the reason; a row that is only being entered needs none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            del self.fields["note"]


class RecordedAdmin(ScopedAdmin):
    """Adds and changes leave a record with before and after; history shows records.

    What can be changed has a form that knows the version it was opened in: ``CorrectionForm``, or
    ``VersionedForm`` where a field of the row itself says why.
    """

    #: What may be put right, where the model is below ``workflow`` and cannot say it itself.
    correctable: ClassVar[Correctable | None] = None

    object_history_template = "admin/object_history.html"

    def history_of(self, request: HttpRequest, obj: Model) -> Sequence[Any]:
        return history_of(subject_of(obj), user_of(request))

    def organization_of(self, obj: Model) -> Organization | None:
        """The body in whose chain the record of ``obj`` stands."""
        value: Any = obj
        for step in getattr(obj, "ORGANIZATION_PATH", "").split("__")[:-1]:
            value = getattr(value, step, None)
        return value if isinstance(value, Organization) else None

    def save_model(self, request: HttpRequest, obj: Any, form: VersionedForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        (self.correct if change else self.enter)(obj, form, user_of(request))

    def get_form(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        form = super().get_form(request, *args, **options)
        form.correctable = self.correctable
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the reason, where something on file can be put right; the version is not for people."""
        may_change = self.has_change_permission(request, obj) or obj is None
        mute = {"version"} if may_change else {"version", "note"} - self.columns
        fields = tuple(name for name in self.get_fields(request, obj) if name not in mute)
        asks = obj is not None and issubclass(self.form, ReasonForm)
        if asks and "note" not in fields and may_change:
            fields = (*fields, "note")
        return [(None, {"fields": fields})]

    @property
    def columns(self) -> set[str]:
        return {field.name for field in self.opts.concrete_fields}

    def enter(self, obj: Any, form: VersionedForm, actor: User) -> None:
        """Put a new row on file; ``obj`` is it as the form has it. Classes with a service call that."""
        obj.save()
        record_event(
            ENTERED,
            subject_of(obj),
            actor=actor,
            organization=self.organization_of(obj),
            note=form.cleaned_data.get("note", ""),
            after={name: _plain(form.cleaned_data.get(name)) for name in form.changed_data},
        )

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        """Put a row on file right. Classes with a service of their own call that."""
        correct(obj, form.cleaned_data, actor=actor, declared=self.correctable, **form.words)


def _plain(value: Any) -> Any:
    """A form's value as the record keeps it: a row by its name, the rest as JSON has it."""
    try:
        return str(value) if hasattr(value, "_meta") else value
    except ObjectDoesNotExist:
        return None
