"""Every address × every role × own, sibling, foreign, absent: see `tests/permissions/__init__.py`."""

import json

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from organizations.roles import Role
from pages.permissions import BACK_OFFICE
from tests.permissions import asking
from tests.permissions.asking import ABSENT, addresses, answer, keys_of, targets, tried, writes_of
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Open, Own, Page
from tests.permissions.tables import ADDRESSES, NAMED, NAMELESS, ROWS, UNNAMED
from tests.permissions.world import PLACES, Scene, client_of, sees

#: So that what a row makes stands on the first page of its list.
pytestmark = pytest.mark.usefixtures("no_policies")
ROLES = list(Role)
FOUND, NO_NAME = 200, "no-such-name"
#: Not shown by ``form_page``: a file comes in by an interface of its own, a check is only begun.
WITHOUT_JSON = {"intake:upload", "subsidies:verify"}
#: Django's own pages that answer a POST as they answer a GET, and write nothing.
LOOKS_ALSO_ON_POST = {"admin:index", "admin:app_list", "admin:jsi18n", "admin:autocomplete"}


def of(*kinds):
    rows = [row for row in ROWS if type(row) in kinds]
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.names[0], scope="module")


@pytest.fixture(scope="module")
def keys(row, no_policies, lasting_world):
    """How the objects of a row are addressed, by place; made once for all that is asked of the row."""
    with transaction.atomic():
        yield keys_of(row, lasting_world) if row.target else None
        transaction.set_rollback(True)


@pytest.fixture
def made(row, keys):
    """The addresses of the row's objects, by place."""
    return addresses(row, keys)


def visible(row, role, place):
    return place != ABSENT and (row.visible_to_all or sees(role, place))


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_address_has_its_row(name):
    assert name in NAMED, f"no row for {name}: add one under tests/permissions/"


def test_no_row_stands_for_an_address_that_is_gone():
    assert sorted(NAMED.keys() - set(ADDRESSES)) == []
    assert sorted(NAMED) == sorted(name for row in ROWS for name in row.names)


def test_addresses_without_a_name_only_redirect():
    assert {UNNAMED} >= NAMELESS


@of(Open)
def test_open_pages_are_open(row, world):
    url = reverse(row.name, kwargs=row.kwargs or (row.target(Scene(world)) if row.target else {}))

    assert answer(client_of(world, None), url).status == row.anonymous
    assert {answer(client_of(world, role), url).status for role in ROLES} == {row.member}


@of(Page, Form)
def test_pages_open_to_readers_and_show_what_they_may_see(row, made, world):
    insiders = row.actors if isinstance(row, Form) else row.readers
    for role in ROLES:
        client, hidden = client_of(world, role), set()
        for place, url in tried(made, role, let_in=row.readers):
            got = answer(client, url)
            if role not in row.readers:
                assert got.status == row.closed_to(role), (role, place)
                hidden.add(got.body)
            elif role not in insiders:
                assert got.status in row.peeked | ({404} if place != "own" else set()), (
                    role,
                    place,
                )
                hidden |= {got.body} if place in {"foreign", ABSENT} else set()
            elif row.target is None or visible(row, role, place):
                assert got.status in row.shown, (role, place)
            else:
                assert got.status == 404, (role, place)
                hidden.add(got.body)
            assert got.writes <= asking.ALLOWED_ON_GET, (role, place)
        assert len(hidden) <= 1, f"{role}: foreign and absent can be told apart"


@of(Form)
def test_every_form_tells_programs_what_it_asks_for_and_drops_nothing_in_silence(row, made, world):
    role = next((role for role in ROLES if role in row.actors), None)
    if role is None or row.name in WITHOUT_JSON:
        pytest.skip("nobody here sends it, or it is no form of ours")
    client = client_of(world, role)
    for place, url in made.items():
        shown, told = answer(client, url), answer(client, url, accept="application/json")
        assert told.status == shown.status, place
        if told.status != FOUND:
            continue
        body = json.loads(told.body)
        names = [field["name"] for field in body["fields"]]
        assert body["title"]
        assert len(set(names)) == len(names)
        assert "csrfmiddlewaretoken" in body["send_along"]

        sent = answer(client, url, method="post", data={NO_NAME: "1"}, accept="application/json")
        assert sent.status in {422, *row.refused}, place
        assert sent.status in row.refused or NO_NAME in json.loads(sent.body)["errors"], place
        assert sent.writes <= asking.ALLOWED_ON_GET, place


