"""What is kept here for every app and yet not shown to everybody within reach: as the app's model says.

A model with ``withheld_from`` tells which of its rows the person asking is not to know of, such as what
others reported about them; ``FILES`` are its columns of files. Of those rows no record is shown, and their
files are known to those alone who see the row. ``WITHHELD_FILES`` are columns of files that are known as
others are, and withheld with the row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from organizations.models import User
from organizations.scoping import PersonalQuerySet, ScopedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@cache
def withholding_models() -> list[Any]:
    """The models that keep something from somebody."""
    return [model for model in apps.get_models() if hasattr(model, "withheld_from")]


class RecordQuerySet(ScopedQuerySet):
    """Records, without those of what is withheld from the reader, and of its files."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        return rows.exclude(subject__in=kept) if (kept := _subjects_kept_from(user)) else rows


class NoticeQuerySet(PersonalQuerySet):
    """Notices, without those that colleagues had of what is withheld from the reader."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        kept = _subjects_kept_from(user)
        return rows.exclude(~Q(recipient=user), subject__in=kept) if kept else rows


class AttachmentQuerySet(ScopedQuerySet):
    """Files; of those that a model with ``withheld_from`` keeps, the ones of rows that the reader sees."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        if not isinstance(user, User) or user.is_system:
            return rows
        for model in withholding_models():
            seen = model.objects.visible_to(user).values("pk")
            for name in model.FILES:
                hidden = model.objects.filter(Q(**{f"{name}__isnull": False})).exclude(pk__in=seen)
                rows = rows.exclude(pk__in=hidden.values(name))
            for name in getattr(model, "WITHHELD_FILES", ()):
                filed = model.withheld_from(user).filter(**{f"{name}__isnull": False})
                rows = rows.exclude(pk__in=filed.values(name))
        return rows


def _subjects_kept_from(user: User | AnonymousUser) -> list[str]:
    """The subjects of records that ``user`` is not shown; one statement, however many apps keep something."""
    if not isinstance(user, User) or user.is_system:
        return []
    kept = []
    for model in withholding_models():
        withheld = model.withheld_from(user).order_by()
        kept.append(withheld.values_list(_subject(model._meta.label_lower, "pk")))
        for name in (*model.FILES, *getattr(model, "WITHHELD_FILES", ())):
            filed = withheld.filter(**{f"{name}__isnull": False})
            kept.append(filed.values_list(_subject("workflow.attachment", name)))
    first, *others = kept
    return [subject for (subject,) in first.union(*others, all=True)]


def _subject(label: str, column: str) -> Concat:
    """How records name the row of ``label`` whose number stands in ``column``."""
    return Concat(Value(f"{label}:"), Cast(column, CharField()))
