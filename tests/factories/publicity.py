"""A list with one person on it, in any state."""

from datetime import timedelta

from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination, NoticeEntry, PublicNotice
from talents.services.postings import Seen, check_posting
from talents.workflow.objections import Reported, receive_objection
from talents.workflow.publicity import post_notice
from tests.factories.endorsing import SCAN
from tests.factories.organizations import UserFactory, account
from tests.factories.talents import NominationFactory
from tests.factories.workflow import moved


def drafted_notice(selection, *, drafted_by=None, person=None, **facts):
    """A list of the round's organizer with one candidate and one in reserve."""
    notice = PublicNotice.objects.create(
        round=selection, organization=selection.organizer, places=1, minutes_number="第8次会议",
        posted_at="网站", contact="职工发展部", days=5, drafted_by=drafted_by or UserFactory(), **facts,
    )  # fmt: skip
    for position in (1, 2):
        known = {"person": person} if person and position == 1 else {}
        nomination = NominationFactory(round=selection, unit=selection.organizer, **known)
        moved(Nomination.objects.filter(pk=nomination.pk), Nomination.State.CHECKED)
        NoticeEntry.objects.create(
            notice=notice, nomination=nomination, position=position, is_reserve=position > 1,
            name=nomination.person.name, unit=nomination.unit.name,
        )  # fmt: skip
    return notice


def posted_notice(selection, **facts):
    """The same, put up today."""
    notice = drafted_notice(selection, **facts)
    approver = account(Role.APPROVER, selection.organizer)
    return post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)


def ended(notice):
    """It, its days over since yesterday."""
    last = timezone.localdate() - timedelta(days=1)
    PublicNotice.objects.filter(pk=notice.pk).update(
        starts_on=last - timedelta(days=6), ends_on=last
    )
    return notice


def received_objection(notice):
    entry = notice.entries.order_by("position").first()
    return receive_objection(entry.pk, Reported("deeds", "获奖项目并非本人完成", ""))


def look_of(notice, **facts):
    """Somebody of the house could read it just now, with a picture."""
    seen = {"place": "https://www.example.org/gs", "seen_at": timezone.now(), "is_up": True}
    return check_posting(
        notice.pk, Seen(**(seen | {"scan": SCAN} | facts)), actor=User.objects.system()
    )
