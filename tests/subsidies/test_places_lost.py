"""Money for a place goes only while the place stands: of a settled board, by its newest edition, to the last step."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions import workflow as contests
from competitions.models import BoardLine, Competition
from competitions.rules.editions import edition_for
from competitions.services.leaving import ask_away, keep_result, take_away
from organizations.roles import Role
from policies.library.editions import edition_in_force, policy_by_digest
from subsidies.models import Claim
from subsidies.rules.claims import BOOST_POLICY, PLACE, refusals_of_grounds
from subsidies.selectors.claims import approver_queues, claimable_places
from subsidies.services.claims import Statement, file_claim
from subsidies.workflow.claims import approve_claim, endorse_claim, refuse_claim
from subsidies.workflow.payouts import cancel_payout, draw_up_payout, sign_payout
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
    marked,
)
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from tests.subsidies import test_claims
from tests.subsidies.claiming import CARD, refused

pytestmark = pytest.mark.django_db
people, fund = test_claims.people, test_claims.fund
WHY = "替考，监考记录可证"


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """An edition that says what a place draws, and contests that are large enough."""
    call_command("load_policies", verbosity=0)
    today = timezone.localdate()
    policy = policy_by_digest(edition_in_force(BOOST_POLICY, today).digest)
    amounts = (
        replace(one, yuan=Decimal(800)) if one.code == "contest" else one for one in policy.amounts
    )
    told = replace(policy, amounts=tuple(amounts))
    monkeypatch.setattr("subsidies.services.claims.policy_by_digest", lambda digest: told)
    monkeypatch.setattr("competitions.rules.career.first_entrants", lambda item: 400)
    return policy


@pytest.fixture
def place(people):
    return published(people, people["worker"], days=40)


def published(people, *workers, days):
    """The first of a final of the city, with somebody behind him; published so many days ago."""
    city = people["city"]
    rules = edition_for(2026, timezone.localdate())
    contest = CompetitionFactory(organizer=city, entries_until=None, edition=rules)
    moved(Competition.objects.filter(pk=contest.pk), "announced")
    item = SchemeFactory(item=ItemFactory(competition=contest)).item
    for worker in workers:
        marked(EntryFactory(item=item, person=worker, unit=people["unit"]), 40, 3, 3, 3)
    marked(EntryFactory(item=item), 30, 2, 2, 2)
    contests.check_marks(item.pk, actor=account(Role.HANDLER, city))
    contests.lock_marks(item.pk, actor=people["approver"])
    at = timezone.now() - timedelta(days=days)
    contests.publish(item.pk, actor=people["approver"], at=at)
    return BoardLine.objects.filter(board__item=item).order_by("rank", "pk").first()


def filed(people, line):
    stated = Statement(timezone.localdate(line.board.published_at), is_member=True)
    return file_claim(PLACE, line, stated, CARD, actor=people["nominator"])


def endorsed(people, line):
    return endorse_claim(filed(people, line).pk, "在职，会员", actor=people["handler"])


def approved(people, line):
    claim = endorsed(people, line)
    return approve_claim(claim.pk, Decimal(0), actor=people["approver"])


def gone(people, line):
    ask_away(line.entry_id, actor=people["approver"], note=WHY)
    other = account(Role.APPROVER, people["city"])
    take_away(line.entry_id, actor=other, note="监考记录属实")


def test_nothing_is_claimed_for_a_place_on_the_day_it_is_published(client, people):
    line = published(people, people["worker"], days=0)
    client.force_login(people["nominator"])

    listed = client.get(reverse("subsidies:claimable-places")).content.decode()

    assert "期满以后才能据以申领" in listed
    address = reverse("subsidies:claim-place", args=[line.pk])
    assert address not in listed
    assert client.get(address).status_code == 409
    assert refused(filed, people, line) == "appeals-not-over"


def test_nothing_is_claimed_while_the_result_is_in_question_or_proof_is_owed(people, place):
    ask_away(place.entry_id, actor=people["approver"], note=WHY)
    assert refused(filed, people, fresh(place)) == "result-in-question"
    keep_result(place.entry_id, actor=people["approver"], note=WHY)
    place.entry.in_city_since = None
    place.entry.save()
    assert refused(filed, people, fresh(place)) == "proof-owed"


def fresh(line):
    return BoardLine.objects.select_related("board__item__competition", "entry__person").get(
        pk=line.pk
    )


def test_a_place_taken_away_is_neither_endorsed_nor_approved(people, fund, place):
    first = filed(people, place)
    ask_away(place.entry_id, actor=people["approver"], note=WHY)
    assert refused(endorse_claim, first.pk, "在职", actor=people["handler"]) == "result-in-question"
    keep_result(place.entry_id, actor=people["approver"], note=WHY)
    endorse_claim(first.pk, "在职，会员", actor=people["handler"])
    gone(people, place)
    code = refused(approve_claim, first.pk, Decimal(0), actor=people["approver"])
    assert code == "appeals-not-over"
    assert Claim.objects.get().state == "endorsed"


def test_what_was_approved_and_lost_its_place_is_not_listed_and_waits_for_a_refusal(
    client,
    people,
    fund,
    place,
    time_machine,
):
    claim = approved(people, place)
    gone(people, place)
    time_machine.move_to(timezone.now() + timedelta(days=20))

    assert refused(draw_up_payout, fund.pk, "boost", actor=people["orderer"]) == "nothing-to-pay"
    (tile,) = [one for one in approver_queues(people["approver"]) if "已变动" in one.title]
    client.force_login(people["approver"])
    page = client.get(tile.href).content.decode()
    assert (tile.count, people["worker"].name in page) == (1, True)
    refuse_claim(claim.pk, actor=account(Role.APPROVER, people["city"]), note="名次已取消")
    assert not [one for one in approver_queues(people["approver"]) if "已变动" in one.title]


def test_a_list_whose_place_was_lost_is_given_up_and_never_paid(people, fund, place):
    claim = approved(people, place)
    payout = draw_up_payout(fund.pk, "boost", actor=people["orderer"])
    gone(people, place)

    assert refused(sign_payout, payout.pk, actor=people["checker"]) == "appeals-not-over"
    cancel_payout(payout.pk, actor=people["checker"], note="名次已取消")
    claim.refresh_from_db()
    assert claim.state == "approved"


def test_the_database_lets_no_money_go_for_a_place_that_is_gone(people, fund, place):
    claim = approved(people, place)
    gone(people, place)

    rows = Claim.objects.filter(pk=claim.pk)
    with pytest.raises(DatabaseError, match="已变动"), transaction.atomic():
        moved(rows, "listed")
    other = BoardLine.objects.exclude(entry=place.entry).first()
    with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
        rows.update(place=other)


def test_places_of_many_are_asked_for_as_those_of_one(people):
    unit = people["unit"]
    workers = [PersonFactory(organization=unit) for _ in range(4)]
    lines = [published(people, worker, days=40) for worker in workers]
    claims = [filed(people, line) for line in lines]

    def asked(rows):
        with CaptureQueriesContext(connection) as told:
            assert refusals_of_grounds(rows) == {}
        return len(told)

    asked(claims)  # what is read once per process
    assert asked(claims[:1]) == asked(claims)
    assert list(claimable_places(people["nominator"])) == []


def test_a_certificate_taken_back_stops_its_claim_as_a_lost_place_does(people, fund):
    row = test_claims.certificate(people)
    claim = endorse_claim(test_claims.filed(people, row).pk, "在职，会员", actor=people["handler"])
    row.level = ""
    row.save(update_fields=["level"])

    code = refused(approve_claim, claim.pk, Decimal(0), actor=people["approver"])

    assert code == "certificate-recalled"
    assert [one.count for one in approver_queues(people["approver"]) if "已变动" in one.title] == [
        1
    ]
