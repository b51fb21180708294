"""Works are marked under codes: nobody but who drew them sees code and name together before the locking."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from competitions import workflow
from competitions.models import Aspect, Entry, Item, Mark
from competitions.services import entries
from competitions.services.contests import correct_item
from competitions.services.judging import assign_judge, dismiss_judge, give_marks
from competitions.services.schemes import draw_up_scheme
from competitions.services.sheets import type_sheet
from intake.models import ImportBatch
from intake.services import commit
from organizations.roles import Role
from pages.models import FormDraft
from tests.competitions.sheets import book, row
from tests.competitions.test_contest_flow import published, refused, seats
from tests.factories.competitions import EntryFactory, JudgeFactory, marked, on_file
from tests.factories.organizations import account
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def coder(city):
    return account(Role.HANDLER, city)


@pytest.fixture
def coded(item, hands, coder):
    """Three with numbers, coded by somebody who does nothing else."""
    people = [
        EntryFactory(item=item, unit=hands["unit"], number=f"70{n}", work_code="") for n in range(3)
    ]
    entries.draw_codes(item.pk, actor=coder)
    for entry in people:
        entry.refresh_from_db()
    return people


def test_codes_are_drawn_apart_from_numbers_and_the_lot_is_on_no_record(item, coded, coder):
    assert sorted(entry.work_code for entry in coded) == ["K001", "K002", "K003"]
    item.refresh_from_db()
    assert item.coded_by == coder
    told = Record.objects.get(code="competitions.coded")
    assert (told.after, told.note) == ({"count": 3}, "")
    assert refused(entries.draw_codes, item.pk, actor=coder) == "nothing-to-code"


def test_a_late_work_is_coded_by_the_same_and_nobody_elses_code_changes(item, coded, coder, hands):
    EntryFactory(item=item, number="799", work_code="")
    assert refused(entries.draw_codes, item.pk, actor=hands["handler"]) == "coded-by-another"

    entries.draw_codes(item.pk, actor=coder)

    now = dict(Entry.objects.filter(item=item).values_list("number", "work_code"))
    assert now == {entry.number: entry.work_code for entry in coded} | {"799": "K004"}


def test_judges_and_typists_go_by_codes_and_find_nothing_under_a_number(client, item, coded, city):
    judge = seats(item, city)[0]
    client.force_login(judge.user)
    listed = client.get(reverse("competitions:judging", args=[item.code])).content.decode()
    form = reverse("competitions:marking", args=[item.code, coded[0].number])

    assert "K001" in listed
    assert not [entry for entry in coded if entry.number in listed or entry.person.name in listed]
    assert client.get(form).status_code == 404
    told = {"seen": 0, "actor": judge.user}
    assert refused(give_marks, judge.pk, coded[0].number, {}, **told) == "work-not-standing"


def pages(client, user, item, entry):
    """Everything that somebody of the organizer reads about an item, by address."""
    client.force_login(user)
    at = {
        "item": reverse("competitions:item", args=[item.code]),
        "list": reverse("competitions:entries", args=[item.code]),
        "sheets": reverse("competitions:sheets", args=[item.code]),
        "entry": reverse("competitions:entry", args=[entry.pk]),
        "api": f"/api/competition-entries/{entry.pk}/",
        "back office": f"/admin/competitions/entry/{entry.pk}/change/",
        "marks": "/admin/competitions/mark/",
        "typed": "/admin/competitions/typedsheet/",
    }
    return {name: client.get(address).content.decode() for name, address in at.items()}


def given_anew(judge, entry, measured):
    """As a judge marks it again: what a record would tell."""
    aspect = judge.item.schemes.get().aspects.first()
    seen = entry.marks.filter(seat=1).latest("pk").pk
    values = {aspect.pk: Decimal(str(measured))}
    give_marks(judge.pk, entry.work_code, values, seen=seen, actor=judge.user)


def test_no_page_has_code_and_name_or_number_together_before_the_locking(
    client, item, coded, hands, city
):
    entry = coded[0]
    judges = seats(item, city)
    for one in coded:
        marked(one, 33.25, 3, 3, 3)
    given_anew(judges[0], entry, 31.75)

    told = pages(client, hands["approver"], item, entry)

    for name, page in told.items():
        with_name = entry.person.name in page or entry.number in page
        assert not (with_name and entry.work_code in page), name
    assert "K001" in told["item"]
    assert "K001" in told["sheets"]
    for name in ("entry", "list", "api", "back office"):
        assert entry.person.name in told[name], name
        assert "33.25" not in told[name], name
        assert "31.75" not in told[name], name
    assert "33.25" not in told["marks"]


def test_the_order_of_the_sheets_is_that_of_codes_and_tells_nothing(client, item, coded, hands):
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:sheets", args=[item.code])).content.decode()
    assert [page.index(code) for code in ("K001", "K002", "K003")] == sorted(
        page.index(code) for code in ("K001", "K002", "K003")
    )


def test_the_list_of_codes_is_the_coders_alone_until_two_have_locked(
    client, item, coded, coder, hands
):
    address = reverse("competitions:codes", args=[item.code])
    client.force_login(coder)
    own = client.get(address).content.decode()
    client.force_login(hands["approver"])
    sealed = client.get(address)

    assert all(entry.number in own and entry.work_code in own for entry in coded)
    assert not [entry for entry in coded if entry.person.name in own]
    assert sealed.status_code == 409
    for entry in coded:
        marked(entry, 40, 3, 3, 3)
    published(item, hands)
    opened = client.get(address).content.decode()
    assert all(entry.person.name in opened and entry.work_code in opened for entry in coded)
    page = client.get(reverse("competitions:entry", args=[coded[0].pk])).content.decode()
    assert coded[0].work_code in page


def test_who_knows_the_codes_neither_judges_nor_types_nor_locks(item, coded, coder, hands, city):
    assert refused(assign_judge, item.pk, coder, 1, actor=hands["handler"]) == "judge-in-conflict"
    judge = JudgeFactory(item=item, user=coder, seat=2)
    values = {item.schemes.get().aspects.last().pk: Decimal(3)}
    told = {"seen": 0, "actor": coder}
    assert refused(give_marks, judge.pk, coded[0].work_code, values, **told) == "knows-the-codes"
    assert refused(type_sheet, item.pk, coded[0].work_code, 2, values, actor=coder) == (
        "knows-the-codes"
    )
    judge.delete()
    for entry in coded:
        marked(entry, 40, 3, 3, 3)
    assert refused(workflow.check_marks, item.pk, actor=coder) == "knows-the-codes"
    workflow.check_marks(item.pk, actor=hands["handler"])
    assert refused(workflow.lock_marks, item.pk, actor=coder) == "knows-the-codes"
    with (
        pytest.raises(IntegrityError, match="item_is_not_locked_by_who_coded_it"),
        transaction.atomic(),
    ):
        Item.objects.filter(pk=item.pk).update(checked_by=coder)


def test_who_judged_or_typed_does_not_lock_and_does_not_code(item, coded, hands, city):
    typist = account(Role.HANDLER, city)
    values = {item.schemes.get().aspects.last().pk: Decimal(3)}
    type_sheet(item.pk, coded[0].work_code, 2, values, actor=typist)
    judge = account(Role.HANDLER, city)
    JudgeFactory(item=item, user=judge, seat=1)
    for entry in coded:
        marked(entry, 40, 3, 3, 3)

    for user in (typist, judge):
        assert refused(workflow.check_marks, item.pk, actor=user) == "locker-marked"
        assert refused(entries.draw_codes, item.pk, actor=user) == "coder-marked"
    workflow.check_marks(item.pk, actor=hands["handler"])
    assert refused(workflow.lock_marks, item.pk, actor=typist) == "locker-marked"


def test_a_unit_reads_no_code_of_its_own_people_on_the_sheets(client, item, coded, hands):
    handler = account(Role.HANDLER, hands["unit"])
    client.force_login(handler)
    answer = client.get(reverse("competitions:sheets", args=[item.code]))
    assert answer.status_code == 409
    assert "K00" not in answer.content.decode()


def sheet_handed_in(client, user, item):
    """The answer to a marking sheet for the item."""
    client.force_login(user)
    content = book([row(1, 40, 3, 3, 3)], title="")
    address = reverse("intake:upload", args=["marks", item.code])
    return client.post(address, {"file": SimpleUploadedFile("评分表.xlsx", content)})


def test_a_sheet_with_names_beside_marks_is_not_taken_for_works_under_codes(
    client, item, coded, hands
):
    answer = sheet_handed_in(client, hands["handler"], item)
    offered = client.get(reverse("competitions:item", args=[item.code])).content.decode()

    assert answer.status_code == 409
    assert "导入评分表" not in offered
    assert "姓名与分数并列，锁定之前不能导入" in answer.content.decode()
    assert not ImportBatch.objects.filter(kind="competitions.marks").exists()


def test_marks_that_came_with_names_are_not_put_under_codes_and_their_importer_does_not_lock(
    client, item, hands, coder
):
    importer = hands["handler"]
    sheet_handed_in(client, importer, item)
    commit(ImportBatch.objects.get().pk, actor=importer)

    assert refused(entries.draw_codes, item.pk, actor=coder) == "marks-came-with-names"
    assert refused(workflow.check_marks, item.pk, actor=importer) == "locker-marked"
    moved(Item.objects.filter(pk=item.pk), "checked", checked_by=coder)
    assert refused(workflow.lock_marks, item.pk, actor=importer) == "locker-marked"


def test_the_command_reads_no_names_of_works_under_codes_before_the_locking(item, coded, hands):
    for entry in coded:
        marked(entry, 40, 3, 3, 3)
    out = io.StringIO()

    with pytest.raises(CommandError, match="成绩锁定之前不能看到名次是谁的"):
        call_command("propose_promotions", item=item.code, stdout=out)
    assert not [entry for entry in coded if entry.person.name in out.getvalue()]

    published(item, hands)
    call_command("propose_promotions", item=item.code, stdout=out)
    assert coded[0].person.name in out.getvalue()


def test_records_tell_the_tier_of_entry_as_the_rules_call_it(item, hands, client):
    facts = on_file(item)
    correct_item(
        item.pk, facts | {"entry_tier": "national"}, actor=hands["handler"], note="核对通知"
    )
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()

    assert "国赛项目" in page
    assert "一般项目" in page
    assert "general" not in page


def test_a_sheet_filled_in_from_one_seat_is_not_sent_from_another(client, item, city):
    """As from a tablet that two judges use in turn."""
    EntryFactory(item=item, number="007")
    first, second = seats(item, city)[:2]
    measured, judged = Aspect.objects.filter(scheme__item=item)
    address = reverse("competitions:marking", args=[item.code, "007"])
    sent = {f"aspect_{measured.pk}": "38.25", f"aspect_{judged.pk}": "3", "seen": "0"}
    client.force_login(second.user)

    others = {"judge": first.pk}
    answers = [client.post(address, sent | told) for told in (others, others | {"_draft": "keep"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "不是从您的裁判席（第2席）填写的" in answers[0].content.decode()
    assert not FormDraft.objects.exists()  # no draft of the one out of the other's marks either
    assert client.post(address, sent).status_code == 409  # the second seat measures nothing
    del sent[f"aspect_{measured.pk}"]
    assert client.post(address, sent).status_code == 422
    assert not Mark.objects.exists()
    assert client.post(address, sent | {"judge": second.holding}).status_code == 302
    assert set(Mark.objects.values_list("seat", flat=True)) == {2}


def sheet_of(client, judge, number):
    """What the page of a work is sent back with, and its address."""
    address = reverse("competitions:marking", args=[judge.item.code, number])
    client.force_login(judge.user)
    form = client.get(address).context["form"]
    return address, {name: form[name].value() for name in ("judge", "seen")}


def test_a_judge_appointed_again_sends_the_sheet_of_before_from_the_same_seat_only(
    client, item, hands, city
):
    EntryFactory(item=item, number="007")
    _, judge, third = seats(item, city)[:3]
    judged = Aspect.objects.get(scheme__item=item, method="judgement")
    address, told = sheet_of(client, judge, "007")
    sent = told | {f"aspect_{judged.pk}": "3"}
    dismiss_judge(judge.pk, actor=hands["handler"], note="误聘")
    assert client.post(address, sent).status_code == 404

    dismiss_judge(third.pk, actor=hands["handler"], note="换席")
    assign_judge(item.pk, judge.user, 3, actor=hands["handler"])
    elsewhere = client.post(address, sent)
    assert elsewhere.status_code == 409
    assert "这份评分是您在第2席时填写的，您现在是第3席" in elsewhere.content.decode()
    assert not Mark.objects.exists()

    dismiss_judge(item.judges.get(user=judge.user).pk, actor=hands["handler"], note="换回")
    assign_judge(item.pk, judge.user, 2, actor=hands["handler"])
    assert client.post(address, sent).status_code == 302
    assert set(Mark.objects.values_list("seat", "given_by")) == {(2, judge.user_id)}


@pytest.mark.parametrize("typed", ["3", ""], ids=["filled in", "left open"])
def test_a_sheet_of_another_version_of_the_scheme_is_refused_and_nothing_of_it_dropped(
    client, item, hands, city, typed
):
    EntryFactory(item=item, number="007")
    judge = seats(item, city)[1]
    old = Aspect.objects.get(scheme__item=item, method="judgement")
    address, told = sheet_of(client, judge, "007")
    aspects = list(item.schemes.get().aspects.all())
    version = draw_up_scheme(item.pk, aspects, actor=hands["handler"], note="更正评分基准")
    new = version.aspects.get(method="judgement")

    answer = client.post(address, told | {f"aspect_{old.pk}": typed, f"aspect_{new.pk}": "2"})

    assert answer.status_code == 409
    assert "评分方案已换版（现为第2版）" in answer.content.decode()
    assert not Mark.objects.exists()
    code = refused(give_marks, judge.pk, "007", {old.pk: Decimal(3)}, seen=0, actor=judge.user)
    assert code == "scheme-changed"
    assert client.post(address, told | {"aspect_x": "2"}).status_code == 409
    assert client.post(address, told | {f"aspect_{new.pk}": "2"}).status_code == 302
    assert Mark.objects.get().aspect == new


def test_who_was_refused_for_marks_saved_meanwhile_compares_and_saves(client, item, city):
    entry = EntryFactory(item=item, number="007")
    judge = seats(item, city)[0]
    measured = Aspect.objects.filter(scheme__item=item).first()
    values = {measured.pk: Decimal("31.75")}
    give_marks(judge.pk, entry.work_code, values, seen=0, actor=judge.user)  # from another device
    name = f"aspect_{measured.pk}"
    address = reverse("competitions:marking", args=[item.code, entry.work_code])
    client.force_login(judge.user)

    refusal = client.post(address, {name: "38.25", "seen": "0", "judge": judge.pk})
    form = refusal.context["form"]
    shown = {field: form[field].value() for field in (name, "seen", "judge")}

    assert refusal.status_code == 409
    assert shown[name] == "38.25"
    assert "本席已保存的是31.75分" in refusal.content.decode()
    assert client.post(address, shown).status_code == 302
    assert Mark.objects.get(is_superseded=False).value == Decimal("38.25")


def test_drawing_and_coding_are_offered_to_who_may_while_somebody_waits(
    client, item, hands, coder, coded
):
    def offered(user):
        client.force_login(user)
        page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
        return [deed for deed in ("抽签编号", "加密作品") if f">{deed}</a>" in page]

    assert (offered(hands["handler"]), offered(coder)) == ([], [])
    EntryFactory(item=item, number="", work_code="")
    assert offered(hands["handler"]) == ["抽签编号"]
    EntryFactory(item=item, number="799", work_code="")
    assert offered(hands["handler"]) == ["抽签编号"]  # codes are drawn by the same person
    assert offered(coder) == ["抽签编号", "加密作品"]
    assert offered(hands["nominator"]) == []
