"""People's money: claims of a unit's people, lists for the bank from the unit's own fund."""

from datetime import timedelta

from django.utils import timezone

from competitions.models import Competition, Item
from organizations.roles import FILING, STAFF, STAFF_AND_OVERSIGHT, Role
from subsidies.models import Claim
from subsidies.rules.claims import BOOST_POLICY
from talents.models import Certificate
from tests.factories.competitions import BoardFactory, BoardLineFactory
from tests.factories.organizations import UserFactory
from tests.factories.policies import with_policy
from tests.factories.subsidies import (
    approved_claim,
    award_claim,
    boost_claim,
    drawn_payout,
    fund_of,
    signed_payout,
)
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from tests.permissions.academies import as_sheets, by_pk
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.subsidies import APPROVERS, FINANCE, OFFICE, change_of
from tests.permissions.talents import a_reason

CLAIMANTS = frozenset({Role.NOMINATOR, Role.HANDLER})


def claims(scene, count):
    with_policy(BOOST_POLICY)
    return [boost_claim(scene.organization, scene.organization) for _ in range(count)]


def awards(scene, count):
    return [award_claim(scene.organization, scene.organization) for _ in range(count)]


def shared(scene, count):
    """Claims that go to an account of somebody else's, too."""
    rows = [*awards(scene, count), award_claim(scene.organization, scene.organization)]
    digest = {"account_digest": b"1" * 32}
    Claim.objects.filter(pk__in=[row.pk for row in rows]).update(**digest)
    return rows[:count]


def certificates(scene, count):
    with_policy(BOOST_POLICY)
    first = Certificate.objects.count()
    return [
        Certificate.objects.create(
            person=PersonFactory(organization=scene.organization),
            number=f"Y{first + place:021}", level="2", occupation="钳工",
        )
        for place in range(count)
    ]  # fmt: skip


def places(scene, count):
    with_policy(BOOST_POLICY)
    long_ago = timezone.now() - timedelta(days=90)  # nobody appeals any more
    board = BoardFactory(
        scheme__item__competition__organizer=scene.organization, published_at=long_ago
    )
    moved(Competition.objects.filter(items=board.item_id), "announced")
    two = {"checked_by": UserFactory(), "locked_by": UserFactory()}
    moved(Item.objects.filter(pk=board.item_id), "published", **two)
    return BoardLineFactory.create_batch(count, board=board)


def _approved(scene):
    fund = fund_of(scene.organization, year=2024)
    return approved_claim(boost_claim(scene.organization, scene.organization), fund)


def drawn(scene, count):
    with_policy(BOOST_POLICY)
    return [drawn_payout(_approved(scene)) for _ in range(count)]


def signed(scene, count):
    with_policy(BOOST_POLICY)
    return [signed_payout(_approved(scene)) for _ in range(count)]


def transfers(scene, count):
    return [payout.transfers.get() for payout in signed(scene, count)]


def received(scene, count):
    rows = transfers(scene, count)
    for row in rows:
        row.receipt, row.answered_by = "HD-1", UserFactory()
        row.save(update_fields=["receipt", "answered_by"])
    return rows


