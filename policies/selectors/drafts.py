"""Drafts of next editions: the list, what one changes, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse

from policies import wording
from policies.library import SECTIONS
from policies.library.drafting import LABELS, settings_of, written_items
from policies.library.editions import policy_by_digest
from policies.models import EditionDraft
from policies.permissions import State, may_activate
from policies.readings import effects_of
from policies.rules.candidates import candidate
from policies.selectors.comparison import changes
from policies.wording.statements import SECTION_TITLES, purpose
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from policies.readings import Effect
    from policies.selectors.comparison import Change


class Preview(NamedTuple):
    """What an edition would change, what that is read for, what would come of it, what is wrong."""

    changes: list[Change]
    effects: list[Effect]
    problems: list[str]


class Settable(NamedTuple):
    """An item whose figures can be set: where it is, what they are now, whether the draft sets them."""

    section: str
    code: str
    title: str
    words: str
    is_changed: bool
    href: str


def drafts_in_scope(user: User) -> QuerySet[EditionDraft]:
    rows = EditionDraft.objects.visible_to(user)
    return rows.select_related("base", "organization", "drafted_by", "activated_by", "result")


def preview(draft: EditionDraft, user: User) -> Preview:
    """The draft held against the edition before it."""
    found = candidate(draft)
    problems = list(dict.fromkeys(problem.message for problem in found.problems))
    if found.policy is None:
        return Preview([], [], problems)
    after = found.policy
    titles = {title: section for section, title in SECTION_TITLES.items()}
    told = []
    for change in changes(found.base, after):
        items = {item.code: item for item in getattr(after, titles[change.section])}
        told.append(replace(change, purpose=purpose(after, items[change.code])))
    return Preview(told, effects_of(user, found.base, after), problems)


def settable(draft: EditionDraft) -> list[tuple[str, list[Settable]]]:
    """By section, every item that has figures to set."""
    base = policy_by_digest(draft.base.digest)
    policy, changed = candidate(draft).policy or base, draft.changed
    written = written_items(draft.base.text)
    found = []
    for section in SECTIONS:
        lines = []
        for item in getattr(policy, section):
            settings = list(settings_of(item, written[section, item.code]))
            if settings:
                words = "；".join(
                    f"{LABELS[s.name]} {wording.setting_words(s.name, s.value)}{s.unit}"
                    for s in settings
                )
                href = reverse("policies:draft-item", args=[draft.pk, section, item.code])
                is_changed = (section, item.code) in changed
                lines.append(Settable(section, item.code, item.title, words, is_changed, href))
        if lines:
            found.append((SECTION_TITLES[section], lines))
    return found


def open_draft_of(code: str, user: User) -> EditionDraft | None:
    """The draft of a policy that is being written or waits, where there is one."""
    rows = drafts_in_scope(user).filter(code=code, state__in=[State.DRAFT, State.SUBMITTED])
    return rows.first()


def to_activate(user: User) -> list[Queue]:
    """For those who decide: drafts that wait for a second person."""
    waiting: Any = drafts_in_scope(user).filter(state=State.SUBMITTED)
    return [
        Queue(
            f"待生效：{draft.title}",
            f"第{draft.number}版",
            reverse("policies:draft", args=[draft.pk]),
            unit="",
            tone="warn",
            note=f"{draft.drafted_by}起草，自{wording.chinese_day(draft.effective_from)}起施行",
        )
        for draft in waiting
        if may_activate.allows(user, draft)
    ]
