"""Judges who write on paper: sheets with codes, typed twice by two people, compared before they count."""

import io
import re
import threading
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from pypdf import PdfReader

from competitions.models import Mark, TypedSheet
from competitions.services import sheets
from competitions.services.schemes import draw_up_scheme
from competitions.services.sheets import type_sheet
from organizations.roles import Role
from tests.academies.overlapping import at_once
from tests.competitions.test_contest_flow import refused
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    return SchemeFactory(item=ItemFactory(competition__organizer=city, name="焊工")).item


@pytest.fixture
def typists(item):
    city = item.competition.organizer
    return account(Role.HANDLER, city), account(Role.HANDLER, city)


def read(item, number, measured, judged, by):
    first, second = item.schemes.get().aspects.all()
    values = {first.pk: Decimal(str(measured)), second.pk: Decimal(judged)}
    return type_sheet(item.pk, number, 1, values, actor=by)


def test_what_two_people_read_alike_counts_and_what_they_read_otherwise_waits(item, typists):
    first, second = typists
    entry = EntryFactory(item=item, number="007")

    assert read(item, "007", 38.5, 3, first) is None
    assert read(item, "007", 38.5, 3, first) is None, "one person typing twice is no second person"
    assert not Mark.objects.exists()
    assert read(item, "007", 35.8, 3, second) == ("A1",)
    assert not Mark.objects.exists()
    assert read(item, "007", 38.50, 3, second) == ()

    given = Mark.objects.filter(entry=entry).values_list("aspect__code", "seat", "value")
    assert set(given) == {("A1", 1, Decimal("38.5")), ("B1", 1, Decimal(3))}
    assert Record.objects.get(code="competitions.marked").note == "007号作品第1席，两人誊录一致"
    assert refused(read, item, "007", 30, 1, first) == "sheet-on-file"
    assert refused(read, item, "999", 30, 1, first) == "work-not-standing"


def test_a_sheet_is_typed_whole_and_within_what_its_aspects_allow(item, typists):
    EntryFactory(item=item, number="007")
    measured = item.schemes.get().aspects.first()
    half = {measured.pk: Decimal(1)}
    assert refused(type_sheet, item.pk, "007", 1, half, actor=typists[0]) == "sheet-incomplete"
    read(item, "007", 41, 3, typists[0])
    assert refused(read, item, "007", 41, 3, typists[1]) == "mark-fits-its-scheme"
    assert not Mark.objects.exists()


def test_the_second_sees_nothing_of_what_the_first_typed(client, item, typists):
    entry = EntryFactory(item=item, number="007")
    first, second = typists
    measured, judged = item.schemes.get().aspects.all()
    address = reverse("competitions:typing", args=[item.code, 1, "007"])
    sent = {f"aspect_{measured.pk}": "38.25", f"aspect_{judged.pk}": "3", "seen": "0"}
    client.force_login(first)
    assert client.post(address, sent).status_code == 302
    assert "38.25" in client.get(address).content.decode()
    client.force_login(second)
    assert "38.25" not in client.get(address).content.decode()
    listed = reverse("competitions:sheets", args=[item.code])
    assert "待第二人誊录" in client.get(listed).content.decode()

    client.post(address, sent | {f"aspect_{judged.pk}": "2"})
    shown = client.get(listed).content.decode()

    assert "两人不一致（B1）" in shown
    assert entry.person.name not in shown
    client.post(address, sent)
    assert "已登记" in client.get(listed).content.decode()
    printed = client.get(reverse("competitions:sheet-print", args=[item.code, 2]))
    assert printed.content.startswith(b"%PDF")
    gone = client.get(reverse("competitions:sheet-print", args=[item.code, 4]))
    assert gone.status_code == 404


