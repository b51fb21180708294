"""What may be wrong with a row of results, seeds and own assessment; the conditions are SQL over ``stated.sql``."""

from __future__ import annotations

from dataclasses import replace

from intake.kinds.checks import WARNING, Check, missing, shifted, too_long
from talents.imports.names import PERSON
from talents.rules.patents import NO_SHAPE, OTHER_KIND, WRONG_SIGN

MEND = "，请核对后更正"
#: Whoever the row is about has to be known; own assessment is an enterprise's, a small result may be a team's.
WHOSE = tuple(replace(check, when=f"is_personal and ({check.when})") for check in PERSON)

CHECKS = (
    Check(
        "action-unknown",
        "kind",
        "kind is null",
        "case when p.kind_text = '' then '没有填写种类，请填写' else '“' || left(p.kind_text, 20)"
        f" || '”应为种子工匠、专利、四技成果、五小成果或自主评价企业{MEND}' end",
    ),
    Check(
        "sort-unfit",
        "sort",
        "kind is not null and sort is null",
        f"'类别“' || left(p.sort_text, 20) || '”不是“' || p.kind_text || '”的类别{MEND}'",
    ),
    *WHOSE,
    Check(
        "unknown-organization",
        "organization",
        "organization_id is null",
        "case when p.organization_text = '' then '没有填写单位（院校），请填写'"
        " else '在您的管辖范围内没有“' || left(p.organization_text, 40)"
        " || '”，请填写单位全称、编码或统一社会信用代码' end",
        may_arise=True,
    ),
    missing("told-missing", "told", "名称（说明）"),
    missing("held-missing", "held_on", "日期", column="held_text"),
    Check(
        "held-unreadable",
        "held_on",
        "held_text <> '' and held_on is null",
        "'“' || left(p.held_text, 30) || '”不是日期，请写成“2025-05-09”这样的日期'",
    ),
    Check(
        "action-in-future",
        "held_on",
        "held_on > %(today)s",
        "'日期' || p.held_on || '晚于今天，请在办成之后登记'",
    ),
    Check(
        "document-missing",
        "document_number",
        "kind = 'assessing' and number_text = ''",
        "'没有填写自主评价的备案文号，请填写'",
    ),
    Check(
        "patent-number",
        "document_number",
        "kind = 'patent' and (patent is null or not patent_is_sound or not patent_fits)",
        f"case when p.patent is null then '{NO_SHAPE}' when not p.patent_is_sound then '{WRONG_SIGN}'"
        f" else '{OTHER_KIND}' end",
    ),
    Check(
        "action-twice",
        "kind",
        "is_filed",
        "case p.kind when 'patent' then '这件专利已登记，一个专利号只登记一次'"
        " when 'seed' then '此人已登记为种子工匠，同一人只计一次'"
        " else '该企业已登记自主评价机制，只计一次' end || '，请核对后删去本行'",
        may_arise=True,
    ),
    Check(
        "result-unproved",
        "document_number",
        "kind in ('four', 'small') and number_text = ''",
        "'没有填写成果的证明文号；没有证明的成果不能作为佐证，请入库后补传证明材料'",
        WARNING,
    ),
    *(too_long(field) for field in ("name", "told", "document_number")),
    shifted("number"),
)
#: What another batch or a form may have made faulty since the preview.
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What each kind of fault is called in a list to choose from.
TITLES = {
    "action-in-future": "日期晚于今天",
    "action-twice": "重复登记",
    "action-unknown": "种类看不懂",
    "document-missing": "没有备案文号",
    "held-missing": "没有日期",
    "held-unreadable": "日期看不懂",
    "patent-number": "专利号不对",
    "result-unproved": "成果没有证明文号",
    "sort-unfit": "类别不符",
    "told-missing": "没有名称（说明）",
    "unknown-organization": "单位未登记",
}
