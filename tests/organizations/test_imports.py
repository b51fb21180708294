import csv
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from organizations.models import Organization
from organizations.roles import Role
from organizations.services import close
from pages.documents import write_table
from tests.factories.organizations import OrganizationFactory, account, credit_code, with_child
from workflow.models import Record

pytestmark = pytest.mark.django_db

GIVEN = Path(__file__).parents[1] / "fixtures" / "organizations.csv"
HEADER = "编码,名称,类型,上级编码,统一社会信用代码,区划代码,行业门类,启用日期"
CITY = "BJ,北京市总工会,市总工会,,,110000,,2000-01-01"
DISTRICT = "D1,东城区总工会,区总工会,BJ,,110101,,2000-01-01"
UNIT = "U1,示例公司,基层单位,D1,,,C,2000-01-01"


@pytest.fixture
def load(tmp_path):
    """Call it with lines (or bytes) to run the command; returns the JSON report."""

    def run(*lines, content=None, header=HEADER, **options):
        file, report = tmp_path / "tree.csv", tmp_path / "report.json"
        text = "\r\n".join([header, *lines]) + "\r\n"
        file.write_bytes(content if content is not None else text.encode("utf-8-sig"))
        report.unlink(missing_ok=True)
        try:
            call_command(
                "import_organizations", str(file), json=str(report), verbosity=0, **options
            )
        except CommandError as error:
            refusal = str(error)
        else:
            refusal = ""
        told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return told | {"refusal": refusal}

    return run


def tree():
    return set(Organization.objects.values_list("code", "name", "kind", "parent__code", "path"))


def faults(report):
    return [(fault["row"], fault["column"], fault["code"]) for fault in report["refused"]]


def test_the_given_file_becomes_the_tree_it_describes(load):
    report = load(content=GIVEN.read_bytes())

    with GIVEN.open(encoding="utf-8-sig") as file:
        rows = {row["编码"]: row for row in csv.DictReader(file)}
    stored = {o.code: o for o in Organization.objects.select_related("parent")}
    assert report["refused"] == []
    assert (report["rows"], report["added"], report["changed"]) == (len(rows), len(rows), 0)
    assert stored.keys() == rows.keys()
    for code, row in rows.items():
        body = stored[code]
        assert body.name == row["名称"]
        assert body.get_kind_display() == row["类型"]
        assert (body.parent.code if body.parent else "") == row["上级编码"]
        assert body.uscc == row["统一社会信用代码"]
        assert (body.region_code, body.industry) == (row["区划代码"], row["行业门类"])
        assert body.valid_from == date.fromisoformat(row["启用日期"])
        assert body.path == (body.parent.path if body.parent else "/") + f"{body.pk}/"


def test_the_same_file_twice_changes_nothing(load):
    load(content=GIVEN.read_bytes())
    before, records = tree(), Record.objects.count()

    report = load(content=GIVEN.read_bytes())

    assert (report["added"], report["changed"], report["refused"]) == (0, 0, [])
    assert tree() == before
    assert Record.objects.count() == records


def test_children_may_stand_before_their_parents(load):
    report = load(UNIT, DISTRICT, CITY)

    assert report["refused"] == []
    assert Organization.objects.get(code="U1").parent.parent.code == "BJ"


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(load):
    report = load(
        "市总工会,2000年1月1日,,北京市总工会,BJ,无",
        header="类型,启用日期,上级编码,名称,编码,备注",
    )

    assert report["refused"] == []
    assert Organization.objects.get().name == "北京市总工会"


def test_gb18030_is_read_like_utf8(load):
    text = "\r\n".join([HEADER, CITY.replace("北京", "邴㐂")]) + "\r\n"

    report = load(content=text.encode("gb18030"))

    assert report["refused"] == []
    assert Organization.objects.get().name == "邴㐂市总工会"


def test_a_workbook_is_read_like_csv(load, tmp_path):
    rows = [line.split(",") for line in (HEADER, CITY, DISTRICT)]
    file = tmp_path / "tree.xlsx"
    with write_table(rows[0], rows[1:], title="") as book:
        file.write_bytes(book.read())

    call_command("import_organizations", str(file), verbosity=0)

    assert set(Organization.objects.values_list("code", flat=True)) == {"BJ", "D1"}


