"""A form as a page, and a question before something is done: one function, told what is special."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from pages.selectors import draft_of
from pages.services import DRAFT, ONCE, forget_draft, keep_draft, once
from pages.views.as_json import (
    CHECK,
    checked,
    described,
    finished,
    is_a_form,
    misfilled,
    mistyped,
    refused,
    speaks_json,
    unknown_names,
)
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django import forms

    from pages.permissions import SignedRequest

INVALID, REFUSED = 422, 409
DISCARD = "discard"

#: For a view that shows a form or a question and takes its answer.
for_form = require_http_methods(["GET", "HEAD", "POST"])


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
    #: Whether what is typed is kept until it is done: a draft of one's own, sealed, for 30 days.
    keeps_draft: bool = False
    #: Declares that what is typed may be tried out before it is sent, field by field as one leaves it or
    #: by a button: nothing is done. Tells, by field ("" for the whole), what is no fault of the form's.
    checks: Callable[[], Mapping[str, Sequence[str]]] | None = None
    #: Refuses what was sent as a whole, before its fields are looked at; a draft that somebody goes on
    #: with is shown whatever it says.
    check: Callable[[], None] | None = None
    #: Other things to do about the row: label and address.
    links: Sequence[tuple[str, str]] = ()
    #: What the page shows of the row beside the form, for a program that does not see the page.
    about: Mapping[str, object] = field(default_factory=dict)
    #: Buttons beside the one that sends the form: name under which each is sent, and its label.
    buttons: Sequence[tuple[str, str]] = ()
    template: str = "pages/form.html"
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def may_be_tried(self) -> bool:
        return self.checks is not None


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
    request: SignedRequest,
    form: forms.Form,
    page: FormPage,
    act: Callable[[], HttpResponse],
    *,
    redraws: bool = False,
) -> HttpResponse:
    """Show the form; once it is sent and valid, act.

    What is invalid is said at its field (422), what is refused at the field it is about or at the
    head (409); either way everything typed stays. ``redraws``: what was sent is to be shown again
    without judging it, as a draft is that somebody goes on with.
    """
    if speaks_json(request):
        return _told(request, form, page, act)
    if (aside := _aside(request, form, page)) is not None:
        return aside
    status, draft = 200, None
    is_sent = form.is_bound and request.method == "POST"
    if is_sent and not redraws:
        status, is_valid = INVALID, form.is_valid()
        try:
            if page.check is not None:
                page.check()
            if is_valid:
                return _acted(request, page, act)
        except DomainError as refusal:
            say_refusal(form, refusal)
            status = REFUSED
    elif form.is_bound:
        as_typed(form)
    if page.keeps_draft:
        if is_sent:
            keep_draft(request.user, request.path, request.POST)
        else:
            draft = draft_of(request.user, request.path)
    return _shown(request, form, page, status=status, draft=draft)


def _aside(request: SignedRequest, form: forms.Form, page: FormPage) -> HttpResponse | None:
    """What was sent without wanting the thing itself done: a draft, or a question what is wrong so far."""
    if page.keeps_draft and request.POST.get(DRAFT):
        return _draft_deed(request)
    if (told := _remarks(request, form, page)) is None:
        return None
    if page.keeps_draft:
        keep_draft(request.user, request.path, request.POST)
    for sentence in (one for said in told.values() for one in said):
        messages.info(request, sentence)
    if is_valid := form.is_valid():
        messages.success(request, "已核对，没有发现填写问题；还没有办理，请继续")
    return _shown(request, form, page, status=200 if is_valid else INVALID)


def _remarks(
    request: SignedRequest, form: forms.Form, page: FormPage
) -> Mapping[str, Sequence[str]] | None:
    """What is worth knowing of a form that was sent to be tried out, beside its faults; None of any other."""
    if page.checks is None or CHECK not in request.POST:
        return None
    form.is_valid()  # the page tells what it tells from what was cleaned
    return page.checks()


def _shown(
    request: SignedRequest, form: forms.Form, page: FormPage, *, status: int, draft: Any = None
) -> HttpResponse:
    context = {"form": form, "form_page": page, "draft": draft, "sections": sections_of(form)}
    context |= {"once": token_for(request)}
    shown = render(request, page.template, context | page.context, status=status)
    patch_vary_headers(shown, ["Accept"])
    return shown


def _told(
    request: SignedRequest, form: forms.Form, page: FormPage, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """The same for a program: what the form asks for, else what came of it; nothing is dropped in silence."""
    if request.method != "POST":
        return described(request, form, page, token_for(request))
    if not is_a_form(request):
        return mistyped()
    if (told := _remarks(request, form, page)) is not None:
        return checked(form, told)
    unknown = unknown_names(request, form, page, token_for(request))
    try:
        is_valid = form.is_valid()
        if page.check is not None:
            page.check()
        if unknown or not is_valid:
            return misfilled(form, unknown)
        return finished(request, _acted(request, page, act))
    except DomainError as refusal:
        return refused(refusal)


def _acted(request: SignedRequest, page: FormPage, act: Callable[[], HttpResponse]) -> HttpResponse:
    answer = sent_once(request, act, leads_to=page.cancel_href)
    if page.keeps_draft:
        forget_draft(request.user, request.path)
    return answer


def sent_once(
    request: SignedRequest, act: Callable[[], HttpResponse], *, leads_to: str = ""
) -> HttpResponse:
    """Do it, once for every form that was shown; what is refused, or leads nowhere, may be sent again.

    ``leads_to``: where to send who sends it again, if what comes of it is no redirect.
    """
    token = _token_of(request)
    if token is None:
        return act()
    refusal = None
    with once(request.user, token) as sent:
        if sent.led_to:
            messages.info(request, "这张表单已经办理过，没有重复办理")
            return redirect(sent.led_to)
        try:
            answer = act()
        except DomainError as error:  # what is recorded of a refusal stays
            refusal = error
        else:
            sent.led_to = answer.get("Location", leads_to)
    if refusal:
        raise refusal
    return answer


def token_for(request: SignedRequest) -> dict[str, object]:
    """The number that the form shown now is sent back with: the one it came with, else a new one."""
    return {"name": ONCE, "token": _token_of(request) or uuid4()}


def _token_of(request: SignedRequest) -> UUID | None:
    """The number the form was shown with; one of whoever sends forms without showing them: none."""
    try:
        return UUID(request.POST.get(ONCE, ""))
    except ValueError:
        return None


def _draft_deed(request: SignedRequest) -> HttpResponse:
    """Keep what the page sends by itself while somebody types, or give it up."""
    if request.POST[DRAFT] != DISCARD:
        keep_draft(request.user, request.path, request.POST)
        return HttpResponse(status=204)
    forget_draft(request.user, request.path)
    messages.success(request, "草稿已放弃")
    return redirect(request.path)


def as_typed(form: Any) -> None:
    """Have a form, and the lines below it, shown without saying what is wrong with it."""
    form._errors = ErrorDict()
    if (lines := getattr(form, "lines", None)) is not None:
        for line in lines.forms:
            line._errors = ErrorDict()
        lines._errors = [line._errors for line in lines.forms]
        lines._non_form_errors = ErrorList()


def say_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Say it where it can be put right: ``form.REFUSED_AT`` maps codes to fields."""
    place = getattr(form, "REFUSED_AT", {}).get(refusal.code)
    form.add_error(place if place in form.fields else None, refusal.message)


def done(request: SignedRequest, message: str, to: str, *args: Any) -> HttpResponse:
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
