import pytest
from django.db import ProgrammingError, connection

from organizations.models import Organization


@pytest.mark.django_db
def test_tests_run_as_the_application_and_not_as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, pg_get_userbyid(datdba)"
            " FROM pg_roles, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        )
        row = cursor.fetchone()

    assert row == ("jiangjie_app", False, False, "jiangjie_owner")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE stray (id int)", "TRUNCATE organizations_organization CASCADE",
     "ALTER TABLE organizations_organization ADD stray int"],
    ids=("create", "truncate", "alter"),
)  # fmt: skip
def test_the_application_role_may_not_change_the_schema(statement):
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_transactional_test_leaves_nothing_behind(turn):
    before = Organization.objects.count()

    Organization.objects.bulk_create(
        [Organization(code="x1", name="x", kind="national", path="/91/", valid_from="2020-01-01")]
    )

    assert before == 0
