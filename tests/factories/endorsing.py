"""Nominations on their way through the levels of a round."""

from datetime import date, timedelta

from django.utils import timezone

from organizations.models import User
from talents.models import Clearance, Endorsement, UnitNotice
from talents.rules.endorsing import EndorsementRule, levels_of, noticed
from talents.services.evidence import put_in
from talents.services.scans import Scan
from talents.workflow.endorsing import answer_clearance, close_notice
from tests.factories.talents import RoundFactory, eligible_nomination

SCAN = Scan(b"%PDF-1.4 stamped", "公示件.pdf")
LONG_AGO = date(2026, 3, 2)


def levelled_round(organizer, **facts):
    return RoundFactory(organizer=organizer, by_levels=True, **facts)


def notice_up(nomination, **facts):
    """A notice that hung long ago and whose result is not in."""
    return UnitNotice.objects.create(
        **{
            "nomination": nomination, "told": noticed(nomination), "place": "公司公告栏",
            "starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=4),
            "put_up_by": User.objects.system(), **facts,
        }
    )  # fmt: skip


def notice_clear(nomination):
    up = notice_up(nomination)
    system = User.objects.system()
    return close_notice(up.pk, is_clear=True, finding="未收到异议", scan=SCAN, actor=system)


def on_its_way(selection, unit, **facts):
    """An eligible nomination whose unit has had its notice up without objection."""
    nomination = eligible_nomination(round=selection, unit=unit, **facts)
    notice_clear(nomination)
    return nomination


def all_clear(nomination, *, asked_by=None):
    """Every office asked and without objection."""
    system = User.objects.system()
    for office in EndorsementRule.of(nomination.round).offices:
        asked = Clearance.objects.create(
            nomination=nomination, office=office, asked_on=LONG_AGO, asked_by=asked_by or system
        )
        answer_clearance(
            asked.pk, is_clear=True, reply="无异议", answered_on=timezone.localdate(), actor=system
        )
    return nomination


def asked_of(nomination, level=1):
    """The opinion that is asked of one level, whatever the levels below said."""
    bodies = levels_of(nomination)
    return Endorsement.objects.create(
        nomination=nomination, organization=bodies[level - 1], level=level,
        is_last=level == len(bodies), version=nomination.version,
    )  # fmt: skip


def paper_of(nomination, kind="minutes", content=SCAN):
    """A paper put in by the house."""
    return put_in(nomination.pk, kind=kind, told="", scan=content, actor=User.objects.system())
