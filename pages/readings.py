"""Rows about persons, counted for each account and day wherever they are read.

Lists, exports, searches, the back office and the interface all come by here. A model says that its rows tell of
persons (``TELLS_OF_PERSONS``). Past ``READINGS_ALARM_AFTER`` rows in a day the security and the audit
administrator are told, past ``MOST_READINGS_A_DAY`` no more are given until the next day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve, home_of
from pages.models import ReadingTally
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MANY_READ = Event("pages.many-persons-read", "大量读取人员", Record.Kind.EXPORT)
STOPPED = Event("pages.reading-stopped", "读取人员达到上限，停止", Record.Kind.EXPORT)
WATCHERS = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
#: How notices about reading are called, so that a tile counts them.
SUBJECT = "pages.reading:"
ADD = """
    insert into {table} (owner_id, day, persons) values (%s, %s, %s)
    on conflict (owner_id, day) do update set persons = {table}.persons + excluded.persons
    returning persons
"""


def count_read(user: User | AnonymousUser, model: Any, rows: int) -> None:
    """Note that ``user`` is given ``rows`` rows of ``model``; refuse what goes beyond the day's limit."""
    tells = getattr(model, "TELLS_OF_PERSONS", False)
    if not (tells and rows and isinstance(user, User)) or user.is_system:
        return
    now = _added(user, rows)
    before, most = now - rows, settings.MOST_READINGS_A_DAY
    if before <= settings.READINGS_ALARM_AFTER < now:
        _alarm(user, MANY_READ, f"{user} 今日读取人员信息超过{settings.READINGS_ALARM_AFTER}行")
    if now <= most:
        return
    if before <= most:
        _alarm(user, STOPPED, f"{user} 今日读取人员信息达到上限{most}行，已停止")
    message = (
        f"今日读取人员信息已达{most}行上限，次日恢复；请缩小范围后再查，"
        "确有需要的，请联系安全管理员"
    )
    raise DomainError("readings-used-up", message)


def _added(user: User, rows: int) -> int:
    """One statement, so that of many requests at once none is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            ADD.format(table=ReadingTally._meta.db_table), [user.pk, timezone.localdate(), rows]
        )
        return cursor.fetchone()[0]


def _alarm(user: User, event: Event, title: str) -> None:
    home = home_of(user)
    record_event(event, subject_of(user), actor=user, organization=home)
    if home is None:
        return
    looked_at = urlencode({"actor": user.username})
    tell(
        User.objects.filter(accounts_that_serve(WATCHERS, home.path)).distinct(),
        title,
        subject=f"{SUBJECT}{user.pk}",
        href=f"{reverse('portal:records')}?{looked_at}",
        body="请核对该账号的办理记录；确有异常的，由系统管理员停用账号并报告。",
    )
