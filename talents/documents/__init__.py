"""Lists that leave the house as XLSX: data in, bytes out; identity numbers only masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.documents import ExportColumn
from policies.library.policy import Comparison
from policies.rules.verdicts import Overall, label_of

if TYPE_CHECKING:
    from policies.rules.findings import Finding
    from talents.models import Nomination
    from talents.selectors.results import Result

PERSON_COLUMNS = (
    "序号",
    "姓名",
    "性别",
    ExportColumn("公民身份号码（掩码）", 22),
    "推荐单位",
    "职务/岗位",
    "职业（工种）",
    "职业技能等级",
    ExportColumn("证书编号", 26),
    "推荐排序",
    "状态",
)


def result_headings(first: Result | None) -> list[ExportColumn]:
    """Who, the verdict, and each clause of the edition that judged."""
    columns: list[ExportColumn | str] = [
        *PERSON_COLUMNS,
        "核验结果",
        ExportColumn("未通过的原因", 60),
    ]
    if first is not None:
        columns += [_heading(f) for f in first.findings if f.criterion.comparison]
    return [c if isinstance(c, ExportColumn) else ExportColumn(c) for c in columns]


def result_line(result: Result) -> list[Any]:
    """The same of one candidate, in the order of the headings."""
    values = [_value(f) for f in result.findings if f.criterion.comparison]
    verdict = label_of(result.nomination.overall)  # type: ignore[attr-defined]
    if result.is_outdated:
        verdict += "（资料已更正，待重新核验）"
    return [
        *_person(result.nomination),
        verdict,
        "；".join(reason.rstrip("。") for reason in result.reasons),
        *values,
    ]


def _heading(finding: Finding) -> str:
    title = finding.criterion.title
    return title if _is_presence(finding) else f"{title}（{finding.unit}）"


def _value(finding: Finding) -> Any:
    if finding.met is None:
        return Overall.MISSING.label
    return "已填写" if _is_presence(finding) else finding.actual


def _is_presence(finding: Finding) -> bool:
    return finding.criterion.comparison is Comparison.PRESENT


def _person(row: Nomination) -> list[Any]:
    person = row.person
    return [
        row.row_number,
        person.name,
        person.get_sex_display(),
        person.identity_mask,
        row.unit.name,
        row.post,
        row.occupation,
        row.get_skill_level_display(),
        row.certificate_number,
        row.rank,
        row.get_state_display(),
    ]
