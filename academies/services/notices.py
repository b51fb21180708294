"""Who is told of what happens to an academy's evaluation; never who did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from academies.permissions import EVALUATING, EVALUATORS
from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve, steps_to
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from academies.models import Academy, Evaluation, Rectification, Review, TrainingReport


def keepers_of(academy: Academy) -> Q:
    """Who runs the academy, and who handles it at the union that answers for it."""
    return accounts_that_serve([Role.ACADEMY_MANAGER], academy.organization.path) | Q(
        memberships__role=Role.HANDLER, memberships__organization=academy.supervising_union
    )


def evaluators_of(academy: Academy) -> Q:
    """Who evaluates it for the city union above."""
    return accounts_that_serve(list(EVALUATORS), academy.supervising_union.path) & Q(
        memberships__organization__kind__in=EVALUATING,
        memberships__organization__path__in=steps_to(academy.supervising_union.path),
    )


def tell_academy(item: Rectification, title: str, body: str, *, actor: User) -> int:
    return _tell(item, keepers_of(item.whose), title, body, actor)


def tell_evaluators(item: Rectification, title: str, body: str, *, actor: User) -> int:
    return _tell(item, evaluators_of(item.whose), title, body, actor)


def tell_keepers(report: TrainingReport, title: str, body: str, *, actor: User) -> int:
    return _say(_of(report), keepers_of(report.academy), title, body, actor)


def tell_union(report: TrainingReport, title: str, body: str, *, actor: User) -> int:
    """Who takes the academy's reports."""
    union = report.academy.supervising_union
    whom = Q(memberships__role__in=STAFF, memberships__organization=union)
    return _say(_of(report), whom, title, body, actor)


def tell_city(report: TrainingReport, title: str, body: str, *, actor: User) -> int:
    """Who evaluates academies for the city above, of a report that nobody below has brought in."""
    return _say(_of(report), evaluators_of(report.academy), title, body, actor)


def tell_opened(review: Review, *, actor: User) -> int:
    """Those who keep an academy's rows, that its year is evaluated and until when it may speak."""
    words = f"自评期限{review.self_due_on}。数字已由培训记录计出，请逐项说明并自评。"
    title = f"{review.campaign.year}年度审核评价：请自评"
    return tell_review(review, "academy", title, words, actor=actor)


def tell_review(review: Review, whom: str, title: str, body: str, *, actor: User) -> int:
    """Of a file of the evaluation: the ``academy``, its ``union``, the ``panel`` or the ``city``."""
    union = review.academy.supervising_union
    people = {
        "academy": keepers_of(review.academy),
        "union": Q(memberships__role__in=STAFF, memberships__organization=union),
        "panel": accounts_that_serve([Role.EXPERT], union.path),
        "city": evaluators_of(review.academy),
    }
    href = reverse("academies:review", args=[review.pk])
    return _say((subject_of(review), href), people[whom], title, body, actor)


def tell_of_correction(  # noqa: PLR0913 - of what, whom, in which words, by whom, of which academy
    row: Evaluation,
    whom: str,
    title: str,
    body: str,
    *,
    actor: User,
    of: Academy | None = None,
    is_gone: bool = False,
) -> int:
    """Of what is put right about an evaluation: the ``evaluators``, or the ``academy`` that it is about.

    Of a row that is gone, or of another academy now, the page of the academy tells the rest.
    """
    academy = of or row.academy
    people = {"evaluators": evaluators_of(academy), "academy": keepers_of(academy)}[whom]
    href = (
        reverse("academies:evaluation", args=[row.pk])
        if academy == row.academy and not is_gone
        else reverse("academies:academy", args=[academy.code])
    )
    return _say((subject_of(row), href), people, title, body, actor)


def _of(report: TrainingReport) -> tuple[str, str]:
    return subject_of(report), reverse("academies:report", args=[report.pk])


def _tell(item: Rectification, whom: Q, title: str, body: str, actor: User) -> int:
    if item.evaluation is None:
        listed = f"{reverse('academies:items')}?q={item.whose.code}"
        return _say((subject_of(item), listed), whom, title, body, actor)
    href = reverse("academies:evaluation", args=[item.evaluation_id])
    return _say((subject_of(item.evaluation), href), whom, title, body, actor)


def _say(about: tuple[str, str], whom: Q, title: str, body: str, actor: User) -> int:
    subject, href = about
    recipients = User.objects.filter(whom, is_active=True).exclude(pk=actor.pk).distinct()
    return tell(recipients, title, subject=subject, href=href, body=body)
