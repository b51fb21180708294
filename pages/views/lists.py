"""A list as a page, as a workbook, and what is done to the rows chosen in it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from pages.documents import XLSX, write_table
from pages.models import SavedView
from pages.readings import count_read
from pages.tables import Shown, Table
from pages.tables.paging import KeysetPage
from pages.views.forms import Question, form_page
from workflow.models import Record
from workflow.records import Event, record_event
from workflow.refusals import DomainError
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpResponse, HttpResponseBase

    from pages.permissions import SignedRequest

MOST_CHOSEN = 200
EXPORT, ACT = "export", "act"
EXPORTED = Event("pages.exported", "导出", Record.Kind.EXPORT)
#: How an address asks for each deed, and by which method.
METHODS = {"": ("GET", "HEAD"), EXPORT: ("POST",), ACT: ("POST",)}


def list_page(
    template: str = "pages/list.html",
) -> Callable[[Callable[..., Table]], Callable[..., HttpResponseBase]]:
    """Make a page of a function that says which list it is about.

    ``deed`` in the address (``pages.urls.list_paths``) asks for its workbook, or for an action on the
    chosen rows. What the function puts into ``table.context`` goes to the template.
    """

    def decorate(view: Callable[..., Table]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(
            request: SignedRequest, *args: Any, deed: str = "", action: str = "", **kwargs: Any
        ) -> HttpResponseBase:
            if request.method not in METHODS[deed]:
                return HttpResponseNotAllowed(METHODS[deed])
            table = view(request, *args, **kwargs)
            if deed == EXPORT:
                return exported(table)
            return acted(table, action) if deed == ACT else shown(table, template)

        return page

    return decorate


def shown(table: Table, template: str) -> HttpResponse:
    """The list as a page."""
    context = {**table.context(), **drawn(table)}
    return render(table.request, template, context)


def drawn(table: Table) -> dict[str, Any]:
    """What ``pages/_list.html`` draws a list from."""
    page = table.page()
    rows = page.rows if isinstance(page, KeysetPage) else list(page.object_list)
    count_read(table.user, table.read_model(), len(rows))
    count = table.count(page)
    views = SavedView.objects.visible_to(table.user).filter(
        table=table.list_code(), path=table.request.path
    )
    listed = Shown(
        table=table,
        page=page,
        count=count,
        lines=table.lines(rows),
        headings=list(table.headings()),
        views=list(views) if table.user.is_authenticated else [],
        actions=table.bulk_actions() if rows else [],
    )
    context = {"list": listed, "page": page, "count": count, "filter": table.filter, "table": table}
    return context | ({table.rows_called: table.prepared_rows} if table.rows_called else {})


def exported(table: Table) -> FileResponse:
    """The rows that were asked for, in the columns shown, as a workbook; on the record before it leaves."""
    count = table.export_count()
    table.check_export(count)
    count_read(table.user, table.read_model(), count)
    record_event(
        EXPORTED.of(table.workbook),
        table.export_subject(),
        actor=table.user,
        organization=table.export_organization(),
        after={"count": count},
        note=f"筛选条件：{table.query.urlencode()}" if table.query else "全部",
    )
    today = timezone.localdate()
    book = write_table(
        table.export_heads(),
        table.export_lines(),
        title=table.export_title(),
        note=table.export_note(),
        sheet=table.workbook,
    )
    name = f"{table.export_title()}-{today:%Y%m%d}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


def acted(table: Table, code: str) -> HttpResponse:
    """Do something to the chosen rows: first say what and ask, then tell of each what came of it."""
    action = next((one for one in table.bulk_actions() if one.code == code), None)
    if action is None:
        refusal = next((one.may(table) for one in table.bulk if one.code == code), None)
        raise refusal or DomainError("no-such-action", "没有这项批量办理，请刷新页面后再试")
    back = table.request.path.rpartition("act/")[0]
    back += f"?{table.query.urlencode()}" if table.query else ""
    chosen = _chosen(table)
    if not chosen:
        messages.warning(table.request, "没有选中任何行，请先勾选")
        return redirect(back)
    form = action.form(table.request.POST if "confirmed" in table.request.POST else None)

    def act() -> HttpResponse:
        names = {row.pk: table.row_name(row) for row in chosen}
        table.answers = form.cleaned_data
        refused = action.act(table, list(names), form.cleaned_data.get("note", ""))
        reasons = {pk: refusal.message for pk, refusal in refused.items()}
        outcomes = [(name, reasons.get(pk, "")) for pk, name in names.items()]
        context = {**table.context(), "table": table, "action": action, "back_href": back}
        context |= {"outcomes": outcomes, "done_count": sum(1 for _, no in outcomes if not no)}
        return render(table.request, "pages/bulk_done.html", context)

    page = Question(
        title=action.label,
        question=f"对下列 {len(chosen)} {table.unit}办理“{action.label}”吗？",
        consequences=action.consequences,
        tone=action.tone,
        rows=[table.row_name(row) for row in chosen],
        hidden=[("confirmed", 1), *(("chosen", row.pk) for row in chosen)],
        trail=(*table.trail, (table.title, back)),
        kicker=table.kicker,
        cancel_href=back,
    )
    request: Any = table.request  # of somebody logged in: strangers are offered no deeds
    return form_page(request, form, page, act)


def _chosen(table: Table) -> list[Model]:
    """The chosen rows among those that were asked for, in the order of the list."""
    keys = [natural(text) for text in table.request.POST.getlist("chosen")[:MOST_CHOSEN]]
    wanted = [key for key in keys if key is not None]
    return list(table.choosable().filter(pk__in=wanted).order_by("pk")) if wanted else []
