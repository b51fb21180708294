"""People named together, as their cultivation is begun at once: who begins, who is left out and why."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Max

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import within_reach
from organizations.standing_in import counterparts_of
from talents.models import Cultivation, Honour
from talents.models.honours import CULTIVATED
from talents.selectors.honours import honours_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


#: Why somebody is left out whose title does not stand, and who was cultivated for the step already.
OF_TITLES: dict[str, str] = {
    Honour.State.REVOKED: "称号已撤销",
    Honour.State.DOUBTED: "称号撤销待复核",
}
OF_CULTIVATIONS: dict[str, str] = {
    Cultivation.State.GOING: "已在该层级的培育期内",
    Cultivation.State.PASSED: "该层级的培育已期满合格",
}


class Group(NamedTuple):
    """One tier of one scheme, of one year."""

    scheme: str
    tier: str
    year: int


class Step(NamedTuple):
    """For which step they are cultivated."""

    scheme: str
    tier: str


class Cohort(NamedTuple):
    """Those who begin, and those who do not, each with the reason."""

    begin: list[Honour]
    left_out: list[tuple[Honour, str]]

    @property
    def digest(self) -> str:
        """Of who begins where: what was looked at is what is done."""
        told = [f"{one.person_id}:{one.person.organization_id}" for one in self.begin]
        return sha256(",".join(told).encode()).hexdigest()


def groups_in_scope(user: User) -> list[tuple[Group, str]]:
    """Who was named together, the latest first, with the title and how many."""
    rows = _named(user).order_by().values("scheme", "tier", "year")
    told = rows.annotate(name=Max("title"), count=Count("person", distinct=True))
    return [
        (
            Group(one["scheme"], one["tier"], one["year"]),
            f"{one['year']}年　{one['name']}　{one['count']}名",
        )
        for one in told.order_by("-year", "scheme", "tier")
    ]


def cohort_of(user: User, group: Group, step: Step) -> Cohort:
    """Everybody of the group this account sees, each once, in the order of the certificates."""
    rows = _named(user).filter(**group._asdict()).order_by("certificate_number")
    honours = list({one.person_id: one for one in rows}.values())
    mine = within_reach(user, STAFF, "path")
    places = {one.person.organization_id for one in honours}
    within = set(
        Organization.objects.visible_to(user)
        .filter(mine, pk__in=places)
        .values_list("pk", flat=True)
    )
    states = Cultivation.standing_of([one.person_id for one in honours], *step)
    oneself = {
        bytes(one.owner_digest) for one in (user, *counterparts_of(user)) if one.owner_digest
    }
    begin, left_out = [], []
    for one in honours:
        if reason := _reason(one, states.get(one.person_id), within, oneself):
            left_out.append((one, reason))
        else:
            begin.append(one)
    return Cohort(begin, left_out)


def _reason(honour: Honour, state: str | None, within: set[int], oneself: set[bytes]) -> str:
    if reason := OF_TITLES.get(honour.state) or OF_CULTIVATIONS.get(state or ""):
        return reason
    if honour.person.organization_id not in within:
        return f"现单位“{honour.person.organization}”不在您的办理范围内"
    if bytes(honour.person.identity_digest) in oneself:
        return "当事人是您本人，须由他人登记"
    return ""


def _named(user: User) -> QuerySet[Honour]:
    return honours_in_scope(user).exclude(tier__startswith=CULTIVATED)
