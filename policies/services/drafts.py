"""Drafting the next edition of a policy: begun from the newest one, written, and taken back item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from policies import wording
from policies.library.drafting import LABELS
from policies.models import EditionDraft, PolicyEdition
from policies.models.drafts import HEAD
from policies.permissions import may_draft, may_write
from policies.rules.candidates import candidate, check_newest
from policies.rules.homes import answering_body
from workflow.corrections import correct
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organizations.models import User

WORDS = {"quote": "原文", "gist": "要点", "clause": "条款", "note": "说明"}
BEGUN = Event("policies.draft-begun", "起草新版次", Record.Kind.POLICY)


def begin_draft(edition: PolicyEdition, facts: Mapping[str, Any], *, actor: User) -> EditionDraft:
    """Begin the edition after ``edition``; one draft of a policy at a time."""
    may_draft.check(actor, edition)
    body = answering_body(edition)
    assert body is not None  # noqa: S101 - or nobody may draft
    with refusing(), transaction.atomic():
        draft = EditionDraft(
            code=edition.code,
            base=edition,
            organization=body,
            drafted_by=actor,
            handled_by=[actor.pk],
            **{name: facts[name] for name in HEAD},
        )
        check_newest(draft)
        _check_head(draft)
        draft.save()
        record_event(
            BEGUN,
            subject_of(draft),
            actor=actor,
            organization=body,
            after={"edition": str(edition), "document_number": draft.document_number},
        )
    return draft


def correct_head(
    pk: int, facts: Mapping[str, Any], *, version: int, note: str, actor: User
) -> EditionDraft:
    """Say otherwise since when it applies, by which document, under which name."""
    with transaction.atomic():
        draft = locked_draft(pk, actor)
        may_write.check(actor, draft)
        correct(draft, dict(facts), version=version, actor=actor, note=note)
        _check_head(draft)
    return draft


def change_item(
    pk: int, at: tuple[str, str], change: Mapping[str, Any] | None, *, version: int, actor: User
) -> EditionDraft:
    """Have one item say otherwise, or (None) again what it says in the edition before."""
    with transaction.atomic():
        draft = locked_draft(pk, actor)
        may_write.check(actor, draft)
        changes, before = with_change(draft, at, change), candidate(draft)

        def put(row: EditionDraft) -> None:
            row.changes = changes

        correct(draft, {}, version=version, actor=actor, note="", follow_up=put)
        if change is not None:
            refuse_faults(candidate(draft).faults_of(at, before))
    return draft


def with_change(
    draft: EditionDraft, at: tuple[str, str], change: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The changes of ``draft`` with those of one item as given, or (None) without them."""
    key = ".".join(at)
    others = {other: kept for other, kept in draft.changes.items() if other != key}
    if change is None:
        return others
    figures = [
        f"{LABELS[name]}：{wording.setting_words(name, value)}"
        for name, value in change.items()
        if name in LABELS
    ]
    words = [f"{WORDS[name]}：{change[name]}" for name in WORDS if name in change]
    default = [wording.DEFAULT] if change.get("default") else []
    return others | {key: {"set": dict(change), "words": "；".join([*figures, *words, *default])}}


def locked_draft(pk: int, actor: User) -> EditionDraft:
    """The draft, so that nobody else moves it meanwhile; absent like a foreign one."""
    rows = EditionDraft.objects.visible_to(actor).select_related("base", "organization")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _check_head(draft: EditionDraft) -> None:
    refuse_faults(candidate(draft).faults_of_head())


def refuse_faults(faults: list[tuple[str, str]]) -> None:
    if faults:
        raise DomainError("edition-invalid", "；".join(words for _, words in faults))
