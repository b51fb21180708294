"""What a reader is told about a figure: the words it goes by, and how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.library.editions import policy_by_digest
from policies.library.policy import Criterion, Target
from policies.library.vocabulary import TERMS
from policies.wording import SCOPES, provenance, requirement, target_figure, target_softness

if TYPE_CHECKING:
    from policies.library.policy import Article
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
        demand="，或".join(_demand(item) for item in _alternatives(article, items, figure)),
        words=article.quote or article.gist,
        provenance=provenance(policy, article),
        counting=_counting(article),
        note=article.note,
        is_default=article.default,
    )


def _alternatives(
    article: Article, items: tuple[Article, ...], figure: Figure
) -> tuple[Article, ...]:
    """What a total is asked for: any article of the same group, for the same tiers."""
    group = getattr(article, "group", "")
    if not group or figure.academy_id is not None:
        return (article,)
    same = (group, article.tiers)  # type: ignore[attr-defined]  # only criteria have groups
    return tuple(
        item for item in items if isinstance(item, Criterion) and (item.group, item.tiers) == same
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
