"""The round of a contest over HTTP: every step that its pages offer, by the same functions."""

import pytest
from django.urls import reverse

from competitions.models import Appeal, Entry, Item, Promotion
from competitions.services.trials import decide_trade
from organizations.roles import Role
from talents.models import Certificate, Nomination
from tests.competitions.jury import decided, group_of
from tests.competitions.test_contest_flow import NUMBER, REASON
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, TermsFactory, marked
from tests.factories.organizations import account
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(client):
    """Post a deed as somebody: the status, and what the answer says."""

    def ask(user, name, pk, **body):
        client.force_login(user)
        answer = client.post(reverse(name, args=[pk]), body, content_type="application/json")
        return answer.status_code, answer.json()

    return ask


def test_from_the_draw_to_the_published_board(asking, item, hands, city):
    terms = TermsFactory(competition=item.competition)
    facts = {"item": item, "unit": hands["unit"], "employer": hands["unit"].name, "number": "", "work_code": "", "terms": terms, "signed_on": item.starts_on}  # fmt: skip
    people = [EntryFactory(**facts) for _ in range(3)]
    coder, handler, approver = account(Role.HANDLER, city), hands["handler"], hands["approver"]

    assert asking(handler, "competitionitem-draw", item.pk)[0] == 200
    assert asking(coder, "competitionitem-code", item.pk)[0] == 200
    assert set(Entry.objects.values_list("work_code", flat=True)) == {"K001", "K002", "K003"}
    assert asking(handler, "competitionentry-withdraw", people[2].pk, note=REASON)[1]["state"] == (
        "withdrawn"
    )
    for measured, entry in zip((40, 39), people, strict=False):
        marked(entry, measured, 3, 3, 3)
    assert asking(handler, "competitionitem-check", item.pk)[1]["state"] == "checked"
    status, told = asking(handler, "competitionitem-lock", item.pk)
    assert (status, told["type"]) == (409, "locked-by-the-same")
    assert asking(approver, "competitionitem-unlock", item.pk, note=REASON)[1]["state"] == "open"
    asking(handler, "competitionitem-check", item.pk)
    assert asking(approver, "competitionitem-lock", item.pk)[1]["state"] == "locked"
    assert asking(approver, "competitionitem-publish", item.pk)[1]["state"] == "published"


def test_from_an_appeal_to_the_certificate(asking, item, hands, podium):
    handler, approver = hands["handler"], hands["approver"]
    said = {"grounds": "第一项少记一分半"}
    assert asking(hands["nominator"], "competitionentry-appeal", podium[1].pk, **said)[0] == 200
    assert asking(handler, "competitionitem-propose", item.pk)[1]["type"] == "appeals-open"
    others = group_of(item.competition, approver)
    appeal = Appeal.objects.get()
    verdict = {"is_upheld": False, "verdict": "核对原始记录，没有少记"}
    status, told = asking(
        approver, "competitionappeal-decide", appeal.pk, jury=["nobody"], **verdict
    )
    assert status == 400
    assert "不是本竞赛仲裁组成员" in str(told)
    names = [user.username for user in others[:1]]
    status, told = asking(approver, "competitionappeal-decide", appeal.pk, jury=names, **verdict)
    assert (status, told["state"]) == (200, "rejected")

    assert asking(handler, "competitionitem-propose", item.pk)[1]["type"] == "appeals-not-over"
    with appeals_over():
        assert asking(handler, "competitionitem-propose", item.pk)[0] == 200
        first, second, *_ = Promotion.objects.order_by("rank")
        certified = asking(handler, "promotion-certify", first.pk, number=NUMBER)
    assert certified[1]["state"] == "certified"
    assert Certificate.objects.get(person=first.person).level == "2"
    assert asking(handler, "promotion-decline", second.pk, note=REASON)[1]["state"] == "refused"
    assert (
        asking(handler, "competition-close", item.competition_id)[1]["type"] == "appeals-not-over"
    )
    with appeals_over():
        closed = asking(handler, "competition-close", item.competition_id)
    assert closed[1]["state"] == "closed"


def test_a_contest_is_announced_and_the_best_of_a_stage_go_on(asking, item, hands):
    contest = ItemFactory(competition__organizer=item.competition.organizer).competition
    assert asking(hands["handler"], "competition-announce", contest.pk)[1]["state"] == "announced"
    final = ItemFactory(competition=item.competition, follows=item)
    status, told = asking(hands["handler"], "competitionitem-qualify", final.pk)
    assert (status, told["type"]) == (409, "nobody-qualified")
    Item.objects.filter(pk=item.pk).update(places=1)
    for measured in (40, 39):
        marked(EntryFactory(item=item), measured, 3, 3, 3)
    asking(hands["handler"], "competitionitem-check", item.pk)
    asking(hands["approver"], "competitionitem-lock", item.pk)
    asking(hands["approver"], "competitionitem-publish", item.pk)

    assert asking(hands["handler"], "competitionitem-qualify", final.pk)[0] == 200
    assert final.entries.count() == 1


def test_marks_are_opened_anew_after_an_upheld_appeal(asking, item, hands, podium):
    said = {"grounds": "第一项少记一分半"}
    asking(hands["nominator"], "competitionentry-appeal", podium[1].pk, **said)
    decided(Appeal.objects.get(), hands["approver"], is_upheld=True, verdict="核对原始记录，少记")

    status, told = asking(hands["approver"], "competitionitem-remark", item.pk, note=REASON)
    assert (status, told["state"]) == (200, "open")


def test_confirmed_candidates_are_entered_as_seeds(asking, item, hands, city):
    selection = RoundFactory(organizer=city)
    candidate = eligible_nomination(round=selection, unit=hands["unit"], occupation="焊工")
    moved(Nomination.objects.filter(pk=candidate.pk), Nomination.State.CHECKED)
    decide_trade(item.pk, selection, "焊工", actor=hands["handler"])

    assert asking(hands["handler"], "competitionitem-seed", item.pk)[0] == 200
    assert item.entries.get().person == candidate.person
    assert item.entries.get().is_seed


def test_a_disqualification_needs_its_reason(asking, item, hands):
    entry = EntryFactory(item=item)

    status, told = asking(hands["approver"], "competitionentry-disqualify", entry.pk)
    assert (status, told["type"]) == (409, "reason-required")
    status, told = asking(hands["handler"], "competitionentry-disqualify", entry.pk, note=REASON)
    assert (status, told["type"]) == (409, "role-required")
    status, told = asking(hands["approver"], "competitionentry-disqualify", entry.pk, note=REASON)

    assert (status, told["state"]) == (200, "disqualified")


def test_a_proposal_is_taken_back_over_http(asking, item, hands, podium):
    later(asking, hands["handler"], "competitionitem-propose", item.pk)
    proposal = Promotion.objects.order_by("rank")[0]

    status, told = asking(hands["handler"], "promotion-retract", proposal.pk, note=REASON)

    assert (status, told["state"]) == (200, "withdrawn")


def test_a_unit_does_nothing_at_an_item_of_the_city(asking, item, hands):
    for deed in ("draw", "code", "check", "publish"):
        status, _ = asking(hands["nominator"], f"competitionitem-{deed}", item.pk)
        assert status == 409, deed
    assert Item.objects.get(pk=item.pk).state == "open"
