"""Drafting an application: what is asked of the city, and what others are asked to add to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from academies.models import Academy
from academies.permissions import check_year
from subsidies.models import Fund, Grant, Project
from subsidies.permissions import DROP, may_apply_for
from subsidies.permissions.closing import check_not_closed
from subsidies.rules.eligibility import before_its_time
from subsidies.rules.uses import applicable
from subsidies.services.grants import number_of, payer_of
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organizations.models import User

DRAFTED = Event("subsidies.drafted", "草拟申报")
#: Who may be asked to add to the subsidy in the same application (鼓励配套).
MATCHING = (Fund.Source.DISTRICT, Fund.Source.OWN)


@dataclass(frozen=True, slots=True)
class Application:
    """What an academy asks for: sums by permitted use, and what they are for.

    ``matching``: by source, the sums by use that others are asked to add, or the academy's own.
    ``told``: what the items are for whose use the policy leaves open.
    """

    projects: Mapping[str, Decimal]
    purpose: str = ""
    brand: str = ""
    audience: str = ""
    headcount: int | None = None
    days: int | None = None
    hours: int | None = None
    told: str = ""
    matching: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return sum(self.projects.values(), Decimal(0))

    def facts(self) -> dict[str, Any]:
        parts = ("purpose", "brand", "audience", "headcount", "days", "hours")
        return {"applied": self.total, **{name: getattr(self, name) for name in parts}}

    def of(self, source: str) -> Application:
        """The same, as far as ``source`` is asked for it."""
        sums = self.matching.get(source, {})
        return replace(self, projects=sums, matching={})


@refusing()
@transaction.atomic
def draft_grant(
    academy: Academy, year: int, source: str, application: Application, *, actor: User
) -> Grant:
    """Begin an application; each source's fund of the year is there once somebody asks for it."""
    may_apply_for.check(actor, academy)
    check_year(academy, year)
    if refusal := before_its_time(academy, year):
        raise refusal
    _check_asked(application)
    # whoever applies for it at the same moment is counted first, or told that there is one
    Academy.objects.select_for_update(no_key=True).get(pk=academy.pk)
    grant = _drafted(academy, year, source, application, actor, lead=None)
    _keep_matching(grant, application, actor)
    return grant


@refusing()
@transaction.atomic
def correct_application(
    pk: int, application: Application, *, version: int, actor: User, note: str = ""
) -> Grant:
    """Change an application that has not been handed in, whichever of its grants is named."""
    rows = Grant.objects.visible_to(actor).select_related("academy__organization", "fund")
    named = rows.get(pk=pk)
    rows = rows.select_for_update(of=("self",), no_key=True)
    grant = rows.get(pk=named.lead_id or pk)
    may_apply_for.check(actor, grant.academy)
    if grant.state != Grant.State.DRAFT:
        raise DomainError("grant-not-draft", "申报已经提交，不能再改；要改请先由审核单位退回")
    _check_asked(application)
    correct(
        grant,
        application.facts(),
        version=version,
        actor=actor,
        note=note,
        follow_up=lambda row: _keep_projects(row, application) | _keep_matching(row, application, actor),
    )  # fmt: skip
    return grant


def _drafted(  # noqa: PLR0913 - whose, of which year, from where, what, by whom, beside what
    academy: Academy,
    year: int,
    source: str,
    application: Application,
    actor: User,
    *,
    lead: Grant | None,
) -> Grant:
    payer = payer_of(academy, source)
    fund, _ = Fund.objects.get_or_create(organization=payer, year=year, source=source)
    check_not_closed(fund, "受理补助申报")
    taken = Grant.objects.filter(academy=academy, fund=fund).count()
    number = number_of(academy, year, source) + (f"-{taken + 1}" if taken else "")
    facts = application.facts()
    grant = Grant.objects.create(academy=academy, fund=fund, number=number, lead=lead, **facts)
    _keep_projects(grant, application)
    record_event(
        DRAFTED,
        subject_of(grant),
        actor=actor,
        organization=academy.organization,
        after={"number": grant.number, **Grant.CORRECTABLE.recorded(grant)},
    )
    return grant


def _keep_matching(lead: Grant, application: Application, actor: User) -> bool:
    """Have the grants that match ``lead`` be those asked for; whether any changed."""
    parts = lead.parts.select_for_update(of=("self",), no_key=True).select_related("fund")
    known = {part.fund.source: part for part in parts.exclude(state=Grant.State.REFUSED)}
    changed = False
    for source in MATCHING:
        wanted, part = application.of(source), known.get(source)
        if part is None and wanted.total:
            _drafted(lead.academy, lead.fund.year, source, wanted, actor, lead=lead)
        elif part is not None and wanted.total:
            changed |= _put_right(part, wanted, actor)
            continue
        elif part is not None:
            DROP.apply(part, organization=lead.academy.organization, actor=actor)
        else:
            continue
        changed = True
    return changed


def _put_right(part: Grant, wanted: Application, actor: User) -> bool:
    facts = wanted.facts()
    if not _is_asked_anew(part, wanted) and all(getattr(part, n) == v for n, v in facts.items()):
        return False
    correct(
        part, facts, version=part.version, actor=actor, note="",
        follow_up=lambda row: _keep_projects(row, wanted),
    )  # fmt: skip
    return True


def _check_asked(application: Application) -> None:
    if application.total <= 0:
        raise DomainError("nothing-asked", "请至少填写一项用途的申请金额")
    asked = [application.projects, *application.matching.values()]
    uses = [use for use in applicable() if any(sums.get(use.code) for sums in asked)]
    if any(use.needs_approval for use in uses) and not application.told.strip():
        message = "列举以外的用途须逐项报批，请在“报批事项”中写明具体做什么"
        raise DomainError("project-open-item-says-what", message)


def _is_asked_anew(grant: Grant, application: Application) -> bool:
    """Whether the projects on file are others than those asked for."""
    was = {row.use: (row.amount, row.told) for row in grant.projects.all()}
    open_uses = {use.code for use in applicable() if use.needs_approval}
    wanted = {
        use: (amount, application.told if use in open_uses else "")
        for use, amount in application.projects.items()
        if amount
    }
    return was != wanted


def _keep_projects(grant: Grant, application: Application) -> bool:
    """Have the projects of ``grant`` be those asked for; whether any changed."""
    if not _is_asked_anew(grant, application):
        return False
    titles = dict(grant.projects.values_list("use", "use_title"))
    uses = {use.code: use for use in applicable()}
    titles |= {code: use.title for code, use in uses.items()}
    open_uses = {code for code, use in uses.items() if use.needs_approval}
    grant.projects.all().delete()
    Project.objects.bulk_create(
        Project(
            grant=grant, use=use, use_title=titles[use], amount=amount,
            needs_approval=use in open_uses, told=application.told if use in open_uses else "",
        )
        for use, amount in application.projects.items()
        if amount
    )  # fmt: skip
    return True
