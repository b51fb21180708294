"""The papers of a nomination, a round and a notice: what stands on them, in which forms, for whom."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from django.urls import reverse

from organizations.roles import Role
from policies.wording import chinese_day
from talents.facts.service import service_of
from talents.models import Nomination
from talents.workflow.endorsing import submit_nomination
from tests.factories.endorsing import levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import posted_notice
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Two candidates of a district, one of them confirmed, and one of another district."""
    city = OrganizationFactory(kind="city", name="北京市总工会")
    east, west = (
        with_child(city, "district", name=name) for name in ("东城区总工会", "西城区总工会")
    )
    selection = RoundFactory(organizer=city, name="2026年北京大工匠选树")
    rows = []
    for union, name in ((east, "赵兰梅"), (east, "钱小二"), (west, "孙三妹")):
        row = eligible_nomination(
            round=selection, unit=with_child(union, "unit"), occupation="数控车工",
            force_leading="主持攻关", honours_text="=1+1 全国技术能手",
        )  # fmt: skip
        type(row.person).objects.filter(pk=row.person_id).update(name=name)
        rows.append(row)
    for row in (rows[0], rows[2]):
        moved(Nomination.objects.filter(pk=row.pk), "checked")
    return city, east, selection, rows


def text_of(answer):
    """All text of a DOCX, or all cells of a workbook."""
    if "wordprocessing" in answer["Content-Type"]:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return re.sub(r"<[^>]+>", "", book.read("word/document.xml").decode())
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return " ".join(
        str(value) for sheet in book for row in sheet.values for value in row if value is not None
    )


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_form_of_approval_says_what_was_filed_and_hides_the_number(client, scene, kind):
    city, _, _, rows = scene
    client.force_login(account(Role.HANDLER, city))

    answer = client.get(reverse("talents:nomination-paper", args=[rows[0].pk, kind]))

    told = text_of(answer)
    for words in ("赵兰梅", "数控车工", "主持攻关", rows[0].person.identity_mask):
        assert words in told
    assert "核对码" in told or kind == "docx"  # in Word it stands in the footer
    record = Record.objects.get(kind="export")
    assert (record.action, record.after["count"]) == ("导出推荐审批表", 1)
    assert record.after["paper"].startswith(f"推荐{rows[0].pk} ")


def test_it_prints(client, scene):
    city, _, selection, rows = scene
    client.force_login(account(Role.HANDLER, city))
    row = reverse("talents:nomination-paper", args=[rows[0].pk, "pdf"])
    papers = [
        reverse("talents:round-paper", args=[selection.code, what, "pdf"])
        for what in ("consultation", "proposal")
    ]

    for address in (row, *papers):
        assert client.get(address).content.startswith(b"%PDF")
    for wrong in (row.replace("pdf", "exe"), papers[0].replace("consultation", "all")):
        assert client.get(wrong).status_code == 404


def test_a_union_prints_its_own_confirmed_candidates_only(client, scene):
    city, east, selection, _ = scene
    address = reverse("talents:round-paper", args=[selection.code, "proposal", "xlsx"])
    seen = {}
    for place in (city, east):
        client.force_login(account(Role.HANDLER, place))
        seen[place] = text_of(client.get(address))

    assert [name in seen[east] for name in ("赵兰梅", "钱小二", "孙三妹")] == [True, False, False]
    assert [name in seen[city] for name in ("赵兰梅", "钱小二", "孙三妹")] == [True, False, True]
    assert "推荐人选2名" not in seen[east]


def test_with_nobody_confirmed_there_is_nothing_to_print(client, scene):
    city, _, selection, _ = scene
    moved(Nomination.objects.filter(state="checked"), "draft")
    client.force_login(account(Role.HANDLER, city))

    answer = client.get(reverse("talents:round-paper", args=[selection.code, "proposal", "pdf"]))

    assert answer.status_code == 409
    assert "还没有已确认的人选" in answer.content.decode()


def test_a_notice_on_paper_shows_public_columns_only(client, scene):
    city, _, selection, rows = scene
    notice = posted_notice(selection)
    name = notice.entries.first().name
    client.force_login(account(Role.HANDLER, city))

    told = text_of(client.get(reverse("talents:notice-paper", args=[notice.pk, "docx"])))

    assert name in told
    assert not [row for row in rows if row.person.identity_mask in told]


