"""A form as a page, and a question before something is done: one function, told what is special."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render

from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django import forms
    from django.http import HttpRequest, HttpResponse


INVALID, REFUSED = 422, 409


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """The words around a form. ``trail``: the steps above the page, each with its address."""

    title: str
    cancel_href: str
    button: str = "保存"
    trail: Sequence[tuple[str, str]] = ()
    here: str = ""
    kicker: object = ""
    lead: str = ""
    #: Whether a row on file is put right: sent as it is shown, such a form changes nothing.
    corrects: bool = False
    #: Other things to do about the row: label and address.
    links: Sequence[tuple[str, str]] = ()
    template: str = "pages/form.html"
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Question(FormPage):
    """What is asked before something is done that has consequences; the title is the deed."""

    question: str
    button: str = ""
    consequences: Sequence[str] = ()
    tone: str = "warn"
    cancel: str = "不办理，返回"
    #: The rows it is about, and what goes along with the answer.
    rows: Sequence[object] = ()
    hidden: Sequence[tuple[str, object]] = ()
    template: str = "pages/confirm.html"

    @property
    def deed(self) -> str:
        return self.button or self.title


def form_page(
    request: HttpRequest,
    form: forms.Form,
    page: FormPage,
    act: Callable[[], HttpResponse],
    *,
    is_sent: bool | None = None,
) -> HttpResponse:
    """Show the form; once it is sent and valid, act.

    What is invalid is said at its field (422), what is refused at the field it is about or at the
    head (409); either way everything typed stays. ``is_sent`` is for pages that redraw what was
    typed without judging it, or that consist of several forms.
    """
    status = 200
    if form.is_bound if is_sent is None else is_sent:
        status = INVALID
        if form.is_valid():
            try:
                return act()
            except DomainError as refusal:
                say_refusal(form, refusal)
                status = REFUSED
    context = {"form": form, "form_page": page, "sections": sections_of(form), **page.context}
    return render(request, page.template, context, status=status)


def say_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Say it where it can be put right: ``form.REFUSED_AT`` maps codes to fields."""
    place = getattr(form, "REFUSED_AT", {}).get(refusal.code)
    form.add_error(place if place in form.fields else None, refusal.message)


def done(request: HttpRequest, message: str, to: str, *args: Any) -> HttpResponse:
    """Say that it is done, and go on to ``to``."""
    messages.success(request, message)
    return redirect(to, *args)


def sections_of(form: forms.Form) -> list[tuple[str, list[forms.BoundField]]]:
    """The visible fields as the form groups them; the others follow, one below the other."""
    fields = {one.name: one for one in form.visible_fields()}
    grouped = [
        (section.title, [fields.pop(name) for name in section.fields if name in fields])
        for section in getattr(form, "SECTIONS", ())
    ]
    return [*grouped, ("", list(fields.values()))]
