"""What may be done about a row, declared: how it is asked, what follows, and what does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import Form

from pages.forms import ReasonForm, posted
from pages.views.forms import Question, done, form_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@dataclass(frozen=True)
class Deed:
    """A step of a row's life as a button and a question; ``question`` names the row as ``{row}``.

    ``act`` is called with the key of the row, ``actor`` and what ``form`` asks for; without a form
    nothing is asked. ``said`` is what is told once it is done; it may name the row as well.
    """

    label: str
    question: str
    act: Callable[..., Any]
    consequences: tuple[str, ...] = ()
    form: Any = field(default=ReasonForm, kw_only=True)
    said: str = field(default="", kw_only=True)
    tone: str = field(default="warn", kw_only=True)


def decided(
    request: SignedRequest, deed: Deed, row: Any, trail: tuple[tuple[str, str], ...], **words: Any
) -> HttpResponse:
    """Ask, do it, and lead back to the last page of ``trail``; ``words`` are those of the page."""
    form = (deed.form or Form)(posted(request))

    def decide() -> HttpResponse:
        deed.act(row.pk, actor=request.user, **form.cleaned_data)
        return done(request, deed.said.format(row=row) or f"已办理：{deed.label}", trail[-1][1])

    page = Question(
        title=deed.label,
        question=deed.question.format(row=row),
        consequences=deed.consequences,
        tone=deed.tone,
        trail=trail,
        cancel_href=trail[-1][1],
        **words,
    )
    return form_page(request, form, page, decide)
