"""Every list costs the same number of queries for 1, 3 and 50 rows, and few of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.roles import Role
from tests.permissions.expectations import Action, AdminModel, ApiResource, Endpoint, Open
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene, client_of

#: Of policies, too, there is one row before there are fifty.
pytestmark = pytest.mark.usefixtures("no_policies")
LISTS = [row for row in ROWS if row.fill]
#: Preferred readers: those whose pages carry most.
READERS = [Role.HANDLER, Role.APPROVER, Role.AUDITOR, Role.SYSTEM_ADMIN]


def reader_of(row):
    readers = row.view if isinstance(row, AdminModel) else getattr(row, "readers", frozenset(Role))
    return next((role for role in READERS if role in readers), None) or min(readers)


def address_of(row):
    if isinstance(row, ApiResource):
        return reverse(f"{row.name}-list")
    return reverse(row.names[0], kwargs=getattr(row, "kwargs", {}))


def cost_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.names[0])
def test_a_list_costs_the_same_for_few_rows_and_many(row, world):
    role = reader_of(row)
    client, address, scene = client_of(world, role), address_of(row), Scene(world, "own", role)
    counts = {}
    for rows, more in ((1, 1), (3, 2), (50, 47)):
        row.fill(scene, more)
        counts[rows] = cost_of(client, address)
        if len({*counts.values()}) > 1 or rows == 1:  # what an edition says is read once and kept
            counts[rows] = cost_of(client, address)

    assert len(set(counts.values())) == 1, counts
    assert counts[50] <= row.most_queries, counts


def test_a_page_without_an_object_is_a_list_or_says_why_not():
    """Otherwise a new list would slip past this test."""
    silent = [
        row.name
        for row in ROWS
        if isinstance(row, Endpoint | Open)
        and not isinstance(row, Action)
        and not (row.fill or row.target or row.not_a_list or isinstance(row, Open))
    ]

    assert silent == []


def test_every_list_of_the_back_office_and_the_api_is_filled():
    unfilled = [
        row.names[0] for row in ROWS if isinstance(row, AdminModel | ApiResource) and not row.fill
    ]

    assert unfilled == []
