"""What waits for a person in the craftsman programme: the queues of the home page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone

from intake.models import ImportBatch
from organizations.roles import Role
from organizations.scoping import bodies_where
from pages.selectors import notice_queues
from pages.tables.paging import Counted, capped_count_of, counted
from policies.rules.verdicts import UNCHECKED, Overall
from talents.models import AWAITS_UNIT, AssessmentRun, Nomination, QuotaAllocation, SelectionRound
from talents.rules.stages import mends_today
from talents.selectors.nominations import never_judged, with_verdict
from talents.selectors.rounds import latest_run_of, rounds_in_scope
from workflow.queues import Queue

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import User

ROUNDS_SHOWN = 6
#: How notices about persons of several units are called.
REFERRALS = "talents.referral:"
NOMINATION_IMPORTS = "talents.nominations"
NEAR = 5  # days before a deadline that deserve a colour
OPEN, CLOSED = SelectionRound.State.OPEN, SelectionRound.State.CLOSED


def staff_queues(user: User) -> list[Queue]:
    """For those who run rounds: open rounds, checks out of date, workbooks and rows left over."""
    return [
        *_open_rounds(user),
        *_referred(user),
        *_given_back(user, "info"),
        *_unfinished_imports(user),
    ]


def nominator_queues(user: User) -> list[Queue]:
    """For a nominating unit: each open round with places and days left, own candidates by verdict."""
    return [
        *_rounds_to_file_in(user),
        *_given_back(user, "bad"),
        *_own_verdicts(user),
        *_unfinished_imports(user),
    ]


def oversight_queues(user: User) -> list[Queue]:
    """For those who look on: open rounds, without what is for others to do."""
    return [
        replace(
            _progress(row),
            deadline=None,
            note=f"申报中，{row.closes_on}截止" if row.closes_on else "申报中",
        )
        for row in _rounds_with_progress(user)
    ]


def _progress(row: Any, tone: str = "") -> Queue:
    """How many an open round has got so far."""
    return Queue(
        row.name,
        str(Counted(row.filed)),
        reverse("talents:round-nominations", args=[row.code]),
        unit="名已推荐",
        deadline=row.closes_on,
        tone=tone,
        note="申报期限已过" if row.is_over else "申报中",
    )


def _open_rounds(user: User) -> list[Queue]:
    queues = []
    for row in _rounds_with_progress(user):
        address = reverse("talents:round", args=[row.code])
        queues.append(_progress(row, _tone(row.closes_on)))
        if row.filed and (row.run is None or row.has_later or row.has_edited):
            note = "尚未核验" if row.run is None else "核验后又有新增或更正"
            queues.append(Queue("待核验轮次", 1, address, unit="个", tone="warn", note=note))
    return queues


def _rounds_with_progress(user: User) -> list[Any]:
    """Open rounds, soonest first, with what was filed and whether the last check covers it."""
    run = AssessmentRun.objects.visible_to(user).filter(pk=OuterRef("run"))
    own = Nomination.objects.visible_to(user).filter(round=OuterRef("pk"))
    rows = rounds_in_scope(user).filter(state=OPEN)
    return list(
        rows.annotate(
            filed=capped_count_of(own),
            run=latest_run_of("pk"),
            judged_at=Subquery(run.values("started_at")[:1]),
            newest=Subquery(own.order_by("-pk").values("created_at")[:1]),
        )
        .annotate(
            has_later=Q(newest__gt=F("judged_at")),
            has_edited=Exists(own.filter(edited_at__gt=OuterRef("judged_at"))),
        )
        .order_by(F("closes_on").asc(nulls_last=True), "pk")[:ROUNDS_SHOWN]
    )


def _rounds_to_file_in(user: User) -> list[Queue]:
    """Open rounds; the figure is the places left, where the unit was given any."""
    units = bodies_where(user, [Role.NOMINATOR])
    own = Nomination.objects.visible_to(user).filter(round=OuterRef("pk"))
    places = QuotaAllocation.objects.visible_to(user).filter(
        round=OuterRef("pk"), organization__in=units
    )
    rows = (
        rounds_in_scope(user)
        .filter(state=OPEN)
        .exclude(closes_on__lt=timezone.localdate())
        .annotate(filed=capped_count_of(own), places=Subquery(places.values("places")[:1]))
        .order_by(F("closes_on").asc(nulls_last=True), "pk")[:ROUNDS_SHOWN]
    )
    return [
        Queue(
            row.name,
            str(Counted(row.filed)) if row.places is None else row.places - row.filed,
            reverse(
                f"talents:round{'-nominations' if row.places is None else ''}", args=[row.code]
            ),
            unit="名已推荐" if row.places is None else "个名额可用",
            deadline=row.closes_on,
            tone=_tone(row.closes_on),
            note="名额由上级工会统筹" if row.places is None else f"已推荐{row.filed}名",
        )
        for row in rows
    ]


def _given_back(user: User, tone: str) -> list[Queue]:
    """What was given back in open rounds and waits for its unit."""
    rows, address = (
        Nomination.objects.visible_to(user).filter(AWAITS_UNIT),
        reverse("talents:nominations"),
    )
    late = ~Q(round__state=OPEN) & mends_today("round__")
    kinds = (
        ("被退回的推荐", OPEN, rows.filter(round__state=OPEN), "推荐单位更正或说明情况后再确认"),
        ("截止后待补正的推荐", CLOSED, rows.filter(late), "按时报送、审核期间被退回的，仍可补正"),
    )
    return [
        Queue(
            title,
            str(waiting),
            f"{address}?state=returned&stage={stage.value}",
            unit="名",
            tone=tone,
            note=note,
        )
        for title, stage, among, note in kinds
        if (waiting := counted(among))
    ]


def _referred(user: User) -> list[Queue]:
    """Persons whom units without reach of each other put forward, for who serves above both."""
    note = "核对身份证原件后代为登记，或答复申报单位"
    return notice_queues(user, REFERRALS, "跨单位人员待核对", tone="warn", note=note)


def _own_verdicts(user: User) -> list[Queue]:
    """Own candidates of open rounds, by what the last check said of them, and whom it did not meet."""
    rows = Nomination.objects.visible_to(user).filter(round__state=OPEN)
    address = reverse("talents:nominations")

    def tile(title: str, code: str, among: QuerySet[Nomination], tone: str) -> Queue:
        href = f"{address}?verdict={code}&stage={OPEN.value}"
        return Queue(title, str(counted(among)), href, unit="名", tone=tone)

    verdicts = [
        tile(f"核验{verdict.label}", verdict.code, with_verdict(rows, verdict), verdict.tone)
        for verdict in Overall
    ]
    unchecked = tile("尚未核验", UNCHECKED, never_judged(rows), "info")
    return verdicts if unchecked.count == "0" else [*verdicts, unchecked]


def _unfinished_imports(user: User) -> list[Queue]:
    """Workbooks looked through but not committed, and refused rows nobody has dealt with."""
    batches = ImportBatch.objects.visible_to(user).filter(kind=NOMINATION_IMPORTS)
    staged = counted(batches.filter(status=ImportBatch.Status.STAGED))
    committed = batches.filter(status=ImportBatch.Status.COMMITTED)
    left = committed.aggregate(rows=Sum("refused_count"))["rows"] or 0
    address = f"{reverse('intake:imports')}?kind={NOMINATION_IMPORTS}"
    queues = []
    if staged:
        waiting = f"{address}&status={ImportBatch.Status.STAGED.value}"
        queues.append(Queue("待提交的导入批次", str(staged), waiting, unit="批", tone="warn"))
    if left:
        queues.append(
            Queue(
                "待更正的退回行", str(Counted(left)), f"{address}&left=yes", unit="行", tone="bad"
            )
        )
    return queues


def _tone(closes_on: date | None) -> str:
    if closes_on is None:
        return "info"
    left = (closes_on - timezone.localdate()).days
    return "bad" if left < 0 else "warn" if left <= NEAR else "info"
