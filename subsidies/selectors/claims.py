"""Claims, what may still be claimed, and lists for the bank: scoped, with what pages need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, Sum, When
from django.urls import reverse
from django.utils import timezone

from competitions.models import Board, BoardLine
from competitions.rules.career import LEVELS, PLACES, last_rank
from organizations.models import Organization
from organizations.roles import Role
from organizations.scoping import within_reach
from policies.library.editions import every_edition, policy_by_digest
from subsidies.models import Claim, Payout, Transfer
from subsidies.permissions.claims import CLAIMANTS
from subsidies.rules.claims import BOOST, BOOST_POLICY, PLACE, RAISED
from subsidies.rules.shared_accounts import is_held, is_shared
from subsidies.selectors.waiting import calls_for, claims_for, payouts_for
from talents.models import Certificate
from talents.selectors.attainments import MOST_SHOWN, Attainment
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import Person
    from talents.selectors.attainments import Sight

Drawn, Listed = Claim.State, Payout.State
#: The codes of the amounts of a level begin so.
LEVEL = "level_"


def claims_in_scope(user: User) -> QuerySet[Claim]:
    return Claim.objects.visible_to(user).select_related(
        "person", "organization", "payer", "fund__organization", "honour", "edition",
        "place__board__item__competition",
        "filed_by", "endorsed_by", "approved_by", "called_by",
    ).annotate(
        is_shared=Case(When(is_shared(), then=True), default=False, output_field=BooleanField())
    )  # fmt: skip


def payouts_in_scope(user: User) -> QuerySet[Payout]:
    """Lists with how many transfers they have, what they come to, and how many were answered."""
    rows = Payout.objects.visible_to(user).select_related(
        "fund__organization", "drawn_by", "signed_by"
    )
    answered = ~Q(transfers__receipt="") | ~Q(transfers__returned="")
    return rows.annotate(
        count=Count("transfers"),
        total=Sum("transfers__amount"),
        open_count=Count("transfers", filter=~answered),
    )


def transfers_in_scope(user: User) -> QuerySet[Transfer]:
    return Transfer.objects.visible_to(user).select_related(
        "payout__fund__organization", "claim", "payment__grant__fund", "entry"
    )


def claimable(user: User) -> QuerySet[Certificate]:
    """Certificates within reach of a level that the policy of today pays for, not drawn for yet."""
    rows = Certificate.objects.visible_to(user).select_related("person__organization")
    if not every_edition().filter(code=BOOST_POLICY).exists():
        return rows.none()
    policy = policy_by_digest(BOOST.edition_on(timezone.localdate()).digest)
    levels = [a.code.removeprefix(LEVEL) for a in policy.amounts if a.yuan and LEVEL in a.code]
    drawn = Claim.objects.filter(certificate=OuterRef("pk")).exclude(state=Drawn.REFUSED)
    return rows.filter(level__in=levels).exclude(occupation="").exclude(Exists(drawn))


def claimable_places(user: User) -> QuerySet[BoardLine]:
    """Places of people of one's units on newest boards, high enough for the policy, not drawn for yet."""
    rows = BoardLine.objects.visible_to(user).select_related(
        "board__item__competition__edition", "entry__person__organization"
    )
    if not every_edition().filter(code=BOOST_POLICY).exists():
        return rows.none()
    policy = policy_by_digest(PLACE.edition_on(timezone.localdate()).digest)
    high = Q(pk__in=[])
    for stage in PLACES:
        high |= Q(board__item__stage=stage, rank__lte=last_rank(policy, stage))
    newer = Board.published().filter(
        item=OuterRef("board__item"), number__gt=OuterRef("board__number")
    )
    drawn = Claim.objects.filter(place=OuterRef("pk")).exclude(state=Drawn.REFUSED)
    ours = within_reach(user, CLAIMANTS, "entry__person__organization__path")
    last = Q(board__item__later_stages__isnull=True, board__item__competition__level__in=LEVELS)
    return rows.filter(high, ours, last).exclude(Exists(newer)).exclude(Exists(drawn))


def rests_on_what_is_gone() -> Q:
    """Claims for a place that the newest board has no more, or too low, or for a certificate that was taken back:
    to be refused, or their list given up.

    A place on a board that is marked anew is not lost yet. One query when it is made, for the editions.
    """
    newer = Board.published().filter(
        item=OuterRef("board__item"), number__gt=OuterRef("board__number")
    )
    standing = BoardLine.objects.filter(
        entry=OuterRef("place__entry"),
        entry__state="entered",
        board__item__later_stages__isnull=True,
        board__item__competition__level__in=LEVELS,
    ).exclude(Exists(newer))
    stands = Q(pk__in=[])
    for edition in every_edition().filter(code=BOOST_POLICY):
        policy, high = policy_by_digest(edition.digest), Q(pk__in=[])
        for stage in PLACES:
            high |= Q(board__item__stage=stage, rank__lte=last_rank(policy, stage))
        stands |= Q(Exists(standing.filter(high)), edition=edition)
    is_open = Q(state__in=[Drawn.FILED, Drawn.ENDORSED, Drawn.APPROVED, Drawn.LISTED])
    is_published = Q(place__isnull=False, place__board__item__state="published")
    recalled = Q(certificate__isnull=False) & ~Q(certificate__level=F("level"))
    return is_open & (is_published & ~stands | recalled)


