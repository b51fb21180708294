"""Who files does not confirm: neither singly nor in bulk, whoever came after them."""

import pytest
from django.urls import reverse

from intake import services as imports
from intake.models import ImportRow
from intake.services import Correction
from organizations.models import User
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination
from talents.permissions import may_confirm, not_handled_by
from talents.selectors.assessments import current_assessment
from talents.services.nominations import correct_nomination, file_nomination
from tests.factories.filings import filing, month, segment
from tests.factories.organizations import account
from tests.factories.talents import eligible_nomination
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    sheet_of,
    staged,
)
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
LONG = {"一线工作经历": "2010年1月至今 东一公司 钳工"}
WRONG = SOUND[:17] + "8"
Checked = Nomination.State.CHECKED


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def staff(call):
    """Three who may file and confirm, and the approver."""
    return [account(Role.HANDLER, call.city) for _ in range(3)]


def by_form(call, first, then, last):
    """Filed by the first, corrected by the second; the third had no part in it."""
    unit = call.units[0]
    filed = file_nomination(call.round.pk, filing(unit, segment(month(2015, 1), None)), actor=first)
    again = filing(unit, identity="", filed={"post": "工段长"})
    return correct_nomination(filed.pk, again, actor=then, version=1, note="职务有变")


def by_form_the_person_only(call, first, then, last):
    """As before, but the second corrected nothing except the person's file."""
    unit = call.units[0]
    told = filing(unit, segment(month(2015, 1), None))
    filed = file_nomination(call.round.pk, told, actor=first)
    again = filing(unit, *told.segments, identity="", person={"education": "大学本科"})
    correct_nomination(filed.pk, again, actor=then, version=1, note="学历有变")
    last_word = filing(unit, *told.segments, identity="", filed={"post": "工段长"})
    return correct_nomination(
        filed.pk, last_word, actor=User.objects.system(), version=2, note="职务有变"
    )


def by_workbook(call, first, then, last):
    """Uploaded by the first, submitted by the second."""
    batch = staged(call, sheet_of(call, LONG), actor=first)
    imports.commit(batch.pk, actor=then)
    return Nomination.objects.get()


def by_workbook_corrected_by_form(call, first, then, last):
    """Uploaded by the first; what came of it was corrected by the second."""
    batch = staged(call, sheet_of(call, LONG), actor=first)
    imports.commit(batch.pk, actor=User.objects.system())
    again = filing(call.units[0], identity="", person={"name": "曾怡刚", "education": ""})
    return correct_nomination(
        Nomination.objects.get().pk, again, actor=then, version=1, note="核对更正"
    )


def by_corrected_row(call, first, then, last):
    """Uploaded by the first; the refused row put right by the second, another one by the third."""
    rows = ({"公民身份号码": WRONG} | LONG, {"公民身份号码": WRONG, "姓名": "李明"} | LONG)
    batch = staged(call, sheet_of(call, *rows), actor=first)
    lines = ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", flat=True)
    for line, identity, actor in zip(lines, (SOUND, OTHER_SOUND), (then, last), strict=True):
        imports.correct_row(batch.pk, line, Correction({}, identity=identity), actor=actor)
    imports.commit(batch.pk, actor=User.objects.system())
    return Nomination.objects.get(row_number=1)


WAYS = pytest.mark.parametrize(
    "way",
    [
        by_form,
        by_form_the_person_only,
        by_workbook,
        by_workbook_corrected_by_form,
        by_corrected_row,
    ],
    ids=lambda way: way.__name__,
)


@WAYS
def test_whoever_had_a_hand_in_it_does_not_confirm_but_a_colleague_does(call, staff, check, way):
    nomination = way(call, *staff)
    check(call.round)
    nomination.refresh_from_db()
    first, then, last = staff
    assessment = current_assessment(nomination)

    for filer in (first, then):
        offer = may_confirm.offer(filer, nomination, assessment)
        assert not not_handled_by(filer, Nomination.objects.filter(pk=nomination.pk)).exists()
        assert not offer
        assert "由您填报、更正或导入" in offer.reason
        with pytest.raises(DomainError) as refusal:
            workflow.confirm_nomination(nomination.pk, actor=filer)
        assert refusal.value.code == "filer-cannot-confirm"
        done = workflow.confirm_chosen(call.round.pk, [nomination.pk], actor=filer)
        assert not Nomination.objects.filter(pk=nomination.pk, state=Checked).exists()
        assert done.refused[nomination.pk].code == "filer-cannot-confirm"
    assert may_confirm.offer(last, nomination, assessment)
    workflow.confirm_nomination(nomination.pk, actor=last)

    nomination.refresh_from_db()
    assert nomination.state == Checked


def test_what_one_filed_is_passed_over_and_counted_when_one_confirms_all(call, check):
    theirs, *own = (eligible_nomination(round=call.round, unit=call.units[0]) for _ in range(3))
    actor = account(Role.APPROVER, call.city)
    Nomination.objects.filter(pk__in=[n.pk for n in own]).update(filed_by=actor)
    check(call.round)

    everybody = [n.pk for n in (theirs, *own)]
    done = workflow.confirm_chosen(call.round.pk, everybody, actor=actor)
    assert (done.confirmed, set(done.refused)) == ([theirs.pk], {n.pk for n in own})
    assert list(Nomination.objects.filter(state=Checked)) == [theirs]
    done = workflow.confirm_chosen(call.round.pk, everybody, actor=actor)
    assert (done.confirmed, set(done.refused)) == ([], set(everybody))


def test_the_page_says_who_was_passed_over_and_why(call, check, client):
    theirs, own = (eligible_nomination(round=call.round, unit=call.units[0]) for _ in range(2))
    actor = account(Role.APPROVER, call.city)
    Nomination.objects.filter(pk=own.pk).update(filed_by=actor)
    check(call.round)
    client.force_login(actor)

    here = reverse("talents:round-confirm", args=[call.round.code])
    page = client.get(here).content.decode()
    chosen = {"chosen": [theirs.pk, own.pk], "confirmed": "1", "note": ""}
    done = client.post(f"{here}act/confirm/", chosen)

    assert theirs.person.name in page
    assert own.person.name not in page
    assert "1 名合格人选由您填报、更正或导入" in page
    outcomes = dict(done.context["outcomes"])
    assert outcomes[theirs.person.name] == ""
    assert "由您填报、更正或导入" in outcomes[own.person.name]
    assert "没有待您确认的人选" in client.get(here).content.decode()


def test_of_what_one_filed_oneself_no_button_is_offered(call, check, client):
    nomination = eligible_nomination(round=call.round, unit=call.units[0])
    filer, other = (account(Role.HANDLER, call.city) for _ in range(2))
    Nomination.objects.filter(pk=nomination.pk).update(filed_by=filer)
    check(call.round)
    address = reverse("talents:confirm", args=[nomination.pk])
    page = reverse("talents:nomination", args=[nomination.pk])

    offered = []
    for user in (filer, other):
        client.force_login(user)
        offered.append(address in client.get(page).content.decode())

    assert offered == [False, True]
