"""What money may go to: the uses of the policy, and how people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone

from subsidies.rules.eligibility import is_loaded, policy_on
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from policies.library.policy import Policy, Use

SHORTEST = 2
_ASIDE = re.compile(r"[（(].*?[）)]")


def use_meant(policy: Policy, text: str) -> Use | None:
    """The one use of ``policy`` that ``text`` names: in full, or by a part that no other has.

    People write 研修 for 工匠人才研修. What could be two uses, or none, is no use.
    """
    wanted = _bare(text)
    if len(wanted) < SHORTEST:
        return None
    titles = {use.code: _bare(use.title) for use in policy.uses}
    exact = [use for use in policy.uses if titles[use.code] == wanted]
    close = exact or [use for use in policy.uses if wanted in titles[use.code]]
    return close[0] if len(close) == 1 else None


def uses_today() -> list[Use]:
    """The uses that need nobody's leave today; none before a policy is loaded."""
    return permitted(policy_on(timezone.localdate())) if is_loaded() else []


def permitted(policy: Policy) -> list[Use]:
    """The uses that need nobody's leave, in the order of the document."""
    return [use for use in policy.uses if use.permitted and not use.needs_approval]


def applicable() -> list[Use]:
    """The uses that may be asked for today, those that are approved item by item among them."""
    return (
        [use for use in policy_on(timezone.localdate()).uses if use.permitted]
        if is_loaded()
        else []
    )


def use_of(code: str, policy: Policy) -> Use | None:
    """The use of that code, if the policy permits it at all."""
    return next((use for use in policy.uses if use.code == code and use.permitted), None)


def _bare(text: str) -> str:
    return _ASIDE.sub("", fold_prose(text)).replace(" ", "")
