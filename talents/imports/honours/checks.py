"""What may be wrong with a row of the register; the conditions are SQL over ``stated.sql``."""

from __future__ import annotations

from intake.kinds.checks import WARNING, Check, missing, shifted, too_long
from talents.imports.names import PERSON, tells_number_check
from talents.models.honours import CERTIFICATE, FIRST_YEAR, LAST_YEAR

MEND = "，请核对后更正"


def _day(code: str, field: str, column: str) -> Check:
    says = f"'“' || left(p.{column}, 30) || '”不是日期，请写成“2025-05-09”这样的日期'"
    return Check(code, field, f"{column} <> '' and {field} is null", says)


CHECKS = (
    *PERSON,
    Check(
        "unknown-organization",
        "organization",
        "organization_id is null",
        "case when p.organization_code = '' then '没有填写命名工会编码，请填写'"
        " else '在您的管辖范围内没有编码为“' || left(p.organization_code, 40) || '”的工会"
        f"{MEND}' end",
        may_arise=True,
    ),
    Check(
        "unknown-title",
        "title",
        "not is_title or (tier is null and organization_id is not null)",
        "case when p.is_title then '称号“' || left(p.title, 60) || '”不属于命名工会所在地的选树制度"
        f"{MEND}' else '“' || left(p.title, 60) || '”不是各项选树制度所列的称号{MEND}' end",
        may_arise=True,
    ),
    Check(
        "year-unreadable",
        "year",
        f"year is null or year not between {FIRST_YEAR} and {LAST_YEAR}",
        f"'“' || left(p.year_text, 20) || '”不是年度{MEND}'",
    ),
    missing("named-missing", "named_on", "命名日期", column="named_text"),
    _day("named-unreadable", "named_on", "named_text"),
    Check(
        "named-ahead",
        "named_on",
        "named_on > %(today)s",
        f"'命名日期' || p.named_on || '尚未到{MEND}'",
    ),
    Check(
        "year-differs",
        "year",
        "year <> extract(year from named_on)",
        f"'年度' || p.year || '与命名日期' || p.named_on || '不在同一年，按所填年度计数{MEND}'",
        WARNING,
    ),
    Check(
        "document-missing",
        "document_number",
        "document_number = ''",
        "'没有填写命名文号；没有评选依据的称号不能对外证明，请补填'",
        WARNING,
    ),
    missing("certificate-missing", "certificate", "证书编号"),
    Check(
        "certificate-unusable",
        "certificate",
        f"certificate <> '' and certificate !~ '{CERTIFICATE.replace('%', '%%')}'",
        f"'“' || left(p.certificate, 40) || '”不能用作证书编号：不能含斜线、问号、井号和百分号{MEND}'",
    ),
    Check(
        "duplicate-certificate",
        "certificate",
        "is_filed",
        "'证书编号“' || left(p.certificate, 40) || '”已在名录中，一个编号只登记一次，请核对后更正或删去本行'",
        may_arise=True,
    ),
    Check(
        "state-unreadable",
        "state",
        "state is null",
        f"'“' || left(p.state_text, 20) || '”应为“有效”或“撤销”{MEND}'",
    ),
    _day("revoked-unreadable", "revoked_on", "revoked_text"),
    Check(
        "revoked-undated",
        "revoked_on",
        "state = 'revoked' and revoked_text = ''",
        "'状态为撤销，请填写撤销日期'",
    ),
    Check(
        "revoked-not-stated",
        "revoked_on",
        "state = 'valid' and revoked_on is not null",
        f"'填有撤销日期而状态不是“撤销”{MEND}'",
    ),
    Check(
        "revoked-early",
        "revoked_on",
        "revoked_on < named_on",
        f"'撤销日期' || p.revoked_on || '早于命名日期' || p.named_on || '{MEND}'",
    ),
    *(
        too_long(field)
        for field in ("name", "unit", "trade", "title", "document_number", "certificate", "reason")
    ),
    *(tells_number_check(field) for field in ("unit", "trade")),
    shifted("number"),
)
#: What another batch, a form or a new edition may have made faulty since the preview.
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What each kind of fault is called in a list to choose from.
TITLES = {
    "certificate-missing": "没有证书编号",
    "certificate-unusable": "证书编号不能使用",
    "document-missing": "没有命名文号",
    "duplicate-certificate": "证书编号重复",
    "named-ahead": "命名日期尚未到",
    "named-missing": "没有命名日期",
    "named-unreadable": "命名日期看不懂",
    "post-tells-number": "写有个人号码",
    "revoked-early": "撤销早于命名",
    "revoked-not-stated": "撤销日期与状态不符",
    "revoked-undated": "没有撤销日期",
    "revoked-unreadable": "撤销日期看不懂",
    "state-unreadable": "状态看不懂",
    "unknown-organization": "命名工会未登记",
    "unknown-title": "称号看不懂",
    "year-differs": "年度与命名日期不符",
    "year-unreadable": "年度看不懂",
}
