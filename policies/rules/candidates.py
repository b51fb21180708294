"""A draft as the edition it would be: its text, read by the loader, and all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies.library import SECTIONS, consistency, known_facts, parse, value_kind
from policies.library.drafting import HEAD_FIELDS, LABELS, revised
from policies.library.editions import file_name, policy_by_digest
from policies.library.problems import PolicyFileError
from policies.models import PolicyEdition
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policies.library.policy import Policy
    from policies.library.problems import Problem
    from policies.models import EditionDraft

OUTDATED = "该政策已有更新的版次，本草稿所据的版本不再是最新；请放弃本草稿，以最新的版次为底稿起草"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a draft comes to; ``policy`` is None where it cannot be read as one."""

    text: str
    policy: Policy | None
    problems: Sequence[Problem]
    base: Policy

    def faults_of(self, at: tuple[str, str], before: Candidate) -> list[tuple[str, str]]:
        """What is wrong with one item (the key, or "", and the words), and since it says otherwise.

        ``before`` is the same draft without the change: what was wrong then is others' fault.
        """
        known = {problem.message for problem in before.problems}
        own = [problem for problem in self.problems if self._item_of(problem) == at]
        others = [p for p in self.problems if p not in own and p.message not in known]
        found = [(str(p.path[2]) if len(p.path) > 2 else "", p.message) for p in own]  # noqa: PLR2004 - section, index, key
        return found + [("", problem.message) for problem in others]

    def faults_of_head(self) -> list[tuple[str, str]]:
        """What is wrong with the head: the field and the words."""
        return [(str(p.path[0]), p.message) for p in self.problems if len(p.path) == 1]

    def _item_of(self, problem: Problem) -> tuple[str, str] | None:
        if len(problem.path) < 2:  # noqa: PLR2004 - section, index
            return None
        section = str(problem.path[0])
        return section, getattr(self.base, section)[problem.path[1]].code

    def whole(self) -> Policy:
        """The policy, or a refusal that says all that is wrong."""
        if self.policy is None or self.problems:
            messages = "；".join(dict.fromkeys(problem.message for problem in self.problems))
            raise DomainError("edition-invalid", f"新版次不合要求：{messages}")
        return self.policy


def candidate(draft: EditionDraft) -> Candidate:
    """The edition that ``draft`` would be, held against the rules of the loader and what is stored."""
    base = policy_by_digest(draft.base.digest)
    changes = {at: typed(at[0], change) for at, change in draft.changed.items()}
    head = {name: getattr(draft, "provenance" if name == "note" else name) for name in HEAD_FIELDS}
    text = revised(draft.base.text, head, draft.document, changes)
    name = file_name(draft.code, draft.number)
    try:
        policy = parse(text, name=name, known=known_facts())
    except PolicyFileError as refused:
        return Candidate(text, None, refused.problems, base)
    stored = PolicyEdition.objects.filter(code=draft.code).exclude(edition=draft.number)
    placed = [consistency.Placed("", {}, policy_by_digest(e.digest)) for e in stored.defer("text")]
    placed.append(consistency.Placed(name, {}, policy))
    return Candidate(text, policy, consistency.problems_between(placed), base)


def check_newest(draft: EditionDraft) -> None:
    """Refuse a draft that was overtaken: another edition follows the one it is based on."""
    if PolicyEdition.objects.filter(code=draft.code, edition__gt=draft.base.edition).exists():
        raise DomainError("base-outdated", OUTDATED)


def typed(section: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """A change as kept, with its figures as figures."""
    return {
        name: _typed(*value_kind(SECTIONS[section], name), value) if name in LABELS else value
        for name, value in change.items()
    }


def _typed(kind: type, is_list: bool, value: Any) -> Any:  # noqa: FBT001
    if is_list:
        return [_typed(kind, False, entry) for entry in value]  # noqa: FBT003
    return Decimal(str(value)) if kind is Decimal else value
