"""What may be wrong with a row of marks; the conditions are SQL over ``stated.sql``."""

from __future__ import annotations

from intake.kinds.checks import Check, missing, quoted, shifted
from policies.rules.verdicts import Overall
from talents.models.reviews import FORCES, LEAST_MARK, MOST_MARK

MEND = "，请核对后更正"
NUMBER = "^[0-9]{1,3}([.][0-9]{1,2})?$"


def _marks(force: str, label: str) -> tuple[Check, ...]:
    is_mark = f"case when {force} ~ '{NUMBER}' then {force}::numeric <= {MOST_MARK} else false end"
    return (
        Check(
            "mark-missing",
            force,
            f"{force} = '' and is_recused is not true",
            quoted(f"没有填写{label}评分；回避的请在“是否回避”填“是”"),
        ),
        Check(
            "mark-out-of-range",
            force,
            f"{force} <> '' and is_recused is not true and not ({is_mark})",
            f"'“' || left(p.{force}, 20) || '”不是{LEAST_MARK}至{MOST_MARK}之间的评分{MEND}'",
        ),
    )


CHECKS = (
    Check(
        "unknown-nomination",
        "candidate",
        "nomination_id is null",
        "'本轮次没有序号为“' || left(p.candidate_text, 20) || '”'"
        " || case when p.name <> '' then '、姓名为“' || left(p.name, 30) || '”' else '' end"
        f" || '的推荐人选{MEND}'",
        may_arise=True,
    ),
    Check(
        "not-eligible",
        "candidate",
        f"nomination_id is not null and overall is distinct from {Overall.ELIGIBLE.value}",
        "'该人选资格核验结果为“' || case p.overall"
        + "".join(f" when {verdict.value} then '{verdict.label}'" for verdict in Overall)
        + " else '尚未核验' end || '”，不进入评审'",
        may_arise=True,
    ),
    missing("expert-missing", "expert", "专家编号"),
    Check(
        "expert-unreadable",
        "expert",
        "expert <> '' and expert !~ '^[0-9A-Z-]{1,20}$'",
        "'“' || left(p.expert, 20) || '”不是专家编号，编号只用字母、数字和短横线'",
    ),
    Check(
        "recused-unreadable",
        "recused",
        "is_recused is null",
        f"'“' || left(p.recused_text, 20) || '”应为“是”或“否”{MEND}'",
    ),
    *(check for force, label in FORCES.items() for check in _marks(f"mark_{force}", label)),
    Check(
        "duplicate-review",
        "expert",
        "is_filed",
        "'专家' || p.expert || '对该人选的评分已登记，一名专家对一名人选只评一次，请核对后删去本行'",
        may_arise=True,
    ),
    shifted("number"),
)
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What each kind of fault is called in a list to choose from.
TITLES = {
    "duplicate-review": "重复评分",
    "expert-missing": "没有专家编号",
    "expert-unreadable": "专家编号看不懂",
    "mark-missing": "没有评分",
    "mark-out-of-range": "评分超出范围",
    "not-eligible": "人选资格不合格",
    "recused-unreadable": "是否回避看不懂",
    "unknown-nomination": "没有这名人选",
}
