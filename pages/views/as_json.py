"""Forms for programs: what a page asks for, and what came of it, as JSON at the address of the page.

Who asks with ``Accept: application/json`` gets this instead of the page (see docs/decisions/0025). What is
sent is sent as a browser sends it; permissions, checks and records are those of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.messages import get_messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from workflow.refusals.problems import CONTENT_TYPE, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

    from pages.views.forms import FormPage
    from workflow.refusals import DomainError

HTML, JSON = "text/html", "application/json"
CSRF = "csrfmiddlewaretoken"
#: Sent along with a form that may be tried out: what would be said of it is told, and nothing is done.
CHECK, CHECK_LABEL = "check_only", "先核对，不办理"
UNKNOWN = "这张表单没有这一项，未办理；各项的名称见本地址的说明"
NOT_A_FORM = "请按表单发送：multipart/form-data 或 application/x-www-form-urlencoded；答复为 JSON"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded", "")
#: What a program has to know of a field to fill it in; the first that fits, and text where none does.
KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.FileField, "file"),
    (forms.MultipleChoiceField, "choices"),
    (forms.ModelMultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"),
    (forms.ModelChoiceField, "choice"),
    (forms.BooleanField, "yes-no"),
    (forms.DateTimeField, "moment"),
    (forms.DateField, "day"),
    (forms.DecimalField, "decimal"),  # an IntegerField to Django, as is the next
    (forms.FloatField, "decimal"),
    (forms.IntegerField, "integer"),
)


def speaks_json(request: HttpRequest) -> bool:
    """Whether who asks would rather be told in JSON; a browser, and who does not say, would not."""
    return request.get_preferred_type([HTML, JSON]) == JSON


def described(
    request: HttpRequest, form: forms.Form, page: FormPage, once: Mapping[str, object]
) -> HttpResponse:
    """What the form asks for: its fields as they stand now, and what is to be sent along unchanged."""
    hidden = dict(getattr(page, "hidden", ()))
    along = {CSRF: get_token(request), str(once["name"]): once["token"]} | hidden
    body = {
        "title": page.title,
        "lead": page.lead,
        "about": dict(page.about),
        "question": getattr(page, "question", ""),
        "consequences": list(getattr(page, "consequences", ())),
        "button": page.button or page.title,
        "buttons": [{"name": name, "label": label} for name, label in _buttons_of(page)],
        "fields": [_described(field) for field in _fields_of(form)],
        "send_along": along,
    }
    return _answer(body)


def _buttons_of(page: FormPage) -> list[tuple[str, str]]:
    return [*page.buttons, *([(CHECK, CHECK_LABEL)] if page.checks is not None else ())]


def is_a_form(request: HttpRequest) -> bool:
    """Whether what was sent can be read as a form."""
    return request.content_type in FORMS


def unknown_names(
    request: HttpRequest, form: forms.Form, page: FormPage, once: Mapping[str, object]
) -> list[str]:
    """Names that were sent and that the form does not ask for: they would be dropped in silence."""
    known = {CSRF, str(once["name"]), *dict(getattr(page, "hidden", ())), *dict(page.buttons)}
    for field in _fields_of(form):
        known |= {field.html_name, *_parts_of(field)}
    return sorted((request.POST.keys() | request.FILES.keys()) - known)


def misfilled(form: forms.Form, unknown: Iterable[str] = ()) -> HttpResponse:
    """What is wrong with what was sent, by field; what is about the whole stands under ``""``."""
    errors = _errors_of(form) | {name: [UNKNOWN] for name in unknown}
    body = {"type": "invalid", "title": "填写有误，未办理", "status": 422, "errors": errors}
    return _problem(body)


def checked(form: forms.Form, told: Mapping[str, Iterable[str]]) -> HttpResponse:
    """What would be said of it were it sent now, by field; and what is worth knowing, likewise."""
    remarks = {name: list(said) for name, said in told.items()}
    return _answer({"errors": _errors_of(form), "remarks": remarks})


def _errors_of(form: forms.Form) -> dict[str, list[str]]:
    errors = {
        ("" if name == "__all__" else name): [str(one) for one in said]
        for name, said in form.errors.items()
    }
    lines = getattr(form, "lines", None)
    for line in lines.forms if lines is not None and lines.is_bound else ():
        errors |= {
            line.add_prefix(name): [str(one) for one in said] for name, said in line.errors.items()
        }
    return errors


def mistyped() -> HttpResponse:
    """The body is not that of a form: read as one it would be empty."""
    body = {"type": "unsupported-media-type", "title": NOT_A_FORM, "status": 415}
    return _problem(body)


def refused(refusal: DomainError) -> HttpResponse:
    """What a rule says no to."""
    return _problem(problem_of(refusal))


def finished(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What a browser would be told on the next page, and the address of that; anything else as it is."""
    if "Location" not in answer:
        return answer
    said = [str(message) for message in get_messages(request)]
    return _answer({"said": said, "location": answer["Location"]})


def _problem(body: dict[str, Any]) -> JsonResponse:
    """What went wrong, under the status that it names."""
    return _answer(body, status=body["status"], content_type=CONTENT_TYPE)


def _answer(body: dict[str, Any], **how: Any) -> JsonResponse:
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False}, **how)
    patch_vary_headers(answer, ["Accept"])
    return answer


def _fields_of(form: forms.Form) -> Iterator[forms.BoundField]:
    """Fields of the form, and of the lines below it with what says how many these are."""
    yield from form
    lines = getattr(form, "lines", None)
    if lines is not None:
        yield from lines.management_form
        for line in lines.forms:
            yield from line


def _parts_of(field: forms.BoundField) -> Iterator[str]:
    """Names under which the parts of one field are sent."""
    for part in getattr(field.field.widget, "widgets_names", ()):
        yield f"{field.html_name}{part}"
    if isinstance(field.field.widget, forms.ClearableFileInput):
        yield field.field.widget.clear_checkbox_name(field.html_name)


def _described(field: forms.BoundField) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.html_name,
        "label": str(field.label),
        "kind": _kind_of(field.field),
        "is_required": field.field.required,
        "is_hidden": field.is_hidden,
        "help": str(field.help_text),
        "value": _plain(None if _kind_of(field.field) == "file" else field.value()),
    }
    for limit in ("min_length", "max_length", "min_value", "max_value"):
        if (value := getattr(field.field, limit, None)) is not None:
            told[limit] = _plain(value)
    if told["kind"] in {"choice", "choices"}:
        told["choices"] = list(_choices(getattr(field.field, "choices", ())))
    return told


def _kind_of(field: forms.Field) -> str:
    return next((kind for sort, kind in KINDS if isinstance(field, sort)), "text")


def _choices(choices: Iterable[Any]) -> Iterator[dict[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield {"value": str(value), "label": str(label)}


def _plain(value: Any) -> Any:
    """A value as JSON has it; decimals and days in their own words, so that nothing is rounded."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    return str(value)
