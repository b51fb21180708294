"""How training reports are put together, signed, taken, given back and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from academies.models import Academy, TrainingReport
from academies.permissions import keeping_body
from academies.permissions.reporting import (
    ACCEPT,
    CERTIFY,
    HAND_BACK,
    PREPARE,
    REOPEN,
    RETURN,
    may_certify,
    may_hand_back,
    may_judge_report,
    may_prepare,
    may_reopen_report,
)
from academies.services.notices import tell_keepers, tell_union
from academies.services.reporting import FIGURES, classes_of_period, counted, strange_classes
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from organizations.models import User


@refusing()
@transaction.atomic
def prepare_report(
    report_id: int, *, words: str, actor: User, contested: Collection[int] = ()
) -> TrainingReport:
    """Put a report before whoever signs for the academy; figures are counted, never typed.

    ``contested``: the classes whose rows the academy does not agree with, ``words`` saying why.
    """
    report = _locked_report(report_id, actor)
    may_prepare.check(actor, report)
    if contested and not words.strip():
        raise DomainError(
            "contest-says-why", "对班次有异议的，请在“说明或异议”中写明哪一行、为什么"
        )
    body = keeping_body(actor, report.academy)
    PREPARE.apply(
        report, organization=body, actor=actor, note=words[:200], words=words, prepared_by=actor,
        fault="", fault_words="", faults=[], contested=_labelled(report, contested),
    )  # fmt: skip
    return report


@refusing()
@transaction.atomic
def certify_report(report_id: int, *, actor: User, note: str = "") -> TrainingReport:
    """Sign it: the figures of this moment go to the union, with a hash of the rows behind them."""
    report = _locked_report(report_id, actor)
    may_certify.check(actor, report)
    now = counted(report)
    CERTIFY.apply(
        report,
        organization=keeping_body(actor, report.academy),
        actor=actor,
        note=note,
        counted=now.figures,
        digest=now.digest,
        certified_by=actor,
        certified_at=timezone.now(),
    )
    words = "，".join(f"{FIGURES[name]}{number}" for name, number in now.figures.items())
    tell_union(report, f"待接收：{report.academy}{report.title}报送", words, actor=actor)
    return report


@refusing()
@transaction.atomic
def hand_back_report(report_id: int, *, actor: User, note: str) -> TrainingReport:
    """Do not sign it: whoever put it together is told why, and does it anew."""
    report = _locked_report(report_id, actor)
    may_hand_back.check(actor, report)
    check_reason(note, "退回编制")
    HAND_BACK.apply(
        report, organization=keeping_body(actor, report.academy), actor=actor, note=note,
        fault_words=note, prepared_by=None,
    )  # fmt: skip
    tell_keepers(report, f"未予签发：{report.title}培训报送", f"事由：{note}", actor=actor)
    return report


@refusing()
@transaction.atomic
def accept_report(report_id: int, *, actor: User, note: str = "") -> TrainingReport:
    """Take it; from now on it stays. Refused where its rows have changed since it was signed."""
    report = _locked_report(report_id, actor)
    may_judge_report.check(actor, report)
    if counted(report).digest != report.digest:
        message = "报送之后培训记录有变动，数字已不是签发时的数；请退回学院重新签发"
        raise DomainError("rows-changed-since-signed", message)
    ACCEPT.apply(
        report,
        organization=report.academy.supervising_union,
        actor=actor,
        note=note,
        accepted_by=actor,
        accepted_at=timezone.now(),
        reopened_until=None,
    )
    tell_keepers(report, f"已接收：{report.title}培训报送", note, actor=actor)
    return report


@refusing()
@transaction.atomic
def return_report(  # noqa: PLR0913 - what is given back, why, and which parts are meant
    report_id: int,
    fault: str,
    *,
    actor: User,
    note: str,
    figures: Mapping[str, str] | None = None,
    classes: Mapping[int, str] | None = None,
) -> TrainingReport:
    """Give it back with a typed reason (缺件, 不符, 存疑) and words.

    ``figures``, ``classes``: which of them are meant, each with a typed reason of its own.
    """
    report = _locked_report(report_id, actor)
    may_judge_report.check(actor, report)
    faults = [
        {"on": name, "label": FIGURES[name], "fault": kind}
        for name, kind in (figures or {}).items()
    ]
    of_classes = {row["class"]: row["label"] for row in _labelled(report, classes or {})}
    faults += [
        {"on": f"class:{pk}", "label": label, "fault": (classes or {})[pk]}
        for pk, label in of_classes.items()
    ]
    RETURN.apply(
        report,
        organization=report.academy.supervising_union,
        actor=actor,
        note=note,
        fault=fault,
        fault_words=note,
        faults=faults,
        returns=report.returns + 1,
        prepared_by=None,
        certified_by=None,
    )
    kind = TrainingReport.Fault(fault).label
    each = "、".join(
        f"{row['label']}（{TrainingReport.Fault(row['fault']).label}）" for row in faults
    )
    words = f"事由：{note}" + (f"；逐项：{each}" if each else "")
    tell_keepers(report, f"退回（{kind}）：{report.title}培训报送", words, actor=actor)
    return report


@refusing()
@transaction.atomic
def reopen_report(report_id: int, *, actor: User, note: str, due_on: date) -> TrainingReport:
    """Open an accepted report again, as an exception until ``due_on``, for a reason on record.

    After that day nothing is prepared or signed any more, unless it is opened anew.
    """
    report = _locked_report(report_id, actor)
    may_reopen_report.check(actor, report)
    check_reason(note, "重新开放报送")
    if due_on < timezone.localdate():
        raise DomainError("reopened-until-past", "重新报送期限不能早于今天")
    REOPEN.apply(
        report,
        organization=report.academy.supervising_union,
        actor=actor,
        note=note,
        due_on=due_on,
        reopened_until=due_on,
        told_up_to=0,
        prepared_by=None,
        certified_by=None,
        accepted_by=None,
    )
    tell_keepers(
        report,
        f"重新开放：{report.title}培训报送",
        f"至{due_on}（含当日）。事由：{note}",
        actor=actor,
    )
    return report


def _labelled(report: TrainingReport, classes: Collection[int]) -> list[dict[str, Any]]:
    """The classes by name; refused where one is none of the report's rows."""
    if strange := strange_classes(report, classes):
        raise DomainError("class-not-in-report", strange)
    rows = classes_of_period(report).filter(pk__in=classes).order_by("number")
    return [{"class": row.pk, "label": f"{row.number} {row.name}"} for row in rows]


def _locked_report(pk: int, actor: User) -> TrainingReport:
    """The report within what ``actor`` may see, after its academy, which imports lock, too.

    So that no rows change between counting and signing.
    """
    rows = TrainingReport.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    of_row = Academy.objects.filter(pk__in=rows.filter(pk=pk).values("academy"))
    of_row.select_for_update(no_key=True).first()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
