"""Who is let in at which page, and the objects pages are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from audits.models.engagements import AUDITORS
from audits.permissions import FINANCE, INSTEAD
from audits.selectors.audits import (
    engagements_in_scope,
    findings_in_scope,
    papers_in_scope,
    samples_in_scope,
)
from pages.permissions import for_roles
from subsidies.models.funds import READERS

if TYPE_CHECKING:
    from audits.models import Engagement, Finding, Paper, Sample
    from pages.permissions import SignedRequest

for_auditors = for_roles(AUDITORS)
for_readers = for_roles(READERS)
#: Who decides a doubt.
for_deciders = for_roles(AUDITORS | INSTEAD)
for_finance = for_roles(FINANCE)


def engagement_or_404(request: SignedRequest, pk: int) -> Engagement:
    return get_object_or_404(engagements_in_scope(request.user), pk=pk)


def sample_or_404(request: SignedRequest, pk: int) -> Sample:
    return get_object_or_404(samples_in_scope(request.user), pk=pk)


def paper_or_404(request: SignedRequest, pk: int) -> Paper:
    return get_object_or_404(papers_in_scope(request.user), pk=pk)


def finding_or_404(request: SignedRequest, pk: int) -> Finding:
    return get_object_or_404(findings_in_scope(request.user), pk=pk)