def claimant_queues(user: User) -> list[Queue]:
    """For units and unions: awards that do not know where to go, claims to look into."""
    rows = Claim.objects.visible_to(user)
    unknown = rows.filter(
        within_reach(user, CLAIMANTS, "organization__path"),
        state=Drawn.FILED,
        account_cipher__isnull=True,
    )
    return _shown(_queue("待填收款账号的奖励", unknown, "?state=filed&account=missing"))


def approver_queues(user: User) -> list[Queue]:
    """For the unions: claims to look into, and those to approve."""
    rows = Claim.objects.visible_to(user)
    staff = [Role.HANDLER, Role.APPROVER]
    mine = claims_for(user)
    below = rows.filter(
        within_reach(user, staff, "organization__path"), mine, kind=BOOST.kind, state=Drawn.FILED
    )
    ready = Q(state=Drawn.ENDORSED) | Q(state=Drawn.FILED, kind__in=RAISED)
    to_approve = rows.filter(
        within_reach(user, [Role.APPROVER], "payer__path"),
        ready,
        mine,
        account_cipher__isnull=False,
    )
    decides = within_reach(user, [Role.APPROVER], "payer__path") | Q(
        within_reach(user, staff, "organization__path"), state=Drawn.FILED
    )
    lost = rows.filter(decides, rests_on_what_is_gone())
    return _shown(
        _queue("待核实的职工申领", below, "?kind=boost&state=filed&is_mine=true"),
        _queue("待批准的个人申领", to_approve, "?account=known&is_mine=true"),
        _queue("所凭名次、证书已变动的申领", lost, "?ground=lost"),
    )


def payer_queues(user: User) -> list[Queue]:
    """For finance: what is approved and on no list, lists to sign, transfers the bank owes an answer."""
    reach = within_reach(user, [Role.FINANCE], "fund__organization__path")
    waiting = Claim.objects.visible_to(user).filter(reach, claims_for(user), state=Drawn.APPROVED)
    lists = Payout.objects.visible_to(user).filter(reach)
    open_ones = Transfer.objects.visible_to(user).filter(
        payout__in=lists.filter(state=Listed.SIGNED), receipt="", returned=""
    )
    address = reverse("subsidies:payouts")
    drawn = lists.filter(payouts_for(user), state=Listed.DRAWN).count()
    answers = open_ones.count()
    shared = Claim.objects.visible_to(user).filter(
        within_reach(user, [Role.FINANCE], "payer__path"), is_held(), calls_for(user)
    )
    return _shown(
        _queue("收款账号与他人相同、待回访的申领", shared, "?account=mine"),
        _queue("待付款的个人申领", waiting, "?state=approved&is_mine=true"),
        Queue(
            "待复核的付款清单", drawn, f"{address}?state=drawn&is_mine=true", unit="份", tone="warn"
        ),
        Queue("银行尚未回单的付款", answers, f"{address}?state=signed", unit="笔", tone="warn"),
    )


def own_queues(user: User) -> list[Queue]:
    """One's own claims that are on their way."""
    going = Claim.objects.about(user).exclude(state__in=[Claim.State.PAID, Claim.State.REFUSED])
    return [
        Queue(row.title, row.get_state_display(), reverse("talents:own"), "", note="本人的申领")
        for row in going.order_by("-pk")[:MOST_SHOWN]
    ]


def claimed_by(sight: Sight, person: Person) -> list[Attainment]:
    """The money drawn for titles and certificates, for the passport."""
    rows = sight.rows(Claim).filter(person=person).order_by("-pk")
    return [
        Attainment(
            row.title,
            row.issued_on,
            (f"{row.gross:,.2f}", f"{row.net:,.2f}", row.get_state_display()),
            sight.href("subsidies:claim", row.pk),
        )
        for row in rows[:MOST_SHOWN]
    ]


def payers_of(user: User, bodies: list[Organization]) -> list[Organization]:
    """Of ``bodies``, those that pay people."""
    return [body for body in bodies if body.kind == Organization.Kind.CITY]


def _queue(title: str, rows: QuerySet[Claim], question: str) -> Queue:
    found = rows.aggregate(count=Count("pk"), total=Sum("gross"))
    note = f"共{found['total']:,.2f}元" if found["total"] else ""
    address = f"{reverse('subsidies:claims')}{question}"
    return Queue(title, found["count"], address, unit="笔", tone="warn", note=note)


def _shown(*queues: Queue) -> list[Queue]:
    return [queue for queue in queues if queue.count]
