"""Digests of what was drawn and of what was put up, and whether they still are those on file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from talents.models import Draw, NoticeEntry, PublicNotice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from talents.models import Nomination

#: What of an entry is public; whatever of it changes has to go up again.
PUBLIC_FIELDS = ("name", "unit", "post", "trade")


def public_fields_of(nomination: Nomination) -> dict[str, str]:
    """What of a candidate a list says, as it is on file now."""
    return {
        "name": nomination.person.name,
        "unit": nomination.unit.name,
        "post": nomination.post,
        "trade": nomination.occupation,
    }


def is_still_so(entry: NoticeEntry) -> bool:
    """Whether a line says what is on file of its candidate now."""
    now = public_fields_of(entry.nomination)
    return all(getattr(entry, field) == now[field] for field in PUBLIC_FIELDS)


def draw_digest(drawn: Mapping[str, Sequence[int]]) -> str:
    """SHA-256 over a draw as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()


def list_digest(notice: PublicNotice) -> str:
    """SHA-256 over the public fields of a list, in its order."""
    lines = [
        [entry.position, entry.is_reserve, *(getattr(entry, field) for field in PUBLIC_FIELDS)]
        for entry in notice.entries.order_by("position")
    ]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def altered_draws() -> Iterator[str]:
    """Every draw whose result is not what its digest says."""
    for draw in Draw.objects.order_by("pk").iterator():
        if draw_digest(draw.drawn) != draw.sha256:
            yield f"专家抽取 {draw.pk}（种子{draw.seed}）：结果与摘要值不符"


def altered_lists() -> Iterator[str]:
    """Every list that was put up and does not read as it did then."""
    for notice in PublicNotice.published().order_by("pk"):
        if list_digest(notice) != notice.sha256:
            yield f"公示 {notice.pk}：名单与发布时的摘要值不符"
