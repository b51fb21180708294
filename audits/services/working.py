"""Beginning an audit, drawing a sample, choosing an expense, writing a finding down."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q, Sum

from audits.models import Engagement, Finding, Paper, Sample
from audits.permissions import may_audit_for, may_work_on
from audits.rules.sampling import digest_of
from audits.selectors.audits import drawn, rows_of, standing_now
from subsidies.models import Entry, Expense
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from subsidies.models import Fund

BEGUN = Event("audits.begun", "审计立项")
DRAWN = Event("audits.drawn", "审计抽样")
CHOSEN = Event("audits.chosen", "选取查证")
FOUND = Event("audits.found", "提出审计发现")
REWORDED = Event("audits.reworded", "修改审计发现")


@refusing()
@transaction.atomic
def begin(fund: Fund, facts: dict[str, Any], *, actor: User) -> Engagement:
    """Begin the audit of a fund (``number``, ``title``, ``scope``)."""
    may_audit_for.check(actor, fund.organization)
    engagement = Engagement.objects.create(
        fund=fund, organization=fund.organization, led_by=actor, **facts
    )
    record_event(
        BEGUN,
        subject_of(engagement),
        actor=actor,
        organization=fund.organization,
        after={"number": engagement.number, "fund": str(fund)},
    )
    return engagement


@refusing()
@transaction.atomic
def draw(engagement_id: int, how: dict[str, Any], *, actor: User) -> Sample:
    """Draw expenses of the fund, each gets a paper, once; ``how``: method, size, academy, seed.

    Without an academy all of them are drawn from; without a seed one is made.
    """
    engagement = locked_engagement(engagement_id, actor)
    may_work_on.check(actor, engagement)
    as_of = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    sample = Sample(
        engagement=engagement, as_of=as_of, drawn_by=actor,
        **how | {"seed": how.get("seed") or secrets.token_hex(8)},
    )  # fmt: skip
    population = rows_of(standing_now(sample, actor))
    if not population:
        raise DomainError("nothing-to-draw", "所选范围内没有有效支出，无从抽样")
    sample.population, sample.digest = len(population), digest_of(population)
    sample.numbers = [number for number, _ in population]
    sample.total = sum(amount for _, amount in population)
    sample.save()
    chosen = drawn(sample, population)
    Paper.objects.bulk_create(
        [Paper(engagement=engagement, sample=sample, expense_id=pk) for pk in chosen],
        ignore_conflicts=True,
    )
    record_event(
        DRAWN,
        subject_of(engagement),
        actor=actor,
        organization=engagement.organization,
        after={"method": sample.get_method_display(), "seed": sample.seed, "size": len(chosen)},
    )
    return sample


@refusing()
@transaction.atomic
def choose(engagement_id: int, expense: Expense, *, actor: User) -> Paper:
    """Look at one expense besides the sample, as a red flag gives reason to."""
    engagement = locked_engagement(engagement_id, actor)
    may_work_on.check(actor, engagement)
    paper = Paper.objects.create(engagement=engagement, expense=expense)
    record_event(
        CHOSEN,
        subject_of(engagement),
        actor=actor,
        organization=engagement.organization,
        after={"voucher": expense.voucher},
    )
    return paper


@refusing()
@transaction.atomic
def find(engagement_id: int, facts: dict[str, Any], papers: list[Paper], *, actor: User) -> Finding:
    """Write a finding down, about these papers of one academy; ``facts`` are its fields."""
    engagement = locked_engagement(engagement_id, actor)
    may_work_on.check(actor, engagement)
    last = engagement.findings.aggregate(last=Max("number"))["last"] or 0
    finding = Finding.objects.create(
        engagement=engagement, number=last + 1, found_by=actor, **facts
    )
    _bind(finding, papers)
    record_event(
        FOUND,
        subject_of(finding),
        actor=actor,
        organization=engagement.organization,
        after={"fact": finding.fact, "amount": str(finding.amount), "refund": str(finding.refund)},
    )
    return finding


@refusing()
@transaction.atomic
def reword(finding_id: int, facts: dict[str, Any], papers: list[Paper], *, actor: User) -> Finding:
    """Put a draft into other words."""
    rows = Finding.objects.visible_to(actor).select_related("engagement__organization")
    finding = rows.select_for_update(of=("self",)).get(pk=finding_id)
    may_work_on.check(actor, finding.engagement)
    if finding.state != Finding.State.DRAFT:
        raise DomainError("finding-issued", "审计发现已经下达，不能修改")
    before = {name: str(getattr(finding, name)) for name in facts}
    for name, value in facts.items():
        setattr(finding, name, value)
    finding.papers.update(finding=None)
    finding.save(update_fields=list(facts))
    _bind(finding, papers)
    record_event(
        REWORDED,
        subject_of(finding),
        actor=actor,
        organization=finding.engagement.organization,
        before=before,
        after={name: str(value) for name, value in facts.items()},
    )
    return finding


def _bind(finding: Finding, papers: list[Paper]) -> None:
    """Have the finding rest on these papers: of one that was taken back they are free again."""
    chosen = Paper.objects.filter(pk__in=[paper.pk for paper in papers])
    held = [paper.pk for paper in chosen.select_for_update(of=("self",))]
    if taken := Paper.objects.filter(pk__in=held).exclude(Paper.FREE | Q(finding=finding)).first():
        message = (
            f"底稿“{taken}”已作为另一项审计发现的依据，请重新选取；"
            "同一支出另有问题的，在那一项下达以前修改，一并写明"
        )
        raise DomainError("paper-of-another-finding", message)
    stood = chosen.aggregate(total=Sum("expense__amount"))["total"]
    if stood is not None and finding.amount > stood:
        message = f"涉及金额{finding.amount:,.2f}元，超过所列支出合计{stood:,.2f}元"
        raise DomainError("finding-beyond-expenses", message)
    chosen.update(finding=finding)


def locked_engagement(pk: int, actor: User) -> Engagement:
    rows = Engagement.objects.visible_to(actor).select_related("organization", "fund__organization")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def locked_finding(pk: int, actor: User) -> Finding:
    rows = Finding.objects.visible_to(actor).select_related(
        "engagement__organization", "engagement__fund__organization", "academy__organization",
        "academy__supervising_union", "rectification__proved_by",
    )  # fmt: skip
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
