"""The register of academies from a table: every fault by line, then all of it or nothing."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from academies.models import Academy
from organizations.models import User
from organizations.roles import Role
from tests.academies.overlapping import at_once
from tests.academies.registering import import_academies
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.workflow import workbooks
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
HEADINGS = "编码,名称,层级,举办单位编码,主管工会编码,命名日期,特色专业（工种）"
SOUND = {
    "编码": "A-1", "名称": "第一工匠学院", "层级": "首都工匠学院", "举办单位编码": "U1",
    "主管工会编码": "BJ", "命名日期": "2024-07-31", "特色专业（工种）": "焊工；电工",
}  # fmt: skip


def tree():
    city = OrganizationFactory(code="BJ", name="北京市总工会")
    return city, with_child(city, "unit", code="U1", name="某公司")


@pytest.fixture
def city():
    return tree()[0]


def table(*rows, encoding="utf-8"):
    lines = [",".join(f'"{(SOUND | row)[h]}"' for h in HEADINGS.split(",")) for row in rows]
    return "\n".join([HEADINGS, *lines, ""]).encode(encoding)


def brought(*rows, actor=None, **options):
    content = table(*rows, **options)
    return import_academies(content, filename="学院.csv", actor=actor or User.objects.system())


def told(plan):
    return [(fault.line, fault.column, fault.code) for fault in plan.faults]


FAULTS = [
    ({"编码": ""}, "编码", "cell-empty"),
    ({"编码": "A" * 41}, "编码", "text-too-long"),
    ({"编码": "A/1"}, "编码", "code-unusable"),
    ({"编码": ".."}, "编码", "code-unusable"),
    ({"编码": "学院1"}, "编码", "code-unusable"),
    ({"名称": " "}, "名称", "cell-empty"),
    ({"名称": "长" * 121}, "名称", "text-too-long"),
    ({"层级": "国家级"}, "层级", "tier-unknown"),
    ({"层级": ""}, "层级", "tier-unknown"),
    ({"举办单位编码": "U9"}, "举办单位编码", "unknown-organization"),
    ({"主管工会编码": "BJ-99"}, "主管工会编码", "unknown-organization"),
    ({"主管工会编码": ""}, "主管工会编码", "cell-empty"),
    ({"主管工会编码": "U1"}, "主管工会编码", "not-a-union"),
    ({"命名日期": ""}, "命名日期", "date-invalid"),
    ({"命名日期": "2024-02-30"}, "命名日期", "date-invalid"),
    ({"命名日期": "1999-12-31"}, "命名日期", "date-invalid"),
    ({"命名日期": "2099-01-01"}, "命名日期", "date-invalid"),
    ({"命名日期": "去年"}, "命名日期", "date-invalid"),
    ({"特色专业（工种）": "焊工；" + "长" * 61}, "特色专业（工种）", "text-too-long"),
]


@pytest.mark.usefixtures("no_policies")
def test_every_fault_is_named_by_line_and_nothing_is_written(city):
    rows = [{"编码": f"A-{n}"} | case[0] for n, case in enumerate(FAULTS)]

    plan = brought(*rows, {"编码": "A-99"})

    assert told(plan) == [(n, column, code) for n, (_, column, code) in enumerate(FAULTS, 2)]
    assert all(fault.message for fault in plan.faults)
    assert not Academy.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.parametrize("again", ["A-1", "a-1", "Ａ－１", " A-1 "])
def test_one_code_twice_is_refused_however_it_is_typed(city, again):
    plan = brought({}, {"编码": again})

    assert told(plan) == [(3, "编码", "code-repeated")]
    assert "第2行" in plan.faults[0].message


def test_an_academy_is_found_again_however_its_code_is_typed(city):
    brought({})

    plan = brought({"编码": "a-1", "名称": "改名工匠学院"})

    assert (len(plan.new), len(plan.changed)) == (0, 1)
    assert Academy.objects.get().name == "改名工匠学院"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-07-31", date(2024, 7, 31)),
        ("2024/7/31", date(2024, 7, 31)),
        ("2024年7月31日", date(2024, 7, 31)),
        ("20240731", date(2024, 7, 31)),
        ("２０２４．７．３１", date(2024, 7, 31)),
    ],
)
def test_days_are_read_as_people_type_them(city, typed, day):
    brought({"命名日期": typed})

    assert Academy.objects.get().designated_on == day


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_table_is_read_in_the_encodings_of_the_office(city, encoding):
    brought({}, encoding=encoding)

    academy = Academy.objects.get()
    assert (academy.name, academy.host.code) == ("第一工匠学院", "U1")
    assert [brand.name for brand in academy.brands.all()] == ["焊工", "电工"]


def test_the_same_table_twice_changes_nothing(city):
    brought({}, {"编码": "A-2"})
    records = Record.objects.count()

    plan = brought({}, {"编码": "A-2"})

    assert (plan.new, plan.changed, plan.same_count) == ([], [], 2)
    assert Record.objects.count() == records


def test_what_differs_is_a_correction_on_record_and_what_is_left_out_stays(city):
    brought({}, {"编码": "A-2"})

    plan = brought({"名称": "第一工匠学院（新）", "特色专业（工种）": "电工；焊工"})

    assert [(a.code, e.line) for a, e in plan.changed] == [("A-1", 2)]
    record = Record.objects.get(action="更正")
    assert (record.before, record.after) == (
        {"name": "第一工匠学院"},
        {"name": "第一工匠学院（新）"},
    )
    assert Academy.objects.count() == 2


def test_a_brand_given_up_ends_today_and_a_new_one_begins_today(city):
    brought({})

    brought({"特色专业（工种）": "电工、钳工"})

    academy = Academy.objects.get()
    assert sorted(academy.brands.filter(until=None).values_list("name", flat=True)) == [
        "电工", "钳工",
    ]  # fmt: skip
    assert academy.brands.get(name="焊工").until is not None


def test_a_withdrawn_academy_stays_withdrawn(city):
    brought({})
    Academy.objects.update(withdrawn_on=date(2025, 6, 1))

    same, changed = brought({}), brought({"名称": "改名工匠学院"})

    assert (same.same_count, len(changed.changed)) == (1, 1)
    assert Academy.objects.get().withdrawn_on == date(2025, 6, 1)


def test_a_designation_after_the_withdrawal_is_a_fault_of_its_line(city):
    brought({})
    Academy.objects.update(withdrawn_on=date(2025, 6, 1))

    plan = brought({"编码": "A-2"}, {"命名日期": "2025-07-01"})

    assert told(plan) == [(3, "命名日期", "date-invalid")]
    assert Academy.objects.count() == 1


def test_who_answers_for_the_union_may_and_others_are_refused_by_line(city):
    district = with_child(city, "district", code="BJ-1", name="东区总工会")
    handler = account(Role.HANDLER, district)

    own = brought({"主管工会编码": "BJ-1", "举办单位编码": ""}, actor=handler)
    others = brought({"编码": "A-2"}, {"名称": "夺来的学院"}, actor=handler)

    assert told(own) == []
    assert told(others) == [
        (2, "主管工会编码", "role-required"),
        (3, "主管工会编码", "role-required"),
    ]
    assert Academy.objects.get().supervising_union == district


def test_nobody_takes_over_an_academy_that_others_answer_for(city):
    district = with_child(city, "district", code="BJ-1", name="东区总工会")
    brought({})

    plan = brought({"主管工会编码": "BJ-1"}, actor=account(Role.HANDLER, district))

    assert told(plan) == [(2, "主管工会编码", "role-required")]


@pytest.mark.parametrize("name", ["nothing at all", "an encrypted workbook", "a macro",
                                  "a PDF renamed", "a file cut in half"])  # fmt: skip
def test_a_file_that_is_no_table_is_refused(city, name):
    code, filename, build = workbooks.HOSTILE[name]

    with pytest.raises(DomainError) as refused:
        import_academies(build(), filename=filename, actor=User.objects.system())

    assert refused.value.code == code


def test_a_table_with_other_columns_or_none_is_refused(city):
    with pytest.raises(DomainError) as refused:
        import_academies("甲,乙\n1,2\n".encode(), filename="a.csv", actor=User.objects.system())

    assert refused.value.code == "wrong-header"
    with pytest.raises(DomainError) as empty:
        brought()
    assert empty.value.code == "no-data-rows"


def test_every_page_of_a_registered_academy_can_be_reached(client, city):
    brought({}, {"编码": "NEW", "名称": "叫新的学院"}, {"编码": "A_2.B", "名称": "有点的学院"})
    client.force_login(account(Role.HANDLER, city))

    assert client.get(reverse("academies:list")).status_code == 200
    for academy in Academy.objects.all():
        page = client.get(reverse("academies:academy", args=[academy.code]))
        assert academy.name in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_table_brought_by_two_at_once_registers_each_academy_once():
    tree()

    outcomes = at_once(*[lambda: len(brought({}, {"编码": "A-2"}).new)] * 2)

    assert 2 in outcomes
    assert set(outcomes) <= {2, 0, "already-exists", "academy-invalid", "import-moved-on"}
    assert Academy.objects.count() == 2


# -- the command ------------------------------------------------------------------------------


@pytest.fixture
def typed(city, tmp_path):
    """Call it with a table and options; returns the report and what was said."""

    def run(content, **options):
        file, report, out = tmp_path / "学院.csv", tmp_path / "report.json", io.StringIO()
        file.write_bytes(content)
        options = {"json": str(report)} | options
        call_command("import_academies", str(file), stdout=out, stderr=out, **options)
        return json.loads(report.read_text("utf-8")), out.getvalue()

    return run


def test_the_command_counts_new_changed_and_same(typed):
    first, said = typed(table({}, {"编码": "A-2"}, encoding="gb18030"))
    again, _ = typed(table({"名称": "改名工匠学院"}, {"编码": "A-2"}))

    assert (first["rows"], first["added"], first["changed"]) == (2, 2, 0)
    assert (again["added"], again["changed"]) == (0, 1)
    assert "新增 2，更正 0，未变 0" in said


def test_the_command_names_the_faults_writes_the_report_and_nothing_else(typed, tmp_path):
    with pytest.raises(CommandError, match="1 行有误，未写入任何数据"):
        typed(table({}, {"编码": "A-2", "层级": "国家级", "命名日期": "去年"}))

    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["rows"], report["accepted"], report["added"]) == (2, 1, 0)
    assert [(e["row"], e["code"]) for e in report["refused"]] == [
        (3, "tier-unknown"),
        (3, "date-invalid"),
    ]
    assert not Academy.objects.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"username": "nobody"}, "没有名为 nobody 的可用账号"),
        ({"json": "/missing/report.json"}, "没有这个文件或目录"),
        ({"json": "/"}, "这是一个目录"),
    ],
)
def test_what_cannot_be_reported_is_not_imported(typed, options, says):
    with pytest.raises(CommandError, match=says):
        typed(table({}), **options)

    assert not Academy.objects.exists()


def test_an_account_without_the_right_imports_nothing(typed, city):
    auditor = account(Role.AUDITOR, city)

    with pytest.raises(CommandError, match="未写入任何数据"):
        typed(table({}), username=auditor.username)

    assert not Academy.objects.exists()


def test_a_file_that_is_not_there_is_refused(city):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("import_academies", "/nowhere.csv")
