"""Columns of lists: how a value is read, drawn on the page and written into a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    ``path`` leads from the row to the value (``unit.name``); ``value`` computes it instead; ``cell``
    is a template that draws it, given ``row`` and ``value``; ``text`` says it in a workbook. ``link``
    names the page that the value leads to, ``args`` the attributes of the row in its address.
    ``sort`` is the column or annotation the database sorts by. The ``title`` heads the row, and the
    card on a phone; a ``badge`` stands in the card's corner. ``hidden`` columns are shown when
    chosen; ``exported`` ones are in every workbook. A ``choice`` names the field whose label is
    shown, as a tag where ``tones`` says in which colour; ``sub`` leads to what stands small beside
    the value, ``unit`` follows it. An ``action`` is a button to what is done with the row where
    ``value`` allows it; it is always shown and in no workbook.
    """

    heading: str
    path: str = ""
    value: Callable[[Any], Any] | None = None
    cell: str = ""
    text: Callable[[Any], Any] | None = None
    link: str = ""
    args: tuple[str, ...] = ("pk",)
    sort: str = ""
    number: bool = False
    title: bool = False
    badge: bool = False
    hidden: bool = False
    exported: bool = False
    only_exported: bool = False
    action: bool = False
    choice: str = ""
    tones: Mapping[str, str] | None = None
    sub: str = ""
    unit: str = ""
    blank: str = NOTHING
    width: float = 0
    css: str = ""
    name: str = ""

    def read(self, row: Any) -> Any:
        """The value of ``row``, as the database and the model have it."""
        if self.value is not None:
            return self.value(row)
        if self.action:
            return True
        if self.choice:
            return attribute(row, f"get_{self.choice}_display")
        return attribute(row, self.path or self.name)

    def export(self, row: Any) -> Any:
        """The value as a cell of a workbook."""
        value = self.text(row) if self.text is not None else self.read(row)
        if isinstance(value, datetime):
            return timezone.localtime(value)
        plain = (str, int, float, Decimal, date, type(None))
        return value if isinstance(value, plain) else str(value)

    def draw(self, row: Any, request: HttpRequest | None = None) -> SafeString | str:
        """The value as a cell of the page."""
        value = self.read(row)
        if self.action:
            return self.button(row) if value else ""
        if self.cell:
            return get_template(self.cell).render({"row": row, "value": value}, request)
        shown: SafeString | str = text_of(value, self)
        if self.tones is not None and value not in (None, ""):
            tone = self.tones.get(str(attribute(row, self.choice or self.path or self.name)), "")
            shown = format_html(
                '<span class="tag{}">{}</span>', f" tone-{tone}" if tone else "", shown
            )
        if self.link and value not in (None, ""):
            kind = ' class="row-title"' if self.title else ""
            shown = format_html('<a{} href="{}">{}</a>', mark_safe(kind), self.href(row), shown)  # noqa: S308
        return format_html("{}{}", shown, self.beside(row)) if self.sub else shown

    def href(self, row: Any) -> str:
        """Where the value leads."""
        return reverse(self.link, args=[attribute(row, name) for name in self.args])

    def button(self, row: Any) -> SafeString:
        """The way to what is done with the row, told apart by its name where it is only heard."""
        return format_html(
            '<a class="button button--small" href="{}">{}<span class="visually-hidden">：{}</span></a>',
            self.href(row),
            self.heading,
            row,
        )

    def beside(self, row: Any) -> SafeString | str:
        """What stands small beside the value."""
        value = attribute(row, self.sub) if self.sub else None
        return format_html("<small>{}</small>", text_of(value, self)) if value else ""

    @property
    def classes(self) -> str:
        return " ".join(
            filter(None, ["num" if self.number else "", "actions" if self.action else "", self.css])
        )


def text_of(value: Any, column: Column) -> str:
    """A value as people read it: Beijing time, thousands parted, 是 or 否, a dash for nothing."""
    if value is None or value == "":
        return column.blank
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if column.number and isinstance(value, int | Decimal):
        return f"{value:,}{column.unit}"
    return f"{value}{column.unit}"


def attribute(row: Any, path: str) -> Any:
    """What ``path`` leads to from ``row``; methods are called, a missing step gives None."""
    for step in path.split("."):
        row = getattr(row, step, None)
        row = row() if callable(row) else row
    return row
