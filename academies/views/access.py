"""Who is let in at which page, and the objects pages are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from academies.models.academies import FIRST_YEAR, LAST_YEAR, READERS
from academies.permissions import KEEPERS
from academies.selectors.academies import (
    academies_in_scope,
    classes_in_scope,
    enrolments_in_scope,
)
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from pages.permissions import for_roles

if TYPE_CHECKING:
    from academies.models import Academy, Enrolment, TrainingClass
    from pages.permissions import SignedRequest

for_readers = for_roles(READERS)
for_keepers = for_roles(KEEPERS)
for_staff = for_roles(STAFF)
for_experts = for_roles({Role.EXPERT})
#: Who has a part in the yearly evaluation, or reads of it.
for_files = for_roles(READERS | {Role.EXPERT})
for_oversight = for_roles(STAFF_AND_OVERSIGHT)


def academy_or_404(request: SignedRequest, code: str) -> Academy:
    """The academy of that code, as far as this account may see; foreign and absent alike are 404."""
    return get_object_or_404(academies_in_scope(request.user), code=code)


def year_or_404(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def class_or_404(request: SignedRequest, pk: int) -> TrainingClass:
    return get_object_or_404(classes_in_scope(request.user), pk=pk)


def enrolment_or_404(request: SignedRequest, pk: int) -> Enrolment:
    return get_object_or_404(enrolments_in_scope(request.user), pk=pk)
