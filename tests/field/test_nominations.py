"""Forms of 推荐人选 as unions send them: each with the value that must come out."""

import pytest

from intake.models import ImportFinding, ImportRow
from talents.models import Nomination, Person
from tests.field.conftest import FIELD

MONTHS = 198
NUMBER_OF_ROW_5 = "110199198902157015"


def test_rows_that_nobody_saw_are_pointed_at(nominate):
    told = nominate("04a-hidden-rows.xlsx")

    assert (told.is_filed(1), told.is_filed(4)) == (True, True)
    assert all(told.pointed(row, "序号") for row in (2, 3))
    assert not any(told.pointed(row, "序号") for row in (1, 4))


def test_the_example_of_the_form_is_nobody(nominate):
    told = nominate("05a-example-row.xlsx")

    assert told.is_filed(1)
    assert not Person.objects.filter(name="张三").exists()


def test_a_form_on_a_hidden_sheet_says_so(nominate):
    told = nominate("10c-data-sheet-hidden.xlsx")

    assert "隐藏" in told.said
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("name", ["13a-prefix-x-errors.xlsx", "13b-plain-errors.xlsx"])
def test_cells_in_error_are_pointed_at_whoever_wrote_the_file(nominate, name):
    told = nominate(name)

    assert told.pointed(1, "引领力")
    assert told.pointed(1, "专利成果数")
    assert not told.is_filed(1) or told.verdict(1) != "eligible"
    assert told.pointed(2, "获得荣誉")
    assert not told.pointed(2, "工作单位")


def test_a_formula_that_nobody_computed_is_no_statement(nominate):
    told = nominate("18c-formula-career-zero.xlsx")

    assert told.refused(1, "引领力") or told.verdict(1) == "missing"


@pytest.mark.parametrize("name", ["24e-apostrophe-id.csv", "24f-equals-quote-id.csv"])
def test_a_number_guarded_against_the_spreadsheet_is_read(nominate, name):
    assert nominate(name).months(1) == MONTHS


def test_a_telephone_number_that_lost_its_end_is_pointed_at(nominate):
    assert nominate("24h-phone-scientific.csv").pointed(1, "联系电话")


def test_what_is_no_name_is_pointed_at_and_a_number_among_them_stays_secret(nominate):
    told = nominate("25h-names-open.xlsx")

    assert all(told.pointed(row, "姓名") for row in range(1, 6))
    kept = [
        *ImportRow.objects.values_list("cells", "name_pinyin", "name_initials", "identity_mask"),
        *ImportFinding.objects.values_list("message"),
        *Person.objects.values_list("name", "name_pinyin", "identity_mask"),
    ]
    assert NUMBER_OF_ROW_5 not in f"{kept}{told.said}{told.report}{told.checked}"


def test_radicals_out_of_a_pdf_are_the_characters_they_look_like(nominate):
    first, again = nominate("25i-plain-first.xlsx"), nominate("25j-pdf-radicals.xlsx")

    assert [first.months(1), first.months(2), again.months(1), again.months(2)] == [MONTHS] * 4
    assert Person.objects.count() == 2


def test_only_whole_names_of_levels_are_levels(nominate):
    told = nominate("28a-levels-open.xlsx")

    assert all(told.pointed(row, "职业技能等级") for row in range(1, 8))
    levels = dict(Nomination.objects.values_list("row_number", "skill_level"))
    assert (levels[8], told.pointed(8, "职业技能等级")) == ("1", [])
    assert levels[9] == "2" or told.pointed(9, "职业技能等级")
    assert not any(levels.get(row) for row in range(1, 8))


def test_units_are_found_however_their_name_is_spelled(nominate, register):
    assert not register("organizations", "40b-org-fullwidth-name-only.csv").refusal
    told = nominate("40c-units-spelled-otherwise.xlsx")

    unit = "工作单位"
    assert [r for r in (1, 2, 3, 4, 10, 13) if not told.is_filed(r) or told.pointed(r, unit)] == []
    assert [r for r in (8, 9, 11) if not _pointed_at_the_unit(told, r)] == []
    assert told.refused(12, unit)
    assert all(told.is_filed(row) or told.refused(row, unit) for row in (5, 6, 7))


def _pointed_at_the_unit(told, row):
    return told.pointed(row, "工作单位") + told.pointed(row, "统一社会信用代码")


def test_a_heading_that_comes_again_in_another_group_is_no_doubt(nominate):
    told = nominate("43a-contact-group.xlsx")

    assert (told.months(1), told.is_clean) == (MONTHS, True)
    assert Person.objects.get().name == "联系"


def test_statements_that_say_nothing_are_missing(nominate):
    told = nominate("44a-empty-statements-open.xlsx")

    for row in (1, 2, 3):
        assert (told.is_filed(row) and told.verdict(row) == "missing") or told.refused(row)


def test_two_columns_that_may_be_the_unit_are_not_mixed_up(nominate):
    told = nominate("50a-two-unit-columns.xlsx")

    if told.is_filed(1):
        assert Nomination.objects.get().unit.code == "U09"
    else:
        assert "单位" in told.said


@pytest.mark.parametrize("path", sorted(FIELD.glob("*.xlsx")), ids=lambda path: path.name)
def test_the_annotated_original_can_be_had_of_every_form(nominate, tmp_path, path):
    marked = tmp_path / "marked.xlsx"

    told = nominate(path, annotated=str(marked))

    assert marked.exists() or told.refusal
