"""What a policy may say about the places of a contest."""

import pytest

from policies.library import parse
from tests.policies.conftest import POLICY
from tests.policies.test_library import KNOWN, refusals

PLACES = (
    '\n[[promotions]]\ncode = "top"\ntitle = "前五名"\nlevel = "city"\ncontest_class = "second"\n'
    'group = "workers"\nlast_rank = 5\nto = "technician"\nthen = "senior-technician"\n'
    'source = "S9"\ngist = "前五名晋升"\n'
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"technician"', '"chief"', "只能是 junior、middle、senior、technician、senior-technician"),
        ('then = "senior-technician"', 'then = "technician"', "须高于 to"),
        ("last_rank = 5", "first_rank = 6\nlast_rank = 5", "last_rank 不小于 first_rank"),
        (PLACES, PLACES + PLACES.replace('"top"', '"again"'), "第 1 名已由另一条规定"),
    ],
)
def test_a_place_rises_by_one_rule_and_upwards(old, new, message):
    parse(POLICY + PLACES, name="sample.toml", known=KNOWN)

    (refusal,) = refusals((POLICY + PLACES).replace(old, new))

    assert message in refusal[1]
