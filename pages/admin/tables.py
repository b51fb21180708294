"""A list of the portal as the back office shows it: each row leads to its file here, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from pages.tables import COLUMNS, LAID_OUT, ORDERING, PLACES, Button, Table
from pages.tables.columns import Column, attribute, text_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from pages.admin.scoped import ScopedAdmin

#: What every list may be asked besides its own filters.
OF_EVERY_LIST = {ORDERING, COLUMNS, LAID_OUT, *PLACES}


class AdminTable(Table):
    """Put in front of a table of the app: the title leads to the row's file, ``way`` to its page."""

    model_admin: ScopedAdmin
    way = Column("办理")

    def __init__(self, request: HttpRequest, **scope: Any) -> None:
        super().__init__(request, **scope)
        if strange := sorted(set(self.query) - self.parameters):
            raise BadRequest(f"No question of this list: {', '.join(strange)}")
        self.kicker, self.trail = "", tuple(self.model_admin.trail()[:-1])

    @property
    def parameters(self) -> set[str]:
        """What the address may ask: the filters by their own names, and nothing else by any path."""
        return OF_EVERY_LIST | set(self.filter.filters if self.filter is not None else ())

    def has(self, column: Column) -> bool:
        return bool(self.model_admin.page) if column.name == "way" else super().has(column)

    def exported(self) -> list[Column]:
        return [column for column in super().exported() if column.name != "way"]

    def draw(self, column: Column, row: Any, prepared_row: Any) -> SafeString | str:
        if column.name == "way":
            href = self.model_admin.page_of(row, self.user)
            return format_html('<a href="{}">打开</a>', href) if href else column.blank
        if not column.title:
            return super().draw(column, row, prepared_row)
        name = text_of(
            column.export(prepared_row) if column.cell else column.read(prepared_row), column
        )
        link = format_html(
            '<a class="row-title" href="{}">{}</a>', self.model_admin.address(row), name
        )
        return format_html("{}{}", link, column.beside(prepared_row))

    def buttons(self) -> list[Button]:
        found = super().buttons()
        if self.model_admin.listed:
            found.insert(0, Button("业务页面", reverse(self.model_admin.listed)))
        if self.model_admin.has_add_permission(self.request):
            address = self.model_admin.address(view="add")
            found.append(Button(f"新增{self.model_admin.opts.verbose_name}", address, is_main=True))
        return found


def page_address(name: str, row: Any, arguments: tuple[str, ...]) -> str:
    """The page called ``name`` of ``row``; empty where the row has none."""
    try:
        return reverse(name, args=[attribute(row, argument) for argument in arguments])
    except NoReverseMatch:
        return ""
