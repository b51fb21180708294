"""Words that are going to be public and give away a number of a person: 身份号码, telephone, mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow.refusals import DomainError
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The same expression for Python and PostgreSQL: seven digits or more, whatever stands between them, but
#: for years from one to another, days, codes of occupations and numbers of standards; a number part of which
#: is masked; one that is called by its kind; mail.
PATTERN = (
    r"(?<![0-9])(?!(19|20)[0-9][0-9][ .~—-]+(19|20)?[0-9][0-9]([^0-9]|$))"
    r"(?!([0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}|(19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[0-9]{4,5}-(19|20)[0-9]{2})([^0-9]|$))[0-9]([ —-]{0,2}[0-9]){6,}"
    r"|1[3-9][0-9][.·][0-9]{4}[.·][0-9]{4}"
    r"|[0-9]{2,}[*\uff0a]{2,}|[*\uff0a]{2,}[0-9]{2,}"
    r"|(身份证|身份号|手机|电话|联系方式|微信|QQ|qq)[^0-9，。；,;]{0,6}[0-9]{3,}"
    r"|[0-9A-Za-z._+-]+@[0-9A-Za-z]"
)
TELLS_NUMBER = re.compile(PATTERN)
CODE = "post-tells-number"
SAYS = "含有身份号码、电话或其他可查到人的号码，公示和公布时会公开，请删去"
#: What of a candidate goes up as it was typed.
TYPED = {"post": "职务/岗位", "occupation": "职业（工种）"}


def tells_number(text: str) -> bool:
    """Whether somebody's number can be read out of the words, in digits of whatever width."""
    return TELLS_NUMBER.search(fold_prose(text)) is not None


def tells_number_sql(column: str) -> str:
    """The same as a condition over folded words; most have no digit at all and are done with at once."""
    return f"{column} ~ '[0-9@]' and {column} ~ '{PATTERN}'"


def check_tells_no_number(filed: Mapping[str, str]) -> None:
    """Refuse what is filed about a candidate where a field that goes up has such a number in it."""
    for field, label in TYPED.items():
        if tells_number(filed[field]):
            raise DomainError("post-tells-number", f"{label}{SAYS}")


def check_lines(lines: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Refuse a list with such a number in it; ``lines`` are whom each is about and what it says."""
    if told := [name for name, words in lines if any(map(tells_number, words))]:
        message = f"{'、'.join(told)}的单位、职务或工种{SAYS}后再拟定名单"
        raise DomainError("line-tells-number", message)
