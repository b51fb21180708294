"""A sheet of marks taken back again, and works whose marks came by a sheet marked anew."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import workflow
from competitions.models import Entry, Mark
from competitions.selectors.board import board_of, newest_board
from competitions.services.entries import Entrant, correct_entry, draw_codes, enter
from competitions.services.judging import give_marks
from competitions.services.sheets import type_sheet
from intake.models import ImportBatch
from organizations.roles import Role
from talents.models import Person
from tests.competitions.filing import commit, handed_in, undone
from tests.competitions.jury import opened_again
from tests.competitions.sheets import book, identity, row, total
from tests.competitions.test_contest_flow import REASON, newest, published, refused, seats
from tests.factories.competitions import ArbiterFactory, EntryFactory, marked, on_file
from tests.factories.organizations import account
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def importer(city):
    """Who brings the sheet in does not lock what it says."""
    return account(Role.HANDLER, city)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def sheet(client, item, importer, media):
    """An item whose marks came by a sheet, of one who was entered before and two who were not."""
    client.force_login(importer)
    batch = handed_in(client, book([row(1, 40, 3, 3, 3), row(2, 30, 2, 2, 2)]), "marks", item.code)
    commit(client, batch)
    return batch


def test_a_sheet_is_taken_back_with_marks_entrants_and_persons(client, item, sheet):
    there = marked(EntryFactory(item=item, number="009"), 20, 1, 1, 1)
    assert Mark.objects.filter(batch=sheet).count() == 8

    answer = undone(client, sheet)

    assert answer.status_code == 302
    assert ImportBatch.objects.get(pk=sheet.pk).status == "reverted"
    assert not Mark.objects.filter(batch=sheet).exists()
    assert list(Entry.objects.all()) == [there]
    assert list(Person.objects.all()) == [there.person]
    assert [place.entry_id for place in board_of(item)] == [there.pk]


def test_a_sheet_is_not_taken_back_once_somebody_was_corrected(client, hands, sheet):
    entry = Entry.objects.get(number="002")
    facts = on_file(entry)
    facts["employer"] = "另一公司"
    correct_entry(entry.pk, facts, actor=hands["handler"], note=REASON)

    answer = undone(client, sheet)

    assert answer.status_code == 409
    assert "不能整批撤销" in answer.content.decode()
    assert Mark.objects.filter(batch=sheet).count() == 8


def marked_anew(item, city, number, value):
    """The judge of the second seat changes the judgement of one work by its number."""
    judge = seats(item, city)[1]
    entry = Entry.objects.get(item=item, number=number)
    judged = item.schemes.get().aspects.get(method="judgement")
    seen = newest(judge, entry)
    return give_marks(judge.pk, number, {judged.pk: value}, seen=seen, actor=judge.user)


def test_a_work_whose_marks_came_by_a_sheet_is_marked_anew_by_its_number(
    client, item, hands, city, sheet
):
    assert refused(draw_codes, item.pk, actor=hands["second"]) == "marks-came-with-names"
    assert marked_anew(item, city, "002", 3) == 1

    told = Mark.objects.filter(entry__number="002", seat=2).order_by("pk")
    assert list(told.values_list("value", "is_superseded")) == [(2, True), (3, False)]
    assert {p.number: f"{p.total:.2f}" for p in board_of(item)}["002"] == total(30, 2, 3, 2)
    refusal = undone(client, sheet)
    assert refusal.status_code == 409
    assert "重评" in refusal.content.decode()


def test_after_an_upheld_appeal_such_an_item_gets_a_second_edition(
    client, item, hands, sheet, importer
):
    city = item.competition.organizer
    published(item, hands)
    group = [account(Role.HANDLER, city) for _ in range(3)]
    for user in group:
        ArbiterFactory(competition=item.competition, user=user)
    entry = Entry.objects.get(number="002")
    filed = workflow.appeal(entry.pk, "第二项少记一分", actor=hands["handler"])
    workflow.decide(filed.pk, is_upheld=True, verdict="复核属实", jury=group[1:], actor=group[0])
    workflow.mark_anew(item.pk, actor=group[0], note=REASON)
    judge = seats(item, city)[1]
    client.force_login(judge.user)

    listed = client.get(reverse("competitions:judging", args=[item.code])).content.decode()
    address = reverse("competitions:marking", args=[item.code, "002"])
    judged = item.schemes.get().aspects.get(method="judgement")
    shown = client.get(address).context["form"]
    told = {"judge": judge.holding, "seen": shown["seen"].value(), f"aspect_{judged.pk}": "3"}
    sent = client.post(address, told)

    assert "按参赛号评分" in listed
    assert entry.person.name not in listed
    assert sent.status_code == 302
    published(item, hands)
    again = newest_board(item)
    assert again.number == 2
    assert f"{again.lines.get(entry=entry).total:.2f}" == total(30, 2, 3, 2)
    client.force_login(importer)
    assert undone(client, sheet).status_code == 409


def test_marks_of_a_published_board_are_not_taken_back_while_they_are_given_anew(
    client, item, hands, media
):
    """Entered and numbered before the sheet came: nobody on the board is of the batch."""
    born = read_identity(identity(1), today=timezone.localdate())
    who = Entrant(row(1)[1], born)
    facts = {"number": "001", "present_level": "3", "in_city_since": date(2015, 1, 1)}
    entry = enter(item.pk, who, facts, unit=hands["unit"], actor=hands["second"])
    client.force_login(account(Role.HANDLER, item.competition.organizer))
    only = row(1, 40, 3, 3, 3, unit=hands["unit"].name)
    batch = handed_in(client, book([only]), "marks", item.code)
    commit(client, batch)
    assert Mark.objects.filter(batch=batch, entry=entry).count() == 4
    published(item, hands)
    chair = account(Role.HANDLER, item.competition.organizer)
    opened_again(entry, chair, filed_by=hands["second"])

    answer = undone(client, batch)

    assert answer.status_code == 409
    assert "已公布过成绩" in answer.content.decode()
    assert Mark.objects.filter(batch=batch).count() == 4


def test_works_that_came_by_a_sheet_are_on_paper_by_their_number_and_on_no_list_of_codes(
    client, item, hands, sheet
):
    client.force_login(hands["handler"])
    listed = client.get(reverse("competitions:sheets", args=[item.code])).content.decode()
    works = Entry.objects.filter(item=item).values_list("number", flat=True)
    assert len(works) == 2
    assert all(f">{number}<" in listed for number in works)
    typing = reverse("competitions:typing", args=[item.code, 1, works[0]])
    assert client.get(typing).status_code == 200
    assert type_sheet_refused(item, works[0], hands["handler"]) == "sheet-on-file"
    codes = client.get(reverse("competitions:codes", args=[item.code])).content.decode()
    assert f">{works[0]}<" not in codes


def type_sheet_refused(item, number, typist):
    values = {aspect.pk: 1 for aspect in item.schemes.get().aspects.all()}
    return refused(type_sheet, item.pk, number, 1, values, actor=typist)
