"""统一社会信用代码 (GB 32100-2015): which prefix belongs to which kind of body, and the check digit."""

from __future__ import annotations

from stdnum.cn import uscc as uscc_number
from stdnum.exceptions import ValidationError as NumberError

#: Registered with the trade unions: 81 a grass-roots union, 89 another union body.
UNION_PREFIXES = ("81", "89")
#: Hosts: organs, public bodies, social organizations, non-enterprise units, companies, cooperatives.
HOST_PREFIXES = (
    "11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52",
    "53", "59", "61", "62", "69", "71", "72", "79", "91", "92", "93", "A1", "A9", "G1", "G9", "N1",
    "N2", "N3", "N9", "Y1",
)  # fmt: skip


def fault_in(code: str, *, is_host: bool) -> str:
    """What is wrong with ``code``, in words for the person who typed it; empty if nothing is."""
    try:
        if uscc_number.validate(code) != code:
            return f"统一社会信用代码“{code}”中有空格、连字符或小写字母，请只填18位数字和大写字母"
    except NumberError:
        return f"统一社会信用代码“{code}”有误：应为18位，且末位校验码须相符，请核对后重填"
    if is_host and not code.startswith(HOST_PREFIXES):
        return f"统一社会信用代码“{code}”不是单位的代码：单位以91、12、52等开头，81开头的是工会"
    if not is_host and not code.startswith(UNION_PREFIXES):
        return f"统一社会信用代码“{code}”不是工会的代码：工会以81开头，请填工会法人资格证上的代码"
    return ""
