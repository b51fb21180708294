"""Registers and training workbooks as they come in, each with the value that must come out."""

from academies.models import Academy
from organizations.models import Organization


def test_names_with_characters_that_only_look_alike_are_kept_as_people_write_them(register):
    told = register("organizations", "40b-org-fullwidth-name-only.csv")

    assert (told.refusal, told.report["accepted"]) == ("", 5)
    names = set(Organization.objects.values_list("name", flat=True))
    assert {"ABB（中国）有限公司第1工厂", "长城汽车示例厂"} <= names


def test_a_register_parted_by_semicolons_is_read(register):
    told = register("organizations", "41g-org-semicolon.csv")

    assert "分号" in told.said or Organization.objects.filter(code="X18").exists()


def test_a_register_in_utf_16_is_read(register):
    register("organizations", "41h-org-utf16.csv")

    assert Organization.objects.filter(code="X19", name="示例甲").exists()


def test_a_code_in_lower_case_is_the_same_code(register, standards):
    register("organizations", "41q-org-lower-union.csv")
    told = register("academies", "42m-acad-under-lower-union.csv")

    assert told.refusal == ""
    assert Academy.objects.get(code="A-Y30").supervising_union.code == "BJ-Y01"
    assert standards()["A-Y30"]["brands"] == 1


def test_brands_parted_by_commas(register, standards):
    told = register("academies", "42b-acad-brands-comma.csv")

    assert told.report["refused"] or standards()["A-Z02"]["brands"] == 3


def test_brands_parted_by_blanks(register, standards):
    told = register("academies", "42c-acad-brands-space.csv")

    assert told.report["refused"] or standards()["A-Z03"]["brands"] == 3


def test_many_semicolons_in_a_column_do_not_part_the_columns(register, standards):
    register("academies", "42l-acad-many-brands.csv")

    found = standards()
    assert [found[f"A-Y{n:02}"]["brands"] for n in range(1, 13)] == [8] * 12


def test_plans_titles_and_schools_are_no_level_reached(train, standards):
    told = train("30b-training-nobody-upgraded.xlsx", "A-S02")

    found = standards()["A-S02"]
    assert found["upgraded_persons"] == 0
    assert found["person_times"] == told.report["accepted"]
    assert not [entry for entry in told.report["refused"] if entry["line"] == 12]


def test_prepared_lines_with_a_number_only_are_no_learners(train, standards):
    told = train("31a-training-numbered-blanks.xlsx", "A-U01")

    found = standards()["A-U01"]
    figures = [found[key] for key in ("persons", "practical_classes", "upgraded_persons")]
    assert (figures, told.report["refused"]) == ([1, 1, 1], [])
