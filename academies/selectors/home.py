"""What waits for an academy's manager, and for the union above: the queues of the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from academies.facts.evaluations import open_on
from academies.models import Academy, AcademyYear, Rectification, Review
from academies.permissions import evaluating_bodies
from academies.rules import positions
from academies.selectors.academies import CLASSES_KIND, ROSTER_KIND
from academies.selectors.evaluations import evaluations_in_scope, items_in_scope
from academies.selectors.explanations import GOOD, cards
from academies.selectors.reporting import due, late, reports_in_scope
from academies.selectors.reviews import (
    SELF_DUE_ON,
    for_another,
    lifted,
    marked_by,
    objected,
    overdue,
    reviews_in_scope,
)
from academies.selectors.standards import academies_of_year
from intake.models import ImportBatch
from workflow.queues import Queue

if TYPE_CHECKING:
    from academies.rules import Position
    from academies.selectors.explanations import Card
    from organizations.models import User

ACADEMIES_SHOWN = 3
Status = ImportBatch.Status


def manager_queues(user: User) -> list[Queue]:
    """For those who run an academy: each standard of the last year taught, and what is unfinished."""
    academies = list(
        Academy.objects.visible_to(user)
        .select_related("host", "supervising_union")
        .order_by("code")[:ACADEMIES_SHOWN]
    )
    queues = [
        *open_rectifications(user),
        *due_reports(user),
        *waiting_reviews(user),
        *_unfinished(user),
    ]
    for academy in academies:
        position = positions([academy], _last_taught(academy, user))[0]
        name = f"{academy.name}　" if len(academies) > 1 else ""
        queues += [_of_card(card, position, name) for card in cards(position)]
        if not position.standings:
            queues.append(_overall(position))
    return queues


def union_queues(user: User) -> list[Queue]:
    """For the union above: how many academies fell short in the last year that is over."""
    year = timezone.localdate().year - 1
    found = positions(academies_of_year(user, year), year)
    judged = [position for position in found if position.standings]
    queues = [
        *open_rectifications(user),
        *_corrections(user),
        *due_reports(user),
        *waiting_reviews(user),
    ]
    if not judged:
        return queues
    short = sum(1 for position in judged if position.short_count)
    return [
        *queues,
        Queue(
            f"{year}年度未达标学院",
            short,
            reverse("academies:list") + f"?year={year}&verdict=short",
            unit="家",
            tone="warn" if short else GOOD,
            note=f"按标准考核{len(judged)}家",
        ),
    ]


def open_rectifications(user: User) -> list[Queue]:
    """What is to be put right and looked at again; until then nothing is paid."""
    rows = evaluations_in_scope(user).filter(open_on(timezone.localdate()))
    items = items_in_scope(user).order_by()
    listed = reverse("academies:evaluations") + "?is_open=true"
    waiting = [
        (rows, "整改未完成", "家", "bad", listed, "整改完成前暂停拨付补助资金"),
        *(
            (
                items.filter(state=state),
                title,
                "项",
                "warn",
                f"{reverse('academies:items')}?state={state}",
                note,
            )
            for state, title, note in (
                (Rectification.State.DEMANDED, "待整改事项", "由学院填报整改情况"),
                (Rectification.State.PROVED, "待复核销号", "由提出人、填报人以外的另一人复核"),
            )
        ),
    ]
    queues = []
    for found, title, unit, tone, href, note in waiting:
        counted = found.aggregate(number=Count("pk"), due_on=Min("due_on"))
        if counted["number"]:
            queues.append(
                Queue(title, counted["number"], href, unit, counted["due_on"], tone, note)
            )
    return queues


def _corrections(user: User) -> list[Queue]:
    """Corrections of the history of evaluations that wait for a second person."""
    count = evaluations_in_scope(user).exclude(proposal={}).order_by().count()
    href = f"{reverse('academies:evaluations')}?is_proposed=true"
    note = "由提出人、导入人以外的审批人复核"
    return [Queue("待复核的评价更正", count, href, "条", tone="warn", note=note)] if count else []


def due_reports(user: User) -> list[Queue]:
    """Training reports that wait: to be made, signed, taken; those that are late first."""
    rows, listed = reports_in_scope(user).order_by(), reverse("academies:reports")
    waiting = [
        ("报送逾期", rows.filter(late()), "?is_late=true", "bad", "期限已过，尚未报送"),
        ("待报送的报送", rows.filter(due()), "?is_due=true", "warn", "由学院编制、另一人签发"),
        (
            "待接收的报送",
            rows.filter(state="certified"),
            "?state=certified",
            "warn",
            "由主管工会接收或退回",
        ),
        (
            "待签发的报送",
            rows.filter(state="prepared"),
            "?state=prepared",
            "warn",
            "由编制人以外的另一人签发",
        ),
    ]
    queues = []
    for title, found, query, tone, note in waiting:
        counted = found.aggregate(number=Count("pk"), due_on=Min("due_on"))
        if counted["number"]:
            href = f"{listed}{query}"
            queues.append(
                Queue(title, counted["number"], href, "期", counted["due_on"], tone, note)
            )
    return queues


def reviews_to_mark(user: User) -> list[Queue]:
    """For experts: the files of the yearly evaluation that wait for their own marks."""
    state = Review.State.ENDORSED
    rows = (
        reviews_in_scope(user)
        .order_by()
        .filter(state=state)
        .exclude(pk__in=marked_by(user).values("review"))
    )
    href = f"{reverse('academies:reviews')}?state={state}"
    count = rows.count()
    return [Queue("待评分的评价件", count, href, "件", tone="warn")] if count else []


def waiting_reviews(user: User) -> list[Queue]:
    """Files of the yearly evaluation by what comes next."""
    rows, listed = reviews_in_scope(user).order_by(), reverse("academies:reviews")
    queues = []
    for state, title, note in (
        (Review.State.DRAFT, "待自评的评价件", "由学院报送自评"),
        (Review.State.FILED, "待初审的评价件", "电话抽查后由主管工会出具意见"),
        (Review.State.ENDORSED, "待评定的评价件", "专家评分，市总工会评定"),
    ):
        counted = rows.filter(state=state).aggregate(
            number=Count("pk", distinct=True),
            due_on=Min(SELF_DUE_ON),
        )
        if counted["number"]:
            due = counted["due_on"] if state == Review.State.DRAFT else None
            href = f"{listed}?state={state}"
            queues.append(Queue(title, counted["number"], href, "件", due, "warn", note))
    return [*_out_of_the_ordinary(user), *queues]


def _out_of_the_ordinary(user: User) -> list[Queue]:
    """Files that are late; and, for who evaluates, those whose grade waits for another one's word."""
    rows, listed = reviews_in_scope(user).order_by(), reverse("academies:reviews")
    waiting = [("自评逾期", overdue(), "is_late=true", "bad", "主管工会写明事由准予延期后才能报送")]
    if evaluating_bodies(user):
        mine = for_another(user)
        waiting += [
            ("等次待复核", lifted() & mine, "is_lifted=true&is_mine=true", "warn",
             "由提出人以外的另一人复核"),
            ("待答复的异议", objected() & mine, "is_objected=true&is_mine=true", "bad",
             "由评定人以外的另一人答复，答复前原等次照常执行"),
        ]  # fmt: skip
    queues = []
    for title, which, query, tone, note in waiting:
        if count := rows.filter(which).values("pk").distinct().count():
            queues.append(Queue(title, count, f"{listed}?{query}", "件", tone=tone, note=note))
    return queues


