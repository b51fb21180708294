"""The list of refusals in the docs is the one in the source."""

import re

from config import refusal_codes


def test_the_documented_refusals_are_those_of_the_source():
    assert refusal_codes.PLACE.read_text(encoding="utf-8") == refusal_codes.page(), (
        "run: .venv/bin/python -m config.refusal_codes"
    )


def test_every_refusal_code_is_kebab_case():
    assert [c for c in refusal_codes.refusals() if not re.fullmatch(r"[a-z]+(-[a-z]+)*", c)] == []
