"""Lists that leave the house as XLSX: data in, bytes out; identity numbers only masked."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from pages.exports import ExportColumn, write_table
from policies.policy import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policies.findings import Finding
    from talents.models import Nomination
    from talents.selectors.results import Result

VERDICTS = {0: "不合格", 1: "资料缺失", 2: "合格", None: "未核验"}
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


def results_workbook(results: Iterable[Result], *, title: str, note: str) -> IO[bytes]:
    """The results of a check: who, the verdict, and each clause's value and outcome."""
    results = iter(results)
    first = next(results, None)
    headings: list[ExportColumn | str] = [
        *PERSON_COLUMNS,
        "核验结果",
        ExportColumn("未通过的原因", 60),
    ]
    if first is not None:
        headings += [_heading(f) for f in first.findings if f.criterion.comparison]
    return write_table(
        headings, _result_rows(first, results), title=title, note=note, sheet="核验结果"
    )


def nominations_workbook(rows: Iterable[Nomination], *, title: str, note: str) -> IO[bytes]:
    """A list of nominations with their latest verdicts."""
    body = ([*_person(row), VERDICTS[row.overall]] for row in rows)  # type: ignore[attr-defined]
    return write_table(
        [*PERSON_COLUMNS, "核验结果"], body, title=title, note=note, sheet="推荐名单"
    )


def _result_rows(first: Result | None, others: Iterator[Result]) -> Iterator[list[Any]]:
    if first is None:
        return
    yield _result(first)
    for result in others:
        yield _result(result)


def _result(result: Result) -> list[Any]:
    values = [_value(f) for f in result.findings if f.criterion.comparison]
    verdict = VERDICTS[result.nomination.overall]  # type: ignore[attr-defined]
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
        return "资料缺失"
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
