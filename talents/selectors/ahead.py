"""The step that comes next for somebody: its conditions held against what is on file, each with its clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from policies.library.policy import Severity
from policies.wording import chinese_day
from talents.rules import evaluation_ahead
from talents.selectors.explanations import conditions, explanation_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.library.policy import Policy, Tier
    from talents.models import Nomination
    from talents.selectors.explanations import Clause


@dataclass(frozen=True, slots=True)
class NextStep:
    """What stands between somebody and the next step; ``against`` says what it was held against."""

    title: str
    document: str
    verdict: str
    against: str
    missing: Sequence[Clause]
    met: Sequence[Clause]
    human: Sequence[Clause]
    check_href: str

    @property
    def in_short(self) -> str:
        """For the rung of the ladder."""
        if not self.verdict:
            return f"可参加推荐；须符合{len(self.missing)}项条件，见“下一步”"
        if not self.missing:
            return "可参加推荐；系统可核验的条件都已符合，见“下一步”"
        return f"可参加推荐；还差{len(self.missing)}项条件，见“下一步”"


def next_step(policy: Policy, tier: Tier, nomination: Nomination | None) -> NextStep | None:
    """By the evaluator of the rounds, as of today; None where no condition decides by itself."""
    if not any(one.severity is Severity.MUST for one in policy.criteria_of(tier.code)):
        return None
    asked = evaluation_ahead(policy, tier.code, on=timezone.localdate())
    query = urlencode({"step": f"{policy.code}:{tier.code}"})
    href = f"{reverse('talents:self-check')}?{query}"
    found = explanation_ahead(nomination, asked, policy, tier) if nomination else None
    if nomination is None or found is None:
        blank, is_human = conditions(asked, policy), Severity.HUMAN.value
        return NextStep(
            title=tier.title,
            document=policy.title,
            verdict="",
            against="还没有本人的推荐材料可以对照：可先自查，单位登记推荐后按材料对照",
            missing=[one for one in blank if one.severity != is_human],
            met=(),
            human=[one for one in blank if one.severity == is_human],
            check_href=href,
        )
    filed = chinese_day(timezone.localdate(nomination.created_at))
    return NextStep(
        title=tier.title,
        document=policy.title,
        verdict=found.verdict,
        against=f"按“{nomination.round.name}”的推荐材料（{filed}登记）对照，工作经历算到今天",
        missing=(*found.failed, *(one for one in found.advisory if one.met is not True)),
        met=(*found.passed, *(one for one in found.advisory if one.met)),
        human=found.human,
        check_href=href,
    )
