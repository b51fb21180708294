"""A list, declared once: page, sorting, filters, bulk actions, workbook and back office follow.

An app writes its lists in ``tables.py`` (``docs/how-to/build-a-page.md``)::

    class RoundTable(Table):
        title, unit = "选树轮次", "个轮次"
        filterset, order = RoundFilter, NEWEST_FIRST
        name = Column("轮次", link="talents:round", args=("code",), title=True, sort="name")
        organizer = Column("主办工会", path="organizer.name")

        def rows(self):
            return rounds_for_list(self.user)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone

from pages.documents import ExportColumn
from pages.tables.columns import Column
from pages.tables.paging import (
    OLDEST_FIRST,
    PAGE_SIZE,
    CappedPaginator,
    Counted,
    Order,
    page_of,
    streamed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict
    from django.utils.safestring import SafeString

    from organizations.models import Organization, User
    from pages.tables.bulk import Bulk
    from pages.tables.paging import KeysetPage

ORDERING, COLUMNS, LAID_OUT = "ordering", "columns", "laid-out"
#: Parameters of an address that say where in the list one is, not what the list shows.
PLACES = ("after", "before", "page")
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Group:
    """What a run of rows has in common, said above the first of them."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where no row does, and what to do about it."""

    title: str
    body: str = ""
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A way from the head of a list to what belongs to it."""

    label: str
    href: str
    icon: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head: where a click sorts, and which way it is sorted now."""

    column: Column
    href: str = ""
    sorted: str = ""  # ascending, descending

    @property
    def icon(self) -> str:
        return {"ascending": "up", "descending": "down"}.get(self.sorted, "updown")


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its cells drawn."""

    row: Any
    cells: list[tuple[Column, SafeString | str]]
    name: str
    #: Of the first row of a group.
    group: Group | None = None


class Table:
    """One list of one app, for one account and one question asked of it."""

    title: ClassVar[str]
    unit: ClassVar[str] = "条"
    filterset: ClassVar[Any] = None
    order: ClassVar[Order] = OLDEST_FIRST
    bulk: ClassVar[tuple[Bulk, ...]] = ()
    nothing_found: ClassVar[Empty] = Empty("没有符合条件的记录", "请放宽筛选条件后再查。")
    lead: str = ""
    kicker: str = ""
    remark: str = ""
    #: Where the page stands: label and address, from the outside in.
    trail: tuple[tuple[str, str], ...] = ()
    tabs: tuple[dict[str, Any], ...] | list[dict[str, Any]] = ()
    tabs_label: str = ""
    #: Under which name the rows of the page, as prepared, go to the template.
    rows_called: ClassVar[str] = ""
    #: Pages by number, for short lists in an order that no single column gives.
    numbered: ClassVar[bool] = False
    page_size: ClassVar[int] = PAGE_SIZE
    #: The name of the workbook; empty where the list does not leave the house.
    workbook: ClassVar[str] = ""
    keep: ClassVar[str] = ""
    #: The heading above the list on a page that has more.
    heading: ClassVar[str] = ""
    #: What was answered to the question before something is done to chosen rows.
    answers: dict[str, Any]
    declared: ClassVar[dict[str, Column]] = {}

    def __init_subclass__(cls) -> None:
        inherited = {
            k: v
            for base in reversed(cls.__mro__[1:])
            for k, v in getattr(base, "declared", {}).items()
        }
        own = {k: v for k, v in vars(cls).items() if isinstance(v, Column)}
        for name, column in own.items():
            object.__setattr__(column, "name", name)
        gone = {name for name, value in vars(cls).items() if value is None and name in inherited}
        cls.declared = {k: v for k, v in (inherited | own).items() if k not in gone}

    def __init__(self, request: HttpRequest, **scope: Any) -> None:
        self.request, self.query = request, request.GET
        self.user: User = request.user  # type: ignore[assignment]  # a stranger on public lists
        self.scope = scope
        self.__dict__.update(scope)
        self.declared = self.layout()  # type: ignore[misc]  # of this one, where it is its own
        self.filter = self.bound_filter()

    # -- what an app says ----------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        """The rows this account may see, with all that the columns need."""
        raise NotImplementedError

    def layout(self) -> dict[str, Column]:
        """All columns by name, where they depend on what is listed."""
        return self.declared

    def choosable(self) -> QuerySet[Any]:
        """Among which rows somebody may choose; what cannot be done to one is said of it."""
        return self.rows()

    def bound_filter(self) -> Any:
        """The filters with what the address asks for."""
        if self.filterset is None:
            return None
        return self.filterset(self.query, queryset=self.rows(), request=self.request)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """The rows of a page as its columns read them, asked for all at once."""
        return rows

    def groups(self, rows: list[Any]) -> list[Group | None]:
        """Under which heading each of the rows of a page stands, as the order has them."""
        return [None] * len(rows)

    def empty(self) -> Empty:
        """What is said where there is no row at all."""
        return Empty(f"还没有{self.title}")

    def buttons(self) -> list[Button]:
        """What the head of the page offers."""
        return []

    @property
    def may_export(self) -> bool:
        return True

    @property
    def export_href(self) -> str:
        return f"{self.request.path}export/"

    def has(self, column: Column) -> bool:
        """Whether this list, as it is called now, has the column."""
        return True

    def row_name(self, row: Any) -> str:
        """What a row is called where something is done to it."""
        heads = [c for c in self.declared.values() if c.title]
        return str(heads[0].read(row)) if heads else str(row)

    def export_subject(self) -> str:
        """The subject under which an export stands in the record."""
        rows: Any = self.rows()
        return f"{rows.model._meta.label_lower}:0"

    def export_organization(self) -> Organization | None:
        """The body in whose chain an export stands."""
        return None

    def check_export(self, count: int) -> None:
        """Refuse an export that should not leave the house."""

    def export_title(self) -> str:
        return self.workbook

    def export_note(self) -> str:
        return f"导出人 {self.user}，{timezone.localdate()}"

    def context(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    # -- what follows --------------------------------------------------------------------------

    @classmethod
    def list_code(cls) -> str:
        """How saved views name the list."""
        return f"{cls.__module__.partition('.')[0]}.{cls.__name__}"

    @property
    def found(self) -> QuerySet[Any]:
        """The rows that were asked for."""
        return self.filter.qs if self.filter is not None else self.rows()

    def read_model(self) -> Any:
        """Of what the rows tell that are given to read here, for counting; None: of nothing counted."""
        return getattr(self.found, "model", None)

    @property
    def available(self) -> list[Column]:
        """The columns one may choose from."""
        return [c for c in self.declared.values() if self.has(c) and not c.only_exported]

    @property
    def is_filtered(self) -> bool:
        """Whether the address narrows the list down."""
        mute = {ORDERING, COLUMNS, LAID_OUT, *PLACES, *self.keep.split()}
        return any(value and name not in mute for name, value in self.query.items())

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The question as asked now, without columns and place: for forms that add to it."""
        mute = {COLUMNS, LAID_OUT, *PLACES}
        return [
            (name, value)
            for name, values in self.query.lists()
            if name not in mute
            for value in values
        ]

    @property
    def columns(self) -> list[Column]:
        """The columns shown: those chosen, or those that are not hidden."""
        chosen = set(self.query.getlist(COLUMNS))
        if not chosen or LAID_OUT not in self.query:
            return [c for c in self.available if not c.hidden]
        return [c for c in self.available if c.name in chosen or c.title or c.action]

    @property
    def sorting(self) -> Order:
        """The order the address asks for, where a column offers it."""
        text = self.query.get(ORDERING, "")
        column = self.declared.get(text.removeprefix("-"))
        if column is None or not column.sort or not self.has(column):
            return self.order
        return Order(column.sort, descending=text.startswith("-"))

    def page(self) -> KeysetPage[Any] | Page[Any]:
        rows = self.found
        if not self.numbered:
            is_search = getattr(self.filter, "is_search", False)
            size, counts = self.page_size, not is_search
            return page_of(rows, self.query, order=self.sorting, size=size, counts=counts)
        if self.sorting != self.order:
            rows = rows.order_by(*self.sorting.columns())
        return CappedPaginator(rows, self.page_size).get_page(self.query.get("page"))

    def count(self, page: Any) -> Any:
        """How many rows there are; of a search only what the page tells."""
        if self.numbered:
            return Counted(page.paginator.count)
        return page.count

    def lines(self, rows: list[Any]) -> list[Line]:
        """Rows with their cells drawn."""
        columns, self.prepared_rows = self.columns, self.prepared(rows)
        groups = self.groups(rows)
        heads = [g if g != before else None for before, g in pairwise([None, *groups])]
        return [
            self._line(row, prepared_row, columns, head)
            for row, prepared_row, head in zip(rows, self.prepared_rows, heads, strict=True)
        ]

    def _line(self, row: Any, prepared_row: Any, columns: list[Column], head: Group | None) -> Line:
        cells = [(column, self.draw(column, row, prepared_row)) for column in columns]
        return Line(row, cells, self.row_name(row) if self.bulk else "", head)

    def draw(self, column: Column, row: Any, prepared_row: Any) -> SafeString | str:
        """One cell: ``prepared_row`` is the row as ``prepared`` gave it."""
        return column.draw(prepared_row, self.request)

    def headings(self) -> Iterator[Heading]:
        now, way = self.sorting, {True: "descending", False: "ascending"}
        for column in self.columns:
            if not column.sort:
                yield Heading(column)
                continue
            is_sorted = now.by == column.sort and now != self.order
            turned = f"-{column.name}" if is_sorted and not now.descending else column.name
            yield Heading(
                column,
                with_query(self.query, **{ORDERING: turned}),
                way[now.descending] if is_sorted else "",
            )

    def bulk_actions(self) -> list[Bulk]:
        """What this account may do with chosen rows."""
        return [action for action in self.bulk if action.may(self) is None]

    def exported(self) -> list[Column]:
        """The columns of the workbook: those shown and those that always go along."""
        shown = {column.name for column in self.columns}
        return [
            c
            for c in self.declared.values()
            if self.has(c) and not c.action and (c.name in shown or c.exported or c.only_exported)
        ]

    def streamed(self) -> Iterator[Any]:
        """All rows that were asked for, in their order."""
        return streamed(self.found, order=self.sorting)

    def export_count(self) -> int:
        """How many rows the workbook will have."""
        return self.found.order_by().count()

    def export_heads(self) -> list[ExportColumn]:
        return [ExportColumn(column.heading, column.width) for column in self.exported()]

    def export_lines(self) -> Iterator[list[Any]]:
        """The rows of the workbook, some hundred at a time in memory."""
        columns, rows = self.exported(), self.streamed()
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            for prepared_row in self.prepared(chunk):
                yield [column.export(prepared_row) for column in columns]


def with_query(query: QueryDict, **changes: str | None) -> str:
    """The present question with some parameters changed, from its first page on."""
    changed = query.copy()
    for name in (*PLACES, *changes):
        changed.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as the template draws it."""

    table: Table
    page: Any
    count: Any
    lines: list[Line]
    headings: list[Heading]
    views: list[Any] = field(default_factory=list)
    actions: list[Bulk] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns a row takes."""
        return len(self.headings) + bool(self.actions)