def _last_taught(academy: Academy, user: User) -> int:
    rows = AcademyYear.objects.visible_to(user).filter(academy=academy, classes__gt=0)
    found = rows.order_by("-year").values_list("year", flat=True).first()
    return found if found is not None else timezone.localdate().year - 1


def _of_card(card: Card, position: Position, name: str) -> Queue:
    reading = next((r for r in card.readings if r.met), card.readings[0])
    return Queue(
        f"{name}{position.year}年{reading.label}",
        reading.actual,
        f"{_address(position)}#standard-{card.code}",
        unit=f"／ {reading.threshold} {reading.unit}",
        tone=card.tone,
        note=f"{card.verdict}：{reading.formula}",
    )


def _overall(position: Position) -> Queue:
    return Queue(
        f"{position.academy.name}{position.year}年培训",
        position.figures.persons,
        _address(position),
        unit="人",
        note=f"{position.figures.person_times:,}人次，{position.figures.classes}期",
    )


def _unfinished(user: User) -> list[Queue]:
    """Workbooks looked through but not committed, and refused rows nobody has dealt with."""
    batches = ImportBatch.objects.visible_to(user).filter(kind__in=[CLASSES_KIND, ROSTER_KIND])
    staged = batches.filter(status=Status.STAGED, kind=ROSTER_KIND).order_by("-pk")
    left = batches.filter(status=Status.COMMITTED, refused_count__gt=0)
    queues = [
        Queue(
            f"待提交：{batch.attachment.filename}",
            batch.accepted_count,
            reverse("intake:file", args=[batch.pk]),
            unit="行",
            tone="warn",
        )
        for batch in staged.select_related("attachment")[:3]
    ]
    queues += [
        Queue(
            f"待更正：{batch.attachment.filename}（{batch.sheet}）",
            batch.refused_count,
            f"{reverse('intake:file', args=[batch.pk])}?severity=error&sheet={_sheet(batch)}",
            unit="行",
            tone="bad",
        )
        for batch in left.select_related("attachment").order_by("-pk")[:3]
    ]
    return queues


def _sheet(batch: ImportBatch) -> str:
    """Under which name the page of the workbook shows this sheet."""
    return "classes" if batch.kind == CLASSES_KIND else "roster"


def _address(position: Position) -> str:
    return reverse("academies:year", args=[position.academy.code, position.year])
