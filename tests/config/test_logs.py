"""What reaches a log or a cache: no number of a person, and no line that a visitor wrote."""

import logging
import re
import stat
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver, reverse

from config.local_services.children import start_child
from config.local_services.postgres import SETTINGS
from config.logs import PlainFormatter
from organizations.models import User
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account

NUMBER, PHONE = "11010519491231002X", "13812345678"
LINE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ \S+ .*"
ENDINGS = [
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x1b[2J",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\x08",
]


def line_of(message, *args, exc_info=None):
    formatter = PlainFormatter()
    record = logging.LogRecord("portal", logging.ERROR, "x.py", 1, message, args, exc_info)
    return formatter.format(record)


@pytest.mark.parametrize("ending", ENDINGS, ids=ascii)
def test_nothing_typed_begins_a_line_or_steers_a_terminal(ending):
    forged = f"x{ending}2026-11-27 10:00:00,000 ERROR portal 已批准"

    line = line_of("tried: %s", forged)

    assert re.fullmatch(LINE, line)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


@pytest.mark.parametrize("ending", ["%0d%0a", "%0a", "%e2%80%a8", "%1b[2J"])
def test_an_address_forges_no_line(client, ending):
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Kept()
    handler.setFormatter(PlainFormatter())
    logging.getLogger("django.request").addHandler(handler)
    try:
        client.get(f"/nowhere{ending}2026-11-27 ERROR {NUMBER}", raise_request_exception=False)
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert lines
    assert all(len(line.splitlines()) == 1 and NUMBER not in line for line in lines)


@pytest.mark.django_db
def test_a_refused_row_is_logged_by_its_rule_without_its_values():
    user = account(Role.HANDLER, OrganizationFactory())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into organizations_user select * from organizations_user where id = %s",
                [user.pk],
            )
    except IntegrityError:
        line = line_of("request failed %s", NUMBER, exc_info=sys.exc_info())

    first, *below = line.split("\n")
    assert re.fullmatch(LINE, first)
    assert all(part.startswith("    ") for part in below)
    assert "organizations_user_pkey" in line
    assert "DETAIL" not in line
    assert f"({user.pk})" not in line
    assert NUMBER not in line


def test_the_local_database_logs_rules_and_no_statements():
    assert SETTINGS["log_min_error_statement"] == "panic"
    assert SETTINGS["log_min_duration_statement"] == "-1"
    assert SETTINGS["log_error_verbosity"] == "terse"


@pytest.mark.django_db
def test_a_refused_statement_leaves_no_value_in_the_log_of_the_database():
    log = settings.JIANGJIE_HOME.parent / "services" / "postgres.log"
    before = log.stat().st_size
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into organizations_user (username, display_name) values (%s, %s)",
            [NUMBER, PHONE],
        )

    with log.open(encoding="utf-8", errors="replace") as file:
        file.seek(before)
        said = file.read()
    assert "violates not-null constraint" in said
    assert NUMBER not in said
    assert PHONE not in said
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_was_open_to_others_is_closed(tmp_path):
    log = tmp_path / "service.log"
    log.touch(0o644)

    start_child([sys.executable, "-c", "print(1)"], dies_by=9, log=log).wait()

    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def plain_addresses():
    """Every named address without parameters, of whatever app."""
    names = (
        (f"{space}:" if space else "") + name
        for space, patterns in [
            ("", get_resolver().reverse_dict),
            *((n, r.reverse_dict) for n, (_, r) in get_resolver().namespace_dict.items()),
        ]
        for name in patterns
        if isinstance(name, str) and not patterns.getlist(name)[0][0][0][1]
    )
    return sorted({reverse(name) for name in names})


@pytest.mark.django_db
def test_no_page_of_somebody_logged_in_is_kept_by_a_cache(client):
    addresses = plain_addresses()
    open_to_all = client.get(reverse("account_login"))
    user = account(Role.HANDLER, OrganizationFactory())

    kept = []
    for address in addresses:
        client.force_login(user)
        answer = client.get(address)
        if "no-store" not in answer.get("Cache-Control", "") and answer.status_code != 405:
            kept.append((address, answer.status_code))

    assert open_to_all.status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert len(addresses) > 30
    assert kept == []
