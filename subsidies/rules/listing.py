"""What a list for the bank takes up now, and why it leaves the rest for later.

One that cannot be paid would keep the whole list from being signed; so it is left out, and said so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Case, CharField, Exists, F, Func, OuterRef, When
from django.utils import timezone

from academies.facts.evaluations import BARS
from academies.models import Academy
from organizations.standing_in import counterparts_of, same_persons
from subsidies.models import Claim, Grant, PayeeAccount, Payment
from subsidies.rules.claims import refusals_of_grounds
from subsidies.rules.eligibility import NEVER, against, is_in_force, standings
from subsidies.rules.shared_accounts import is_held
from talents.models import Honour
from talents.permissions.oneself import unless_own_affair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organizations.models import User
    from workflow.refusals import DomainError

SETTLED = "该年度已决算，未拨付的金额已收回预算"
ONES_OWN = "该笔的当事人是制单人本人，须由另一位财务人员编制清单"
HAD_A_HAND = "制单人办理过这一笔的其他环节，须由另一位财务人员编制清单"
ON_HOLD = "收款账户变更待回访确认"
SHARED = "收款账号与他人的相同，待财务人员回访本人确认"
NO_ACCOUNT = "没有已确认的收款账户"
AFTERWARDS = "清单编制以后才待付款，列入下一张清单"
#: So many stand on one list at most.
MOST = 2000
BEYOND = f"一张清单至多列{MOST}笔，超出的列入下一张清单"
#: What of the title a claim rests on speaks against paying it.
TITLES: dict[str, str] = {
    Honour.State.DOUBTED: "据以申领的称号正在复核撤销，复核结束前不能发放",
    Honour.State.REVOKED: "据以申领的称号已撤销，不能发放",
}
UNENTITLED = "按现行政策不属于补助对象"


class LeftOut(NamedTuple):
    """Something due that is not listed: what it is, and why not."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}：{self.why}"


def part_payments(rows: QuerySet[Payment], drawer: User) -> tuple[list[Payment], list[LeftOut]]:
    """Instalments that ``drawer`` may list, and the others with what stands in the way of each."""
    accounts = PayeeAccount.objects.filter(academy=OuterRef("grant__academy"))
    bar: Func = Func(
        F("grant__academy"), function="academies_payment_bar", output_field=CharField()
    )
    told = rows.annotate(
        bar=bar,
        on_hold=Exists(accounts.filter(state=PayeeAccount.State.HELD)),
        has_account=Exists(accounts.filter(state=PayeeAccount.State.CONFIRMED)),
    )
    found: list[Payment] = list(told)
    excluded, persons = _excluded(found), same_persons(drawer)
    return _parted((row, str(row), _why_not_payment(row, persons, excluded)) for row in found)


def part_claims(rows: QuerySet[Claim], drawer: User) -> tuple[list[Claim], list[LeftOut]]:
    """Claims that ``drawer`` may list: for a title in force, not his own, those he neither filed, nor
    looked into, nor approved, and to nobody else's account before the person was asked.
    """
    held = Case(When(is_held(), then=True), default=False, output_field=BooleanField())
    found = list(rows.annotate(is_held=held))
    places = refusals_of_grounds(found)
    return _parted(
        (row, f"{row.payee}{row.title}", _why_not_claim(row, drawer, places.get(row.pk)))
        for row in found
    )


def _parted(rows: Iterable[tuple[Any, str, str]]) -> tuple[list[Any], list[LeftOut]]:
    """Of rows, each with its name and why it is not listed, as many as one list takes, and the rest."""
    ready: list[Any] = []
    left: list[LeftOut] = []
    for row, name, why in rows:
        if why:
            left.append(LeftOut(name, why))
        else:
            ready.append(row)
    return ready[:MOST], left + [LeftOut(str(row), BEYOND) for row in ready[MOST:]]


def _why_not_claim(row: Claim, drawer: User, lost: DomainError | None) -> str:
    """In words; "" for one that may be listed; ``lost``: what is to be said of the place or certificate it rests on."""
    if lost:
        return lost.message
    if row.honour and (why := TITLES.get(row.honour.state)):
        return why
    if any(unless_own_affair(one, row.person) for one in (drawer, *counterparts_of(drawer))):
        return ONES_OWN
    if vars(row)["is_held"]:
        return SHARED
    hands = (row.filed_by_id, row.endorsed_by_id, row.approved_by_id)
    return HAD_A_HAND if same_persons(drawer).intersection(hands) else ""


def _why_not_payment(row: Payment, persons: frozenset[int], excluded: set[int]) -> str:
    """In words; "" for one that may be listed. The gravest first."""
    grant, asked = row.grant, vars(row)
    hands = (grant.applied_by_id, grant.endorsed_by_id, grant.approved_by_id)
    reasons = (
        (grant.state == Grant.State.SETTLED, SETTLED),
        (asked["bar"] is not None, BARS.get(asked["bar"], "")),
        (grant.fund.is_subsidy and grant.academy_id in excluded, UNENTITLED),
        (asked["on_hold"], ON_HOLD),
        (not asked["has_account"], NO_ACCOUNT),
        (not persons.isdisjoint(hands), HAD_A_HAND),
    )
    return next((words for holds, words in reasons if holds), "")


def _excluded(rows: Iterable[Payment]) -> set[int]:
    """Academies that the policy of today does not subsidise at all; none where none is in force."""
    asked = {row.grant.academy_id for row in rows if row.grant.fund.is_subsidy}
    today = timezone.localdate()
    if not asked or not is_in_force(today):
        return set()
    judged = standings(Academy.objects.filter(pk__in=asked), today)
    return {pk for pk, found in judged.items() if NEVER in against(found)}
