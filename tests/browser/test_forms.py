"""Every form of the portal, at a desk and on a phone: accessible, nothing sticking out."""

import pytest
from django.urls import reverse

from tests.browser.walking import may_log_in
from tests.permissions import world as people
from tests.permissions.expectations import Form
from tests.permissions.tables import ROWS
from tests.permissions.world import Scene

pytestmark = pytest.mark.django_db(transaction=True)
#: Of some forms nobody of the table's scene is the actor; the walks of their own apps see them.
FORMS = [row for row in ROWS if type(row) is Form and row.actors]


def test_every_form_is_fit_to_be_seen(walker):
    world = people.build()
    for role in sorted({min(row.actors) for row in FORMS}):
        walker.log_in(may_log_in(world.users[role]))
        for row in (row for row in FORMS if min(row.actors) == role):
            kwargs = row.target(Scene(world, "own", role)) if row.target else row.kwargs
            answer = walker.go(reverse(row.name, kwargs=kwargs))
            assert answer.status in row.shown, row.name
            walker.look(f"form-{row.name.replace(':', '-')}")
