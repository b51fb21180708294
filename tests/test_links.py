"""Every link that a page offers opens for whom it is offered to; in every role, pages and back office."""

import re
from collections import Counter, deque
from html import unescape
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin

import pytest

from organizations.models import User
from organizations.roles import Role
from talents.services.eligibility import start_run
from talents.services.quotas import divide_quotas
from tests.factories.organizations import credit_code
from tests.factories.talents import RoundFactory
from tests.permissions import world as people
from tests.talents.importing import committed, roster_for
from tests.talents.rosters import as_xlsx

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
NUMBER = re.compile(r"(?<=/)\d+(?=/|$)|(?<==)[^&]*")
#: Pages of one kind looked at in each role; the second may be one that the first is not.
OF_A_KIND = 2
MOST_PAGES = 400
#: Files, addresses of others, the way out, and two filters at once.
NOT_FOLLOWED = re.compile(r"^/(static|api)/|/logout/|\.xlsx|/annotated/|/text/|&")


@pytest.fixture
def world(db, settings, tmp_path, django_capture_on_commit_callbacks):
    """Units of two districts in one round of their city: a workbook filed, a check finished."""
    settings.MEDIA_ROOT, settings.INLINE_JOBS = tmp_path / "media", True
    made, system = people.build(), User.objects.system()
    units = list(made.units.values())
    for number, unit in enumerate(units):
        unit.uscc = credit_code("91", number)
        unit.save(update_fields=["uscc"])
    selection = RoundFactory(organizer=made.city)
    call = SimpleNamespace(round=selection, city=made.city, units=units)
    divide_quotas(selection.pk, [(made.district, 3)], actor=system, note="首次分配")
    committed(call, as_xlsx(roster_for(call, 3, 12)))
    with django_capture_on_commit_callbacks(execute=True):
        start_run(selection.pk, actor=system)
    return made


def links_of(page, address):
    for found in LINK.findall(page):
        target = urldefrag(urljoin(address, unescape(found)))[0]
        if target.startswith("/") and not NOT_FOLLOWED.search(target):
            yield target


@pytest.mark.parametrize("role", list(Role))
def test_every_link_opens_for_whom_it_is_offered_to(world, role):
    client = people.client_of(world, role)
    waiting, asked, kinds, dead = deque([("/", "")]), set(), Counter(), []
    while waiting and len(asked) < MOST_PAGES:
        address, offered_on = waiting.popleft()
        kind = NUMBER.sub("#", address)
        if address in asked or kinds[kind] >= OF_A_KIND:
            continue
        asked.add(address)
        kinds[kind] += 1
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            dead.append((answer.status_code, address, offered_on))
        elif "html" in answer.headers["Content-Type"]:
            page = answer.content.decode()
            waiting.extend((target, address) for target in links_of(page, address))

    assert dead == []
    assert len(asked) >= 3
