"""Every form that puts a row on file right: opened and sent as it is shown, it changes nothing.

The forms are found in the permission table; one that ``corrects`` is covered by that alone.
"""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.urls import reverse

from tests.permissions import world as people
from tests.permissions.expectations import Form
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene, client_of

FORMS = [row for row in ROWS if isinstance(row, Form) and type(row) is Form and row.target]
#: What a browser takes from a field of this type; anything else is shown as an empty field.
TAKEN = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "month": re.compile(r"\d{4}-\d\d"),
}
#: Written by looking and by logging in.
ASIDE = {"sessions.Session", "admin.LogEntry"}


class Fields(HTMLParser):
    """What a browser would send from the forms of a page, the button aside."""

    def __init__(self, page):
        super().__init__()
        self.values, self.unreadable = {}, []
        self._area = self._select = None
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        told = dict(pairs)
        if tag == "input":
            self._input(told)
        elif tag == "textarea" and "disabled" not in told:
            self._area = told["name"]
            self.values[self._area] = ""
        elif tag == "select" and "disabled" not in told:
            self._select = told["name"]
        elif tag == "option" and self._select:
            value = told.get("value", "")
            if "selected" in told or self._select not in self.values:
                self.values[self._select] = value

    def _input(self, told):
        kind, name, value = told.get("type", "text"), told.get("name"), told.get("value", "")
        if name is None or "disabled" in told:
            return
        if kind in {"checkbox", "radio"}:
            if "checked" in told:
                self.values[name] = value or "on"
            return
        if value and kind in TAKEN and not TAKEN[kind].fullmatch(value):
            self.unreadable.append((name, value))
        self.values[name] = value

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._area:  # a browser drops the line break that a form begins with
            self.values[self._area] += data.removeprefix("\n").removeprefix("\r\n")


@pytest.fixture
def world(db):
    return people.build()


def on_file():
    """Every row of every table."""
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in ASIDE and model._meta.managed
    }


def opened(row, world):
    role = min(row.actors)
    client = client_of(world, role)
    url = reverse(row.name, kwargs=row.target(Scene(world, "own", role)))
    return client, url, client.get(url)


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.name)
def test_a_form_sent_as_it_is_shown_changes_nothing_and_is_not_recorded(row, world):
    client, url, page = opened(row, world)
    declared = (page.context or {}).get("form_page")
    if declared is None or not declared.corrects:
        pytest.skip("puts nothing on file right")
    fields = Fields(page.content.decode())
    before = on_file()

    answer = client.post(url, fields.values | {"note": "原样提交，核对无误"})

    assert fields.unreadable == []
    assert answer.status_code == 302, answer.context["form"].errors
    assert on_file() == before


def test_every_form_that_knows_a_version_is_declared_as_a_correction(world):
    """So that none is left out above."""
    correcting, versioned = set(), set()
    for row in FORMS:
        context = opened(row, world)[2].context or {}
        form, declared = context.get("form"), context.get("form_page")
        if form is not None and "version" in form.fields:
            versioned.add(row.name)
        if declared is not None and declared.corrects:
            correcting.add(row.name)

    assert correcting == versioned
    assert {
        "academies:edit", "academies:class-edit", "academies:enrolment-edit", "talents:round-edit",
        "talents:nomination-edit",
    } <= correcting  # fmt: skip


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.name)
def test_days_are_shown_as_a_calendar_takes_them(row, world):
    page = opened(row, world)[2]

    assert Fields(page.content.decode()).unreadable == []
