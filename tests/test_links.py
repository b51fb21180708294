"""Every link that a page offers opens for whom it is offered to, and every page speaks Chinese; in every
role, pages and back office.

The world is Beijing as a real union handed it in, with a round checked, a workbook with faults, a year of
training, sealed reports, a draft of an edition: looked at by the people of the demo.
"""

import io
import re
from collections import Counter, deque
from html import unescape
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import resolve

from academies.models import Academy, TrainingClass
from organizations.models import Organization, User
from organizations.roles import Role
from policies.models import PolicyEdition
from portal.demo import cast
from reports.services.issuing import issue_here
from talents.models import SelectionRound
from talents.services.quotas import divide_quotas
from tests import database
from tests.factories.drafts import draft_of
from tests.inputs import FIXTURES, take_in_beijing
from tests.wording import foreign_words

LABEL = re.compile(r'<label\b[^>]*\bfor="([^"]*)"')
PLACE = re.compile(r'\bid="([^"]*)"')
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
#: Pages of one kind looked at in each role; the second may be one that the first is not.
OF_A_KIND = 2
MOST_PAGES = 400
#: Files, addresses of others, the way out, and two filters at once.
NOT_FOLLOWED = re.compile(r"^/(static|api)/|/logout/|\.xlsx|/annotated/|/text/|/samples/|&")
#: What has no Chinese name, or goes by this one.
NAMES = frozenset(
    {"Excel", "WPS", "CSV", "XLSX", "xlsx", "PDF", "JPG", "PNG", "OFD", "XML", "JSON"}
    | {"SHA-256", "MB", "USB", "N"}
)
#: Digests, codes at the foot of papers, patent numbers, and codes that a union gave: of bodies, academies, classes, certificates, sources.
CODES = re.compile(
    r"[0-9a-f]{8,64}|[0-9A-F]{12}|ZL\d{12}\.[\dX]|[A-Z]{1,4}(-?[A-Z]?\d+)+[A-Z]?|\d+[A-Z]"
)


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker, tmp_path_factory):
    """The city, put back after the module: a report is drawn in a transaction of its own."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, INLINE_JOBS=True):
        try:
            yield _furnish(take_in_beijing(), folder)
        finally:
            database.restore()


def _furnish(city, folder):
    say, system = {"stdout": io.StringIO(), "stderr": io.StringIO()}, User.objects.system()
    cast.enrol()
    call_command("load_calendar", verbosity=0)
    call_command(
        "create_round", "beijing-great-2026", policy="beijing-craftsman-selection-2024",
        tier="beijing-great", year="2026", reference_day="2026-06-30", **say,
    )  # fmt: skip
    selection = SelectionRound.objects.get()
    districts = Organization.objects.filter(kind="district")
    divide_quotas(selection.pk, [(d, 18) for d in districts], actor=system, note="首次分配")
    for book, name, command, options in (
        ("nominations-beijing-great-2026", "推荐人选汇总表", "import_nominations",
         {"round": selection.code}),
        ("training-U01-2025", "培训工作簿", "import_training", {"academy": "A-U01", "year": 2025}),
    ):  # fmt: skip
        file = folder / f"{name}.xlsx"
        file.write_bytes((FIXTURES / f"{book}.xlsx").read_bytes())
        call_command(command, str(file), **options, **say)
    call_command("check_eligibility", round=selection.code, **say)
    issue_here(2025, actor=system)
    handler = User.objects.get(username="shizong")
    draft_of(city, handler, edition=PolicyEdition.objects.get(code="beijing-academy-system-2024"))
    brought = {
        *User.objects.values_list("username", flat=True),
        *Organization.objects.values_list("code", flat=True),
        *Academy.objects.values_list("code", flat=True),
        *SelectionRound.objects.values_list("code", flat=True),
        *TrainingClass.objects.values_list("number", flat=True),
    }
    return SimpleNamespace(brought=brought, walks={})


@pytest.fixture
def walk(furnished):
    """Call it with a role: what came of following every link in it, done once."""

    def walked(role):
        if role not in furnished.walks:
            furnished.walks[role] = _walk(_client_of(role), furnished.brought)
        return furnished.walks[role]

    return walked


def _client_of(role):
    member = next(member for member in cast.CAST if member.role == role)
    client = Client()
    client.force_login(User.objects.get(username=member.username))
    return client


def _walk(client, brought):
    waiting, asked, kinds = deque([("/", "")]), set(), Counter()
    dead, foreign, orphans = [], {}, {}
    while waiting and len(asked) < MOST_PAGES:
        address, offered_on = waiting.popleft()
        kind = _kind_of(address)
        if address in asked or kinds[kind] >= OF_A_KIND:
            continue
        asked.add(address)
        kinds[kind] += 1
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            dead.append((answer.status_code, address, offered_on))
        elif "html" in answer.headers["Content-Type"]:
            page = answer.content.decode()
            orphans |= dict.fromkeys(set(LABEL.findall(page)) - set(PLACE.findall(page)), address)
            waiting.extend((target, address) for target in _links_of(page, address))
            for word, text in foreign_words(page):
                if word not in NAMES and word not in brought and not CODES.fullmatch(word):
                    foreign.setdefault(word, (address, text))
    return SimpleNamespace(dead=dead, asked=asked, foreign=foreign, orphans=orphans)


def _kind_of(address):
    """Which page it is, and what is asked of it; not about which row."""
    parts = urlsplit(address)
    return resolve(parts.path).route, *sorted(QueryDict(parts.query))


def _links_of(page, address):
    for found in LINK.findall(page):
        target = urldefrag(urljoin(address, unescape(found)))[0]
        if target.startswith("/") and not NOT_FOLLOWED.search(target):
            yield target


@pytest.mark.parametrize("role", list(Role))
def test_every_link_opens_for_whom_it_is_offered_to(walk, role):
    walked = walk(role)

    assert walked.dead == []
    assert len(walked.asked) >= 3


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_english_codes_paths_or_names_of_fields(walk, role):
    found = [f"{word}  {where}  “{text}”" for word, (where, text) in walk(role).foreign.items()]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", list(Role))
def test_every_label_stands_at_a_field(walk, role):
    assert walk(role).orphans == {}
