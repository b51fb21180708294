"""The three parties of a pair agree, and the two keep a log together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from talents.models import Mentorship, PairConsent, PairLog
from talents.permissions.pairing import (
    may_confirm_log,
    may_consent,
    may_consent_for_unit,
    may_log,
    party_of,
)
from talents.services.scans import keep_scan
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from talents.services.scans import Scan

CONSENTED = Event("talents.mentorship-consented", "确认师徒协议")
LOGGED = Event("talents.mentorship-logged", "记带教日志")
CONFIRMED = Event("talents.mentorship-log-confirmed", "确认带教日志")
Party = PairConsent.Party


def ask_consent(pair: Mentorship, *, actor: User) -> None:
    """Tell the two, where they have accounts, that an agreement waits for them."""
    tell(
        _the_two(pair).exclude(pk=actor.pk),
        f"师徒协议待您确认：{pair}",
        subject=subject_of(pair),
        href=reverse("talents:own-pair", args=[pair.pk]),
        body=f"{pair.organization}，{pair.starts_on}至{pair.ends_on}。",
    )


@transaction.atomic
def consent(pair_id: int, *, actor: User) -> PairConsent:
    """Agree in person, as whichever of the two one is."""
    pair = _locked(Mentorship.objects.about(actor), pair_id)
    may_consent.check(actor, pair)
    return _given(pair, Party(party_of(actor, pair)), actor=actor)


@transaction.atomic
def consent_for_unit(pair_id: int, *, scan: Scan | None = None, actor: User) -> list[PairConsent]:
    """Agree as the unit; with the scan of the signed agreement also for those who signed on paper."""
    pair = _locked(Mentorship.objects.visible_to(actor), pair_id)
    may_consent_for_unit.check(actor, pair)
    there = set(pair.consents.values_list("party", flat=True))
    given = [] if Party.UNIT in there else [_given(pair, Party.UNIT, actor=actor)]
    if scan is not None:
        kept = keep_scan(scan, organization=pair.organization, actor=actor)
        given += [
            _given(pair, party, actor=actor, scan=kept)
            for party in (Party.MASTER, Party.APPRENTICE)
            if party not in there
        ]
    if not given:
        message = "单位已确认；师傅、徒弟没有账号的，请上传本人签字的协议扫描件"
        raise DomainError("already-consented", message)
    return given


@transaction.atomic
def write_log(pair_id: int, *, held_on: date, words: str, actor: User) -> PairLog:
    """Write a day of teaching down; who writes as one of the two has confirmed it so far."""
    rows = Mentorship.objects.visible_to(actor)
    if Mentorship.objects.about(actor).filter(pk=pair_id).exists():
        rows = Mentorship.objects.about(actor)
    pair = _locked(rows, pair_id)
    may_log.check(actor, pair)
    party = party_of(actor, pair)
    if not pair.starts_on <= held_on <= min(pair.ends_on, timezone.localdate()):
        message = f"带教日期应在{pair.starts_on}之后、今天和{pair.ends_on}之前"
        raise DomainError("log-out-of-time", message)
    made = PairLog.objects.create(
        mentorship=pair,
        held_on=held_on,
        words=words,
        written_by=actor,
        **({f"{party}_by": actor} if party else {}),
    )
    record_event(
        LOGGED, subject_of(pair), actor=actor, organization=pair.organization, note=words[:100]
    )
    tell(
        _the_two(pair).exclude(pk=actor.pk),
        f"带教日志待您确认：{pair}",
        subject=subject_of(pair),
        href=reverse("talents:own-pair", args=[pair.pk]),
        body=f"{held_on}：{words[:100]}",
    )
    return made


@transaction.atomic
def confirm_log(log_id: int, *, actor: User) -> PairLog:
    """Say as one of the two that it was so."""
    rows = PairLog.objects.about(actor).select_related(
        "mentorship__organization", "mentorship__master", "mentorship__apprentice"
    )
    log = rows.select_for_update(of=("self",)).get(pk=log_id)
    may_confirm_log.check(actor, log)
    party = party_of(actor, log.mentorship)
    setattr(log, f"{party}_by", actor)
    with refusing():
        log.save(update_fields=[f"{party}_by"])
    record_event(
        CONFIRMED,
        subject_of(log.mentorship),
        actor=actor,
        organization=log.mentorship.organization,
        note=f"{log.held_on}，{Party(party).label}",
    )
    return log


def _given(pair: Mentorship, party: Party, *, actor: User, **facts: object) -> PairConsent:
    with refusing(), transaction.atomic():
        made = PairConsent.objects.create(
            mentorship=pair, party=party.value, given_by=actor, **facts
        )
    how = "（签字协议扫描件）" if facts else ""
    record_event(
        CONSENTED,
        subject_of(pair),
        actor=actor,
        organization=pair.organization,
        note=f"{party.label}{how}",
    )
    if pair.consents.count() == len(Party):
        tell(
            User.objects.filter(accounts_that_serve(STAFF, pair.organization.path)).distinct(),
            f"师徒协议三方已确认，待备案：{pair}",
            subject=subject_of(pair),
            href=reverse("talents:pair", args=[pair.pk]),
            body=f"{pair.organization}，{pair.starts_on}至{pair.ends_on}。",
        )
    return made


def _the_two(pair: Mentorship) -> QuerySet[User]:
    digests = [pair.master.identity_digest, pair.apprentice.identity_digest]
    return User.objects.filter(owner_digest__in=digests, is_active=True)


def _locked(rows: QuerySet[Mentorship], pair_id: int) -> Mentorship:
    rows = rows.select_related("organization", "master", "apprentice")
    return rows.select_for_update(of=("self",)).get(pk=pair_id)
