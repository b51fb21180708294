"""``import_honours``: the register as kept so far, what is refused of it, and what it counts for."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from intake import services as imports
from intake.models import ImportBatch
from organizations.models import Organization, User
from talents.models import Honour, Person
from talents.services.honours import recall_certificate, reissue_certificate
from tests.factories.reports import drawn_report
from tests.inputs import FIXTURES, take_in_beijing
from tests.talents.rosters import check_character
from workflow.refusals import DomainError

EXPECTED = json.loads((FIXTURES / "expected-later.json").read_text("utf-8"))["honours"]
TIERS = ("beijing-great", "district", "unit")
POLICY = "beijing-craftsman-selection-2024"
HEADINGS = (
    "序号", "姓名", "公民身份号码", "工作单位", "命名工会编码", "称号", "年度", "命名日期", "命名文号",
    "证书编号", "状态", "撤销日期",
)  # fmt: skip
IDENTITIES = [
    f"{body}{check_character(body)}"
    for body in (f"110199199001010{n:02}" for n in range(10, 26, 2))
]
MEASURES = ("beijing_great_named", "district_craftsmen_named", "unit_craftsmen_named")


def take_in(file, folder, **options):
    """Run the command; its report and what it said."""
    report, out = folder / "report.json", io.StringIO()
    call_command("import_honours", str(file), stdout=out, json=str(report), **options)
    return json.loads(report.read_text("utf-8")), out.getvalue()


@pytest.fixture(scope="module")
def lasting_register(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), transaction.atomic():
        take_in_beijing()
        folder = tmp_path_factory.mktemp("honours")
        yield take_in(FIXTURES / "honours.xlsx", folder)
        transaction.set_rollback(True)


@pytest.fixture
def register(lasting_register):
    with transaction.atomic():
        yield lasting_register
        transaction.set_rollback(True)


def test_what_is_refused_is_named_by_its_number_with_one_code_each(register):
    report, said = register

    refused = [(str(entry["row"]), entry["code"]) for entry in report["refused"]]
    assert refused == list(EXPECTED["refused"].items())
    assert report["warnings"] == []
    assert (report["rows"], report["accepted"]) == (821, 817)
    assert "已入库" in said


def test_those_that_stand_are_counted_by_tier_and_year(register):
    standing = Honour.objects.exclude(state="revoked")

    counted = {
        year: {tier: standing.filter(year=year, tier=tier).count() for tier in TIERS}
        for year in EXPECTED["named"]
    }
    assert counted == EXPECTED["named"]
    revoked = Honour.objects.filter(state="revoked")
    assert revoked.count() == 4
    assert all(row.revoked_on and row.reason for row in revoked)


def test_the_report_of_the_policy_counts_them(register):
    city = Organization.objects.get(code="BJ")
    found = {}
    for year in EXPECTED["named"]:
        report = drawn_report(city, policy=POLICY, year=int(year))
        found[year] = {f.measure: (f.actual, f.standing) for f in report.figures.all()}

    for year, named in EXPECTED["named"].items():
        counted = [found[year][measure][0] for measure in MEASURES[1:]]
        assert counted == [named[tier] for tier in TIERS[1:]]
    cycle = EXPECTED["great_in_cycle_2024_2025"]
    assert found["2025"][MEASURES[0]] == (cycle, "met")


def test_the_same_file_again_changes_nothing_and_undone_it_leaves_nothing(register, tmp_path):
    report, said = take_in(FIXTURES / "honours.xlsx", tmp_path)
    assert report["unchanged"]
    assert "没有任何改变" in said

    batch = ImportBatch.objects.get(kind="talents.honours")
    imports.revert(batch.pk, actor=User.objects.system(), note="报送有误，重新整理")

    assert not Honour.objects.exists()
    assert not Person.objects.exists()


def test_it_is_not_undone_once_a_certificate_was_issued_again(register):
    honour = Honour.objects.filter(tier="beijing-great", state="valid").first()
    actor = User.objects.system()
    reissue_certificate(honour.pk, actor=actor, note="原件遗失")

    with pytest.raises(DomainError, match="补发证书"):
        imports.revert(honour.batch_id, actor=actor, note="报送有误，重新整理")

    assert Honour.objects.filter(pk=honour.pk).exists()


def test_it_is_not_undone_once_a_certificate_was_recalled(register, tmp_path):
    file = tmp_path / "名录.csv"
    write(file, [row_of(0, state="已撤销", revoked_on="2025.10.1")])
    take_in(file, tmp_path)
    honour = Honour.objects.get(certificate_number="T0")
    assert honour.recall_in_words == ""
    actor = User.objects.system()
    recall_certificate(
        honour.pk, recall="returned", recalled_on=date(2025, 11, 1), note="", actor=actor
    )

    with pytest.raises(DomainError, match="登记收回证书"):
        imports.revert(honour.batch_id, actor=actor, note="报送有误，重新整理")

    assert Honour.objects.filter(pk=honour.pk).exists()


def test_a_number_that_was_replaced_stays_taken(register, tmp_path):
    honour = Honour.objects.filter(tier="beijing-great", state="valid").first()
    old = honour.certificate_number
    reissue_certificate(honour.pk, actor=User.objects.system(), note="遗失补发证书")
    file = tmp_path / "again.csv"
    write(file, [row_of(0, certificate=old), row_of(1, certificate="BE199900001")])

    report, _ = take_in(file, tmp_path)

    assert [one["code"] for one in report["refused"]] == ["duplicate-certificate"]
    assert not Honour.objects.filter(certificate_number=old).exists()
    assert Honour.objects.filter(certificate_number="BE199900001").exists()


def test_a_number_of_a_person_is_not_taken_into_the_public_register(register, tmp_path):
    file = tmp_path / "名录.csv"
    write(file, [row_of(0, unit="某示例公司 13812345678"), row_of(1, unit="某示例公司")])

    report, _ = take_in(file, tmp_path)

    assert [(e["row"], e["code"]) for e in report["refused"]] == [(1, "post-tells-number")]


def test_a_title_is_matched_whole_or_by_a_declared_name_and_only_where_its_ladder_stands(
    register, tmp_path
):
    titles = ["北京大工匠 (京津冀大工匠)", "产业级工匠", "大工匠", "烟台大工匠"]
    file = tmp_path / "名录.csv"
    write(file, [row_of(at, title) for at, title in enumerate(titles)])

    report, _ = take_in(file, tmp_path)

    assert [(e["row"], e["code"]) for e in report["refused"]] == [
        (3, "unknown-title"),
        (4, "unknown-title"),
    ]
    taken = Honour.objects.filter(certificate_number__startswith="T")
    assert set(taken.values_list("tier", flat=True)) == {"beijing-great", "district"}


def test_what_is_wrong_with_a_row_is_said_at_its_cell(register, tmp_path):
    rows = [
        row_of(0, certificate="A/1"),
        row_of(1, state="撤销"),
        row_of(2, revoked_on="2025-10-01"),
        row_of(3, state="撤销", revoked_on="2024-01-01"),
        row_of(4, named_on="去年秋天"),
        row_of(5, certificate="A5"),
        row_of(5, certificate="a 5"),
        row_of(6, year="2024"),
        row_of(7),
        row_of(7, name="李九", certificate="T7B"),
    ]
    file = tmp_path / "名录.csv"
    write(file, rows)

    report, _ = take_in(file, tmp_path)

    assert [(e["line"], e["code"]) for e in report["refused"]] == [
        (2, "certificate-unusable"),
        (3, "revoked-undated"),
        (4, "revoked-not-stated"),
        (5, "revoked-early"),
        (6, "named-unreadable"),
        (8, "duplicate-certificate"),
        (11, "name-conflict"),
    ]
    assert [e["code"] for e in report["warnings"]] == ["year-differs"]


def write(file, rows):
    file.write_text("\n".join(",".join(row) for row in (HEADINGS, *rows)), "utf-8")


def row_of(at, title="北京大工匠", **other):
    facts = {
        "number": str(at + 1), "name": f"王{'一二三四五六七八'[at]}", "identity": IDENTITIES[at],
        "unit": "某示例公司", "organization": "BJ", "title": title, "year": "2025",
        "named_on": "2025.9.1", "document": "京工发〔2025〕1号", "certificate": f"T{at}", "state": "有效",
        "revoked_on": "",
    }  # fmt: skip
    return list((facts | other).values())
