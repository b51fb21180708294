"""Whoever takes part in an item, or stands behind somebody who does, handles nothing of it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import workflow
from competitions.models import Competition, Entry, Item, Promotion
from competitions.permissions import may_judge, may_mark_by_sheet, may_read_codes, may_type
from competitions.permissions.parties import is_others_affair, unless_party
from competitions.selectors.home import judge_queues, staff_queues
from competitions.selectors.pages import item_context
from competitions.services import entries, leaving
from competitions.services.admitting import admit
from competitions.services.arbiters import appoint_arbiter, release_arbiter
from competitions.services.awards import give_awards
from competitions.services.contests import correct_item
from competitions.services.judging import assign_judge, conflict_of, dismiss_judge
from competitions.services.promotions import propose
from organizations.roles import Role
from talents.models import Mentorship
from tests.accounts.lending import again, lend
from tests.competitions.jury import group_of
from tests.competitions.test_admission import DOCUMENT, WHY
from tests.competitions.test_contest_flow import NUMBER, published, refused
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, JudgeFactory, marked, on_file
from tests.factories.growth import PairFactory
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.models import Notice
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PARTY = "party-to-the-item"
BINDING = {
    "master": {"state": "agreed"},
    "former master": {"state": "finished", "closed_on": date(2026, 3, 1), "level_after": "3"},
}


@pytest.fixture
def rival(item, hands):
    """Fully marked; somebody whom one who takes part would gain from taking out."""
    return marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)


@pytest.fixture
def own(item, hands, city):
    """Accounts of the organizer, a handler, and two approvers, each of whom is entered; their entries beside them."""

    def entered(role, measured):
        user = account(role, city)
        person = PersonFactory(organization=city, identity_digest=bytes(user.owner_digest))
        return user, marked(
            EntryFactory(item=item, person=person, unit=hands["unit"]), measured, 3, 3, 3
        )

    return [entered(Role.HANDLER, 39), entered(Role.APPROVER, 38), entered(Role.APPROVER, 37)]


def test_until_marks_are_locked_who_is_entered_neither_types_codes_judges_nor_takes_out(
    item, hands, own, rival, city
):
    (handler, entry), (approver, _), _ = own
    judge = JudgeFactory(item=item, user=account(Role.JUDGE, city))
    refusals = [
        refused(entries.draw_numbers, item.pk, actor=handler),
        refused(entries.draw_codes, item.pk, actor=handler),
        refused(assign_judge, item.pk, account(Role.JUDGE, city), 2, actor=handler),
        refused(dismiss_judge, judge.pk, actor=handler, note=WHY),
        refused(correct_item, item.pk, on_file(item, venue="一号馆"), actor=handler, note=WHY),
        refused(workflow.check_marks, item.pk, actor=handler),
        refused(leaving.withdraw_entry, rival.pk, actor=handler, note=WHY),
        refused(leaving.disqualify_entry, rival.pk, actor=approver, note=WHY),
        refused(entries.correct_entry, rival.pk, on_file(rival, present_level="1"), actor=handler, note=WHY),
        refused(entries.correct_entry, entry.pk, on_file(entry, present_level="4"), actor=handler, note=WHY),
        refused(admit, item.pk, [rival.pk], actor=handler, note=WHY),
        refused(appoint_arbiter, item.competition_id, hands["second"], actor=handler),
        may_type.why_not(handler, item).code,
        may_mark_by_sheet.why_not(handler, item).code,
    ]  # fmt: skip

    assert set(refusals[:10] + refusals[11:]) == {PARTY}
    assert refusals[10] == "nothing-to-admit"
    assert Entry.objects.get(pk=rival.pk).state == "entered"


def test_the_codes_are_shut_to_who_drew_them_and_was_entered_later(item, hands, city):
    handler = hands["handler"]
    EntryFactory(item=item, work_code="")
    entries.draw_codes(item.pk, actor=handler)
    item.refresh_from_db()
    assert may_read_codes.allows(handler, item)

    own_entry(item, handler, city)

    assert may_read_codes.why_not(handler, item).code == PARTY


def own_entry(item, user, city, **facts):
    person = PersonFactory(organization=city, identity_digest=bytes(user.owner_digest))
    return EntryFactory(item=item, person=person, **facts)


def test_who_is_entered_neither_locks_nor_publishes_nor_opens_again(item, hands, own, rival):
    (handler, _), (approver, _), _ = own
    workflow.check_marks(item.pk, actor=hands["handler"])
    assert refused(workflow.lock_marks, item.pk, actor=approver) == PARTY
    assert refused(workflow.unlock_marks, item.pk, actor=approver, note=WHY) == PARTY
    workflow.lock_marks(item.pk, actor=hands["approver"])
    assert refused(workflow.publish, item.pk, actor=approver) == PARTY
    assert refused(workflow.ask_reopening, item.pk, actor=handler, note=WHY) == PARTY
    workflow.ask_reopening(item.pk, actor=hands["handler"], note=WHY)
    assert refused(workflow.unlock_marks, item.pk, actor=handler, note=WHY) == PARTY


def test_who_is_entered_neither_awards_proposes_certifies_nor_takes_a_published_result_away(
    item, hands, own, rival
):
    (handler, entry), (approver, _), (other, _) = own
    published(item, hands)
    assert refused(later, give_awards, item.pk, actor=approver, **DOCUMENT) == PARTY
    assert refused(later, propose, item.pk, actor=handler) == PARTY
    assert refused(leaving.ask_away, rival.pk, actor=approver, note=WHY) == PARTY
    later(propose, item.pk, actor=hands["handler"])
    risen = Promotion.objects.get(entry=entry)
    assert refused(later, workflow.certify, risen.pk, NUMBER, actor=handler) == PARTY
    assert refused(workflow.decline, risen.pk, actor=handler, note=WHY) == PARTY
    assert refused(workflow.withdraw_proposal, risen.pk, actor=handler, note=WHY) == PARTY
    leaving.ask_away(rival.pk, actor=hands["approver"], note=WHY)
    for act in (leaving.take_away, leaving.keep_result):
        assert refused(act, rival.pk, actor=other, note=WHY) == PARTY


def test_who_is_entered_sits_on_no_appeal_and_opens_nothing_again(item, hands, own, rival):
    (handler, _), (approver, _), _ = own
    published(item, hands)
    filed = workflow.appeal(rival.pk, "第一项少记一分半", actor=hands["nominator"])
    group_of(item.competition, approver)
    words = {"is_upheld": True, "verdict": "复核属实，应予重评"}
    assert refused(workflow.decide, filed.pk, actor=approver, **words) == PARTY
    chair = item.competition.arbiters.exclude(user=approver).first().user
    with pytest.raises(DomainError) as told:
        workflow.decide(filed.pk, actor=chair, jury=[approver], **words)
    assert told.value.code == PARTY
    assert told.value.message.startswith(f"{approver}是“{item}”或其前后赛段的参赛人")
    arbiter = item.competition.arbiters.get(user=approver)
    assert refused(release_arbiter, arbiter.pk, actor=handler, note=WHY) == PARTY


@pytest.mark.parametrize(
    "bond", ["coach", "master", "former master", "left", "final", "first stage"]
)
def test_a_party_is_also_who_coaches_teaches_left_or_takes_part_in_the_stage_beside(
    item, hands, city, bond
):
    user = hands["approver"]
    person = PersonFactory(organization=city, identity_digest=bytes(user.owner_digest))
    beside = ItemFactory(competition=item.competition)
    if bond == "coach":
        EntryFactory(item=item, coach=person)
    elif bond in BINDING:
        paired(person, EntryFactory(item=item).person, **BINDING[bond])
    elif bond == "left":
        moved(Entry.objects.filter(pk=EntryFactory(item=item, person=person).pk), "withdrawn")
    else:
        later_one, earlier = (beside, item) if bond == "final" else (item, beside)
        later_one.follows = earlier
        later_one.save()
        EntryFactory(item=beside, person=person)
    assert unless_party(user, item).code == PARTY
    assert unless_party(hands["second"], item) is None
    assert unless_party(user, ItemFactory(competition=item.competition)) is None


@pytest.mark.parametrize("state", ["draft", "ended"])
def test_a_pair_that_is_not_on_file_or_was_broken_off_makes_nobody_a_party(
    item, hands, city, state
):
    """Anybody could keep an approver off an item by filing one."""
    person = PersonFactory(organization=city, identity_digest=bytes(hands["approver"].owner_digest))
    facts = {} if state == "draft" else {"closed_on": timezone.localdate()}
    paired(person, EntryFactory(item=item).person, state=state, **facts)
    judge = account(Role.JUDGE, city)
    own = PersonFactory(organization=city, identity_digest=bytes(judge.owner_digest))
    paired(own, EntryFactory(item=item).person, state=state, **facts)

    assert unless_party(hands["approver"], item) is None
    assert Item.objects.filter(is_others_affair(hands["approver"]), pk=item.pk).exists()
    assert conflict_of(item, judge) == ""


def paired(master, apprentice, *, state, **facts):
    pair = PairFactory(master=master, apprentice=apprentice)
    if state != pair.state:
        moved(Mentorship.objects.filter(pk=pair.pk), state, **facts)


def test_who_stands_in_for_an_entrant_counts_as_him(item, hands, city, rival):
    own_entry(item, hands["approver"], city)
    stand_in = account(Role.HANDLER, city)
    lend(hands["approver"], stand_in)
    stand_in = again(stand_in)
    assert refused(workflow.check_marks, item.pk, actor=stand_in) == PARTY


def test_a_clerk_who_takes_part_withdraws_himself_and_is_told_that_a_colleague_is_the_organizers(
    client, item, hands, city, rival
):
    clerk = hands["nominator"]
    own = own_entry(item, clerk, city, unit=hands["unit"])
    client.force_login(clerk)

    def page(name, entry, **words):
        made = getattr(client, "post" if words else "get")(reverse(f"competitions:{name}", args=[entry.pk]), words)  # fmt: skip
        return made.status_code, made.content.decode()

    status, shown = page("entry", rival)
    assert status == 200
    assert "不能登记退赛" in shown
    assert reverse("competitions:entry-withdraw", args=[rival.pk]) not in shown
    status, shown = page("entry-withdraw", rival)
    assert (status, "请由主办单位他人办理" in shown) == (409, True), "before anything is written"
    assert reverse("competitions:entry-withdraw", args=[own.pk]) in page("entry", own)[1]
    assert page("entry-withdraw", own)[0] == 200
    assert page("entry-withdraw", own, note="出差，不能参赛")[0] == 302

    assert Entry.objects.get(pk=own.pk).state == "withdrawn"
    assert Entry.objects.get(pk=rival.pk).state == "entered"


def test_a_unit_goes_on_filing_its_own_people_whose_clerk_takes_part(item, hands, city, rival):
    """Entering is no judgement; taking a colleague out is, and so is what is told once marks are closed."""
    clerk = hands["nominator"]
    own_entry(item, clerk, city, unit=hands["unit"])
    today = timezone.localdate()
    Competition.objects.update(entries_from=today, entries_until=today)
    entries.correct_entry(rival.pk, on_file(rival, employer="一车间"), actor=clerk, note=WHY)
    entries.correct_entry(rival.pk, on_file(rival) | {"employer": "一车间", "proof": "社会保险缴费记录"}, actor=clerk, note=WHY)  # fmt: skip
    assert refused(leaving.withdraw_entry, rival.pk, actor=clerk, note=WHY) == PARTY
    marked(Entry.objects.exclude(pk=rival.pk).get(), 38, 3, 3, 3)
    published(item, hands)
    rival.refresh_from_db()
    facts = on_file(rival, present_level="1", proof="技师证书")
    assert refused(entries.correct_entry, rival.pk, facts, actor=clerk, note=WHY) == PARTY


def test_pages_and_home_offer_a_party_nothing_that_is_refused(client, item, hands, own, rival):
    (handler, _), (approver, _), _ = own
    workflow.check_marks(item.pk, actor=hands["handler"])
    told = {queue.title for queue in staff_queues(approver)}
    assert "成绩待复核锁定" in {queue.title for queue in staff_queues(hands["approver"])}
    assert "成绩待复核锁定" not in told
    assert not Notice.objects.filter(
        recipient__in=[approver, handler], title__startswith="成绩待复核"
    ).exists()
    context = item_context(item.__class__.objects.get(pk=item.pk), approver)
    assert context["deeds"] == []
    client.force_login(approver)
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert "本项目请由他人办理" in page
    listed = client.get(reverse("competitions:items"), {"state": "checked", "party": "no"})
    assert item.code not in listed.content.decode()
    workflow.lock_marks(item.pk, actor=hands["approver"])
    workflow.publish(item.pk, actor=hands["approver"])
    later(propose, item.pk, actor=hands["handler"])
    client.force_login(handler)
    address = reverse("competitions:promotions", args=[item.code])
    with appeals_over():
        assert "登记证书</a>" not in client.get(address).content.decode()
        client.force_login(hands["handler"])
        assert "登记证书" in client.get(address).content.decode()


def test_a_judge_who_was_entered_since_has_no_seat_left_to_mark_from(item, hands, city):
    user = account(Role.JUDGE, city)
    seat = JudgeFactory(item=item, user=user)
    assert judge_queues(user)
    own_entry(item, user, city)
    assert may_judge.why_not(user, seat).code == PARTY
    assert judge_queues(user) == []
