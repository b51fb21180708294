"""What whoever takes part promises: which version was read, signed and kept."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import workflow
from competitions.models import Entry, Mark, Terms
from competitions.services import contests, entries, leaving
from competitions.services.sheets import type_sheet
from competitions.services.terms import STANDARD, issue_terms, sign_all, sign_terms
from organizations.roles import Role
from tests.competitions.sheets import identity
from tests.competitions.test_contest_flow import given, published, refused, seats
from tests.factories.competitions import EntryFactory, ItemFactory, TermsFactory, marked
from tests.factories.organizations import account
from tests.factories.workflow import moved
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
NEWER = "一、服从裁判和仲裁。\n二、赛场内不使用手机。"


@pytest.fixture
def terms(item):
    return TermsFactory(competition=item.competition)


def who(place, signed):
    return entries.Entrant(
        f"张{place}", read_identity(identity(place), today=date(2026, 1, 1)), signed
    )


def entered(item, hands, place, signed):
    words = {"unit": hands["unit"], "actor": hands["nominator"]}
    return entries.enter(item.pk, who(place, signed), {"present_level": "3"}, **words)


def test_a_contest_begins_with_the_usual_terms_and_every_version_stays(hands, city):
    facts = {"name": "技能竞赛", "level": "city", "contest_class": "second"}
    made = contests.register_competition("C-9", 2026, city, facts, actor=hands["handler"])
    assert made.terms.get().text == STANDARD
    moved(type(made).objects.filter(pk=made.pk), "announced")
    assert refused(issue_terms, made.pk, NEWER, actor=hands["nominator"]) == "role-required"

    second = issue_terms(made.pk, NEWER, actor=hands["handler"])

    assert (second.number, made.terms.get(number=1).text) == (2, STANDARD)
    assert refused(issue_terms, made.pk, NEWER, actor=hands["handler"]) == "terms-unchanged"
    assert Record.objects.filter(code="competitions.terms").latest("pk").after["wording"] == NEWER


def test_an_entry_keeps_the_version_that_was_read_whatever_is_issued_later(item, hands, terms):
    first = entered(item, hands, 1, signed=1)
    assert (first.terms, first.signed_on) == (terms, timezone.localdate())
    second = issue_terms(item.competition_id, NEWER, actor=hands["handler"])

    assert refused(entered, item, hands, 2, signed=1) == "terms-not-read"
    assert entered(item, hands, 2, signed=2).terms == second
    assert Entry.objects.get(pk=first.pk).terms == terms


def test_the_form_shows_the_words_and_the_entry_shows_what_was_signed(client, item, hands, terms):
    client.force_login(hands["nominator"])
    address = reverse("competitions:entry-new", args=[item.code])
    form = client.get(address).content.decode()
    assert terms.text in form
    told = {
        "name": "张焊花", "identity": identity(3), "unit": hands["unit"].pk, "present_level": "3",
        "terms": 1,
    }  # fmt: skip
    assert "未签署参赛承诺的不能报名" in client.post(address, told).content.decode()
    issue_terms(item.competition_id, NEWER, actor=hands["handler"])
    stale = client.post(address, told | {"promises": "on"})
    assert (stale.status_code, Entry.objects.count()) == (409, 0)

    client.post(address, told | {"promises": "on", "terms": 2})

    page = client.get(reverse("competitions:entry", args=[Entry.objects.get().pk]))
    assert "第2版" in page.content.decode()
    assert "赛场内不使用手机" in page.content.decode()


def test_whoever_came_by_a_list_or_a_sheet_signs_afterwards(client, item, hands, terms):
    entry = EntryFactory(item=item, unit=hands["unit"])
    client.force_login(hands["nominator"])
    page = reverse("competitions:entry", args=[entry.pk])
    assert "未签署" in client.get(page).content.decode()
    address = reverse("competitions:entry-sign", args=[entry.pk])
    assert terms.text in client.get(address).content.decode()

    assert client.post(address, {"terms": 1, "promises": "on"}).status_code == 302

    entry.refresh_from_db()
    assert (entry.terms, entry.signed_on) == (terms, timezone.localdate())
    assert refused(sign_terms, entry.pk, 1, actor=hands["nominator"]) == "terms-signed"
    bare = EntryFactory(item=ItemFactory(competition__organizer=item.competition.organizer))
    assert refused(sign_terms, bare.pk, 0, actor=hands["handler"]) == "no-terms"


def test_what_was_signed_goes_on_to_the_next_stage_of_the_same_contest(item, hands, terms):
    entry = marked(entered(item, hands, 1, signed=1), 40, 3, 3, 3)
    Entry.objects.filter(pk=entry.pk).update(number="001")
    type(item).objects.filter(pk=item.pk).update(places=1)
    published(item, hands)
    final = ItemFactory(competition=item.competition, follows=item)
    other = ItemFactory(competition__organizer=item.competition.organizer, follows=item)

    for stage in (final, other):
        entries.take_over_qualified(
            stage.pk, actor=account(Role.HANDLER, item.competition.organizer)
        )

    assert final.entries.get().terms == terms
    assert other.entries.get().terms is None
    assert Terms.objects.count() == 1


def test_no_number_is_drawn_while_somebody_has_not_signed_the_terms_that_stand(item, hands, terms):
    old = entered(item, hands, 1, signed=1)
    issue_terms(item.competition_id, NEWER, actor=hands["handler"])
    entered(item, hands, 2, signed=2)
    bare = EntryFactory(item=item, number="")

    with pytest.raises(DomainError, match="没有签署第2版参赛承诺") as refusal:
        entries.draw_numbers(item.pk, actor=hands["handler"])

    assert refusal.value.code == "terms-unsigned"
    assert all(str(entry) in refusal.value.message for entry in (old, bare))
    assert set(item.entries.values_list("number", flat=True)) == {""}
    sign_terms(old.pk, 2, actor=hands["nominator"])
    leaving.withdraw_entry(bare.pk, actor=hands["handler"], note="没有到场")
    assert entries.draw_numbers(item.pk, actor=hands["handler"]) == 2


def test_nobody_who_has_not_signed_is_marked_and_the_judge_reads_a_number_only(
    item, hands, city, terms
):
    entry = EntryFactory(item=item, number="001")
    judge = seats(item, city)[0]
    aspect = item.schemes.get().aspects.first()

    with pytest.raises(DomainError, match="001号作品的参赛人没有签署") as refusal:
        given(judge, entry, 38, 2)
    sheet = {"number": "001", "seat": 1, "values": {aspect.pk: 38}, "actor": hands["handler"]}
    assert refused(type_sheet, item.pk, **sheet) == "terms-unsigned"

    assert entry.person.name not in refusal.value.message
    assert not Mark.objects.exists()
    sign_terms(entry.pk, 1, actor=hands["handler"])
    assert given(judge, entry, 38, 2) == 2


def test_marks_that_came_in_a_workbook_are_not_locked_before_everybody_has_signed(
    item, hands, terms
):
    entry = marked(EntryFactory(item=item, number="001"), 40, 3, 3, 3)

    assert refused(workflow.check_marks, item.pk, actor=hands["handler"]) == "terms-unsigned"
    sign_terms(entry.pk, 1, actor=hands["handler"])
    assert workflow.check_marks(item.pk, actor=hands["handler"]).state == "checked"


def test_who_came_by_a_sheet_is_signed_for_all_at_once_with_where_the_papers_are(
    client, item, hands, terms
):
    signed = EntryFactory(item=item, terms=terms, signed_on=date(2026, 1, 5))
    others = EntryFactory.create_batch(2, item=item)
    gone = EntryFactory(item=item)
    moved(Entry.objects.filter(pk=gone.pk), "withdrawn")
    client.force_login(hands["handler"])
    page = reverse("competitions:item", args=[item.code])
    address = reverse("competitions:item-deed", args=[item.code, "sign"])
    assert address in client.get(page).content.decode()
    words = {"note": "纸质承诺书由竞赛办公室归档"}
    assert refused(sign_all, item.pk, actor=hands["nominator"], **words) == "role-required"

    assert client.post(address, words).status_code == 302

    for one in others:
        one.refresh_from_db()
        assert (one.terms, one.signed_on) == (terms, timezone.localdate())
    signed.refresh_from_db()
    gone.refresh_from_db()
    assert (signed.signed_on, gone.terms) == (date(2026, 1, 5), None)
    told = Record.objects.get(code="competitions.signed")
    assert (told.note, told.after["count"]) == (words["note"], 2)
    assert address not in client.get(page).content.decode()
    assert refused(sign_all, item.pk, actor=hands["handler"], **words) == "terms-signed"
