"""Beginning the cultivation of who was named together: all that are chosen, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Person
from talents.permissions.growth import may_cultivate_some
from talents.selectors.cohorts import cohort_of
from talents.workflow.cultivation import cultivate
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from organizations.models import User
    from talents.models import Cultivation, Honour
    from talents.selectors.cohorts import Cohort, Group, Step
    from talents.workflow.cultivation import Course

CHANGED = "名单在您核对之后有变化，请核对现在的名单后再办理"


@transaction.atomic
def begin_cohort(  # noqa: PLR0913 - who, for what, how, and as it was looked at
    group: Group,
    step: Step,
    course: Course,
    *,
    actor: User,
    digest: str = "",
    persons: Collection[int] | None = None,
) -> list[Cultivation]:
    """As one looked at it (``digest``): whoever is not to begin any more stops it, and nobody begins.

    Of those who can begin, ``persons`` do (None: all).
    """
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
        for one in chosen_of(found, persons)
    ]


def chosen_of(found: Cohort, persons: Collection[int] | None) -> list[Honour]:
    """Those of ``persons`` (None: all) who begin; one of them who cannot begin stops it."""
    if persons is None:
        return found.begin
    wanted = set(persons)
    if not wanted:
        raise DomainError("cohort-nobody-chosen", "请至少选择一名开始培育的人选")
    if wanted - {one.person_id for one in found.begin}:
        raise DomainError("cohort-changed", CHANGED)
    return [one for one in found.begin if one.person_id in wanted]


def _check_as_seen(found: Cohort, digest: str) -> None:
    if not found.begin:
        message = "这一批没有可以开始培育的人选，不列入的原因见名单"
        raise DomainError("cohort-empty", message)
    if digest and digest != found.digest:
        raise DomainError("cohort-changed", CHANGED)
