"""Whatever stands for a number in an address, every list answers it like any other typing error."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from tests.factories.talents import RoundFactory
from tests.permissions.asking import answer
from tests.permissions.expectations import AdminModel, ApiResource, Form, Page
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene, client_of

ODD = ("9" * 5000, "9" * 30, "²", "９", "0", "-1", "99999", "1.5", "甲")
FAULT = 500
ASKED = ("after", "before", "page", "page_size", "part", "p", "year", "round", "number", "q")


def address_of(row, world, role):
    if isinstance(row, AdminModel):
        return reverse(f"admin:{row.label.replace('.', '_')}_changelist")
    if isinstance(row, ApiResource):
        return reverse(f"{row.name}-list")
    kwargs = row.kwargs or (row.target(Scene(world, role=role)) if row.target else {})
    return reverse(row.name, kwargs=kwargs)


def reader_of(row):
    readers = row.view if isinstance(row, AdminModel) else row.readers
    readers = row.actors if isinstance(row, Form) and row.actors else readers
    return Role.HANDLER if Role.HANDLER in readers else min(readers, default=Role.NOMINATOR)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if type(row) in {AdminModel, ApiResource, Page, Form}],
    ids=lambda row: row.names[0],
)
def test_an_odd_number_in_the_address_is_never_a_fault_of_ours(row, world):
    role = reader_of(row)
    address = address_of(row, world, role)

    told = {
        odd[:10]: answer(client_of(world, role), address, data=dict.fromkeys(ASKED, odd)).status
        for odd in ODD
    }

    assert max(told.values()) < FAULT, told


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:10])
def test_an_odd_number_in_a_form_is_never_a_fault_of_ours(world, odd):
    client = client_of(world, Role.HANDLER)
    selection = RoundFactory(organizer=world.units["own"])
    form = reverse("talents:nomination-new", args=[selection.code])
    more = {"add_segment": "1", "segments-TOTAL_FORMS": odd, "segments-INITIAL_FORMS": odd}

    restored = answer(
        client,
        reverse("talents:restore", args=[selection.code]),
        method="post",
        data={"record": odd},
    )

    assert restored.status == 404
    assert answer(client, form, method="post", data=more).status == 200
