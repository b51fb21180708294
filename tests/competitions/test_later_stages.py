"""A result that comes back in one stage brings its owner back in the next, or somebody decides that it does not."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Arbiter, Entry, Item
from competitions.rules.stages import to_come_back
from competitions.services.awards import give_awards
from competitions.services.entries import take_over_qualified
from competitions.services.leaving import (
    ask_away,
    disqualify_entry,
    keep_result,
    leave_out,
    restore_result,
    withdraw_entry,
)
from competitions.services.promotions import propose
from organizations.roles import Role
from tests.competitions.jury import decided, opened_again
from tests.competitions.test_appeals_carried_out import BACK, DOCUMENT, WHY, taken
from tests.competitions.test_contest_flow import REASON, published, refused
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account
from workflow.models import Notice
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
NO_MORE = "决赛已经结束，不再恢复"


@pytest.fixture
def hands(hands, city):
    return hands | {"chair": account(Role.HANDLER, city), "third": account(Role.APPROVER, city)}


@pytest.fixture
def three(item, hands):
    """Of a first stage, from which two go on."""
    Item.objects.filter(pk=item.pk).update(stage="preliminary", places=2)
    item.refresh_from_db()
    people = [
        marked(EntryFactory(item=item, unit=hands["unit"]), 40 - n, 3, 3, 3) for n in range(3)
    ]
    published(item, hands)
    return people


@pytest.fixture
def final(item, three, hands):
    made = SchemeFactory(
        item=ItemFactory(competition=item.competition, follows=item, stage="final")
    ).item
    assert take_over_qualified(made.pk, actor=hands["handler"]) == 2
    return made


def there(final, entry):
    return Entry.objects.get(item=final, person=entry.person_id)


def standing(final):
    return set(final.entries.filter(state="entered").values_list("person", flat=True))


def upheld(entry, hands):
    filed = workflow.appeal(entry.pk, "录像证明是本人参赛", actor=hands["nominator"])
    return decided(filed, hands["chair"], is_upheld=True, verdict=BACK)


@pytest.mark.parametrize(
    ("out", "by"), [(disqualify_entry, "approver"), (withdraw_entry, "handler")]
)
def test_who_has_his_result_back_takes_part_again_in_the_next_stage(three, final, hands, out, by):
    first = three[0]
    taken(first, hands)
    out(there(final, first).pk, actor=hands[by], note="初赛成绩已取消，一并取消")
    going = {"actor": hands["handler"]}
    assert take_over_qualified(final.pk, **going) == 1
    upheld(first, hands)

    restore_result(first.pk, actor=hands["third"], note=BACK)

    assert there(final, first).state == "entered"
    told = Notice.objects.filter(recipient=hands["handler"], title__contains="参赛人有变动")
    (notice,) = told
    assert f"{first.person.name}成绩已恢复" in notice.body
    assert f"{three[2].person.name}不再列晋级名次" in notice.body
    assert refused(take_over_qualified, final.pk, **going) == "qualified-in-vain"
    withdraw_entry(there(final, three[2]).pk, actor=hands["handler"], note="递补所凭名次已恢复他人")
    assert take_over_qualified(final.pk, **going) == 0
    assert standing(final) == {first.person_id, three[1].person_id}


def test_who_was_taken_out_for_something_else_does_not_come_back(three, final, hands):
    """Before the result in the first stage was gone."""
    disqualify_entry(there(final, three[0]).pk, actor=hands["approver"], note="决赛携带违禁工具")
    taken(three[0], hands)
    upheld(three[0], hands)

    restore_result(three[0].pk, actor=hands["third"], note=BACK)

    assert there(final, three[0]).state == "disqualified"
    assert refused(restore_result, there(final, three[0]).pk, actor=hands["third"], note=BACK) == "no-appeal-upheld"  # fmt: skip


def test_nobody_goes_out_of_the_next_stage_while_the_appeal_is_open(three, final, hands):
    first = three[0]
    taken(first, hands)
    filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
    out = disqualify_entry, there(final, first).pk
    words = {"actor": hands["approver"], "note": WHY}
    assert refused(*out, **words) == "appealed-in-the-stage-before"
    decided(filed, hands["chair"], is_upheld=True, verdict=BACK)
    assert refused(*out, **words) == "appealed-in-the-stage-before"

    restore_result(first.pk, actor=hands["third"], note=BACK)

    assert disqualify_entry(out[1], **words).state == "disqualified", "for a reason of that stage"


def test_a_published_stage_is_mended_before_anything_is_built_on_it(client, three, final, hands):
    """Taken out after he competed; the board of the final came before his result was back."""
    first = three[0]
    for n, entry in enumerate(final.entries.order_by("pk")):
        marked(entry, 40 - n, 3, 3, 3)
    taken(first, hands)
    disqualify_entry(there(final, first).pk, actor=hands["approver"], note=WHY)
    final.entries.update(number="")
    published(final, hands)
    upheld(first, hands)
    restore_result(first.pk, actor=hands["third"], note=BACK)

    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    assert there(final, first).state == "disqualified"
    assert refused(later, give_awards, final.pk, **awarding) == "board-to-be-mended"
    client.force_login(hands["approver"])
    address = reverse("competitions:entry-result", args=[there(final, first).pk, "restore"])
    assert client.post(address, {"note": BACK}).status_code == 302

    assert final.boards.first().lines.get(rank=1).entry == there(final, first)
    assert later(give_awards, final.pk, **awarding) > 0


@pytest.fixture
def absent(three, final, hands):
    """Out of the final before he competed there, for want of his result in the first stage; the others are marked."""
    taken(three[0], hands)
    gone = disqualify_entry(there(final, three[0]).pk, actor=hands["approver"], note=WHY)
    for n, entry in enumerate(final.entries.filter(state="entered").order_by("pk")):
        marked(entry, 30 - n, 3, 3, 3)
    return gone


def back_below(first, hands):
    upheld(first, hands)
    restore_result(first.pk, actor=hands["third"], note=BACK)


def told_why(act, *args, **facts):
    with pytest.raises(DomainError) as info:
        act(*args, **facts)
    return info.value


def test_nothing_is_built_on_a_final_without_who_is_to_come_back(
    client, three, final, absent, hands
):
    """He never competed there: it is marked anew with him, or somebody decides that he stays out."""
    published(final, hands)
    back_below(three[0], hands)

    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    refusals = [
        told_why(later, give_awards, final.pk, **awarding),
        told_why(later, propose, final.pk, actor=hands["handler"]),
        told_why(later, workflow.close, final.competition_id, actor=hands["approver"]),
    ]
    assert {one.code for one in refusals} == {"board-to-be-mended"}
    assert all(f"{absent.person.name}在上一赛段的成绩已恢复" in one.message for one in refusals)
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[final.code])).content.decode()
    assert "上一赛段成绩已恢复，待恢复参赛" in page
    going = {"actor": hands["third"], "note": BACK}
    assert refused(restore_result, absent.pk, **going) == "marks-incomplete"
    workflow.mark_anew(final.pk, actor=hands["chair"], note=REASON)
    final.refresh_from_db()
    assert refused(workflow.check_marks, final.pk, actor=hands["handler"]) == "board-to-be-mended"
    restore_result(absent.pk, **going)
    marked(absent, 40, 3, 3, 3)
    published(final, hands)

    assert final.boards.first().lines.get(rank=1).entry == absent
    assert later(give_awards, final.pk, **awarding) > 0


def test_while_it_is_open_below_whether_he_comes_back_no_award_is_given(
    three, final, absent, hands
):
    """What he was taken out for; not who left the final before his result below was gone."""
    published(final, hands)
    filed = workflow.appeal(three[0].pk, "录像证明是本人参赛", actor=hands["nominator"])

    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    refusal = told_why(later, give_awards, final.pk, **awarding)
    assert refusal.code == "appeals-open"
    assert refusal.message.startswith(f"{absent.person.name}对“{three[0].item}”取消成绩")
    assert refused(later, propose, final.pk, actor=hands["handler"]) == "appeals-open"

    decided(filed, hands["chair"], is_upheld=False, verdict="核对录像，不是本人")
    assert later(give_awards, final.pk, **awarding) > 0


def test_an_appeal_below_of_who_left_the_final_before_holds_up_no_award(three, final, hands):
    withdraw_entry(there(final, three[0]).pk, actor=hands["handler"], note="因病不参加决赛")
    taken(three[0], hands)
    marked(there(final, three[1]), 30, 3, 3, 3)
    published(final, hands)
    workflow.appeal(three[0].pk, "录像证明是本人参赛", actor=hands["nominator"])

    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    assert later(give_awards, final.pk, **awarding) > 0


def test_who_is_to_come_back_stays_out_by_a_decision_of_somebody_else(
    client, three, final, absent, hands
):
    published(final, hands)
    assert refused(leave_out, absent.pk, actor=hands["third"], note=WHY) == "nobody-to-come-back"
    back_below(three[0], hands)
    address = reverse("competitions:entry-result", args=[absent.pk, "leave-out"])
    words = {"note": "本人书面放弃决赛，决赛已经结束"}
    assert refused(leave_out, absent.pk, actor=hands["approver"], **words) == "jury-took-away"
    assert refused(leave_out, absent.pk, actor=hands["third"], note=" ") == "reason-required"
    client.force_login(hands["third"])
    assert address in client.get(reverse("competitions:entry", args=[absent.pk])).content.decode()

    assert client.post(address, words).status_code == 302

    told = Notice.objects.get(recipient=hands["nominator"], title__startswith="决定不再恢复参赛")
    assert words["note"] in told.body
    awarding = {"actor": hands["approver"], "document_number": DOCUMENT}
    assert later(give_awards, final.pk, **awarding) > 0
    appealed = workflow.appeal(absent.pk, "没有书面放弃", actor=hands["nominator"])
    assert appealed.state == "filed", "and he may appeal against it"


@pytest.mark.parametrize("way", ["comes back", "stays out"])
def test_a_locked_final_is_not_published_without_who_is_to_come_back(
    three, final, absent, hands, way
):
    workflow.check_marks(final.pk, actor=hands["handler"])
    workflow.lock_marks(final.pk, actor=hands["approver"])
    back_below(three[0], hands)

    publishing = {"actor": hands["approver"]}
    assert refused(workflow.publish, final.pk, **publishing) == "board-to-be-mended"

    if way == "stays out":
        leave_out(absent.pk, actor=hands["third"], note=REASON)
        workflow.publish(final.pk, **publishing)
        assert final.boards.count() == 1
        return
    workflow.ask_reopening(final.pk, actor=hands["handler"], note=REASON)
    workflow.unlock_marks(final.pk, actor=hands["approver"], note=REASON)
    restore_result(absent.pk, actor=hands["third"], note=BACK)
    marked(absent, 40, 3, 3, 3)
    published(final, hands)
    assert final.boards.get().lines.get(rank=1).entry == absent


def test_who_drops_out_of_the_places_by_a_new_board_is_named_to_the_next_stage(
    three, item, final, hands
):
    opened_again(three[2], hands["chair"], filed_by=hands["nominator"])
    three[1].marks.update(is_superseded=True)
    marked(three[1], 10, 3, 3, 3)
    published(item, hands)

    (notice,) = Notice.objects.filter(recipient=hands["handler"], title__contains="参赛人有变动")
    assert f"{three[1].person.name}不再列晋级名次" in notice.body
    going = {"actor": hands["handler"]}
    assert refused(take_over_qualified, final.pk, **going) == "qualified-in-vain"
    disqualify_entry(
        there(final, three[1]).pk, actor=hands["approver"], note="初赛重评，不再列晋级名次"
    )
    assert take_over_qualified(final.pk, **going) == 1
    assert standing(final) == {three[0].person_id, three[2].person_id}


def test_nobody_goes_on_while_a_result_of_the_stage_before_is_in_question(three, item, hands):
    final = SchemeFactory(
        item=ItemFactory(competition=item.competition, follows=item, stage="final")
    ).item
    ask_away(three[0].pk, actor=hands["approver"], note=WHY)
    assert refused(take_over_qualified, final.pk, actor=hands["handler"]) == "result-in-question"
    keep_result(three[0].pk, actor=hands["second"], note="核对录像，属本人参赛")
    assert take_over_qualified(final.pk, actor=hands["handler"]) == 2


def test_a_seed_begins_in_the_final_in_his_own_right(three, final, hands):
    """Whatever becomes of his result in the open stage."""
    Entry.objects.filter(pk=there(final, three[0]).pk).update(is_seed=True)
    taken(three[0], hands)
    assert take_over_qualified(final.pk, actor=hands["handler"]) == 1
    assert not Notice.objects.filter(title__startswith="晋级所凭成绩已取消").exists()


def judged(filed, hands, *, is_upheld):
    """Decided by the chair and another of the group."""
    group = Arbiter.objects.filter(competition=filed.item.competition)
    others = [one.user for one in group.exclude(user=hands["chair"])]
    words = {"is_upheld": is_upheld, "verdict": BACK}
    return workflow.decide(filed.pk, jury=others[:1], actor=hands["chair"], **words)


def test_who_decided_that_he_stays_out_judges_no_appeal_against_it(three, final, absent, hands):
    published(final, hands)
    back_below(three[0], hands)
    leave_out(absent.pk, actor=hands["chair"], note=NO_MORE)
    filed = workflow.appeal(absent.pk, "没有书面放弃", actor=hands["nominator"])

    assert refused(judged, filed, hands, is_upheld=False) == "jury-took-away"


@pytest.mark.parametrize("is_left_out", [False, True])
def test_who_is_back_in_the_second_stage_is_to_come_back_to_the_third(
    three, item, final, hands, is_left_out
):
    first = three[0]
    Item.objects.filter(pk=final.pk).update(places=2)
    for place, entry in enumerate(final.entries.order_by("pk")):
        marked(entry, 40 - place, 3, 3, 3)
    published(final, hands)
    final.refresh_from_db()
    last = SchemeFactory(
        item=ItemFactory(competition=item.competition, follows=final, stage="final")
    ).item
    take_over_qualified(last.pk, actor=hands["handler"])
    second, third = there(final, first), there(last, first)
    for place, entry in enumerate(last.entries.order_by("pk")):
        marked(entry, 40 - place, 3, 3, 3)
    taken(first, hands)
    taken(second, hands)
    disqualify_entry(third.pk, actor=hands["approver"], note=WHY)
    last.entries.update(number="")
    published(last, hands)
    back_below(first, hands)
    if is_left_out:
        leave_out(second.pk, actor=hands["third"], note=NO_MORE)
        filed = workflow.appeal(second.pk, "没有书面放弃", actor=hands["nominator"])
        judged(filed, hands, is_upheld=True)

    restore_result(second.pk, actor=account(Role.APPROVER, item.competition.organizer), note=BACK)

    assert to_come_back(last) == [third]


def a_team(item, hands, name, points):
    captain = EntryFactory(item=item, unit=hands["unit"], team=name)
    unnumbered = {"number": "", "work_code": ""}
    mate = EntryFactory(item=item, unit=hands["unit"], team=name, captain=captain, **unnumbered)
    marked(captain, points, 3, 3, 3)
    return captain, mate


def test_a_mate_whose_place_another_took_stays_out_by_name_and_is_not_brought_back_as_one_of_them(
    item, hands
):
    teams = {"competition": item.competition, "team_size": 2}
    below = SchemeFactory(item=ItemFactory(stage="preliminary", places=2, **teams)).item
    captain, mate = a_team(below, hands, "甲队", 40)
    a_team(below, hands, "乙队", 30)
    published(below, hands)
    below.refresh_from_db()
    last = SchemeFactory(item=ItemFactory(follows=below, stage="final", **teams)).item
    take_over_qualified(last.pk, actor=hands["handler"])
    leads, left = there(last, captain), there(last, mate)
    taken(captain, hands)
    withdraw_entry(left.pk, actor=hands["handler"], note="初赛成绩已取消，先行退赛")
    EntryFactory(
        item=last, unit=hands["unit"], team=leads.team, captain=leads, number="", work_code="", is_seed=True
    )  # fmt: skip
    leads.refresh_from_db()
    for entry in last.entries.filter(captain=None, state="entered"):
        marked(entry, 40 if entry == leads else 30, 3, 3, 3)
    withdraw_entry(leads.pk, actor=hands["handler"], note="初赛成绩已取消，全队退赛")
    last.entries.update(number="")
    published(last, hands)
    back_below(captain, hands)
    assert set(to_come_back(last)) == {leads, left}

    assert refused(restore_result, left.pk, actor=hands["third"], note=BACK) == "team-refilled"
    leave_out(left.pk, actor=hands["third"], note=NO_MORE)
    assert to_come_back(last) == [leads]
    leave_out(leads.pk, actor=hands["third"], note=NO_MORE)
    assert to_come_back(last) == []
