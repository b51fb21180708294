"""Masters, apprentices and who is cultivated, as lists and pages show them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from pages.tables.paging import counted
from talents.models import Cultivation, CultivationReport, Mentorship, PairConsent
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

#: A report is said to be due so many days before its day.
DAYS_AHEAD = 30
#: How the list of who is cultivated is asked for those with a late report.
OVERDUE = "overdue"


def pairs_in_scope(user: User) -> QuerySet[Mentorship]:
    rows = Mentorship.by_mode(Mentorship.objects.visible_to(user))
    return rows.select_related("master", "apprentice", "organization")


def pair_queues(user: User) -> list[Queue]:
    """Agreements that all three have agreed to and that wait to be taken on file; and those that lack one."""
    drafts = Mentorship.objects.visible_to(user).filter(state=Mentorship.State.DRAFT)
    told = drafts.annotate(agreed=Count("consents"))
    whole = len(PairConsent.Party)
    href = f"{reverse('talents:pairs')}?state={Mentorship.State.DRAFT.value}"
    kinds = (
        ("待备案的师徒协议", told.filter(agreed=whole), "由填报人以外的经办人或审批人备案"),
        ("待三方确认的师徒协议", told.filter(agreed__lt=whole), "师傅、徒弟、单位各自确认"),
    )
    return [
        Queue(title, str(waiting), href, unit="对", tone="warn", note=note)
        for title, rows, note in kinds
        if (waiting := counted(rows))
    ]


def cultivations_in_scope(user: User) -> QuerySet[Cultivation]:
    """Who is cultivated, with how many reports were accepted, of how many, and which is due next."""
    rows = Cultivation.objects.visible_to(user).select_related(
        "person", "organization", "mentor", "certificate"
    )
    accepted = Q(reports__state=CultivationReport.State.ACCEPTED)
    due = Q(reports__state=CultivationReport.State.DUE)
    return rows.annotate(
        whole=Count("reports"),
        accepted=Count("reports", filter=accepted),
        next_due=Min("reports__due_on", filter=due),
    )


def reports_in_scope(user: User) -> QuerySet[CultivationReport]:
    rows = CultivationReport.in_their_periods(CultivationReport.objects.visible_to(user))
    return rows.select_related("cultivation__person", "cultivation__organization")


def report_queues(user: User) -> list[Queue]:
    """For units: what is due, and what is late. Early warning, never a penalty by itself."""
    soon = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    rows = CultivationReport.objects.visible_to(user).filter(
        state=CultivationReport.State.DUE, cultivation__state=Cultivation.State.GOING
    )
    waiting = rows.filter(due_on__lte=soon)
    first = waiting.order_by("due_on").values_list("due_on", flat=True).first()
    if first is None:
        return []
    late = counted(waiting.filter(due_on__lt=timezone.localdate()))
    note = f"其中逾期{late}份" if late else "按期报送"
    tone = "bad" if late else "warn"
    href = f"{reverse('talents:cultivations')}?reports={OVERDUE if late else 'due'}"
    return [Queue("待报备的培育情况", str(counted(waiting)), href, "份", first, tone, note)]


def acceptance_queues(user: User) -> list[Queue]:
    """For unions: reports that wait to be accepted, and those whose day has passed."""
    rows, page = CultivationReport.objects.visible_to(user), reverse("talents:cultivations")
    late = overdue(rows)
    first = late.order_by("due_on").values_list("due_on", flat=True).first()
    queues = []
    if waiting := counted(rows.filter(state=CultivationReport.State.SUBMITTED)):
        href = f"{page}?reports=submitted"
        queues.append(Queue("待审核的培育报备", str(waiting), href, unit="份", tone="warn"))
    if first:
        href, note = f"{page}?reports={OVERDUE}", "可逐份催办；逾期只提醒，不自动处理"
        title, number = "逾期未报的培育报备", str(counted(late))
        queues.append(Queue(title, number, href, "份", first, "bad", note))
    return queues


def overdue(reports: QuerySet[CultivationReport]) -> QuerySet[CultivationReport]:
    """Of these the reports whose day has passed, of cultivations that go on."""
    return reports.filter(
        state=CultivationReport.State.DUE,
        cultivation__state=Cultivation.State.GOING,
        due_on__lt=timezone.localdate(),
    )