@of(Page, Form, Action, Own)
def test_strangers_are_sent_to_the_login_page(row, made, world):
    for place, url in made.items():
        got = answer(client_of(world, None), url, method=asking.method_of(row))

        is_api = url.startswith("/api/")
        assert got.status == (403 if is_api else 302), place
        assert is_api or got.location.startswith("/accounts/login/"), place


@of(Own)
def test_personal_pages_show_ones_own_and_nobody_elses(row, world):
    for role in ROLES:
        client, hidden = client_of(world, role), set()
        for place, url in targets(row, world, role=role).items():
            got = answer(client, url, method=asking.method_of(row))
            if row.target is None or (place == "own" and role in row.readers):
                assert got.status in (row.posted if row.post_only else row.shown), (role, place)
            else:
                assert got.status == 404, (role, place)
                hidden.add(got.body)
        assert len(hidden) <= 1, f"{role}: another's and an absent one can be told apart"


@of(Page)
def test_pages_take_no_post(row, made, world):
    for role in ROLES:
        got = answer(client_of(world, role), made["own"], method="post")

        assert got.status in {405, row.closed_to(role)} or row.name in LOOKS_ALSO_ON_POST, role
        assert got.writes <= asking.ALLOWED_ON_GET, role


@of(Form, Action)
def test_only_actors_act_and_only_on_what_they_see(row, made, world):
    for role in ROLES:
        client, hidden = client_of(world, role), set()
        for place, url in tried(made, role, let_in=row.readers):
            got = answer(client, url, method="post", data=row.data(Scene(world, "own")))
            if role not in row.readers:
                assert got.status == row.closed_to(role), (role, place)
                hidden.add(got.body)
            elif row.target is not None and not visible(row, role, place):
                assert got.status == 404 or (role not in row.actors and got.status in row.refused)
                hidden.add(got.body)
            elif role in row.actors:
                assert got.status in row.posted, (role, place)
            else:
                assert got.status in row.refused, (role, place)
                assert got.writes <= asking.ALLOWED_ON_GET, (role, place)
        assert len(hidden) <= 1, f"{role}: foreign and absent can be told apart"


@of(Action)
def test_actions_do_nothing_on_get(row, made, world):
    for role in ROLES:
        got = answer(client_of(world, role), made["own"])

        assert got.status in {405, row.closed_to(role)}, role
        assert got.writes <= asking.ALLOWED_ON_GET, role


@of(ApiResource)
def test_the_api_answers_within_scope(row, keys, world):
    listing, shared = reverse(f"{row.name}-list"), keys
    for role in ROLES:
        client, hidden = client_of(world, role), set()
        keys = keys_of(row, world, role) if row.own_only else shared
        listed = client.get(listing, {"page_size": 200})
        assert listed.status_code == 200
        ids = {entry["id"] for entry in listed.json()["results"]}
        for place, kwargs in keys.items():
            got = answer(client, reverse(f"{row.name}-detail", kwargs=kwargs))
            inside = place == "own" if row.own_only else visible(row, role, place)
            inside = inside and role in row.readers
            assert got.status == (200 if inside else 404), (role, place)
            assert (kwargs["pk"] in ids) == inside, (role, place)
            hidden |= set() if inside else {got.body}
        assert len(hidden) <= 1, f"{role}: foreign and absent can be told apart"


@of(ApiResource)
def test_the_api_changes_nothing_but_by_named_actions(row, keys, world):
    detail = reverse(f"{row.name}-detail", kwargs=keys["own"])
    listing = reverse(f"{row.name}-list")
    for role in ROLES:
        for method, url in (
            ("post", listing), ("put", detail), ("patch", detail), ("delete", detail),
        ):  # fmt: skip
            assert answer(client_of(world, role), url, method=method).status == 405, (role, method)
    for url in (listing, detail):
        assert answer(client_of(world, None), url).status == 403


@of(ApiResource)
def test_api_actions_are_for_actors_within_scope(row, keys, world):
    shared = keys
    for (action, actors), role in ((a, r) for a in row.actions.items() for r in ROLES):
        client, hidden = client_of(world, role), set()
        keys = keys_of(row, world, role) if row.own_only else shared
        for place, kwargs in keys.items():
            url = reverse(f"{row.name}-{action}", kwargs=kwargs)
            inside = place == "own" if row.own_only else visible(row, role, place)
            if not inside or role not in row.readers:
                got = answer(client, url, method="post")
                assert got.status == 404, (role, place)
                hidden.add(got.body)
                continue
            assert answer(client, url).status == 405
            said = row.said(action, Scene(world, place, role))
            got = answer(client, url, method="post", data=said)
            assert got.status in ({200, 202, 409} if role in actors else {403, 409}), (role, place)
        assert len(hidden) <= 1, f"{role}: foreign and absent can be told apart"


