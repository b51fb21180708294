"""The life of a draft: submitted, given back or put in force by somebody else, or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from organizations.models import User
from organizations.scoping import accounts_that_serve
from policies.library.editions import lock_library, store
from policies.permissions import ACTIVATE, DECIDERS, DROP, RETURN, SUBMIT, may_activate
from policies.rules.candidates import candidate, check_newest
from policies.services.drafts import locked_draft
from workflow.corrections import check_version
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from policies.models import EditionDraft

ENACTED = Event("policies.enacted", "生效", Record.Kind.POLICY)
SHORTEST_REASON = 4


@transaction.atomic
def submit_draft(pk: int, *, version: int, actor: User, note: str = "") -> EditionDraft:
    """Hand a draft that holds together to somebody else to put in force."""
    draft = locked_draft(pk, actor)
    if refusal := SUBMIT.why_not(actor, draft, draft.organization):
        raise refusal
    check_version(draft, version)
    check_newest(draft)
    candidate(draft).whole()
    handled = sorted({*draft.handled_by, actor.pk})
    SUBMIT.apply(draft, organization=draft.organization, actor=actor, note=note, handled_by=handled)
    serving = accounts_that_serve(list(DECIDERS), draft.organization.path)
    deciders = User.objects.filter(serving).exclude(pk__in=handled)
    _tell(draft, deciders, f"待生效：《{draft.title}》第{draft.number}版")
    return draft


@transaction.atomic
def return_draft(pk: int, *, actor: User, note: str) -> EditionDraft:
    """Give a draft back to those who wrote it, with the reason."""
    draft = locked_draft(pk, actor)
    if len(note.strip()) < SHORTEST_REASON:
        raise DomainError("reason-required", "退回须写明事由")
    RETURN.apply(draft, organization=draft.organization, actor=actor, note=note)
    title = f"已退回：《{draft.title}》第{draft.number}版草稿"
    _tell(draft, User.objects.filter(pk__in=draft.handled_by), title, note)
    return draft


def activate_draft(pk: int, *, version: int, actor: User, note: str = "") -> EditionDraft:
    """Make an edition of a draft as it was shown: stored for ever like one that came as a file.

    Loading and activating wait for each other; of two activations one gets through.
    """
    with refusing(), transaction.atomic():
        lock_library()
        draft = locked_draft(pk, actor)
        may_activate.check(actor, draft)
        check_version(draft, version)
        check_newest(draft)
        found = candidate(draft)
        edition = store(found.whole(), found.text)
        ACTIVATE.apply(
            draft,
            organization=draft.organization,
            actor=actor,
            note=note,
            result=edition,
            activated_by=actor,
        )
        record_event(
            ENACTED,
            subject_of(edition),
            actor=actor,
            organization=draft.organization,
            after={"document_number": edition.document_number, "digest": edition.digest},
            note=note,
        )
        title = f"已生效：《{draft.title}》第{draft.number}版"
        _tell(draft, User.objects.filter(pk__in=draft.handled_by), title)
    return draft


@transaction.atomic
def drop_draft(pk: int, *, actor: User, note: str) -> EditionDraft:
    """Give up a draft; it stays on file as it was."""
    draft = locked_draft(pk, actor)
    DROP.apply(draft, organization=draft.organization, actor=actor, note=note)
    return draft


def _tell(draft: EditionDraft, people: object, title: str, body: str = "") -> None:
    href = reverse("policies:draft", args=[draft.pk])
    tell(people, title, subject=subject_of(draft), href=href, body=body)  # type: ignore[arg-type]
