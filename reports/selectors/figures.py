"""What a reader is told about a figure: the words it goes by, and how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.editions import policy_by_digest
from policies.policy import Criterion, Target
from policies.vocabulary import TERMS
from policies.wording import SCOPES, provenance, requirement, target_figure, target_softness

if TYPE_CHECKING:
    from policies.policy import Article
    from reports.models import Figure


@dataclass(frozen=True, slots=True)
class Explanation:
    """The clause behind a figure, in the words of the edition the report is pinned to."""

    demand: str
    words: str
    provenance: str
    counting: str
    note: str
    is_default: bool


def explanation_of(figure: Figure) -> Explanation | None:
    """Read from the stored words of the edition; None if it has no such item."""
    policy = policy_by_digest(figure.report.policy_edition.digest)
    items = (*policy.targets, *policy.standards)
    article = next((item for item in items if item.code == figure.code), None)
    if article is None:
        return None
    return Explanation(
        demand=_demand(article),
        words=article.quote or article.gist,
        provenance=provenance(policy, article),
        counting=_counting(article),
        note=article.note,
        is_default=article.default,
    )


def _demand(article: Article) -> str:
    if isinstance(article, Target):
        scope, softness = SCOPES[article.scope], target_softness(article)
        return f"{scope} {target_figure(article)}，{softness}"
    return requirement(article) if isinstance(article, Criterion) else ""


def _counting(article: Article) -> str:
    """What is counted, as the common vocabulary says."""
    code = article.measure if isinstance(article, Target) else getattr(article, "fact", "")
    term = TERMS.get(code)
    return f"{term.label}：{term.explanation}" if term else ""
