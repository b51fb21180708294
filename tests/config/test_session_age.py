import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from config.session_age import SessionAgeMiddleware

LOGIN = 1_780_000_000
MINUTE, HOUR = 60, 3600

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    with time_machine.travel(LOGIN, tick=False):
        session = SessionStore()
        session["_auth_user_id"] = "1"
        visit(session)
    return session


def visit(session):
    request = RequestFactory().get("/")
    request.session = session
    SessionAgeMiddleware(lambda request: HttpResponse())(request)


def is_logged_in(session, *, after):
    with time_machine.travel(LOGIN + after, tick=False):
        visit(session)
    return "_auth_user_id" in session


@pytest.mark.parametrize(
    ("idle", "stays"),
    [(30 * MINUTE, True), (30 * MINUTE + 1, False)],
    ids=("thirty minutes to the second", "one second more"),
)
def test_a_session_ends_when_nobody_uses_it(session, idle, stays):
    assert is_logged_in(session, after=idle) is stays


@pytest.mark.parametrize(
    ("age", "stays"), [(12 * HOUR, True), (12 * HOUR + 1, False)], ids=("twelve hours", "more")
)
def test_a_session_ends_twelve_hours_after_login_however_busy(session, age, stays):
    for after in range(0, age, 20 * MINUTE):
        is_logged_in(session, after=after)

    assert is_logged_in(session, after=age) is stays


def test_a_busy_page_does_not_write_its_session_at_every_request(session):
    session.modified = False
    is_logged_in(session, after=59)
    early = session.modified

    is_logged_in(session, after=60)

    assert (early, session.modified) == (False, True)


def test_a_visitor_without_login_gets_no_session():
    session = SessionStore()

    visit(session)

    assert session.is_empty()
