"""What the tiers of entry are called: they are data of the rules, and records keep their codes."""

from __future__ import annotations

from functools import lru_cache

from policies.library.editions import every_edition, policy_by_digest

RULES = "contest-promotion"
#: An open challenge: no condition of any rules. Where no rules were loaded, items are plain ones.
OPEN_TO_ALL, PLAIN = ("open", "公开挑战（不设条件）"), ("general", "一般项目")


def tier_words(code: str) -> str:
    """The tier as the newest edition that has it calls it; the code itself where none does."""
    try:
        return _title_of(code)
    except LookupError:
        return dict([OPEN_TO_ALL, PLAIN]).get(code, code)


@lru_cache(maxsize=64)
def _title_of(code: str) -> str:
    """Editions stay as they were loaded, so that what was found once holds; nothing else is kept."""
    editions = every_edition().filter(code=RULES).order_by("-edition")
    for digest in editions.values_list("digest", flat=True):
        for tier in policy_by_digest(digest).tiers:
            if tier.code == code:
                return tier.title
    raise LookupError(code)
