"""Sums of money in capital figures (人民币大写), as papers that pay state them.

Rules: 《支付结算办法》附一《正确填写票据和结算凭证的基本规定》.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

FIGURES = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
OF_A_GROUP = 10**4


def in_capitals(amount: Decimal) -> str:
    """``amount`` of yuan to the fen, in capitals: 480000.00 is 人民币肆拾捌万元整."""
    fen = int((abs(amount) * 100).to_integral_value())
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{FIGURES[jiao]}角"
    elif fen and yuan:
        words += FIGURES[0]
    if fen:
        words += f"{FIGURES[fen]}分"
    elif not words:
        words = "零元整"
    else:
        words += "整"
    return f"人民币{'负' * (amount < 0)}{words}"


def _whole(number: int) -> str:
    """A whole number, group by group of four figures; one 零 for any run of zeros inside."""
    words, place, was_short = "", 0, False
    while number:
        number, group = divmod(number, OF_A_GROUP)
        if group:
            gap = FIGURES[0] * was_short
            words = f"{_group(group)}{GROUPS[place]}{gap}{words}"
        # what follows a group is read with 零 where the thousands are wanting
        was_short = bool(words) and group < OF_A_GROUP // 10
        place += 1
    return words.lstrip(FIGURES[0])


def _group(number: int) -> str:
    words, is_gap = "", False
    for place in range(4):
        number, figure = divmod(number, 10)
        if figure:
            words = f"{FIGURES[figure]}{PLACES[place]}{FIGURES[0] * is_gap}{words}"
            is_gap = False
        else:
            is_gap = bool(words)
    return words
