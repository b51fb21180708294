"""What may be wrong with the number of a certificate in a sheet, whatever the sheet is about.

The conditions are SQL over a row with the columns ``certificate`` and ``flags``.
"""

from __future__ import annotations

from intake.kinds.checks import WARNING, Check
from talents.rules.evidence import LEVEL_DIGIT, NEW_NUMBER, OLD_NUMBER, SPECIAL_NUMBER

IS_CERTIFICATE = f"certificate ~ '^({NEW_NUMBER}|{SPECIAL_NUMBER}|{OLD_NUMBER})$'"

NUMBER_CHECKS = (
    Check(
        "certificate-rounded",
        "certificate",
        "'certificate' = any(flags)",
        "'编号曾按数字存放，末几位已丢失，暂未采用；请把该列设为“文本”格式后重新填写'",
        WARNING,
    ),
    Check(
        "certificate-length",
        "certificate",
        f"certificate <> '' and 'certificate' <> all(flags) and not ({IS_CERTIFICATE})",
        "'职业技能等级证书编号应为22位（字母开头），填写的是' || length(p.certificate)"
        " || '位，请核对后更正'",
        WARNING,
    ),
)


def level_check(condition: str, stated: str) -> Check:
    """The number says another level; ``stated`` is SQL for the other one and the end of the sentence."""
    place = LEVEL_DIGIT + 1
    return Check(
        "certificate-level-mismatch",
        "certificate",
        condition,
        f"'编号第{place}位为“' || substr(p.certificate, {place}, 1) || '”，与' || {stated}",
        WARNING,
    )
