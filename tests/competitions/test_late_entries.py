"""Whoever is entered after the last day is entered by the organizer, for a reason, and stands as such."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, Entry
from competitions.services import entries
from competitions.services.leaving import withdraw_entry
from intake.models import ImportBatch
from tests.competitions.jury import opened_again
from tests.competitions.sheets import book, identity
from tests.competitions.test_contest_flow import REASON, refused
from tests.factories.competitions import EntryFactory, marked, on_file
from tests.factories.filings import identity_number
from workflow.models import Record
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
WHY = "原选手伤病，单位申请替换"


def closing(item, days):
    """The last day of entering is so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    Competition.objects.filter(pk=item.competition_id).update(
        entries_from=None, entries_until=day, starts_on=day, ends_on=day + timedelta(days=9)
    )
    item.competition.refresh_from_db()


def entered(item, hands, serial=1, **facts):
    who = entries.Entrant("张三", read_identity(identity(serial), today=timezone.localdate()))
    told = {"present_level": "3"} | facts
    return entries.enter(item.pk, who, told, unit=hands["unit"], actor=hands["handler"])


def test_the_organizer_enters_late_for_a_reason_that_stands_everywhere(client, item, hands):
    closing(item, -1)
    client.force_login(hands["handler"])
    new = reverse("competitions:entry-new", args=[item.code])
    assert "late_reason" in client.get(new).context["form"].fields
    assert refused(entered, item, hands) == "late-without-reason"

    entry = entered(item, hands, late_reason=WHY)

    assert entry.late_reason == WHY
    assert Record.objects.get(code="competitions.entered").note == f"逾期补报：{WHY}"
    for page in ("entry", "entries"):
        args = [entry.pk if page == "entry" else item.code]
        assert "逾期补报" in client.get(reverse(f"competitions:{page}", args=args)).content.decode()


def test_on_the_last_day_nobody_is_late(client, item, hands):
    closing(item, 0)
    client.force_login(hands["handler"])
    form = client.get(reverse("competitions:entry-new", args=[item.code])).context["form"]

    assert "late_reason" not in form.fields
    assert entered(item, hands, late_reason=WHY).late_reason == ""


def test_nobody_comes_late_beside_numbers_that_were_drawn_but_all_are_drawn_anew(item, hands):
    first = EntryFactory(item=item, number="", work_code="")
    by = {"actor": hands["handler"]}
    assert refused(entries.void_draw, item.pk, note=WHY, **by) == "nothing-drawn"
    entries.draw_numbers(item.pk, seed="一", **by)
    closing(item, -1)
    assert refused(entered, item, hands, late_reason=WHY) == "late-after-draw"

    assert entries.void_draw(item.pk, note=WHY, **by) == 1
    entered(item, hands, late_reason=WHY)

    assert entries.draw_numbers(item.pk, seed="二", **by) == 2
    first.refresh_from_db()
    item.refresh_from_db()
    assert (bool(first.number), item.draw_seed) == (True, "二")
    voided = Record.objects.get(code="competitions.draw-voided")
    assert (voided.before["seed"], voided.note) == ("一", WHY)
    entries.draw_codes(item.pk, actor=hands["second"])
    assert refused(entries.void_draw, item.pk, note=WHY, **by) == "drawn-and-used"
    assert refused(entered, item, hands, 2, late_reason=WHY) == "late-after-codes"


def test_rows_of_a_late_list_say_why_and_who_is_here_too_short_is_told_so(
    client, item, hands, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    closing(item, -1)
    head = ["姓名", "身份证号", "在京学习工作起始日期", "补报事由"]
    recent = str(timezone.localdate() - timedelta(days=90))
    numbers = [identity_number(n, "19850615") for n in (1, 2, 3)]
    rows = [["甲一", numbers[0], "2010-01-01", WHY], ["乙二", numbers[1], recent, WHY], ["丙三", numbers[2], "2010-01-01", ""]]  # fmt: skip
    content = book(rows, columns=[], head=head, title="参赛名单")
    client.force_login(hands["handler"])

    sheet = {"file": SimpleUploadedFile("名单.xlsx", content)}
    client.post(reverse("intake:upload", args=["entrants", item.code]), sheet)
    batch = ImportBatch.objects.get()
    client.post(reverse("intake:commit", args=[batch.pk]))

    told = set(batch.findings.values_list("line", "code", "severity"))
    assert (4, "entry-in-doubt", "warning") in told
    assert (5, "late-without-reason", "error") in told
    assert {line for line, code, _ in told if code == "entry-in-doubt"} == {4}
    assert set(Entry.objects.values_list("person__name", "late_reason")) == {("甲一", WHY), ("乙二", WHY)}  # fmt: skip


def test_nobody_new_comes_into_an_item_that_is_marked_anew(client, podium, item, hands):
    opened_again(podium[0], hands["second"], filed_by=hands["nominator"])
    facts = {"present_level": "3"}
    who = entries.Entrant("新来", read_identity(identity(9), today=timezone.localdate()))
    words = {"unit": hands["unit"], "actor": hands["handler"]}

    assert refused(entries.enter, item.pk, who, facts, **words) == "item-was-published"

    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert reverse("competitions:entry-new", args=[item.code]) not in page
    kept = on_file(podium[0])
    mended = entries.correct_entry(podium[0].pk, kept | {"employer": "二分厂"}, actor=hands["handler"], note=REASON)  # fmt: skip
    assert mended.employer == "二分厂"


@pytest.mark.parametrize("is_coded", [False, True])
def test_whoever_leaves_a_team_after_the_draw_is_replaced_until_its_work_is_marked(
    client, item, hands, is_coded
):
    type(item).objects.filter(pk=item.pk).update(team_size=2)
    captain = EntryFactory(item=item, unit=hands["unit"], team="一队", number="", work_code="")
    mate = EntryFactory(item=item, unit=hands["unit"], team="一队", captain=captain, number="", work_code="")  # fmt: skip
    entries.draw_numbers(item.pk, actor=hands["handler"])
    if is_coded:
        entries.draw_codes(item.pk, actor=hands["second"])
    closing(item, -1)
    item.refresh_from_db()
    reason = {"late_reason": WHY, "team": "一队"}
    refusal = "late-after-codes" if is_coded else "late-after-draw"
    assert refused(entered, item, hands, **reason) == refusal
    withdraw_entry(mate.pk, actor=hands["handler"], note=WHY)
    assert refused(entered, item, hands, **reason | {"team": "二队"}) == refusal
    client.force_login(hands["handler"])
    new = reverse("competitions:entry-new", args=[item.code])
    assert new in client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert client.get(new).status_code == 200

    replaced = entered(item, hands, **reason)

    captain.refresh_from_db()
    assert (replaced.captain, replaced.number) == (captain, "")
    assert captain.number == "001"
    assert refused(entered, item, hands, 2, **reason) == refusal


def test_nobody_joins_a_team_whose_work_is_marked(item, hands):
    type(item).objects.filter(pk=item.pk).update(team_size=2, draw_seed="7")
    marked(EntryFactory(item=item, unit=hands["unit"], team="一队"), 40, 3, 3, 3)
    closing(item, -1)
    item.refresh_from_db()

    assert refused(entered, item, hands, late_reason=WHY, team="一队") == "late-after-draw"
