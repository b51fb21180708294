"""What a verdict is called: its number as stored, its code for machines, its word for people."""

from __future__ import annotations

from django.db.models import IntegerChoices


class Overall(IntegerChoices):
    """A verdict as it is stored."""

    INELIGIBLE = 0, "不合格"
    MISSING = 1, "资料缺失"
    ELIGIBLE = 2, "合格"

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def tone(self) -> str:
        return {self.INELIGIBLE: "bad", self.MISSING: "warn", self.ELIGIBLE: "good"}[self]


#: In the order in which people ask for them.
IN_ORDER = (Overall.ELIGIBLE, Overall.INELIGIBLE, Overall.MISSING)
UNCHECKED = "unchecked"
#: Every verdict by code; what was not judged has none.
VERDICTS = {**{verdict.code: str(verdict.label) for verdict in IN_ORDER}, UNCHECKED: "未核验"}


def code_of(overall: int | None) -> str:
    return UNCHECKED if overall is None else Overall(overall).code


def label_of(overall: int | None) -> str:
    return VERDICTS[code_of(overall)]


def with_code(code: str) -> Overall | None:
    """The verdict of that code; None for “not judged” and for none at all."""
    return next((verdict for verdict in Overall if verdict.code == code), None)
