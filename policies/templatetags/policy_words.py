"""The wording of policy items, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from policies import wording
from policies.library.policy import GRADE_LABELS, Grade

if TYPE_CHECKING:
    from policies.library.policy import Article, Criterion, Policy, Source, Target, Tier
    from policies.models import PolicyEdition
    from policies.selectors.outline import Mark, Marks

register = template.Library()

#: Grades in a word; a letter tells nobody anything.
SPOKEN = {
    Grade.ARTICLE: "报刊原文",
    Grade.OFFICIAL: "官方报道",
    Grade.NEAR_OFFICIAL: "工会报纸",
    Grade.NAMED_REPOST: "转载",
    Grade.COPY: "转录",
    Grade.INFERENCE: "推断",
    Grade.COMMON_KNOWLEDGE: "常识",
}

for function in (
    wording.requirement,
    wording.derivation,
    wording.other_readings,
    wording.target_figure,
    wording.target_period,
    wording.target_softness,
    wording.amount_words,
    wording.baseline_words,
    wording.use_words,
    wording.promotion_scope,
    wording.promotion_words,
    wording.parameter_value,
    wording.deadline,
):
    register.filter(function.__name__, function)


@register.filter
def severity_label(criterion: Criterion) -> str:
    return wording.SEVERITIES[criterion.severity]


@register.filter
def scope_label(target: Target) -> str:
    return wording.SCOPES[target.scope]


@register.filter
def subject_label(tier: Tier) -> str:
    return wording.SUBJECTS[tier.subject]


@register.filter
def span(edition: PolicyEdition) -> str:
    return wording.span(edition.effective_from, edition.until)


@register.filter
def standing_tone(standing: str) -> str:
    """The colour family that goes with how an edition stands."""
    return {"applying": "good", "future": "info", "draft": "warn"}.get(standing, "plain")


@register.simple_tag
def marks_of(marks: Marks, item: Article) -> Mark:
    return marks.of(item)


@register.simple_tag
def marks_of_head(marks: Marks, *names: str) -> list[Mark]:
    return marks.of_head(*names)


@register.simple_tag
def alternatives(policy: Policy, criterion: Criterion) -> list[str]:
    return wording.alternatives(policy, criterion)


@register.simple_tag
def sources(policy: Policy, article: Article) -> list[dict[str, str]]:
    """The sources of an item: where on the page, what its tag says, what the grade means, publisher."""
    places = {source.mark: place for place, source in enumerate(policy.sources, start=1)}
    return [
        {
            "mark": source.mark,
            "label": (f"出处{places[source.mark]} · " if source.mark in places else "")
            + SPOKEN[source.grade],
            "meaning": GRADE_LABELS[source.grade],
            "publisher": source.publisher,
            "title": source.title,
        }
        for source in map(policy.source, article.source)
    ]


@register.filter
def grade_words(source: Source) -> str:
    return GRADE_LABELS[source.grade]
