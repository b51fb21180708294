"""What may be wrong with a row of the register; the conditions are SQL over ``stated.sql``."""

from __future__ import annotations

from intake.kinds.checks import WARNING, Check, quoted, too_long
from talents.imports.names import NAME_CHECK
from talents.models.honours import CERTIFICATE, FIRST_YEAR, LAST_YEAR
from workflow.texts.identity import PROBLEMS

MEND = "，请核对后更正"


def _missing(code: str, field: str, column: str, what: str) -> Check:
    return Check(code, field, f"{column} = ''", quoted(f"没有填写{what}，请填写"))


def _day(code: str, field: str, column: str) -> Check:
    says = f"'“' || left(p.{column}, 30) || '”不是日期，请写成“2025-05-09”这样的日期'"
    return Check(code, field, f"{column} <> '' and {field} is null", says)


CHECKS = (
    *(
        Check(code, "identity", f"identity_problem = '{code}'", quoted(words))
        for code, words in PROBLEMS.items()
    ),
    _missing("name-missing", "name", "name", "姓名"),
    NAME_CHECK,
    Check(
        "name-conflict",
        "name",
        "person_id is not null and name <> '' and replace(person_name, ' ', '') <> replace(name, ' ', '')",
        "'姓名与公民身份号码未能核对一致，请核对身份证原件；确认无误的，请联系主管工会'",
        may_arise=True,
    ),
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
    _missing("named-missing", "named_on", "named_text", "命名日期"),
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
    _missing("certificate-missing", "certificate", "certificate", "证书编号"),
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
    Check(
        "row-shifted",
        "number",
        "'shifted' = any(flags)",
        "'该行的格数多于表头，可能有未加引号的逗号使内容错位；请用 Excel 另存为 .xlsx 后重新上传'",
    ),
)
#: What another batch, a form or a new edition may have made faulty since the preview.
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What each kind of fault is called in a list to choose from.
TITLES = {
    "certificate-missing": "没有证书编号",
    "certificate-unusable": "证书编号不能使用",
    "document-missing": "没有命名文号",
    "duplicate-certificate": "证书编号重复",
    "identity-characters": "身份号码有非法字符",
    "identity-checksum": "身份号码校验位不符",
    "identity-date": "身份号码日期不实",
    "identity-length": "身份号码位数不对",
    "identity-missing": "没有身份号码",
    "identity-rounded": "身份号码末位丢失",
    "name-conflict": "同一号码两个姓名",
    "name-missing": "没有姓名",
    "name-unreadable": "不是姓名",
    "named-ahead": "命名日期尚未到",
    "named-missing": "没有命名日期",
    "named-unreadable": "命名日期看不懂",
    "revoked-early": "撤销早于命名",
    "revoked-not-stated": "撤销日期与状态不符",
    "revoked-undated": "没有撤销日期",
    "revoked-unreadable": "撤销日期看不懂",
    "row-shifted": "内容错位",
    "state-unreadable": "状态看不懂",
    "text-too-long": "内容过长",
    "unknown-organization": "命名工会未登记",
    "unknown-title": "称号看不懂",
    "year-differs": "年度与命名日期不符",
    "year-unreadable": "年度看不懂",
}