def test_the_form_of_approval_is_a_folded_sheet_with_what_each_level_said(client, db):
    city = OrganizationFactory(kind="city", name="北京市总工会")
    east = with_child(city, "district", name="东城区总工会")
    row = on_its_way(levelled_round(city), with_child(east, "unit"))
    submit_nomination(row.pk, note="经职代会通过", actor=account(Role.NOMINATOR, row.unit))
    client.force_login(account(Role.HANDLER, city))

    def paper(kind):
        return client.get(reverse("talents:nomination-paper", args=[row.pk, kind]))

    with zipfile.ZipFile(io.BytesIO(paper("docx").content)) as book:
        document = book.read("word/document.xml").decode()
    told = re.sub(r"<[^>]+>", "", document)
    assert 'w:w="23811"' in document  # 420 mm in twentieths of a point
    assert "经职代会通过" in told
    assert "东城区总工会意见（盖章）" in told
    box = re.search(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", paper("pdf").content)
    assert box is None or float(box[1]) > float(box[2]) > 800


def test_every_sheet_in_word_is_of_a_size_that_is_printed_here(client, scene):
    city, _, selection, rows = scene
    notice = posted_notice(selection)
    client.force_login(account(Role.HANDLER, city))
    sheets = {}
    for what in ("summary", "consultation", "proposal"):
        address = reverse("talents:round-paper", args=[selection.code, what, "docx"])
        sheets[what] = sheet_of(client.get(address))
    sheets["approval"] = sheet_of(
        client.get(reverse("talents:nomination-paper", args=[rows[0].pk, "docx"]))
    )
    notice_file = client.get(reverse("talents:notice-paper", args=[notice.pk, "docx"]))
    sheets["notice"] = sheet_of(notice_file)

    upright, across, folded = (210, 297), (297, 210), (420, 297)
    assert sheets == {
        "summary": folded, "consultation": across, "proposal": upright,
        "approval": folded, "notice": upright,
    }  # fmt: skip
    assert [line.text for line in docx.Document(io.BytesIO(notice_file.content)).paragraphs][-2:] == [
        notice.organization.name, chinese_day(notice.starts_on),
    ]  # fmt: skip


def test_the_summary_has_a_line_for_each_confirmed_candidate_and_no_numbers_of_persons(
    client, scene
):
    city, _, selection, rows = scene
    client.force_login(account(Role.HANDLER, city))
    address = reverse("talents:round-paper", args=[selection.code, "summary", "xlsx"])

    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))

    sheet = book.active
    lines = list(sheet.values)
    heads = next(line for line in lines if line[0] == "序号")
    told = [dict(zip(heads, line, strict=True)) for line in lines[lines.index(heads) + 1 :]]
    assert [line["姓名"] for line in told] == ["赵兰梅", "孙三妹"]
    months = service_of(rows[0], selection.reference_day).total
    assert told[0]["一线工作"] == f"{months // 12}年{months % 12}个月"
    assert "公民身份号码" not in heads
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.print_title_rows


def test_the_city_does_not_write_to_itself(client, scene):
    city, east, selection, _ = scene
    address = reverse("talents:round-paper", args=[selection.code, "proposal", "docx"])
    begun = {}
    for place in (city, east):
        client.force_login(account(Role.HANDLER, place))
        begun[place] = docx.Document(io.BytesIO(client.get(address).content)).paragraphs[1].text

    assert begun[east] == "北京市总工会："
    assert begun[city].strip().startswith("按照")


class TestTheCodeAtTheFoot:
    """It leads to the row, and tells what was printed from what was changed since."""

    def check(self, client, code):
        return client.get(reverse("portal:paper-check"), {"code": code}).content.decode()

    def printed(self, client, name, *args):
        answer = client.get(reverse(name, args=[*args, "docx"]))
        footer = docx.Document(io.BytesIO(answer.content)).sections[0].footer
        return footer.paragraphs[0].text

    @pytest.mark.parametrize(
        "what", ["summary", "consultation", "proposal", "nomination", "notice"]
    )
    def test_as_long_as_nothing_changes_the_paper_is_as_on_file(self, client, scene, what):
        city, east, selection, rows = scene
        notice = posted_notice(selection)
        client.force_login(account(Role.HANDLER, city if what == "notice" else east))
        if what == "notice":
            code = self.printed(client, "talents:notice-paper", notice.pk)
            href = reverse("talents:notice", args=[notice.pk])
        elif what == "nomination":
            code = self.printed(client, "talents:nomination-paper", rows[0].pk)
            href = reverse("talents:nomination", args=[rows[0].pk])
        else:
            code = self.printed(client, "talents:round-paper", selection.code, what)
            href = reverse("talents:round", args=[selection.code])

        client.force_login(account(Role.HANDLER, city))
        page = self.check(client, code)

        assert "与登记一致" in page
        assert f'href="{href}"' in page
        assert "打印记录" in page

    def test_after_a_change_the_paper_is_told_from_what_is_on_file(self, client, scene):
        city, _, _, rows = scene
        client.force_login(account(Role.HANDLER, city))
        code = self.printed(client, "talents:nomination-paper", rows[0].pk)
        Nomination.objects.filter(pk=rows[0].pk).update(post="工段长")

        page = self.check(client, code)

        assert "与现在的登记不一致" in page
        assert "此码确系下列打印时生成" in page

    def test_a_code_that_was_never_printed_is_told_as_such(self, client, scene):
        city, _, _, rows = scene
        client.force_login(account(Role.HANDLER, city))

        assert "没有此码的打印记录" in self.check(client, f"推荐{rows[0].pk} ABCDEF012345")
        for wrong in ("推荐", "推荐999999 ABCDEF012345", "拨款1 ABCDEF012345", "\0", "推荐1"):
            assert "没有查到" in self.check(client, wrong) or wrong == "\0"

    def test_what_is_out_of_reach_is_answered_like_nothing(self, client, scene):
        city, east, _, rows = scene
        client.force_login(account(Role.HANDLER, city))
        code = self.printed(client, "talents:nomination-paper", rows[2].pk)

        client.force_login(account(Role.HANDLER, east))
        assert "没有查到" in self.check(client, code)


def sheet_of(answer):
    """Width and height of a DOCX in whole millimetres."""
    section = docx.Document(io.BytesIO(answer.content)).sections[0]
    return round(section.page_width.mm), round(section.page_height.mm)
