"""Beginning the cultivation of everybody who was named together, all of them or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Person
from talents.permissions.growth import may_cultivate_some
from talents.selectors.cohorts import cohort_of
from talents.workflow.cultivation import cultivate
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Cultivation
    from talents.selectors.cohorts import Cohort, Group, Step
    from talents.workflow.cultivation import Course


@transaction.atomic
def begin_cohort(
    group: Group, step: Step, course: Course, *, actor: User, digest: str = ""
) -> list[Cultivation]:
    """As one looked at it (``digest``): whoever is not to begin any more stops it, and nobody begins."""
    may_cultivate_some.check(actor)
    found = cohort_of(actor, group, step)
    people = sorted(one.person_id for one in found.begin)
    # of two who begin the same cohort at once, the second waits and finds nobody left
    held = Person.objects.visible_to(actor).filter(pk__in=people).order_by("pk")
    list(held.select_for_update(of=("self",), no_key=True))
    found = cohort_of(actor, group, step)
    _check_as_seen(found, digest)
    return [
        cultivate(one.person_id, course, organization_id=one.person.organization_id, actor=actor)
        for one in found.begin
    ]


def _check_as_seen(found: Cohort, digest: str) -> None:
    if not found.begin:
        message = "这一批没有可以开始培育的人选，不列入的原因见名单"
        raise DomainError("cohort-empty", message)
    if digest and digest != found.digest:
        message = "名单在您核对之后有变化，请核对现在的名单后再办理"
        raise DomainError("cohort-changed", message)
