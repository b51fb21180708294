"""What was chosen where the texts are silent: what of it is confirmed, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from policies.library.editions import policy_by_digest
from policies.models import DefaultConfirmation, EditionDefault
from policies.permissions import may_confirm
from policies.selectors.editions import standing_on
from policies.wording.statements import default_reason, default_words
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

#: Editions whose defaults are to be confirmed: what is over needs nobody's word any more.
IN_USE = ("applying", "future")


def defaults_for_list(user: User) -> QuerySet[Any]:
    """All defaults; those to be confirmed first, and of these the ones in use."""
    confirmed = DefaultConfirmation.objects.visible_to(user).filter(digest=OuterRef("digest"))
    rows: Any = EditionDefault.objects.visible_to(user)
    rows = rows.annotate(
        confirmed=Exists(confirmed), standing=standing_on(timezone.localdate(), "edition__")
    )
    in_use = Case(
        When(standing__in=IN_USE, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )
    return (
        rows.annotate(in_use=in_use)
        .select_related("edition")
        .defer("edition__text")
        .order_by(
            "confirmed", "-in_use", "edition__jurisdiction", "edition__code",
            "-edition__edition", "position",
        )
    )  # fmt: skip


def with_wording(rows: list[EditionDefault], user: User) -> list[EditionDefault]:
    """Each with its value and reason in words, and with its confirmation where there is one."""
    given = DefaultConfirmation.objects.visible_to(user).select_related("confirmed_by")
    confirmations = {one.digest: one for one in given.filter(digest__in=[r.digest for r in rows])}
    places = {row.edition.jurisdiction for row in rows}
    may = {place: may_confirm.allows(user, _Place(place)) for place in places}
    for row in rows:
        policy, found = policy_by_digest(row.edition.digest), confirmations.get(row.digest)
        vars(row).update(
            value=default_words(policy, row),
            reason=default_reason(policy, row),
            confirmation=found,
            may_confirm=found is None and may[row.edition.jurisdiction],
        )
    return rows


def confirmations_in_scope(user: User) -> QuerySet[DefaultConfirmation]:
    """Every confirmation, with what it confirmed."""
    rows = DefaultConfirmation.objects.visible_to(user)
    return rows.select_related("default__edition", "confirmed_by").defer("default__edition__text")


def default_of(pk: int, user: User) -> EditionDefault | None:
    """One default, told; None if there is none."""
    rows = list(defaults_for_list(user).filter(pk=pk))
    return with_wording(rows, user)[0] if rows else None


def to_confirm(user: User) -> list[Queue]:
    """For those who answer for a policy: what in its editions in use still waits for their word."""
    rows: Any = defaults_for_list(user).order_by()
    waiting = rows.filter(confirmed=False, in_use=True).values("edition__jurisdiction")
    counts = waiting.annotate(count=Count("digest", distinct=True))
    queues = []
    for line in counts.order_by("edition__jurisdiction"):
        place = line["edition__jurisdiction"]
        if may_confirm.allows(user, _Place(place)):
            query = urlencode({"jurisdiction": place, "state": "open", "used": "yes"})
            queues.append(
                Queue(
                    f"待确认的默认：{place}",
                    line["count"],
                    f"{reverse('policies:defaults')}?{query}",
                    unit="条",
                    tone="warn",
                    note="条文未写明、由系统选定的取值",
                )
            )
    return queues


class _Place:
    """A place that policies are for, as ``may_confirm`` asks of a policy."""

    def __init__(self, jurisdiction: str) -> None:
        self.jurisdiction = jurisdiction
