"""What of a policy is our choice, each under a digest of everything it says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from policies.library import SECTIONS
from policies.library.consistency import items_of
from policies.models import DefaultConfirmation, EditionDefault, PolicyEdition
from workflow.models import Record
from workflow.records import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from policies.library.policy import Article, Policy

_SECTIONS = {kind: section for section, kind in SECTIONS.items()}
CONFIRMED = Event("policies.default-confirmed", "确认默认", Record.Kind.POLICY)
HEAD = EditionDefault.Section.HEAD.value


@dataclass(frozen=True, slots=True)
class Default:
    """One item, or one field of the head (``section`` is ``HEAD``), that we chose."""

    section: str
    item: str
    title: str
    digest: str


def defaults_of(policy: Policy) -> Iterator[Default]:
    """The defaults of a policy in the order a reader meets them."""
    for name in policy.default_fields:
        title = str(PolicyEdition._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        digest = _digest(policy.code, HEAD, {name: getattr(policy, name)})
        yield Default(HEAD, name, title, digest)
    for section, _, item in items_of(policy):
        if item.default:
            digest = _digest(policy.code, section, asdict(item))
            yield Default(section, item.code, item.title, digest)


def _digest(code: str, section: str, said: Mapping[str, Any]) -> str:
    words = json.dumps([code, section, said], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def section_of(item: Article) -> str:
    """The section an item stands in: each has items of a kind of its own."""
    return _SECTIONS[type(item)]


def item_at(policy: Policy, section: str, code: str) -> Article:
    """The item of that code in a section; KeyError where there is none."""
    for item in getattr(policy, section):
        if item.code == code:
            return item
    raise KeyError(f"{policy.code} has no {section} {code}")


def confirmed_in(edition: PolicyEdition) -> dict[tuple[str, str], DefaultConfirmation]:
    """Of the defaults of an edition those that are confirmed, by section and item.

    Public like the edition itself; who confirmed is for those who are signed in.
    """
    places = {d.digest: (d.section, d.item) for d in EditionDefault.objects.filter(edition=edition)}
    found = DefaultConfirmation.objects.filter(digest__in=places)
    return {places[one.digest]: one for one in found}
