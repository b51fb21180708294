"""The table of bars names every one of them, and tests that are there."""

import re
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
GROUPS = {
    "L": 9,
    "N": 9,
    "A": 9,
    "I": 4,
    "P": 9,
    "U": 9,
    "J": 6,
    "G": 3,
    "R": 6,
    "T": 5,
    "Q": 6,
    "F": 5,
}
ROWS = re.findall(r"^\| ([A-Z]\d) \| [^|]+ \| (\S+) \| ([^|]+) \|$", TEXT, re.MULTILINE)


def test_each_of_the_eighty_bars_has_one_row():
    bars = chain.from_iterable(
        (f"{g}{n}" for n in range(1, most + 1)) for g, most in GROUPS.items()
    )

    assert [bar for bar, _, _ in ROWS] == list(bars)
    assert len(ROWS) == 80


def test_a_green_bar_names_its_test_and_every_test_named_is_there():
    assert {state for _, state, _ in ROWS} == {"绿", "部分", "红", "未涉"}
    assert [bar for bar, state, why in ROWS if state == "绿" and "`tests/" not in why] == []
    assert [n for n in re.findall(r"`(tests/[^`]+)`", TEXT) if not (ROOT / n).exists()] == []
