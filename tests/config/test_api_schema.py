"""The description of the interface says everything, and leaves nothing to be guessed."""

import io

from django.core.management import call_command


def test_the_schema_is_drawn_up_without_a_warning(db):
    out, said = io.StringIO(), io.StringIO()

    call_command("spectacular", fail_on_warn=True, validate=True, stdout=out, stderr=said)

    assert said.getvalue() == ""
    for address in ("import-batches/{id}/commit", "quota-allocations/", "rounds/{id}/places/"):
        assert address in out.getvalue()
