"""Writing what people keep of their lists and of forms they have not finished."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from pages.models import FormDraft, SavedView, SentForm
from pages.selectors import KEPT_FOR
from workflow.storage.vault import encrypt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import QueryDict

    from organizations.models import User

#: The field by which a form says that its draft is kept, and its button what is to be done with it.
DRAFT = "_draft"
#: The field in which a form carries the number by which it is done once.
ONCE = "_once"
#: Characters of a draft as it is sent; a form has its own limits far below.
LONGEST_DRAFT = 400_000


def keep_view(owner: User, table: str, path: str, *, name: str, query: str) -> SavedView:
    """Keep a question under a name; the same name again replaces the old question."""
    view, _ = SavedView.objects.update_or_create(
        owner=owner, table=table, path=path, name=name, defaults={"query": query}
    )
    return view


def keep_draft(owner: User, path: str, typed: QueryDict) -> None:
    """Keep what was typed into the form at ``path``, in place of what was kept of it before."""
    kept = typed.copy()
    for name in ("csrfmiddlewaretoken", DRAFT, ONCE):
        kept.pop(name, None)
    text = kept.urlencode()
    if text and len(text) <= LONGEST_DRAFT:
        FormDraft.objects.update_or_create(
            owner=owner, path=path, defaults={"sealed": encrypt(text.encode())}
        )


def forget_draft(owner: User, path: str) -> None:
    """The form is done, or given up."""
    FormDraft.objects.filter(owner=owner, path=path).delete()


@contextmanager
def once(owner: User, token: UUID) -> Iterator[SentForm]:
    """Do inside what a form asks for; one transaction with the note that it was done.

    Yields the note: one with ``led_to`` says that the form was done before, and nothing is to be
    done. Whoever does it writes ``led_to``; left empty, as by a refusal, the form may be sent
    again. Of two who send the same form at once the second waits for the first.
    """
    with transaction.atomic():
        sent, is_new = SentForm.objects.get_or_create(owner=owner, token=token)
        yield sent
        if is_new and sent.led_to:
            sent.save(update_fields=["led_to"])
        elif is_new:
            sent.delete()


def forget_old_drafts() -> int:
    """Delete what nobody went on with in time; how many there were. Notes of sent forms go too."""
    SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT_FOR).delete()
    return FormDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()[0]
