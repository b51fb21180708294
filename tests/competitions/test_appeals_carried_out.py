"""What an upheld appeal leads to is done before anything is built on the board; a result taken away comes back."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Award, Board, Entry, Item, Mark, Promotion
from competitions.selectors.board import differences
from competitions.selectors.home import staff_queues
from competitions.selectors.own import own_entry
from competitions.services.awards import give_awards
from competitions.services.entries import take_over_qualified
from competitions.services.leaving import (
    ask_away,
    disqualify_entry,
    keep_result,
    restore_result,
    take_away,
    withdraw_entry,
)
from competitions.services.promotions import propose
from organizations.roles import Role
from tests.competitions.jury import decided, group_of, opened_again, upheld
from tests.competitions.test_contest_flow import NUMBER, REASON, published, refused
from tests.competitions.test_own_entries import oneself
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account
from workflow.models import Notice

pytestmark = pytest.mark.django_db
WHY = "查实冒名顶替，由他人代为比赛"
BACK = "录像属实，由本人参赛，恢复成绩"
DOCUMENT = "京工发〔2026〕12号"


@pytest.fixture
def chair(city):
    return account(Role.HANDLER, city)


def taken(entry, hands):
    ask_away(entry.pk, actor=hands["approver"], note=WHY)
    return take_away(entry.pk, actor=hands["second"], note=WHY)


def awarding(item, hands):
    return later(give_awards, item.pk, actor=hands["approver"], document_number=DOCUMENT)


def test_nothing_is_built_on_a_board_that_an_upheld_appeal_has_marked_anew(
    podium, item, hands, chair
):
    later(propose, item.pk, actor=hands["handler"])
    first = Promotion.objects.order_by("rank")[0]
    upheld(podium[3], chair, filed_by=hands["nominator"])

    assert refused(awarding, item, hands) == "board-to-be-mended"
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "board-to-be-mended"
    certifying = {"actor": hands["handler"]}
    assert refused(later, workflow.certify, first.pk, NUMBER, **certifying) == "board-to-be-mended"

    workflow.mark_anew(item.pk, actor=chair, note=REASON)
    published(item, hands)

    assert awarding(item, hands) == 5


def test_an_upheld_appeal_is_carried_out_before_a_result_is_taken_away(podium, item, hands, chair):
    upheld(podium[3], chair, filed_by=hands["nominator"])
    ask_away(podium[0].pk, actor=hands["approver"], note=WHY)

    taking = {"actor": hands["second"], "note": WHY}
    assert refused(take_away, podium[0].pk, **taking) == "board-to-be-mended"
    assert item.boards.count() == 1
    workflow.mark_anew(item.pk, actor=chair, note=REASON)
    assert refused(disqualify_entry, podium[0].pk, actor=hands["approver"], note=WHY) == "result-published"  # fmt: skip
    published(item, hands)

    assert take_away(podium[0].pk, **taking).number == 3


def test_marks_are_given_anew_though_another_edition_was_published_before_the_verdict(
    podium, item, hands, chair
):
    """As on file from before taking away waited for appeals."""
    filed = workflow.appeal(podium[3].pk, "第一项少记一分半", actor=hands["nominator"])
    first = item.boards.get()
    Board.objects.create(
        item=item, number=2, scheme=first.scheme, reason=WHY, digest=first.digest,
        published_at=first.published_at, published_by=hands["second"],
    )  # fmt: skip
    assert refused(workflow.mark_anew, item.pk, actor=chair, note=REASON) == "no-appeal-upheld"
    decided(filed, chair, is_upheld=True, verdict="复核属实，应予重评")

    assert workflow.mark_anew(item.pk, actor=chair, note=REASON).state == "open"


def test_all_appeals_are_decided_before_marks_are_given_anew(podium, item, hands, chair):
    filed = workflow.appeal(podium[2].pk, "第二项少记一分半", actor=hands["nominator"])
    other = workflow.appeal(podium[3].pk, "第一项少记一分半", actor=hands["nominator"])
    jury = group_of(item.competition, chair)[:1]
    words = {"jury": jury, "actor": chair}
    workflow.decide(filed.pk, is_upheld=True, verdict="复核属实，应予重评", **words)

    assert refused(workflow.mark_anew, item.pk, actor=chair, note=REASON) == "appeals-open"
    workflow.decide(other.pk, is_upheld=False, verdict="复核无误，维持原分", **words)

    assert workflow.mark_anew(item.pk, actor=chair, note=REASON).state == "open"


def test_an_upheld_appeal_gives_a_result_back_by_a_new_edition(client, podium, item, hands, city):
    first, chair = podium[0], account(Role.HANDLER, city)
    with appeals_over():
        give_awards(item.pk, actor=hands["approver"], document_number=DOCUMENT)
        taken(first, hands)
        filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
        others = group_of(item.competition, chair)
        restoring = {"actor": others[0], "note": BACK}
        assert refused(restore_result, first.pk, **restoring) == "no-appeal-upheld"
        workflow.decide(filed.pk, is_upheld=True, verdict=BACK, jury=others[:1], actor=chair)
        marks = list(Mark.objects.order_by("pk").values_list("pk", "value", "is_superseded"))

        for user in (hands["approver"], hands["second"]):
            assert refused(restore_result, first.pk, actor=user, note=BACK) == "jury-took-away"
        assert refused(restore_result, first.pk, actor=chair, note=BACK) == "jury-cannot-restore"
        assert refused(restore_result, first.pk, actor=hands["handler"], note=BACK) == "role-required"  # fmt: skip
        client.force_login(others[0])
        address = reverse("competitions:entry-result", args=[first.pk, "restore"])
        assert address in client.get(reverse("competitions:entry", args=[first.pk])).content.decode()  # fmt: skip
        assert client.post(address, {"note": BACK}).status_code == 302

    first.refresh_from_db()
    assert (first.state, first.out_reason) == ("entered", "")
    assert (first.out_asked_by, first.out_agreed_by) == (None, None)
    new, old, original = item.boards.all()
    assert (new.number, new.reason) == (3, f"按仲裁恢复{first.person.name}的成绩：{BACK}")
    assert new.digest == original.digest
    told = {one.name: (one.before, one.after) for one in differences(old, new)}
    assert told[first.person.name] == (None, told[first.person.name][1])
    assert list(Mark.objects.order_by("pk").values_list("pk", "value", "is_superseded")) == marks
    assert Award.objects.get(line__entry=first, kind="gold").honour.state == "doubted"
    asked = Notice.objects.filter(title__contains="撤销称号的提议请重新复核")
    assert asked.filter(recipient=hands["approver"]).exists()
    assert refused(restore_result, first.pk, **restoring) == "no-appeal-upheld"


def test_who_took_a_result_away_does_not_sit_on_the_appeal(podium, item, hands):
    first = podium[0]
    taken(first, hands)
    filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
    others = group_of(item.competition, hands["second"])
    words = {"is_upheld": True, "verdict": BACK}

    sitting = {"jury": others[:1], "actor": hands["second"]}
    assert refused(workflow.decide, filed.pk, **words, **sitting) == "jury-took-away"
    sitting = {"jury": [hands["second"]], "actor": others[0]}
    assert refused(workflow.decide, filed.pk, **words, **sitting) == "jury-took-away"
    assert workflow.decide(filed.pk, jury=others[1:], actor=others[0], **words).state == "upheld"


def test_a_result_taken_away_before_locking_comes_back_while_marks_are_given_anew(
    item, hands, chair
):
    first = marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    marked(EntryFactory(item=item, unit=hands["unit"]), 30, 3, 3, 3)
    disqualify_entry(first.pk, actor=hands["approver"], note=WHY)
    published(item, hands)
    filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
    others = group_of(item.competition, chair)
    workflow.decide(filed.pk, is_upheld=True, verdict=BACK, jury=others[:1], actor=chair)
    assert refused(restore_result, first.pk, actor=hands["approver"], note=BACK) == "jury-took-away"

    workflow.mark_anew(item.pk, actor=chair, note=REASON)
    assert restore_result(first.pk, actor=others[0], note=BACK) is None
    published(item, hands)

    assert item.boards.first().lines.get(rank=1).entry == first
    assert refused(workflow.mark_anew, item.pk, actor=chair, note=REASON) == "no-appeal-upheld"


def test_who_has_no_marks_comes_back_only_while_they_are_given_anew(item, hands, chair):
    first = EntryFactory(item=item, unit=hands["unit"])
    marked(EntryFactory(item=item, unit=hands["unit"]), 30, 3, 3, 3)
    disqualify_entry(first.pk, actor=hands["approver"], note=WHY)
    published(item, hands)
    filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
    others = group_of(item.competition, chair)
    workflow.decide(filed.pk, is_upheld=True, verdict=BACK, jury=others[:1], actor=chair)

    assert refused(restore_result, first.pk, actor=others[0], note=BACK) == "marks-incomplete"

    first.refresh_from_db()
    assert (first.state, item.boards.count()) == ("disqualified", 1)


def test_a_mended_board_is_not_lost_when_somebody_comes_back_first(podium, item, hands, chair):
    """Two appeals are upheld: one for marks, one against taking away."""
    taken(podium[0], hands)
    both = [
        workflow.appeal(entry.pk, "录像证明计分有误", actor=hands["nominator"])
        for entry in (podium[0], podium[3])
    ]
    others = group_of(item.competition, chair)
    for filed in both:
        workflow.decide(filed.pk, is_upheld=True, verdict=BACK, jury=others[:1], actor=chair)

    restoring = {"actor": others[0], "note": BACK}
    assert refused(restore_result, podium[0].pk, **restoring) == "board-to-be-mended"
    workflow.mark_anew(item.pk, actor=chair, note=REASON)
    published(item, hands)
    assert refused(awarding, item, hands) == "board-to-be-mended"

    assert restore_result(podium[0].pk, **restoring).number == 4
    assert awarding(item, hands) == 5


def test_nobody_alone_takes_a_published_entrant_out_while_marks_are_given_anew(
    client, podium, item, hands, chair
):
    first = podium[0]
    ask_away(first.pk, actor=hands["approver"], note=WHY)
    opened_again(podium[1], chair, filed_by=hands["nominator"])

    for act, user in (
        (disqualify_entry, hands["approver"]),
        (disqualify_entry, hands["second"]),
        (withdraw_entry, hands["nominator"]),
        (withdraw_entry, hands["handler"]),
    ):
        assert refused(act, first.pk, actor=user, note=WHY) == "result-published"
    client.force_login(hands["approver"])
    page = client.get(reverse("competitions:entry", args=[first.pk])).content.decode()
    assert reverse("competitions:entry-disqualify", args=[first.pk]) not in page

    published(item, hands)
    assert item.boards.first().lines.filter(entry=first).exists()
    first.refresh_from_db()
    assert (first.out_asked_by, first.state) == (hands["approver"], "entered")


def test_before_the_first_board_one_person_still_takes_somebody_out(item, hands):
    one, other = EntryFactory.create_batch(2, item=item, unit=hands["unit"])
    assert withdraw_entry(one.pk, actor=hands["nominator"], note=WHY).state == "withdrawn"
    assert disqualify_entry(other.pk, actor=hands["approver"], note=WHY).state == "disqualified"


def test_while_a_result_is_in_question_nothing_is_built_on_the_board(podium, item, hands):
    ask_away(podium[0].pk, actor=hands["approver"], note=WHY)

    assert refused(awarding, item, hands) == "result-in-question"
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "result-in-question"

    keep_result(podium[0].pk, actor=hands["second"], note="核对录像，属本人参赛")
    assert awarding(item, hands) == 5


def tiles(user):
    return {queue.title: (queue.count, queue.href) for queue in staff_queues(user)}


def test_who_decides_finds_what_waits_for_a_second_person_at_home(podium, item, hands, chair):
    ask_away(podium[0].pk, actor=hands["approver"], note=WHY)

    page = reverse("competitions:entry", args=[podium[0].pk])
    assert tiles(hands["second"])["取消成绩待决定"] == (1, page)
    assert "取消成绩待决定" not in tiles(chair)
    group_of(item.competition, chair)
    assert tiles(chair)["取消成绩待决定"] == (1, page)


def test_who_may_agree_to_open_marks_finds_it_at_home_and_who_asked_does_not(item, hands):
    marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    workflow.check_marks(item.pk, actor=hands["handler"])
    workflow.lock_marks(item.pk, actor=hands["approver"])
    workflow.ask_reopening(item.pk, actor=hands["handler"], note=REASON)

    page = reverse("competitions:item", args=[item.code])
    assert tiles(hands["second"])["退回重评待同意"] == (1, page)
    assert "退回重评待同意" not in tiles(hands["handler"])


def test_a_published_entrants_page_does_not_send_to_a_step_that_is_not_there(client, podium, hands):
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:entry", args=[podium[0].pk])).content.decode()
    assert "请先退回重评" not in page
    assert "有异议的，在申诉期内申诉" in page


def test_while_marks_are_given_anew_ones_own_page_says_so(podium, item, hands, chair):
    user = oneself(podium[0])
    opened_again(podium[1], chair, filed_by=hands["nominator"])

    told = own_entry(Entry.objects.get(pk=podium[0].pk), user)

    assert told.until is None
    assert told.words.endswith("（正在重评）")
    assert told.may_appeal.reason == "正在按仲裁重评，新版成绩公布后可以申诉"


def test_who_came_by_a_result_that_was_taken_away_is_taken_out_before_the_next_comes(item, hands):
    Item.objects.filter(pk=item.pk).update(stage="preliminary", places=2)
    item.refresh_from_db()
    three = [marked(EntryFactory(item=item, unit=hands["unit"]), 40 - n, 3, 3, 3) for n in range(3)]
    published(item, hands)
    final = ItemFactory(competition=item.competition, follows=item, stage="final")
    SchemeFactory(item=final)
    going = {"actor": hands["handler"]}
    assert later(take_over_qualified, final.pk, **going) == 2

    taken(three[0], hands)

    here = Entry.objects.get(item=final, person=three[0].person)
    assert Notice.objects.filter(
        recipient=hands["handler"], title__startswith="晋级所凭成绩已取消"
    ).exists()
    assert refused(later, take_over_qualified, final.pk, **going) == "qualified-in-vain"
    disqualify_entry(here.pk, actor=hands["approver"], note=WHY)
    assert later(take_over_qualified, final.pk, **going) == 1
    assert final.entries.filter(state="entered").count() == 2
