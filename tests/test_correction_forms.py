"""Every form that puts a row on file right: opened and sent as it is shown, it changes nothing.

The forms are found in the permission table; one that ``corrects`` is covered by that alone.
"""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.urls import reverse

from tests.permissions import world as people
from tests.permissions.expectations import AdminModel, Form
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene, client_of

#: Forms that somebody of this world may open; of the others `tests/permissions` says who may not.
FORMS = [row for row in ROWS if type(row) is Form and row.target and row.actors]
OFFICE = [row for row in ROWS if isinstance(row, AdminModel) and row.change]
#: Puts a row on file right that has no version of its own, but a fingerprint.
BY_FINGERPRINT = "intake:row"
#: What is filled in before a form is looked at, so that every field has to come back as it was.
FILLED = {
    "academies:edit": {"withdrawn_on": "2026-10-01", "brands": "焊工", "brands_since": "2025-01-01"},
    "academies:class-edit": {
        "hours": "16.5", "form": "offline", "room": "实训楼1", "specialty": "焊工", "planned_count": "60",
    },
    "academies:enrolment-edit": {
        "level_before": "5", "level_after": "4", "occupation": "焊工", "attendance": "95",
        "employer": "首钢技师学院", "passed": "yes",
    },
    "talents:round-edit": {"opens_on": "2026-03-01", "closes_on": "2026-11-30"},
    "talents:nomination-edit": {
        "occupation": "数控车工", "political_status": "中共党员", "education": "大专", "rank": "2",
        "skill_level": "3", "ethnicity": "汉族", "apprentices_count": "4", "patents_count": "0",
        "honours_text": "全国技术能手\n\n北京市劳动模范", "post": "班组长", "phone": "13800000000",
        "is_certified": "True", "segments-0-employer": "甲厂 一车间", "segments-0-trade": "车工",
    },
    "organizations.organization": {
        "industry": "制造业", "region_code": "110101", "note": "补登资料",
    },
    "organizations.membership": {"valid_until": "2026-12-31", "note": "届满"},
    "talents.person": {"education": "大专", "ethnicity": "汉族", "political_status": "中共党员"},
    "talents.certificate": {"occupation": "焊工", "level": "3", "issued_year": "2024"},
}  # fmt: skip
#: What a browser takes from a field of this type; anything else is shown as an empty field.
TAKEN = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "month": re.compile(r"\d{4}-\d\d"),
}
#: Written by looking, by logging in, and for every form that was sent.
ASIDE = {"sessions.Session", "admin.LogEntry", "pages.SentForm", "pages.ReadingTally"}
#: Findings are looked for anew; what was found counts, not under which number.
FOUND_ANEW = "intake.ImportFinding"
REASON = {"note": "原样提交，核对无误"}


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
        model._meta.label: sorted(map(str, model._base_manager.values_list(*_columns(model))))
        for model in apps.get_models()
        if model._meta.label not in ASIDE and model._meta.managed
    }


def _columns(model):
    names = [field.attname for field in model._meta.concrete_fields]
    return names[1:] if model._meta.label == FOUND_ANEW else names


def opened(row, world):
    role = min(row.actors)
    client = client_of(world, role)
    url = reverse(row.name, kwargs=row.target(Scene(world, "own", role)))
    return client, url, client.get(url)


def opened_in_the_office(row, world):
    role = min(row.change)
    client = client_of(world, role)
    target = row.target(Scene(world, "own", role))
    url = reverse(f"admin:{row.label.replace('.', '_')}_change", args=[target["pk"]])
    return client, url, client.get(url)


def fill_in(client, url, page, more):
    """Send the form with nothing left open, and open it again."""
    answer = client.post(url, Fields(page.content.decode()).values | REASON | more)
    assert answer.status_code == 302, answer.context["form"].errors
    return client.get(url)


def comes_back_unchanged(client, url, page, more=None):
    fields = Fields(page.content.decode())
    before = on_file()

    answer = client.post(url, fields.values | REASON | (more or {}))

    assert fields.unreadable == []
    assert answer.status_code == 302, answer.content.decode()
    assert on_file() == before


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.name)
def test_a_form_sent_as_it_is_shown_changes_nothing_and_is_not_recorded(row, world):
    client, url, page = opened(row, world)
    declared = (page.context or {}).get("form_page")
    if declared is None or not (declared.corrects or row.name == BY_FINGERPRINT):
        pytest.skip("puts nothing on file right")
    comes_back_unchanged(client, url, page)
    if row.name in FILLED:
        comes_back_unchanged(client, url, fill_in(client, url, page, FILLED[row.name]))


@pytest.mark.parametrize("row", OFFICE, ids=lambda row: row.label)
def test_a_form_of_the_back_office_does_so_too(row, world):
    client, url, page = opened_in_the_office(row, world)
    comes_back_unchanged(client, url, page, {"_save": "保存"})
    if row.label in FILLED:
        page = fill_in(client, url, page, {"_save": "保存"} | FILLED[row.label])
        comes_back_unchanged(client, url, page, {"_save": "保存"})


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
