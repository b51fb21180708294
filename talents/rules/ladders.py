"""Which steps of a ladder somebody may be put forward for next, by the titles they hold.

Pure functions. A document says by ``feeds`` from which tier one goes up to which; a tier that nobody
selects into here is reached by those above us and is never a next step while there is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.rules.homes import WHOLE_COUNTRY
from talents.rules.titles import selects

if TYPE_CHECKING:
    from collections.abc import Collection

    from policies.library.policy import Policy, Tier

#: A title that is held: of which policy, of which tier.
Held = tuple[str, str]


def upwards(policy: Policy) -> list[Tier]:
    """The tiers from the bottom up: a document may list them either way, ``feeds`` says which."""
    place = {tier.code: at for at, tier in enumerate(policy.tiers)}
    steps = [
        place.get(above, at) - at for at, tier in enumerate(policy.tiers) for above in tier.feeds
    ]
    return list(policy.tiers if sum(steps) > 0 else reversed(policy.tiers))


def next_tiers(
    policy: Policy, held: Collection[Held], ladders: Collection[Policy]
) -> frozenset[str]:
    """The codes of the tiers that come next: above what is held, else the lowest that is selected into.

    The ladder of the country is entered from the others: by a title that feeds its tier.
    """
    own = {tier for scheme, tier in held if scheme == policy.code}
    is_national = policy.jurisdiction == WHOLE_COUNTRY
    if not own and not is_national:
        return frozenset(_selected_from_below(policy))
    from_where = ladders if is_national else (policy,)
    reached = {
        above
        for ladder in from_where
        for tier in ladder.tiers
        if (ladder.code, tier.code) in held
        for above in tier.feeds
    }
    ahead = [tier for tier in policy.tiers if tier.code in reached - own]
    here = [tier.code for tier in ahead if selects(tier)]
    return frozenset(here or [tier.code for tier in ahead])


def _selected_from_below(policy: Policy) -> list[str]:
    """Of the tiers that are selected into here those that no other of them feeds."""
    ours = [tier for tier in policy.tiers if selects(tier)]
    fed = {above for tier in ours for above in tier.feeds}
    return [tier.code for tier in ours if tier.code not in fed]
