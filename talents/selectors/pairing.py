"""A pair as its parties see it: who has agreed, and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from talents.models import Mentorship, PairConsent, PairLog
from talents.permissions.pairing import (
    may_confirm_log,
    may_consent,
    may_consent_for_unit,
    may_log,
    party_of,
)
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

MOST_LOGS = 50


def own_pairs(user: User) -> QuerySet[Mentorship]:
    """Pairs in which somebody is one of the two."""
    return Mentorship.by_mode(Mentorship.objects.about(user)).select_related(
        "master", "apprentice", "organization"
    )


def own_logs(user: User) -> QuerySet[PairLog]:
    return PairLog.objects.about(user).select_related(
        "mentorship__master", "mentorship__apprentice", "mentorship__organization"
    )


def consents_in_scope(user: User) -> QuerySet[PairConsent]:
    rows = PairConsent.objects.visible_to(user)
    return rows.select_related("mentorship__master", "mentorship__apprentice", "given_by")


def logs_in_scope(user: User) -> QuerySet[PairLog]:
    rows = PairLog.objects.visible_to(user)
    return rows.select_related("mentorship__master", "mentorship__apprentice", "written_by")


def pairing_of(pair: Mentorship, user: User) -> dict[str, Any]:
    """Each party with its consent, and the log, newest first, with what the reader may do about it."""
    given = {one.party: one for one in pair.consents.select_related("given_by", "scan")}
    names = {
        PairConsent.Party.MASTER: pair.master.name,
        PairConsent.Party.APPRENTICE: pair.apprentice.name,
        PairConsent.Party.UNIT: pair.organization.name,
    }
    logs = pair.logs.select_related("written_by", "master_by", "apprentice_by")
    shown = list(logs.order_by("-held_on", "-pk")[:MOST_LOGS])
    for log in shown:
        log.mentorship = pair
    return {
        "parties": [(party.label, name, given.get(party.value)) for party, name in names.items()],
        "logs": [(log, may_confirm_log.allows(user, log)) for log in shown],
        "confirmed": pair.logs.filter(master_by__isnull=False, apprentice_by__isnull=False).count(),
        "may_consent": may_consent.offer(user, pair),
        "may_consent_for_unit": may_consent_for_unit.offer(user, pair),
        "may_log": may_log.offer(user, pair),
    }


def own_pair_queues(user: User) -> list[Queue]:
    """Agreements and days of teaching that wait for one's own word."""
    queues = []
    for pair in own_pairs(user).filter(state=Mentorship.State.DRAFT).order_by("-pk")[:MOST_LOGS]:
        if may_consent.allows(user, pair):
            href = reverse("talents:own-pair", args=[pair.pk])
            note = "核对协议内容后确认；三方都确认后由主管工会备案"
            queues.append(Queue(f"师徒协议：{pair}", 1, href, "份", tone="warn", note=note))
    unsaid = own_logs(user).filter(Q(master_by__isnull=True) | Q(apprentice_by__isnull=True))
    waiting: dict[int, int] = {}
    for log in unsaid.order_by("-pk")[:MOST_LOGS]:
        party = party_of(user, log.mentorship)
        if getattr(log, f"{party}_by_id") is None:
            waiting[log.mentorship_id] = waiting.get(log.mentorship_id, 0) + 1
    for pk, count in waiting.items():
        href = reverse("talents:own-pair", args=[pk])
        queues.append(
            Queue("待确认的带教日志", count, href, "条", tone="info", note="师徒各自确认后计入")
        )
    return queues
