"""A place in a contest draws 助推 like a certificate: high enough, in a contest large enough, once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, Item
from competitions.rules.career import first_entrants, why_not
from organizations.roles import Role
from policies.library.editions import edition_in_force, policy_by_digest
from subsidies.models import Claim
from subsidies.rules import claims as rules
from subsidies.rules.claims import BOOST_POLICY, PLACE, standing
from subsidies.selectors.claims import claimable_places
from subsidies.services.claims import BankAccount, Statement, file_claim
from tests.factories.competitions import BoardFactory, BoardLineFactory, EntryFactory, ItemFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
TO = BankAccount("中国工商银行示例支行", "6222020200011223344")


@pytest.fixture
def policy():
    call_command("load_policies", verbosity=0)
    return policy_by_digest(edition_in_force(BOOST_POLICY, date(2026, 11, 1)).digest)


@pytest.fixture
def scene(policy):
    """The final of a city contest in which somebody of a unit came tenth."""
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    first = ItemFactory(competition__organizer=city, stage="preliminary")
    contests = Competition.objects.filter(pk=first.competition_id)
    moved(contests, "announced")
    final = ItemFactory(competition=first.competition, follows=first, name="焊工")
    worker = EntryFactory(item=final, unit=unit, person=PersonFactory(organization=unit))
    two = {"checked_by": account(Role.HANDLER, city), "locked_by": account(Role.APPROVER, city)}
    moved(Item.objects.filter(pk=final.pk), "published", **two)
    final.refresh_from_db()
    board = BoardFactory(scheme__item=final, published_at=timezone.now() - timedelta(days=40))
    line = BoardLineFactory(board=board, entry=worker, rank=10, medal="")
    return city, unit, first, line


def code_of(policy, line):
    refusal = why_not(policy, line)
    return refusal.code if refusal else None


def test_a_place_counts_by_stage_rank_level_and_entrants_of_the_first_stage(policy, scene):
    _, _, first, line = scene
    item, small = line.board.item, replace(
        policy,
        parameters=tuple(
            replace(p, number=Decimal(3)) if p.code == "final_min_entrants" else p
            for p in policy.parameters
        ),
    )  # fmt: skip
    EntryFactory.create_batch(2, item=first)
    assert code_of(small, line) == "contest-too-small"
    EntryFactory(item=first)
    assert first_entrants(item) == 3
    assert code_of(small, line) is None
    assert code_of(policy, line) == "contest-too-small"
    line.rank = 11
    assert code_of(small, line) == "place-does-not-count"
    line.rank, item.stage = 5, Item.Stage.SEMIFINAL
    assert code_of(policy, line) == "contest-too-small"
    line.rank = 6
    assert code_of(policy, line) == "place-does-not-count"
    line.rank, item.competition.level = 1, "district"
    assert code_of(policy, line) == "place-does-not-count"


def test_a_unit_claims_for_a_place_once_the_sum_is_public(client, policy, scene, monkeypatch):
    _, unit, _, line = scene
    nominator = account(Role.NOMINATOR, unit)
    assert list(claimable_places(nominator)) == [line]
    assert not claimable_places(account(Role.NOMINATOR, with_child(unit, "unit", code="U2")))
    client.force_login(nominator)
    assert line.name in client.get(reverse("subsidies:claimable-places")).content.decode()
    address = reverse("subsidies:claim-place", args=[line.pk])
    sent = {"is_member": "1", "bank": TO.bank, "account": TO.number}
    too_small = client.post(address, sent)
    assert too_small.status_code == 409
    assert "首轮参赛" in too_small.content.decode()
    monkeypatch.setattr("competitions.rules.career.first_entrants", lambda item: 400)
    unknown = client.post(address, sent)
    assert "金额未见公开" in unknown.content.decode()
    known = replace(
        policy,
        amounts=tuple(
            replace(a, yuan=Decimal(800)) if a.code == "contest" else a for a in policy.amounts
        ),
    )
    monkeypatch.setattr("subsidies.services.claims.policy_by_digest", lambda digest: known)

    assert client.post(address, sent).status_code == 302

    claim = Claim.objects.get()
    assert (claim.kind, claim.place, claim.gross, claim.state) == ("boost", line, 800, "filed")
    told = {
        finding.code: (finding.met, finding.actual)
        for finding in standing(claim, date(2026, 11, 1))
    }
    assert told["contest_final"] == (True, 10)
    assert rules.type_of(claim) is PLACE
    assert not claimable_places(nominator)
    assert client.get(reverse("subsidies:claim", args=[claim.pk])).status_code == 200
    again = Statement(date(2026, 11, 28), is_member=True)
    with pytest.raises(DomainError):
        file_claim(PLACE, line, again, TO, actor=nominator)
