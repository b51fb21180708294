"""How the clauses behind a verdict are cited."""

from dataclasses import replace
from datetime import date

import pytest

from policies.library.policy import Criterion, Grade, Policy, Severity, Source, Status
from talents.selectors.explanations import cited

READ = Source(mark="S1", grade=Grade.ARTICLE, publisher="劳动午报")
ELSEWHERE = Source(mark="W1", grade=Grade.COPY, publisher="公开报道", title="成都工匠梯次培育")
POLICY = Policy(
    code="somewhere",
    edition=1,
    title="某市工匠选树办法",
    issuer="某市总工会",
    jurisdiction="某市",
    status=Status.TRIAL,
    effective_from=date(2024, 1, 1),
    summary="选树。",
    sources=(READ, ELSEWHERE),
)
CRITERION = Criterion(
    code="years", title="年限", source=("S1",), tiers=("great",), severity=Severity.MUST
)


@pytest.mark.parametrize(
    ("differences", "citation"),
    [
        ({"quote": "有5年经历"}, "《某市工匠选树办法》“有5年经历”"),
        ({"quote": "有5年经历", "clause": "第四条"}, "《某市工匠选树办法》第四条“有5年经历”"),
        ({"gist": "经历满5年。"}, "《某市工匠选树办法》：经历满5年。"),
        ({"source": ("W1", "S1"), "quote": "有5年经历"}, "《某市工匠选树办法》“有5年经历”"),
        (
            {"source": ("W1",), "gist": "成都：不重复。"},
            "据公开报道“成都工匠梯次培育”：成都：不重复。",
        ),
        ({"source": ("W1",), "quote": "不再培育"}, "据公开报道“成都工匠梯次培育”“不再培育”"),
        ({"source": ("I",), "gist": "不重复。"}, "据推断或通行做法：不重复。"),
    ],
)
def test_the_documents_name_stands_only_before_its_own_words(differences, citation):
    assert cited(POLICY, replace(CRITERION, **differences)) == citation