def test_full_width_digits_and_blanks_in_codes_are_folded(load):
    load("ＢＪ , 北京市  总工会 ,市总工会,,,１１００００,,２０００／１／１")

    body = Organization.objects.get()
    assert (body.code, body.name, body.region_code) == ("BJ", "北京市 总工会", "110000")
    assert body.valid_from == date(2000, 1, 1)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("X,某工会,省总工会,BJ,,,,2000-01-01", ("类型", "kind-unknown")),
        ("X,某工会,区总工会,ZZ,,,,2000-01-01", ("上级编码", "parent-unknown")),
        ("X,某工会,区总工会,,,,,2000-01-01", ("上级编码", "parent-misplaced")),
        ("X,某工会,区总工会,U1,,,,2000-01-01", ("上级编码", "parent-misplaced")),
        ("X,某工会,区总工会,X,,,,2000-01-01", ("上级编码", "parent-cycle")),
        ("X,某工会,区总工会,BJ,,11010,,2000-01-01", ("区划代码", "region-code-invalid")),
        ("X,某工会,区总工会,BJ,,,,2000-02-30", ("启用日期", "date-invalid")),
        ("X,某工会,区总工会,BJ,,,,", ("启用日期", "date-invalid")),
        (",某工会,区总工会,BJ,,,,2000-01-01", ("编码", "cell-empty")),
        ("X,,区总工会,BJ,,,,2000-01-01", ("名称", "cell-empty")),
        (f"X,{'长' * 121},区总工会,BJ,,,,2000-01-01", ("名称", "text-too-long")),
        ("X,某\u200b工会,区总工会,BJ,,,,2000-01-01", ("名称", "text-unprintable")),
        ("D1,某工会,区总工会,BJ,,,,2000-01-01", ("编码", "code-repeated")),
        ("X,某工会,区总工会,BJ,81110199576604121J,,,2000-01-01", ("统一社会信用代码", "uscc-invalid")),
        (f"X,某工会,区总工会,BJ,{credit_code('91', 5)},,,2000-01-01", ("统一社会信用代码", "uscc-invalid")),
        (f"X,某公司,基层单位,BJ,{credit_code('81', 5)},,,2000-01-01", ("统一社会信用代码", "uscc-invalid")),
    ],
    ids=(
        "unknown kind", "unknown parent", "no parent", "below a unit", "own parent", "region code",
        "no such day", "no day", "no code", "no name", "long name", "control character",
        "code twice", "check character", "union with a company's code", "unit with a union's code",
    ),
)  # fmt: skip
def test_a_fault_is_named_by_line_and_column_and_nothing_is_written(load, line, fault):
    report = load(CITY, DISTRICT, UNIT, line)

    assert faults(report) == [(5, *fault)]
    assert "1 行有误" in report["refusal"]
    assert Organization.objects.count() == 0


@pytest.mark.parametrize("prefix", ["91", "12", "52"])
def test_a_unit_may_be_a_company_a_public_body_or_a_private_school(load, prefix):
    code = credit_code(prefix, 7)

    report = load(CITY, f"U1,某单位,基层单位,BJ,{code},,,2000-01-01")

    assert report["refused"] == []
    assert Organization.objects.get(code="U1").uscc == code


def test_all_faults_of_a_file_are_named_at_once(load):
    report = load(
        CITY,
        "X,某工会,省总工会,ZZ,,abc,,昨天",
        "Y,另一工会,区总工会,BJ,123,,,2000-01-01",
    )

    assert faults(report) == [
        (3, "类型", "kind-unknown"),
        (3, "区划代码", "region-code-invalid"),
        (3, "启用日期", "date-invalid"),
        (3, "上级编码", "parent-unknown"),
        (4, "统一社会信用代码", "uscc-invalid"),
    ]
    assert (report["rows"], report["accepted"]) == (3, 1)


def test_a_ring_of_parents_is_named_at_each_of_its_rows_and_below(load):
    report = load(
        CITY,
        "A,甲,集团工会,B,,,,2000-01-01",
        "B,乙,集团工会,C,,,,2000-01-01",
        "C,丙,集团工会,A,,,,2000-01-01",
        "D,丁,基层单位,A,,,,2000-01-01",
    )

    assert faults(report) == [(line, "上级编码", "parent-cycle") for line in (3, 4, 5, 6)]


def test_a_file_may_not_make_a_ring_with_what_is_stored(load):
    load(CITY, "A,甲,集团工会,BJ,,,,2000-01-01", "B,乙,集团工会,A,,,,2000-01-01")

    report = load("A,甲,集团工会,B,,,,2000-01-01")

    assert faults(report) == [(2, "上级编码", "parent-cycle")]


