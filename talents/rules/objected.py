"""Titles of people about whom an objection was upheld, or to whom an office objects, and that nobody answered yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from talents.models import Clearance, Honour, Objection
from workflow.models import Record

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

#: The codes of the records that a title stands, after somebody proposed to take it back; that an
#: objection was upheld; and that an office objects.
TITLE_KEPT = "talents.honour-upheld"
OBJECTION_UPHELD = "talents.objection-upheld"
OFFICE_OBJECTED = ("talents.clearance-refused", "talents.clearance-objected-later")


def wants_answer() -> Q:
    """Whether a title is in force though what it rests on was objected to with success: a condition on titles.

    Answered by a proposal to take it back; where that was decided otherwise since, by that decision.
    """
    upheld = Objection.objects.filter(
        entry__nomination=OuterRef("nomination"), state=Objection.State.UPHELD
    )
    by_office = Clearance.objects.filter(
        nomination=OuterRef("nomination"), state=Clearance.State.OBJECTED
    )
    return Q(
        _unanswered(upheld, OBJECTION_UPHELD) | _unanswered(by_office, *OFFICE_OBJECTED),
        state=Honour.State.VALID,
    )


def _unanswered(grounds: QuerySet, *codes: str) -> Exists:
    """Whether any of the grounds came up after the title was last decided about."""
    told = Record.objects.filter(subject=_subject(grounds.model, OuterRef("pk")), code__in=codes)
    kept = Record.objects.filter(
        subject=_subject(Honour, OuterRef(OuterRef("pk"))), code=TITLE_KEPT
    )
    since = Subquery(told.order_by("-pk").values("pk")[:1])
    rows = grounds.annotate(since=since)
    return Exists(rows.exclude(Exists(kept.filter(pk__gt=OuterRef("since")))))


def once_upheld() -> Exists:
    """Whether an objection was upheld at some time, however it stands now: a condition on objections."""
    told = Record.objects.filter(subject=_subject(Objection, OuterRef("pk")))
    return Exists(told.filter(code=OBJECTION_UPHELD))


def _subject(model: type[Model], key: OuterRef) -> Concat:
    """What records call a row of ``model``."""
    return Concat(Value(f"{model._meta.label_lower}:"), Cast(key, CharField()))
