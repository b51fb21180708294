"""No list, of portal, back office or API, can be asked about a column that it does not offer.

A filter on ``…__user__password__startswith`` reads a hidden column letter by letter, without ever
showing it. So every list is tried with every path to every column, by every lookup there is.
"""

from functools import cache
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from pages.admin.tables import OF_EVERY_LIST
from tests.permissions.expectations import AdminModel, ApiResource, Page
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene, client_of
from tests.test_query_counts import address_of, reader_of

DEEPEST = 2
AT_ONCE = 900
#: A value that no column has: were it asked for, the list would be empty.
NOWHERE = "zzz-nowhere-zzz"
#: Columns that nobody reads by asking, whatever the list.
HIDDEN = {"password", "data", "secret", "cipher", "digest", "hash", "key"}
LOOKUPS_OFFERED = {
    "exact", "iexact", "icontains", "startswith", "gte", "lte", "date__gte", "date__lte",
}  # fmt: skip
LISTS = [row for row in ROWS if row.fill and not row.not_a_list]


def of(*kinds):
    rows = [row for row in LISTS if type(row) in kinds]
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.names[0])


def paths_of(model, depth=0, prefix=""):
    """Every column that a lookup could reach from ``model``, over relations in both directions."""
    for field in model._meta.get_fields():
        name = f"{prefix}{field.name}"
        if field.is_relation and field.related_model and depth < DEEPEST:
            yield from paths_of(field.related_model, depth + 1, f"{name}__")
        yield name, field


@cache
def lookups_of(model):
    """The same with every lookup that the column understands."""
    return [
        f"{path}__{lookup}" if lookup != "exact" else path
        for path, field in paths_of(model)
        for lookup in ("exact", *getattr(field, "get_lookups", dict)())
    ]


@of(AdminModel)
def test_a_list_of_the_back_office_answers_its_own_filters_only(row, world):
    client = client_of(world, reader_of(row))
    page = client.get(address_of(row))
    request = page.context["request"]
    model = apps.get_model(row.label)
    offered = page.context["table"].parameters

    assert offered - OF_EVERY_LIST == set(page.context["filter"].filters)
    assert not [name for name in lookups_of(model) if name in offered and "__" in name]
    strange = [n for n, f in paths_of(model) if f.is_relation and n.count("__") < DEEPEST]
    asked = [
        "pk__regex",
        *(f"{n}__{lookup}" for n in strange for lookup in ("pk__regex", "isnull")),
    ]
    assert client.get(address_of(row), {asked[0]: "1"}).status_code == 400
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        request.GET = QueryDict(urlencode(dict.fromkeys(some, "1")))
        with pytest.raises(BadRequest) as refused:
            admin.site.get_model_admin(model).table_of(request)
        assert str(refused.value).endswith(f": {', '.join(sorted(some))}")


def test_the_attack_that_read_a_second_factor_letter_by_letter_is_refused(world):
    model_admin = admin.site.get_model_admin(apps.get_model("talents.nomination"))
    path = "round__organizer__memberships__user__authenticator__data__secret__regex"
    address = reverse("admin:talents_nomination_changelist")

    assert client_of(world, Role.HANDLER).get(address, {path: "^K"}).status_code == 400
    assert not model_admin.lookup_allowed(path, "^K")


@of(ApiResource, Page)
def test_a_list_does_not_change_by_what_it_does_not_offer(row, world):
    role = reader_of(row)
    client, address = client_of(world, role), address_of(row)
    made = row.fill(Scene(world, "own", role), 2)
    plain = rows_of(client.get(address))
    offered = filters_of(row, client, address)
    names = [name for name in lookups_of(type(made[0])) if name not in offered]

    assert plain
    for start in range(0, len(names), AT_ONCE):
        asked = dict.fromkeys(names[start : start + AT_ONCE], NOWHERE)
        assert rows_of(client.get(address, asked)) == plain
    for path in ("password", "organization__memberships__user__password", "-identity_digest"):
        asked = dict.fromkeys(("ordering", "search", "order_by", "o", "fields"), path)
        assert rows_of(client.get(address, asked)) == plain, path


@of(AdminModel, ApiResource, Page)
def test_what_a_list_offers_asks_for_no_hidden_column(row, world):
    client = client_of(world, reader_of(row))
    for name, asked in filters_of(row, client, address_of(row)).items():
        steps = set((asked.field_name or name).replace("_", " ").replace("__", " ").split())
        assert not steps & HIDDEN, name
        assert asked.lookup_expr in LOOKUPS_OFFERED, name


def rows_of(answer):
    assert answer.status_code == 200
    if answer.headers["Content-Type"].startswith("application/json"):
        return [entry["id"] for entry in answer.json()["results"]]
    return [line.row.pk for line in answer.context["list"].lines]


def filters_of(row, client, address):
    if isinstance(row, ApiResource):
        view = client.get(address).renderer_context["view"]
        filterset = getattr(view, "filterset_class", None)
        return filterset.base_filters if filterset else {}
    asked = client.get(address).context["filter"]
    return asked.filters if asked is not None else {}


def test_every_kind_of_lookup_is_tried():
    names = lookups_of(User)

    assert {"password__regex", "memberships__organization__name__startswith"} <= set(names)
    assert len(names) > 1000
