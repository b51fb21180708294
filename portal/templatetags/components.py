"""The components that need a little logic; the plain ones are includes in templates/components."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.contrib.admin import site
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.html import format_html

from pages.admin.links import admin_address
from policies.rules.verdicts import UNCHECKED, Overall, label_of
from portal.frame.icons import ICONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.paginator import Page
    from django.forms import BaseForm
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value for a script, to stand in a data attribute: nothing is ever inline."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@dataclass(frozen=True)
class Tone:
    """A label, the colour family that goes with it, and the sign that says it without colour."""

    label: str
    tone: str
    icon: str


ICON_OF = {Overall.ELIGIBLE: "check", Overall.INELIGIBLE: "cross", Overall.MISSING: "question"}
VERDICTS = {
    **{v.code: Tone(v.label, v.tone, icon) for v, icon in ICON_OF.items()},
    "human": Tone("待人工核定", "info", "person"),
    "refused": Tone("未受理", "bad", "stop"),
    UNCHECKED: Tone(label_of(None), "plain", "clock"),
}
MET = {True: "eligible", False: "ineligible", None: "missing"}
MET_LABELS = {True: "符合", False: "不符合", None: Overall.MISSING.label}
JOB_STATES = {
    "queued": Tone("排队中", "plain", "clock"),
    "running": Tone("运行中", "info", "clock"),
    "done": Tone("已完成", "good", "check"),
    "parked": Tone("已停止，待处理", "bad", "stop"),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One line icon; decorative, so words always stand beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps: Any) -> dict[str, Any]:
    """``{% breadcrumb "选树轮次" rounds_url round.name %}``: label, address, …, last label.

    A sequence of (label, address) may stand first.
    """
    if steps and not isinstance(steps[0], str):
        steps = (*(part for step in steps[0] for part in step), *steps[1:])
    trail = [{"label": steps[i], "href": steps[i + 1]} for i in range(0, len(steps) - 1, 2)]
    return {"trail": trail, "here": steps[-1]}


@register.simple_block_tag
def page_head(content: str, title: str, *, kicker: str = "", lead: str = "") -> str:
    """The h1 with its lead; what stands between the tags are the page's actions."""
    return render_to_string(
        "components/page_head.html",
        {"title": title, "kicker": kicker, "lead": lead, "actions": content},
    )


@register.simple_tag(takes_context=True)
def admin_link(context: dict[str, Any], thing: Any) -> str:
    """The way from a list, or from a row's page, to where it stands in the back office."""
    href = admin_address(context["request"], thing, site)
    return (
        format_html('<a class="button button--quiet" href="{}">管理后台</a>', href) if href else ""
    )


@register.simple_block_tag
def panel(
    content: str, title: str = "", *, note: str = "", layout: str = "", anchor: str = ""
) -> str:
    """One sheet of paper around its content; ``layout="flush"`` leaves the padding out."""
    return render_to_string(
        "components/panel.html",
        {"title": title, "note": note, "layout": layout, "anchor": anchor, "body": content},
    )


@register.simple_block_tag
def data_table(content: str, caption: str, *, layout: str = "cards") -> str:
    """A table: ``layout`` is cards (rows become cards on a phone), wide (scrolls), sheet."""
    return render_to_string(
        "components/table.html", {"caption": caption, "layout": layout, "rows": content}
    )


@register.simple_tag
def faults(form: BaseForm) -> list[tuple[str, str]]:
    """Everything to be put right in a form and in its lines: where it stands, and what it is.

    A form with repeated lines holds them as ``lines``, a formset whose ``WORDS`` name one of them.
    """
    found = _faults_of(form)
    lines = getattr(form, "lines", None)
    if lines is not None and lines.is_bound:
        found += [("", error) for error in lines.non_form_errors()]
        for at, line in enumerate(lines.forms):
            if not getattr(line, "cleaned_data", {}).get("DELETE"):
                found += _faults_of(line, lines.WORDS.format(at + 1))
    return found


@register.inclusion_tag("components/sort_heading.html", takes_context=True)
def sort_heading(
    context: dict[str, Any], label: str, field: str, *, css: str = ""
) -> dict[str, Any]:
    """A column head that sorts by ``field`` through the query parameter ``ordering``."""
    current = context["request"].GET.get("ordering", "")
    turned = f"-{field}" if current == field else field
    return {
        "label": label,
        "css": css,
        "href": _query(context["request"], ordering=turned),
        "sort": {field: "ascending", f"-{field}": "descending"}.get(current, ""),
        "icon": {field: "up", f"-{field}": "down"}.get(current, "updown"),
    }


@register.simple_block_tag(takes_context=True)
def filter_bar(  # noqa: PLR0913 - words of a tag
    context: dict[str, Any],
    content: str,
    form: BaseForm,
    *,
    count: Any,
    unit: str = "条",
    keep: str = "",
) -> str:
    """GET filters, the number found, a chip per active filter; the content is the list's tools.

    ``keep`` names what else the address says and filtering or clearing must not lose, such as a tab.
    """
    request = context["request"]
    names = {"ordering", *keep.split()}
    kept = [(name, value) for name, value in request.GET.items() if name in names]
    stays = [(name, value) for name, value in kept if name != "ordering"]
    return render_to_string(
        "components/filter_bar.html",
        {
            "form": form,
            **_folded(form),
            "count": count,
            "unit": unit,
            "chips": list(_chips(request, form)),
            "tools": content,
            "kept": kept,
            "action": request.path,
            "clear_href": f"{request.path}?{urlencode(stays)}" if stays else request.path,
        },
    )