def test_a_printed_sheet_says_what_to_judge_under_its_code_and_nobodys_name(client, item, typists):
    entries = [EntryFactory(item=item, number=number) for number in ("007", "008")]
    planned = list(item.schemes.get().aspects.all())
    planned[0].title, planned[0].standard, planned[0].module = (
        "焊缝余高",
        "焊工标准3.2",
        "模块A 焊接",
    )
    planned[1].title, planned[1].module = "焊缝外观", "模块B 检验"
    planned[1].benchmarks = ["不合格", "合格", "良好", "优秀"]
    draw_up_scheme(item.pk, planned, actor=typists[0], note="写明内容")
    client.force_login(typists[0])

    printed = client.get(reverse("competitions:sheet-print", args=[item.code, 1]))
    pages = [
        re.sub(r"\s+", "", page.extract_text())
        for page in PdfReader(io.BytesIO(printed.content)).pages
    ]

    assert len(pages) == 2
    for page, entry in zip(pages, entries, strict=True):
        for words in (
            item.competition.name, "焊工评分表", f"加密号{entry.work_code}", "第1席裁判", "模块A焊接",
            "A1焊缝余高", "对应焊工标准3.2", "测量40", "模块B检验", "B1焊缝外观", "评价3",
            "0：不合格", "3：优秀", "裁判签字：", "手机扫二维码打开誊录页面", "扫码枪对准条形码", f"{entry.work_code}-1",
        ):  # fmt: skip
            assert words in page
        assert entry.person.name not in page
    second = client.get(reverse("competitions:sheet-print", args=[item.code, 2]))
    words = PdfReader(io.BytesIO(second.content)).pages[0].extract_text()
    assert "焊缝外观" in words
    assert "焊缝余高" not in words  # the first seat alone measures


@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_the_same_sheet_at_once_the_marks_are_given_once():
    city = OrganizationFactory(kind="city")
    item = SchemeFactory(item=ItemFactory(competition__organizer=city)).item
    EntryFactory(item=item, number="007")
    hands = [account(Role.HANDLER, city) for _ in range(3)]

    at_once(*(lambda by=by: read(item, "007", 38, 3, by) for by in hands))

    assert Mark.objects.count() == 2
    assert TypedSheet.objects.count() >= 2


@pytest.fixture
def together():
    """A work whose sheet two people type at the same moment, alike: what each is answered."""
    city = OrganizationFactory(kind="city")
    item = SchemeFactory(item=ItemFactory(competition__organizer=city)).item
    EntryFactory(item=item, number="007")
    hands = [account(Role.HANDLER, city) for _ in range(2)]

    def typed(by, then):
        with transaction.atomic():
            outcome = read(item, "007", 38, 3, by)
            then()
        return outcome

    return lambda then=lambda: None: at_once(*(lambda by=by: typed(by, then) for by in hands))


def unlocked(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_both_entries_of_a_sheet_at_once_the_later_brings_the_marks(together):
    assert set(together()) == {None, ()}
    assert (TypedSheet.objects.count(), Mark.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_lock_of_the_item_is_enough_without_the_chain_of_records(together, monkeypatch):
    monkeypatch.setattr(sheets, "record_event", lambda *_, **__: None)

    assert set(together()) == {None, ()}
    assert Mark.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_control_with_neither_lock_nor_record_between_them_no_marks_come_of_two_alike(
    together, monkeypatch
):
    """Each has written before either looks for the other, and looked before either commits: both are told
    to wait for a second person."""
    both_have_written, both_have_looked = (threading.Barrier(2, timeout=30) for _ in range(2))
    monkeypatch.setattr(sheets, "record_event", lambda *_, **__: both_have_written.wait())
    unlocked(monkeypatch)

    assert together(then=both_have_looked.wait) == [None, None]
    assert (TypedSheet.objects.count(), Mark.objects.count()) == (2, 0)


def test_a_sheet_kept_over_a_new_version_of_the_scheme_opens_with_what_was_typed(
    client, item, typists
):
    EntryFactory(item=item, number="007")
    first, second = item.schemes.get().aspects.all()
    address = reverse("competitions:typing", args=[item.code, 1, "007"])
    client.force_login(typists[0])
    typed = {f"aspect_{first.pk}": "38.5", f"aspect_{second.pk}": "3", "seen": "0"}
    client.post(address, typed | {"_draft": "keep"})
    draw_up_scheme(item.pk, [first, second], actor=typists[0], note="更正评分基准")

    resumed = client.get(f"{address}?draft")
    assert resumed.status_code == 200
    page = resumed.content.decode()
    assert f"第1版 {first.code} {first.title}（测量）：38.5" in page
    assert f"第1版 {second.code} {second.title}（评价）：3" in page
    assert client.post(address, typed).status_code == 409
    assert "：38.5" in client.get(f"{address}?draft").content.decode()
    assert not TypedSheet.objects.exists()


def test_a_sheet_of_a_seat_the_newest_scheme_has_no_more_says_so(client, item, typists):
    EntryFactory(item=item, number="007")
    measured, _ = item.schemes.get().aspects.all()
    measured.maximum = Decimal(100)
    draw_up_scheme(item.pk, [measured], actor=typists[0], note="只留测量")
    client.force_login(typists[0])

    answer = client.get(reverse("competitions:typing", args=[item.code, 3, "007"]))

    assert answer.status_code == 409
    assert "现为第2版），第3席没有要评的评分点" in answer.content.decode()
