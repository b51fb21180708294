"""Who of many that are cultivated gives reason to be looked after: the reasons of one page, asked of all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DateField, Exists, F, OuterRef, Q, Value
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from pages.tables.paging import counted
from talents.models import Cultivation, CultivationGoal, CultivationReport, PairLog
from talents.rules.cultivating import CultivationRule, quiet_before
from talents.rules.titles import newest_ladders
from talents.selectors.attainments import TRAINING, attained_meanwhile
from talents.selectors.growth import overdue
from workflow.queues import Queue

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


#: How the list of who is cultivated is asked for them.
WARNED = "yes"


def warned(rows: QuerySet[Cultivation], user: User) -> QuerySet[Cultivation]:
    """Those of ``rows`` of whom ``plans.warnings_of`` tells ``user`` at least one reason.

    What academies and pairs of other bodies have on file counts, as there.
    """
    today, whole = timezone.localdate(), User.whole_house()
    reports = CultivationReport.objects.visible_to(user).filter(cultivation=OuterRef("pk"))
    goals = CultivationGoal.objects.visible_to(user).filter(cultivation=OuterRef("pk"))
    reasons = (
        Q(Exists(overdue(reports)))
        | Q(Exists(reports.filter(finding=CultivationReport.Finding.BEHIND)))
        | Q(Exists(goals.filter(outcome="", due_on__lt=today)))
        | _untrained(whole, today)
        | _untaught(whole, today)
    )
    return rows.filter(reasons, state=Cultivation.State.GOING)


def _untrained(user: User, today: date) -> Q:
    """More than half is over, and no training is on file since the beginning."""
    now = Value(today, output_field=DateField())
    is_half_over = Q(GreaterThan(now - F("starts_on"), F("ends_on") - now))
    training = attained_meanwhile(TRAINING, user)
    return is_half_over if training is None else is_half_over & ~Q(Exists(training))


def _untaught(user: User, today: date) -> Q:
    """The mentor taught nothing that both confirmed for longer than the rule of its scheme has it."""
    logs = PairLog.objects.visible_to(user).filter(
        mentorship__master=OuterRef("mentor"),
        mentorship__apprentice=OuterRef("person"),
        master_by__isnull=False,
        apprentice_by__isnull=False,
    )
    known = {policy.code: CultivationRule.by(policy).quiet for policy in newest_ladders()}
    found = Q(pk__in=[])
    for months in {*known.values(), CultivationRule().quiet}:
        first = quiet_before(today, months)
        schemes = Q(scheme__in=[code for code, own in known.items() if own == months])
        if months == CultivationRule().quiet:
            schemes |= ~Q(scheme__in=list(known))
        quiet = Q(starts_on__lt=first) & ~Q(Exists(logs.filter(held_on__gte=first)))
        found |= schemes & quiet
    return Q(mentor__isnull=False) & found


def warning_queues(user: User) -> list[Queue]:
    """For units and their unions: who gives reason to be looked after; a reminder, never a penalty."""
    number = counted(warned(Cultivation.objects.visible_to(user), user))
    if not number:
        return []
    href = f"{reverse('talents:cultivations')}?warned={WARNED}"
    note = "逐人写明预警理由；只提醒，不自动处理"
    return [Queue("培育预警", str(number), href, unit="人", tone="warn", note=note)]
