"""Each model names the triggers on its table, so that whoever reads the model knows of them."""

import pytest
from django.apps import apps
from django.db import connection

ON_TABLES = """
    select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal order by 1, 2
"""


@pytest.mark.django_db
def test_models_name_exactly_the_triggers_on_their_tables():
    with connection.cursor() as cursor:
        cursor.execute(ON_TABLES)
        there = cursor.fetchall()

    named = [
        (model._meta.db_table, trigger)
        for model in apps.get_models()
        for trigger in getattr(model, "TRIGGERS", ())
    ]

    assert there
    assert sorted(named) == sorted(there)