#: How many filters stand in the line of a list; the others are folded away.
IN_LINE = 3


def _folded(form: BaseForm) -> dict[str, Any]:
    """The fields of a filter: the search first, some in the line, the rest on demand."""
    fields = form.visible_fields()
    first = [field for field in fields if field.field.widget.attrs.get("wide")]
    rest = [field for field in fields if field not in first]
    shown, folded = rest[: IN_LINE - len(first)], rest[IN_LINE - len(first) :]
    in_use = any(field.value() not in (None, "", [], ()) for field in folded)
    return {"first": first, "rest": shown, "folded": folded, "folded_in_use": in_use}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], page: Page) -> dict[str, Any]:
    """Numbered pages of a Django paginator."""
    request = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "pages": [
            {"number": n, "href": _query(request, page=n) if isinstance(n, int) else ""}
            for n in numbers
        ],
        "previous": page.has_previous() and _query(request, page=page.number - 1),
        "next": page.has_next() and _query(request, page=page.number + 1),
    }


@register.inclusion_tag("components/keyset_pagination.html", takes_context=True)
def keyset_pagination(
    context: dict[str, Any], *, previous: str = "", following: str = "", note: str = ""
) -> dict[str, Any]:
    """Pages by key for long lists: ``previous`` and ``following`` are cursors, empty at the ends."""
    request = context["request"]
    return {
        "first": previous and _query(request, before=None, after=None),
        "previous": previous and _query(request, before=previous, after=None),
        "next": following and _query(request, after=following, before=None),
        "note": note,
    }


@register.inclusion_tag("components/verdict.html")
def verdict(code: str, *, label: str = "", size: str = "") -> dict[str, Any]:
    """合格 / 不合格 / 资料缺失 / 待人工核定, by code."""
    return {"verdict": VERDICTS[code], "label": label or VERDICTS[code].label, "size": size}


@register.inclusion_tag("components/finding.html")
def finding(item: Any) -> dict[str, Any]:
    """One clause: its threshold, what was found, on which rows, what is missing.

    ``item`` has title, clause, threshold, actual, met and optionally severity, source, gap, rows.
    """
    met = _get(item, "met")
    code = "human" if _get(item, "severity") == "human" else MET[met]
    label = VERDICTS["human"].label if code == "human" else MET_LABELS[met]
    return {"item": item, "code": code, "label": label, "tone": VERDICTS[code].tone}


@register.inclusion_tag("components/progress.html")
def progress(job: Any, *, poll_href: str = "", title: str = "") -> dict[str, Any]:
    """How far a job is; polls ``poll_href`` while it runs (a link does the same without script)."""
    status = _get(job, "status")
    done, total = _get(job, "progress_done") or 0, _get(job, "progress_total") or 0
    return {
        "job": job,
        "title": title,
        "status": status,
        "state": JOB_STATES[status],
        "total": total,
        "done": total if status == "done" and total else done,
        "percent": 100 * done // total if total else None,
        "poll_href": poll_href if status in {"queued", "running"} else "",
        "refresh_href": poll_href,
    }


@register.inclusion_tag("components/gauge.html")
def gauge(label: str, value: Any, standard: float, *, unit: str = "") -> dict[str, Any]:
    """A value against its standard as bar and as words. ``value`` None is 资料缺失."""
    met = None if value is None else value >= standard
    end = max(value or 0, standard) * 1.15 or 1
    return {
        "label": label,
        "value": value,
        "standard": standard,
        "unit": unit,
        "missing_count": None if value is None else max(standard - value, 0),
        "tone": VERDICTS[MET[met]].tone,
        "bar": round(1000 * (value or 0) / end),
        "mark": round(1000 * standard / end),
    }


@register.inclusion_tag("components/hash.html")
def hash_code(value: Any) -> dict[str, Any]:
    """A digest: its first and last characters, whole in the title and on copying."""
    text = str(value)
    keep = 8
    short = f"{text[:keep]}…{text[-keep:]}" if len(text) > 2 * keep else text
    return {"whole": text, "short": short}


def _faults_of(form: BaseForm, words: str = "") -> list[tuple[str, str]]:
    found = [("", f"{words}{error}") for error in form.non_field_errors()]
    return found + [
        ("" if field.is_hidden else field.id_for_label, f"{words}{field.label}：{error}")
        for field in form
        for error in field.errors
    ]


def _get(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)


def _query(request: HttpRequest, **changes: Any) -> str:
    """The present query with some parameters changed; a change to None leaves one out."""
    query = request.GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    """Value and words of each choice; of a group of choices with what groups them."""
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from ((key, f"{value}“{said}”") for key, said in _flat(words))
        else:
            yield str(value), str(words)


def _key(value: Any) -> str:
    """How a value stands among the choices offered: True as "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _chips(request: HttpRequest, form: BaseForm) -> Iterator[dict[str, Any]]:
    for field in form:
        value = field.value()
        if value in (None, "", [], ()):
            continue
        chosen = value if isinstance(value, list | tuple) else [value]
        offers = field.field if hasattr(field.field, "choices") else field.field.widget
        choices = dict(_flat(getattr(offers, "choices", ())))
        in_words = getattr(field.field, "in_words", str)
        words = "、".join(choices.get(_key(v)) or in_words(v) for v in chosen)
        yield {
            "label": field.label,
            "value": words,
            "href": _query(request, **{field.html_name: None}),
        }
