"""That a list could be read where it was put up: said by whoever looked, on each working day, with a picture."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import NoticeCheck
from talents.rules.postings import unseen_days
from talents.selectors.publicity import publicity_queues
from talents.services.postings import Seen, check_posting
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.publicity import drafted_notice, look_of, posted_notice
from tests.factories.talents import RoundFactory
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")
#: A Wednesday; the Friday after, and the Monday, are worked, the weekend is not.
FIRST = datetime(2026, 6, 10, 10, 0, tzinfo=BEIJING)


@pytest.fixture
def clock():
    with time_machine.travel(FIRST, tick=False) as clock:
        yield clock


@pytest.fixture
def city(clock):
    call_command("load_calendar", verbosity=0)
    return OrganizationFactory(kind="city")


@pytest.fixture
def notice(city):
    return posted_notice(RoundFactory(organizer=city))


def looks(user):
    return [queue for queue in publicity_queues(user) if queue.title == "公示查看"]


def test_the_first_day_counts_and_days_off_do_not(notice, clock):
    assert unseen_days(notice, date(2026, 6, 15)) == [
        date(2026, 6, day) for day in (10, 11, 12, 15)
    ]
    look_of(notice)
    clock.shift(timedelta(days=2))
    look_of(notice)
    assert unseen_days(notice, date(2026, 6, 15)) == [date(2026, 6, 11), date(2026, 6, 15)]
    assert unseen_days(notice, date(2026, 12, 31))[-1] == notice.ends_on == date(2026, 6, 16)


def test_who_could_not_read_it_says_why_and_the_day_stays_open(notice, city):
    handler = account(Role.HANDLER, city)
    with pytest.raises(DomainError, match="请写明原因"):
        check_posting(notice.pk, Seen("市总网站", timezone.now(), is_up=False), actor=handler)
    told = Seen("市总网站", timezone.now(), is_up=False, told="网站维护，已通知恢复")
    check_posting(notice.pk, told, actor=handler)
    assert unseen_days(notice, date(2026, 6, 10)) == [date(2026, 6, 10)]
    record = Record.objects.get(code="talents.notice-looked-at")
    assert record.after["is_up"] is False
    assert record.actor == handler


def test_on_each_working_day_it_is_to_be_done_until_somebody_has_looked(notice, city, clock):
    handler = account(Role.HANDLER, city)
    assert [queue.count for queue in looks(handler)] == [1]
    look_of(notice)
    assert looks(handler) == []
    clock.shift(timedelta(days=1))
    assert [queue.count for queue in looks(handler)] == [1]
    clock.shift(timedelta(days=30))
    assert looks(handler) == [], "its days are over"


@pytest.mark.parametrize("hours", [-24, 1], ids=["before it was up", "not yet"])
def test_nobody_looked_at_another_time(notice, city, hours):
    seen = Seen("市总网站", timezone.now() + timedelta(hours=hours), is_up=True)
    with pytest.raises(DomainError) as refused:
        check_posting(notice.pk, seen, actor=account(Role.HANDLER, city))
    assert refused.value.code == "posting-out-of-time"


def test_what_is_not_up_is_not_looked_at_nor_by_others_than_who_put_it_up(city):
    draft = drafted_notice(RoundFactory(organizer=city))
    seen = Seen("市总网站", timezone.now(), is_up=True)
    with pytest.raises(DomainError) as refused:
        check_posting(draft.pk, seen, actor=account(Role.HANDLER, city))
    assert refused.value.code == "notice-not-up"
    up = posted_notice(RoundFactory(organizer=city))
    with pytest.raises(DomainError) as refused:
        check_posting(up.pk, seen, actor=account(Role.NOMINATOR, city))
    assert refused.value.code == "role-required"


def test_what_was_said_is_not_changed(notice):
    look_of(notice)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        NoticeCheck.objects.update(place="")


def test_the_page_warns_of_days_without_and_takes_the_picture(notice, city, client, clock):
    clock.shift(timedelta(days=1))
    client.force_login(account(Role.HANDLER, city))
    own = reverse("talents:notice", args=[notice.pk])
    page = client.get(own).content.decode()
    assert "有工作日没有公示查看记录" in page
    assert "2026年6月10日、2026年6月11日" in page
    form = reverse("talents:notice-check", args=[notice.pk])
    sent = {"place": "市总网站", "seen_at": "2026-06-11T09:30", "is_up": "no", "told": ""}
    assert "不能查看的，请写明原因" in client.post(form, sent).content.decode()
    picture = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n picture")

    client.post(form, sent | {"is_up": "yes", "scan": picture})

    made = NoticeCheck.objects.get()
    page = client.get(own).content.decode()
    assert "2026年6月10日、" not in page
    assert "能够查看" in page
    scan = reverse("talents:notice-check-scan", args=[made.pk])
    assert scan in page
    assert client.get(scan).content.startswith(b"\x89PNG")