@of(AdminModel)
def test_the_back_office_opens_by_role(row, world):
    stem = f"admin:{row.label.replace('.', '_')}"
    for role in [None, *ROLES]:
        client = client_of(world, role)
        for view, roles in (("changelist", row.view), ("add", row.add)):
            got = answer(client, reverse(f"{stem}_{view}"))
            closed = 302 if role is None else 403
            assert got.status == (200 if role in roles else closed), (role, view)
            assert got.writes <= asking.ALLOWED_ON_GET


@of(AdminModel)
def test_workbooks_and_deeds_of_the_back_office_are_for_readers(row, world):
    stem = f"admin:{row.label.replace('.', '_')}"
    model_admin = admin.site.get_model_admin(apps.get_model(row.label))
    book, deed = reverse(f"{stem}_export"), reverse(f"{stem}_act", args=["no-such-deed"])
    told = 200 if model_admin.table.workbook else 404
    for role in [None, *ROLES]:
        client, is_reader = client_of(world, role), role in row.view
        closed = 302 if role is None else 403
        assert answer(client, book, method="post").status == (told if is_reader else closed), role
        assert answer(client, deed, method="post").status == (409 if is_reader else closed), role
        for address in (book, deed) if is_reader and told != 404 else ():
            assert answer(client, address).status == 405


@of(AdminModel)
def test_the_back_office_shows_what_may_be_seen(row, keys, world):
    stem = f"admin:{row.label.replace('.', '_')}"
    for view, roles in (
        ("change", row.view), ("history", row.view), ("delete", row.delete),
    ):  # fmt: skip
        for role in ROLES:
            client, hidden = client_of(world, role), set()
            for place, kwargs in tried(keys, role, let_in=roles, inside=BACK_OFFICE):
                got = answer(client, reverse(f"{stem}_{view}", args=[*kwargs.values()]))
                inside = visible(row, role, place) and role in roles
                allowed = {200} if inside else {404} if role in roles else {403, 404}
                assert got.status in allowed, (view, role, place)
                assert got.writes <= asking.ALLOWED_ON_GET
                if place in {"foreign", ABSENT} and not inside:
                    hidden.add(got.body)
            assert len(hidden) <= 1, f"{view}, {role}: foreign and absent can be told apart"


@of(AdminModel)
def test_the_back_office_takes_changes_from_actors_only(row, keys, world):
    stem = f"admin:{row.label.replace('.', '_')}"
    for role in ROLES:
        client = client_of(world, role)
        got = answer(client, reverse(f"{stem}_add"), method="post")
        assert got.status in ({200, 302} if role in row.add else {403}), (role, "add")
        for place, kwargs in tried(keys, role, let_in=row.change, inside=BACK_OFFICE):
            got = answer(client, reverse(f"{stem}_change", args=[*kwargs.values()]), method="post")
            inside = visible(row, role, place) and role in row.change
            assert got.status in ({200, 302} if inside else {403, 404}), (role, place)
            assert inside or got.writes <= asking.ALLOWED_ON_GET, (role, place)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.fill and not isinstance(r, ApiResource)], ids=lambda r: r.names[0]
)
def test_lists_name_rows_in_sight_and_no_others(row, world):
    rows = {place: row.fill(Scene(world, place), 1)[0] for place in PLACES}
    shown = rows if row.visible_to_all else {}
    readers = row.view if isinstance(row, AdminModel) else getattr(row, "readers", ROLES)
    for role in readers:
        if isinstance(row, Own):
            rows = {place: row.fill(Scene(world, place, role), 1)[0] for place in PLACES}
        page = client_of(world, role).get(reverse(row.names[0], kwargs=getattr(row, "kwargs", {})))
        text = page.content.decode()
        for place, made in rows.items():
            inside = place in shown or (
                place == "own" if isinstance(row, Own) else sees(role, place)
            )
            assert (row.name_of(made) in text) == inside, (role, place)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if isinstance(r, Form | AdminModel | ApiResource) or
            (isinstance(r, Own) and r.post_only)],
    ids=lambda r: r.names[0],
)  # fmt: skip
def test_a_post_without_csrf_token_is_refused(row, world):
    role, url = asking.posting_place(row, world)
    if url is None:
        pytest.skip("takes no POST from anybody")

    got = answer(asking.strict_client(world, role), url, method="post")

    assert got.status == 403
    assert got.writes <= asking.ALLOWED_ON_GET


def test_the_walk_would_notice_a_writing_get(world):
    with writes_of() as writes:
        world.city.save(update_fields=["industry"])

    assert writes == {"organizations_organization"}