def test_a_credit_code_stands_once_in_the_file_and_beyond_it(load):
    first, second = credit_code("91", 1), credit_code("91", 2)
    load(CITY, f"U1,甲公司,基层单位,BJ,{first},,,2000-01-01")

    report = load(
        f"U2,乙公司,基层单位,BJ,{second},,,2000-01-01",
        f"U3,丙公司,基层单位,BJ,{second},,,2000-01-01",
        f"U4,丁公司,基层单位,BJ,{first},,,2000-01-01",
    )

    assert faults(report) == [
        (3, "统一社会信用代码", "uscc-repeated"),
        (4, "统一社会信用代码", "uscc-repeated"),
    ]


def test_a_changed_name_is_a_recorded_correction(load):
    load(CITY, DISTRICT)

    report = load(DISTRICT.replace("东城区总工会", "新东城区总工会"))

    body = Organization.objects.get(code="D1")
    record = Record.objects.get(subject=f"organizations.organization:{body.pk}", kind="change")
    assert (report["added"], report["changed"]) == (0, 1)
    assert (body.name, body.name_initials) == ("新东城区总工会", "xdcqzgh")
    assert (record.before, record.after) == ({"name": "东城区总工会"}, {"name": "新东城区总工会"})


def test_a_changed_parent_moves_the_subtree(load):
    load(
        CITY,
        DISTRICT,
        "D2,西城区总工会,区总工会,BJ,,,,2000-01-01",
        UNIT,
        "V,车间,基层单位,U1,,,,2000-01-01",
    )

    report = load("U1,示例公司,基层单位,D2,,,C,2000-01-01")

    moved = Organization.objects.get(code="U1")
    west = Organization.objects.get(code="D2")
    assert report["changed"] == 1
    assert moved.path == f"{west.path}{moved.pk}/"
    assert Organization.objects.get(code="V").path.startswith(moved.path)


def test_what_the_file_leaves_out_stays(load):
    load(CITY, DISTRICT, UNIT)

    load(CITY)

    assert Organization.objects.count() == 3


def test_a_closed_body_is_no_parent_for_new_ones(load):
    load(CITY, DISTRICT)
    close(Organization.objects.get(code="D1"), on=date(2026, 1, 1))

    report = load(UNIT)

    assert faults(report) == [(2, "上级编码", "parent-closed")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"\xef\xbb\xbf\r\n", "没有内容"),
        (b"\x00\x01\x02" * 50, ""),
        (b"PK\x03\x04" + b"\0" * 200, ""),
        ("编码,名称\r\nA,b\r\n".encode(), "缺少"),
        ((HEADER + ",编码\r\n" + CITY + ",X\r\n").encode(), "重复"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), ""),
        ((HEADER + '\r\n"BJ,' + "x" * 20).encode(), ""),
    ],
    ids=("empty", "bom only", "binary", "broken workbook", "columns missing", "column twice", "utf-16",
         "open quote"),
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_words(load, content, words):
    report = load(content=content)

    assert report["refusal"]
    assert words in report["refusal"]
    assert "Traceback" not in report["refusal"]
    assert Organization.objects.count() == 0


def test_a_file_that_does_not_exist_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError, match="无法读取"):
        call_command("import_organizations", str(tmp_path / "none.csv"))


def test_staff_of_a_district_enter_bodies_below_their_own_and_nowhere_else(load):
    city = OrganizationFactory(code="BJ")
    own = with_child(city, "district", code="D1")
    with_child(city, "district", code="D2")
    handler = account(Role.HANDLER, own)

    refused = load(
        "U1,甲,基层单位,D1,,,,2000-01-01",
        "U2,乙,基层单位,D2,,,,2000-01-01",
        "U3,丙,市总工会,,,,,2000-01-01",
        username=handler.username,
    )
    accepted = load("U1,甲,基层单位,D1,,,,2000-01-01", username=handler.username)

    assert faults(refused) == [
        (3, "上级编码", "parent-unknown"),
        (3, "上级编码", "role-required"),
        (4, "上级编码", "role-required"),
    ]
    assert (accepted["added"], accepted["refused"]) == (1, [])


def test_an_auditor_enters_nothing(load):
    city = OrganizationFactory(code="BJ")
    auditor = account(Role.AUDITOR, city)

    report = load("U1,甲,基层单位,BJ,,,,2000-01-01", username=auditor.username)

    assert faults(report) == [(2, "上级编码", "role-required")]