ENDPOINTS = [
    Page("subsidies:claims", FILING, fill=claims, name_of=lambda row: f"/claims/{row.pk}/"),
    Action("subsidies:claims-export", FILING, actors=FILING),
    Action("subsidies:claims-act", FILING, actors=APPROVERS, kwargs={"action": "approve"}),
    Page("subsidies:claimable", CLAIMANTS, fill=certificates, name_of=lambda row: row.number),
    Form("subsidies:claim-new", CLAIMANTS, actors=CLAIMANTS, target=by_pk(certificates)),
    # what may stand against a place (board, appeals, what is in question, proof) is asked once for all rows
    Page(
        "subsidies:claimable-places",
        CLAIMANTS,
        fill=places,
        name_of=lambda row: row.name,
        most_queries=21,
    ),
    Form("subsidies:claim-place", CLAIMANTS, actors=CLAIMANTS, target=by_pk(places)),
    Form("subsidies:claims-raise", frozenset(), not_a_list="a question; only a city pays people"),
    Page("subsidies:claim", FILING, target=by_pk(claims)),
    Form("subsidies:claim-account", CLAIMANTS, actors=CLAIMANTS, target=by_pk(claims)),
    Form("subsidies:claim-endorse", STAFF, actors=STAFF, target=by_pk(claims)),
    Form("subsidies:claim-approve", APPROVERS, actors=APPROVERS, target=by_pk(awards)),
    Form("subsidies:claim-call", FINANCE, actors=FINANCE, target=by_pk(shared)),
    Form("subsidies:claim-refuse", STAFF, actors=STAFF, target=by_pk(claims), data=a_reason),
    Page("subsidies:payouts", STAFF_AND_OVERSIGHT, fill=drawn, name_of=lambda row: row.number),
    Action("subsidies:payouts-export", STAFF_AND_OVERSIGHT, actors=STAFF_AND_OVERSIGHT),
    Form("subsidies:payout-new", FINANCE, actors=FINANCE, not_a_list="a form"),
    Page("subsidies:payout", STAFF_AND_OVERSIGHT, target=by_pk(drawn)),
    Action(
        "subsidies:payout-export",
        STAFF_AND_OVERSIGHT,
        actors=STAFF_AND_OVERSIGHT,
        target=by_pk(drawn),
    ),
    Form("subsidies:payout-sign", FINANCE, actors=FINANCE, target=by_pk(drawn)),
    Form("subsidies:payout-cancel", FINANCE, actors=FINANCE, target=by_pk(drawn), data=a_reason),
    Action("subsidies:payout-file", FINANCE, actors=FINANCE, target=by_pk(drawn)),
    Page("subsidies:payout-paper", STAFF_AND_OVERSIGHT, target=as_sheets(drawn)),
    Form("subsidies:transfer-receipt", FINANCE, actors=FINANCE, target=by_pk(transfers)),
    Form(
        "subsidies:transfer-receipt-back",
        FINANCE,
        actors=FINANCE,
        target=by_pk(received),
        data=a_reason,
    ),
    Form(
        "subsidies:transfer-return",
        FINANCE,
        actors=FINANCE,
        target=by_pk(transfers),
        data=a_reason,
    ),
    ApiResource(
        "claim",
        FILING,
        target=by_pk(claims),
        fill=claims,
        actions={
            "endorse": STAFF,
            "approve": APPROVERS,
            "refuse": STAFF,
            "call-back": frozenset(),
        },
        bodies={
            "endorse": {"note": "在职"},
            "refuse": {"note": "不符"},
            "call-back": {"called_to": "张三", "note": "本人确认"},
        },
    ),
    ApiResource(
        "payout",
        STAFF_AND_OVERSIGHT,
        target=by_pk(drawn),
        fill=drawn,
        actions={"sign": FINANCE, "cancel": FINANCE},
        bodies={"cancel": {"note": "账户已变更"}},
    ),
    ApiResource(
        "transfer",
        STAFF_AND_OVERSIGHT,
        target=by_pk(received),
        fill=transfers,
        actions=dict.fromkeys(("receipt", "take-back-receipt", "return"), FINANCE),
        bodies={
            "receipt": {"receipt": "HD-2"},
            **{key: {"note": "回单属另一笔"} for key in ("take-back-receipt", "return")},
        },
    ),
    AdminModel(
        "subsidies.claim", view=OFFICE, target=by_pk(claims), fill=claims, name_of=change_of
    ),
    AdminModel("subsidies.payout", view=OFFICE, target=by_pk(drawn), fill=drawn, name_of=change_of),
    AdminModel(
        "subsidies.transfer",
        view=OFFICE,
        target=by_pk(transfers),
        fill=transfers,
        name_of=change_of,
    ),
]
