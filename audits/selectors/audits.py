"""Engagements, samples, working papers and findings within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from audits.models import Engagement, Finding, Paper, Sample
from audits.rules.sampling import drawn_at_random, drawn_by_money
from subsidies.selectors.money import expenses_in_scope

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User
    from subsidies.models import Expense


def engagements_in_scope(user: User) -> QuerySet[Engagement]:
    """Audits, with how many papers and findings each has and how many are open."""
    rows = Engagement.objects.visible_to(user)
    return rows.select_related("organization", "fund__organization", "led_by").annotate(
        paper_count=Count("papers", distinct=True),
        open_papers=Count("papers", ~Q(papers__state=Paper.State.REVIEWED), distinct=True),
        finding_count=Count("findings", distinct=True),
        open_findings=Count("findings", ~Q(findings__state__in=Finding.DONE), distinct=True),
    )


def samples_in_scope(user: User) -> QuerySet[Sample]:
    return (
        Sample.objects.visible_to(user)
        .select_related("engagement__organization", "engagement__fund", "academy", "drawn_by")
        .defer("numbers")
    )


def papers_in_scope(user: User) -> QuerySet[Paper]:
    return Paper.objects.visible_to(user).select_related(
        "engagement__organization", "engagement__fund__organization", "sample", "finding__engagement",
        "expense__academy", "expense__fund", "expense__entry", "prepared_by", "reviewed_by",
    )  # fmt: skip


def findings_in_scope(user: User) -> QuerySet[Finding]:
    """What was found: issued for all who may read of the academy's money, drafts for the auditors."""
    own = Engagement.objects.visible_to(user).values("pk")
    rows = Finding.objects.visible_to(user).filter(
        ~Q(state=Finding.State.DRAFT) | Q(engagement__in=own)
    )
    return rows.select_related(
        "engagement__organization", "engagement__fund__organization", "academy__organization",
        "academy__supervising_union", "rectification__proved_by", "rectification__checked_by",
        "found_by", "issued_by", "closed_by", "returned",
    )  # fmt: skip


def standing_now(sample: Sample, user: User) -> QuerySet[Expense]:
    """What ``sample`` is to be drawn from: the fund's expenses that stand at this moment."""
    rows = expenses_in_scope(user).filter(fund=sample.engagement.fund_id, red__isnull=True)
    return rows.filter(academy=sample.academy_id) if sample.academy_id else rows


def population_at(sample: Sample, user: User) -> QuerySet[Expense]:
    """What ``sample`` was drawn from, as it was kept; before that was done, the ledger is the clock."""
    rows = expenses_in_scope(user).filter(fund=sample.engagement.fund_id)
    if sample.numbers:
        return rows.filter(pk__in=sample.numbers)
    stood = Q(red__isnull=True) | Q(red__gt=sample.as_of)
    rows = rows.filter(stood, entry__lte=sample.as_of)
    return rows.filter(academy=sample.academy_id) if sample.academy_id else rows


def drawn(sample: Sample, population: list[tuple[int, Decimal]]) -> list[int]:
    """Which of the population (number, amount) the sample takes; the same every time."""
    draw = drawn_at_random if sample.method == Sample.Method.RANDOM else drawn_by_money
    return draw(population, sample.size, sample.seed)


def rows_of(expenses: QuerySet[Expense]) -> list[tuple[int, Decimal]]:
    return list(expenses.order_by("pk").values_list("pk", "amount"))
