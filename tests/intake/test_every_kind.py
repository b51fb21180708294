"""The desk that takes every kind of file: what no single kind's tests say."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from academies.models import Academy
from intake.documents import blank_form
from intake.kinds import registered_kinds, sheet_of
from intake.models import ImportBatch, ImportRow
from organizations.models import Organization
from organizations.roles import Role
from talents.models import Nomination
from tests.academies.test_register import table
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.talents.importing import OTHER_SOUND, call_of_nominations
from tests.talents.importing import sheet_of as workbook_of
from workflow.models import Record

pytestmark = pytest.mark.django_db
HEADER = "编码,名称,类型,上级编码,统一社会信用代码,区划代码,行业门类,启用日期"
OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def handler(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


def tree(*lines):
    return "\r\n".join([HEADER, *lines, ""]).encode()


def sent(client, kind, *files, key=""):
    """Hand in files (name, content) at the desk."""
    address = reverse("intake:upload", args=[kind, key] if key else [kind])
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(address, {"file": chosen})


def at(name, batch, *args):
    return reverse(f"intake:{name}", args=[batch.pk, *args])


def only():
    return ImportBatch.objects.latest("pk")


@pytest.mark.parametrize("kind", [k.code for k in registered_kinds()])
def test_a_blank_form_has_every_column_and_comes_back_as_one_without_rows(kind, handler, city):
    declared = next(k for k in registered_kinds() if k.code == kind)
    with blank_form(declared) as form:
        content = form.read()
    book = openpyxl.load_workbook(io.BytesIO(content))
    call = call_of_nominations() if kind == "nominations" else None

    for sheet in declared.sheets:
        headings = [cell.value for cell in next(book[sheet.form.name].iter_rows(max_row=1))]
        assert headings == [column.header for column in sheet.form.columns] + [*sheet.form.examples]
    if call:
        handler.force_login(account(Role.HANDLER, call.city))
    if not declared.subject.options or call:
        answer = sent(handler, kind, ("空白.xlsx", content), key=call.round.code if call else "")
        assert answer.status_code == 422
        assert "没有数据行" in answer.content.decode()


def test_several_files_at_once_are_each_a_batch_and_a_bad_one_is_named(client):
    call = call_of_nominations()
    client.force_login(account(Role.HANDLER, call.city))
    good, bad = workbook_of(call, {}), b"nothing"

    answer = sent(client, "nominations", ("甲.xlsx", good), ("乙.xlsx", bad), key=call.round.code)
    two = sent(
        client, "nominations", ("甲.xlsx", good), ("丙.xlsx", workbook_of(call, OTHER)),
        key=call.round.code,
    )  # fmt: skip

    assert answer.status_code == 422
    assert "“乙.xlsx”" in answer.content.decode()
    assert two.url.startswith(reverse("intake:imports"))
    assert ImportBatch.objects.count() == 2


def test_all_rows_of_one_fault_are_left_out_with_one_reason_each_on_record(client):
    call = call_of_nominations()
    client.force_login(account(Role.HANDLER, call.city))
    rows = [{"姓名": ""}, {"姓名": "", **OTHER}, {"公民身份号码": "1"}]
    sent(client, "nominations", ("甲.xlsx", workbook_of(call, *rows)), key=call.round.code)
    batch = only()

    offered = client.get(at("file", batch), {"code": "name-missing"}).content.decode()
    none = client.post(at("drop-all", batch), {"code": "name-missing", "note": ""})
    kept = batch.rows.filter(outcome="dropped").count()
    client.post(at("drop-all", batch), {"code": "name-missing", "note": "本人放弃推荐"})

    batch.refresh_from_db()
    assert "这些行不再处理" in offered
    assert (none.status_code, kept) == (302, 0)
    assert (batch.dropped_count, batch.refused_count) == (2, 1)
    assert Record.objects.get(action="不再处理导入行").after["count"] == 2


def test_bodies_are_previewed_mended_filed_as_a_whole_and_taken_back(handler, city):
    east = with_child(city, "district", code="D1", name="东区总工会")
    content = tree(
        "D1,东城区总工会,区总工会,BJ,,,,2000-01-01",
        "D2,西城区总工会,省总工会,BJ,,,,2000-01-01",
        "U1,示例公司,基层单位,D2,,,,2000-01-01",
    )
    answer = sent(handler, "organizations", ("组织.csv", content))
    batch = only()

    preview = handler.get(answer.url).content.decode()
    early = handler.post(at("commit", batch))
    row = batch.rows.get(line=3)
    cells = dict(zip(sheet_of(batch).keys, row.cells, strict=True)) | {"kind": "区总工会"}
    handler.post(at("row", batch, 3), {**cells, "seen": row.fingerprint()})
    assert "不在允许范围内" in preview
    assert early.status_code == 409
    assert Organization.objects.get(code="D1").name == "东区总工会"

    handler.post(at("commit", batch))
    filed = set(Organization.objects.values_list("code", "name"))
    undone = handler.post(at("revert", batch), {"note": "交错了表"})

    assert undone.status_code == 302, undone.content.decode()[-3000:]
    assert filed == {
        ("BJ", "北京市总工会"), ("D1", "东城区总工会"), ("D2", "西城区总工会"), ("U1", "示例公司"),
    }  # fmt: skip
    assert set(Organization.objects.values_list("code", "name")) == {
        ("BJ", "北京市总工会"), ("D1", "东区总工会"),
    }  # fmt: skip
    east.refresh_from_db()
    assert east.path == f"{city.path}{east.pk}/"


def test_bodies_somebody_worked_on_since_are_not_taken_back(handler, city):
    sent(handler, "organizations", ("组织.csv", tree("D1,东城区总工会,区总工会,BJ,,,,2000-01-01")))
    handler.post(at("commit", only()))
    Organization.objects.filter(code="D1").update(name="改了名的工会")

    refused = handler.post(at("revert", only()), {"note": "交错了表"})

    assert refused.status_code == 409
    assert "第2行" in refused.content.decode()
    assert Organization.objects.filter(code="D1").exists()


def test_a_body_with_others_below_it_is_not_taken_back(handler, city):
    sent(handler, "organizations", ("组织.csv", tree("D1,东城区总工会,区总工会,BJ,,,,2000-01-01")))
    handler.post(at("commit", only()))
    with_child(Organization.objects.get(code="D1"), "unit", code="U9")

    refused = handler.post(at("revert", only()), {"note": "交错了表"})

    assert refused.status_code == 409
    assert "不能删除" in refused.content.decode()
    assert only().status == "committed"


def test_academies_are_previewed_filed_and_taken_back_with_their_brands(handler, city):
    with_child(city, "unit", code="U1", name="某公司")
    sent(handler, "academies", ("学院.csv", table({})))
    handler.post(at("commit", only()))
    changed = {"名称": "改名工匠学院", "特色专业（工种）": "电工"}
    sent(handler, "academies", ("学院二.csv", table(changed, {"编码": "A-2"})))
    second = only()

    preview = handler.get(at("file", second)).content.decode()
    handler.post(at("commit", second))
    between = set(Academy.objects.values_list("code", "name"))
    handler.post(at("revert", second), {"note": "交错了表"})

    assert "新增" in preview
    assert "更正" in preview
    assert between == {("A-1", "改名工匠学院"), ("A-2", "第一工匠学院")}
    academy = Academy.objects.get()
    assert (academy.code, academy.name) == ("A-1", "第一工匠学院")
    assert sorted(academy.brands.filter(until=None).values_list("name", "since")) == sorted(
        (name, academy.designated_on) for name in ("焊工", "电工")
    )


def test_a_register_comes_again_and_asks_only_for_what_differs(handler, city):
    content = tree("D1,东城区总工会,区总工会,BJ,,,,2000-01-01")
    sent(handler, "organizations", ("组织.csv", content))
    handler.post(at("commit", only()))
    Organization.objects.filter(code="D1").update(name="旧名")

    sent(handler, "organizations", ("组织.csv", content))
    effects = list(ImportRow.objects.filter(batch=only()).values_list("effect", flat=True))

    assert ImportBatch.objects.count() == 2
    assert effects == ["changed"]


def test_the_interface_takes_a_file_mends_a_row_and_files_it():
    call = call_of_nominations()
    api = APIClient()
    api.force_login(account(Role.HANDLER, call.city))
    given = {
        "kind": "nominations", "subject": {"round": call.round.code},
    }  # fmt: skip
    file = SimpleUploadedFile("甲.xlsx", workbook_of(call, {"姓名": ""}, OTHER))

    asked = api.post(
        reverse("importbatch-upload"),
        {"kind": given["kind"], "subject.round": call.round.code, "file": file},
        format="multipart",
    )
    batch = only()
    unknown = api.post(reverse("importbatch-row", args=[batch.pk, 3]), {"cells": {"nix": "x"}})
    line = batch.findings.get(severity="error").line
    mended = api.post(
        reverse("importbatch-row", args=[batch.pk, line]), {"cells": {"name": "曾怡刚"}}
    )
    api.post(reverse("importbatch-commit", args=[batch.pk]))

    assert (asked.status_code, [b["status"] for b in asked.json()]) == (201, ["staged"])
    assert unknown.status_code == 400
    assert mended.json()["refused_count"] == 0
    assert Nomination.objects.count() == 2


@pytest.mark.parametrize(("role", "status"), [(Role.NOMINATOR, 403), (Role.AUDITOR, 403)])
def test_the_interface_takes_no_file_from_who_hands_none_in(city, role, status):
    api = APIClient()
    api.force_login(account(role, city))
    file = SimpleUploadedFile("组织.csv", tree("D1,东城区总工会,区总工会,BJ,,,,2000-01-01"))

    answer = api.post(
        reverse("importbatch-upload"), {"kind": "organizations", "file": file}, format="multipart"
    )

    assert answer.status_code == status
    assert not ImportBatch.objects.exists()


def test_the_interface_drops_rows_by_line_or_by_fault():
    call = call_of_nominations()
    api = APIClient()
    api.force_login(account(Role.HANDLER, call.city))
    scene = SimpleNamespace(rows=[{"姓名": ""}, {"姓名": "", **OTHER}, {"公民身份号码": "1"}])
    file = SimpleUploadedFile("甲.xlsx", workbook_of(call, *scene.rows))
    api.post(
        reverse("importbatch-upload"),
        {"kind": "nominations", "subject.round": call.round.code, "file": file},
        format="multipart",
    )
    batch = only()
    drop = reverse("importbatch-drop", args=[batch.pk])

    first = api.post(drop, {"line": batch.rows.earliest("line").line, "note": "查无此人"})
    rest = api.post(drop, {"code": "name-missing", "note": "查无此人"})
    nothing = api.post(drop, {"code": "name-missing", "note": "查无此人"})

    assert (first.json()["dropped_count"], rest.json()["dropped_count"]) == (1, 2)
    assert (nothing.status_code, nothing.json()["type"]) == (409, "no-such-fault")
