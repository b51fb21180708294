"""Words for ethnicity, education and political status: those of the standards, and others pointed at."""

import pytest

from talents.models import Person
from tests.talents.importing import call_of_nominations, codes, committed, sheet_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("column", "typed"), [("民族", "汉"), ("学历", "北大毕业"), ("政治面貌", "党员")]
)
def test_a_word_of_no_standard_is_a_warning_and_is_kept_as_shown(column, typed):
    call = call_of_nominations()

    assert codes(call, **{column: typed}) == (set(), {"word-not-standard"})
    committed(call, sheet_of(call, {column: typed}))
    person = Person.objects.get()
    assert typed in {person.ethnicity, person.education, person.political_status}


@pytest.mark.parametrize(
    ("column", "typed"),
    [("民族", "满族"), ("民族", "无"), ("学历", "本科"), ("学历", "研究生"), ("政治面貌", "群众")],
)
def test_words_of_the_standards_and_everyday_ones_are_no_doubt(column, typed):
    assert codes(call_of_nominations(), **{column: typed}) == (set(), set())
