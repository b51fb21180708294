"""The papers of a nomination, a round and a notice: what stands on them, in which forms, for whom."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from organizations.roles import Role
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
    assert (record.action, record.after) == ("导出推荐审批表", {"count": 1})


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
