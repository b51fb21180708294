"""The arbitration group: who is in it, who of it decides, and that nobody else does."""

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Appeal, Arbiter, Mark
from competitions.services.arbiters import appoint_arbiter, release_arbiter
from competitions.services.judging import assign_judge
from organizations.roles import Role
from tests.competitions.jury import decided, group_of
from tests.competitions.test_contest_flow import REASON, published, refused
from tests.factories.competitions import (
    ArbiterFactory,
    EntryFactory,
    JudgeFactory,
    TypedSheetFactory,
    marked,
)
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
VERDICT = "复核录像，第一项少记一分半"


@pytest.fixture
def filed(podium, hands):
    return workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])


def deciding(filed, actor, *members):
    words = {"is_upheld": True, "verdict": VERDICT, "jury": members, "actor": actor}
    return refused(workflow.decide, filed.pk, **words)


def test_who_is_close_to_an_entrant_judges_or_serves_elsewhere_is_not_taken_in(item, hands, city):
    entry = EntryFactory(item=item, unit=hands["unit"], employer=hands["unit"].name)
    contest, handler = item.competition, hands["handler"]
    same = account(Role.APPROVER, city)
    account_at_unit = hands["nominator"]
    judge = account(Role.APPROVER, city)
    JudgeFactory(item=item, user=judge)
    coach = account(Role.HANDLER, city)
    entry.coach = PersonFactory(organization=city, identity_digest=bytes(coach.owner_digest))
    entry.save()

    def code(user, actor=handler):
        return refused(appoint_arbiter, contest.pk, user, actor=actor)

    assert code(account_at_unit) == "arbiter-serves-elsewhere"
    assert code(judge) == "arbiter-judges"
    assert code(coach) == "arbiter-in-conflict"
    assert code(same, actor=hands["nominator"]) == "role-required"
    assert not Arbiter.objects.exists()
    appoint_arbiter(contest.pk, same, actor=handler)
    assert code(same) == "arbiter-once-per-contest"
    assert Record.objects.get(code="competitions.arbiter-appointed").note == str(same)
    assert refused(assign_judge, item.pk, same, 2, actor=handler) == "judge-in-conflict"


def test_an_appeal_is_decided_by_most_of_a_group_that_is_large_enough(filed, item, hands, city):
    chair, contest = hands["approver"], item.competition
    assert deciding(filed, chair) == "not-an-arbiter"
    ArbiterFactory(competition=contest, user=chair)
    assert deciding(filed, chair) == "arbiters-too-few"
    Arbiter.objects.all().delete()
    others = group_of(contest, chair)
    outsider = account(Role.APPROVER, city)

    assert deciding(filed, outsider, chair, *others) == "not-an-arbiter"
    assert deciding(filed, chair, outsider) == "not-an-arbiter"
    assert deciding(filed, chair) == "jury-too-small"
    assert Appeal.objects.get().state == "filed"
    workflow.decide(filed.pk, is_upheld=True, verdict=VERDICT, jury=others[:1], actor=chair)

    made = Appeal.objects.get()
    assert (made.state, made.jury) == ("upheld", f"{chair}、{others[0]}")
    assert (made.decided_by, made.verdict) == (chair, VERDICT)
    assert Record.objects.get(code="competitions.uphold").note == VERDICT


def test_who_filed_or_marked_never_decides_not_even_as_one_of_several(item, hands, city):
    chair = hands["approver"]
    others = group_of(item.competition, chair)
    first, second = (marked(EntryFactory(item=item), 40 - n, 3, 3, 3) for n in range(2))
    old = {"entry": first, "aspect": item.schemes.get().aspects.first(), "value": 1}
    Mark.objects.create(given_by=others[1], is_superseded=True, **old)
    published(item, hands)
    own = workflow.appeal(second.pk, "第一项少记一分半", actor=others[0])

    assert deciding(own, others[0], chair) == "appeal-of-ones-own"
    assert deciding(own, chair, others[0]) == "appeal-of-ones-own"
    assert deciding(own, others[1], chair) == "arbiter-marked"
    assert deciding(own, chair, others[1]) == "arbiter-marked"
    TypedSheetFactory(entry=first, typed_by=chair)
    assert deciding(own, chair) == "arbiter-marked"
    assert Appeal.objects.get().state == "filed"


def test_marking_anew_is_the_groups_too(filed, item, hands, city):
    decided(filed, hands["approver"], is_upheld=True, verdict=VERDICT)
    anew = {"note": REASON}
    assert refused(workflow.mark_anew, item.pk, actor=hands["second"], **anew) == "not-an-arbiter"

    assert workflow.mark_anew(item.pk, actor=hands["approver"], **anew).state == "open"


def test_the_pages_appoint_decide_and_list_who_decided(client, filed, item, hands, city):
    chair = hands["handler"]
    others = [hands["approver"], hands["second"]]
    client.force_login(chair)
    for user in (chair, *others):
        address = reverse("competitions:arbiter-new", args=[item.competition.code])
        assert client.post(address, {"user": user.pk}).status_code == 302
    shown = client.get(reverse("competitions:competition", args=[item.competition.code]))
    assert all(str(user) in shown.content.decode() for user in others)
    address = reverse("competitions:appeal-decide", args=[filed.pk])
    assert "参加仲裁的成员" in client.get(address).content.decode()

    told = {"is_upheld": "no", "verdict": "维持原成绩", "jury": [chair.pk, others[0].pk]}
    assert client.post(address, told).status_code == 302

    page = client.get(reverse("competitions:appeal", args=[filed.pk])).content.decode()
    assert f"仲裁组：{chair}、{others[0]}" in page
    assert Notice.objects.filter(recipient=hands["nominator"], title__contains="不成立").exists()
    arbiter = Arbiter.objects.get(user=others[1])
    release_arbiter(arbiter.pk, actor=chair, note="工作调动")
    assert Record.objects.get(code="competitions.arbiter-released").before["user"] == str(others[1])
    with pytest.raises(Arbiter.DoesNotExist):
        release_arbiter(arbiter.pk, actor=chair, note="工作调动")


def test_an_appeal_is_told_to_the_group(podium, item, hands):
    others = group_of(item.competition, hands["approver"])

    workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])

    told = set(
        Notice.objects.filter(title__contains="有申诉待仲裁").values_list("recipient", flat=True)
    )
    assert told == {user.pk for user in (hands["approver"], *others)}


def test_who_stands_back_is_named_and_others_are_to_be_appointed(filed, item, hands, city):
    chair = hands["approver"]
    others = group_of(item.competition, chair)
    for user in others:
        TypedSheetFactory(entry=filed.entry, seat=2 + others.index(user), typed_by=user)

    with pytest.raises(DomainError, match="须回避或已不任职，可以仲裁的只有1人") as said:
        workflow.decide(filed.pk, is_upheld=True, verdict=VERDICT, actor=chair)
    assert said.value.code == "arbiters-too-few"
    assert all(str(user) in said.value.message for user in others)

    more = [account(Role.APPROVER, city) for _ in range(2)]
    for user in more:
        ArbiterFactory(competition=item.competition, user=user)
    assert deciding(filed, chair) == "jury-too-small"
    workflow.decide(filed.pk, is_upheld=True, verdict=VERDICT, jury=more[:1], actor=chair)
    assert Appeal.objects.get().state == "upheld"
