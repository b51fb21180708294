"""A unit's list of entrants: read, judged line by line, filed, taken back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, Entry
from competitions.services.admitting import admit
from intake.models import ImportBatch
from organizations.roles import Role
from talents.models import Person
from tests.competitions.sheets import book, identity
from tests.factories.competitions import ItemFactory, TermsFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
HEAD = [
    "姓名",
    "身份证号",
    "工作单位",
    "现职业技能等级",
    "在本市学习或工作起始日期",
    "是否签署参赛承诺",
]


@pytest.fixture
def item(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ")
    made = ItemFactory(competition__organizer=city, competition__entries_until=None)
    moved(Competition.objects.filter(pk=made.competition_id), "announced")
    return made


def test_a_units_list_enters_its_people_for_itself_alone(client, item):
    unit = with_child(item.competition.organizer, "unit", code="U1", name="通州建筑示例公司")
    other = with_child(item.competition.organizer, "unit", code="U2", name="燕山石化示例车间")
    client.force_login(account(Role.NOMINATOR, unit))
    rows = [
        ["张三", identity(1), unit.name, "技 师", "2020.5.9", "是"],
        ["李四", identity(2), other.name, "", "不详", "否"],
        ["王五", identity(1), "", "无", "", ""],
        ["赵六", "110199197002262578", "", "无", "", ""],
    ]
    terms = TermsFactory(competition=item.competition)
    content = book(rows, columns=[], head=HEAD, title="2026年示例竞赛参赛名单")
    address = reverse("intake:upload", args=["entrants", item.code])

    client.post(address, {"file": SimpleUploadedFile("名单.xlsx", content)})
    batch = ImportBatch.objects.get()
    codes = set(batch.findings.values_list("line", "code"))
    client.post(reverse("intake:commit", args=[batch.pk]))

    assert codes == {
        (4, "level-missing"),
        (4, "since-unreadable"),
        (5, "duplicate-entrant"),
        (5, "entry-in-doubt"),
        (6, "identity-checksum"),
        (6, "entry-in-doubt"),
    }
    first, second = Entry.objects.order_by("batch_line")
    assert (first.person.name, first.present_level, first.in_city_since, first.unit) == (
        "张三", "2", date(2020, 5, 9), unit,
    )  # fmt: skip
    assert (first.terms, first.signed_on) == (terms, timezone.localdate())
    assert (second.terms, second.signed_on) == (None, None)
    assert (second.present_level, second.unit, second.employer) == (None, unit, other.name)
    listed = client.get(reverse("competitions:entries", args=[item.code])).content.decode()
    assert "合格" in listed
    assert "资料缺失" in listed

    undone = client.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表格"})
    assert undone.status_code == 302
    assert (Entry.objects.count(), Person.objects.count()) == (0, 0)


def test_rows_of_one_team_go_under_the_number_of_its_first_and_a_team_has_its_size(client, item):
    type(item).objects.filter(pk=item.pk).update(team_size=2)
    client.force_login(account(Role.HANDLER, item.competition.organizer))
    named = {"张三": "一队", "李四": "二队", "王五": "一队", "赵六": "", "孙七": "一队"}
    rows = [
        [name, identity(place), "示例公司", "高级工", "2020.5.9", team]
        for place, (name, team) in enumerate(named.items(), start=1)
    ]
    content = book(rows, columns=[], head=[*HEAD[:5], "队名"], title="2026年示例竞赛参赛名单")
    address = reverse("intake:upload", args=["entrants", item.code])

    client.post(address, {"file": SimpleUploadedFile("名单.xlsx", content)})
    batch = ImportBatch.objects.get()
    codes = set(batch.findings.filter(severity="error").values_list("line", "code"))
    client.post(reverse("intake:commit", args=[batch.pk]))

    assert codes == {(6, "team-missing"), (7, "team-too-large")}
    entered = Entry.objects.order_by("batch_line")
    told = [(e.person.name, e.captain and e.captain.person.name) for e in entered]
    assert told == [("张三", None), ("李四", None), ("王五", "张三")]
    client.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表格"})
    assert Entry.objects.count() == 0


def test_a_list_is_not_taken_back_over_what_somebody_decided_about_its_people(client, item):
    """Whoever is admitted, or has signed since, stays: by name."""
    city = item.competition.organizer
    approver = account(Role.APPROVER, city)
    client.force_login(account(Role.HANDLER, city))
    rows = [["张三", identity(1), "示例公司", "高级工", "", ""]]
    content = book(rows, columns=[], head=HEAD, title="2026年示例竞赛参赛名单")
    address = reverse("intake:upload", args=["entrants", item.code])
    client.post(address, {"file": SimpleUploadedFile("名单.xlsx", content)})
    batch = ImportBatch.objects.get()
    client.post(reverse("intake:commit", args=[batch.pk]))
    entry = Entry.objects.get()
    admit(item.pk, [entry.pk], actor=approver, note="核验社会保险缴费记录")

    refused = client.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表格"})

    assert refused.status_code == 409
    assert "张三" in refused.content.decode()
    assert list(Entry.objects.values_list("admitted_by", flat=True)) == [approver.pk]
