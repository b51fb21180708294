"""No migration stops those who work: ours are clean, and every bad pattern is told."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q

from config.layout import APPS
from tests.config.migrating import findings

#: What was written before anybody had installed the product may stay: migration → why.
BEFORE_THE_FIRST_INSTALLATION = {
    "academies.0002_counts_are_kept": "the composite reference is made right after its table",
}
FIRST = "0001_initial"
SQL, INDEX = migrations.RunSQL, models.Index(fields=["name"], name="x")


@pytest.fixture(scope="module")
def loader(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return MigrationLoader(connection)


def ours(loader):
    """What came after the first migration of each of our apps."""
    return {
        key: migration
        for key, migration in loader.disk_migrations.items()
        if key[0] in APPS and key[1] != FIRST
    }


def test_our_migrations_stop_nobody(loader):
    found = {
        f"{key[0]}.{key[1]}": told
        for key, migration in ours(loader).items()
        if (told := list(findings(migration, loader.project_state(key, at_end=False))))
    }

    assert len(ours(loader)) >= 5
    assert found.keys() >= BEFORE_THE_FIRST_INSTALLATION.keys()
    assert {k: told for k, told in found.items() if k not in BEFORE_THE_FIRST_INSTALLATION} == {}


BAD = {
    "an index": migrations.AddIndex("person", INDEX),
    "an index taken away": migrations.RemoveIndex("person", "person_by_name"),
    "a check": migrations.AddConstraint("person", models.CheckConstraint(condition=~Q(name="x"), name="x")),
    "a unique constraint": migrations.AddConstraint("person", models.UniqueConstraint(fields=["name"], name="x")),
    "a column to be filled": migrations.AddField("person", "x", models.IntegerField(default=0)),
    "a generated column": migrations.AddField("person", "x", models.GeneratedField(
        expression=models.F("name"), output_field=models.TextField(), db_persist=True)),
    "a reference": migrations.AddField("person", "x", models.ForeignKey("talents.Person", models.PROTECT, null=True)),
    "a column gone": migrations.RemoveField("person", "sex"),
    "a column renamed": migrations.RenameField("person", "sex", "gender"),
    "a table renamed": migrations.RenameModel("Person", "Worker"),
    "a table gone": migrations.DeleteModel("Employment"),
    "another type": migrations.AlterField("person", "name", models.IntegerField()),
    "a shorter column": migrations.AlterField("person", "name", models.CharField(max_length=10)),
    "never empty any more": migrations.AlterField("person", "birth_on", models.DateField()),
    "unique from now on": migrations.AlterField("person", "name", models.CharField(max_length=60, unique=True)),
    "SQL without a way back": SQL("select 1"),
    "code without a way back": migrations.RunPython(lambda apps, editor: None),
    "SQL for an index": SQL("create index x on talents_person (name)", "select 1"),
    "SQL for an index gone": SQL("drop index person_by_name", "select 1"),
    "SQL for a check": SQL("alter table talents_person add constraint x check (name <> 'x')", "select 1"),
    "SQL for never empty": SQL("alter table talents_person alter column sex set not null", "select 1"),
    "SQL for another type": SQL("alter table talents_person alter sex type int using 1", "select 1"),
    "SQL for a column gone": SQL("alter table talents_person drop column sex", "select 1"),
    "all rows at once": SQL("update talents_person set sex = ''", "select 1"),
    "all rows gone": SQL("select 1; delete from talents_person", "select 1"),
    "a lock": SQL("lock table talents_person", "select 1"),
}  # fmt: skip
GOOD = {
    "an index built beside the work": AddIndexConcurrently("person", INDEX),
    "a column that may be empty": migrations.AddField("person", "x", models.TextField(null=True)),
    "a column the database fills": migrations.AddField("person", "x", models.IntegerField(db_default=0)),
    "a wider column": migrations.AlterField("person", "name", models.CharField(max_length=90)),
    "a small table": migrations.AddIndex("selectionround", INDEX),
    "a check to be validated later": SQL(
        "alter table talents_person add constraint x check (name <> 'x') not valid", "select 1"
    ),
    "an index that stands becomes a constraint": SQL(
        "alter table talents_person add constraint x unique using index x", "select 1"
    ),
    "what a function does": SQL(
        "create function x() returns int language sql as $$ update talents_person set sex = '' $$", "select 1"
    ),
}  # fmt: skip


def told_of(loader, operation):
    migration = type("Migration", (migrations.Migration,), {"operations": [operation]})
    return list(findings(migration("9999_x", "talents"), loader.project_state()))


@pytest.mark.parametrize("operation", BAD.values(), ids=BAD)
def test_what_would_stop_them_is_told(loader, operation):
    assert told_of(loader, operation)


@pytest.mark.parametrize("operation", GOOD.values(), ids=GOOD)
def test_what_stops_nobody_is_not(loader, operation):
    assert told_of(loader, operation) == []
