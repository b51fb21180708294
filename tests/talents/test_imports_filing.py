"""How the rows of a workbook stand once they are filed."""

import pytest

from talents.models import Nomination
from tests.talents.importing import call_of_nominations, committed, roster_for
from tests.talents.rosters import as_xlsx

pytestmark = pytest.mark.django_db


def test_nominations_are_numbered_in_the_order_of_the_file():
    call = call_of_nominations()
    batch = committed(call, as_xlsx(roster_for(call, 7, 120)))

    filed = Nomination.objects.filter(batch=batch).order_by("pk")
    lines = list(filed.values_list("batch_line", flat=True))
    assert lines == sorted(lines)
    assert len(lines) > 100
