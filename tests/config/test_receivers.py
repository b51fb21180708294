import pytest
from django.db import connection

from config.receivers import let_the_application_in

pytestmark = pytest.mark.django_db


def granted():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(defaclrole), defaclobjtype::text, defaclacl::text"
            " FROM pg_default_acl ORDER BY 1, 2"
        )
        return cursor.fetchall()


def test_the_owner_lets_the_application_read_and_write_but_not_empty():
    assert granted() == [
        ("jiangjie_owner", "S", "{jiangjie_app=rU/jiangjie_owner}"),
        ("jiangjie_owner", "r", "{jiangjie_app=arwd/jiangjie_owner}"),
    ]


@pytest.mark.parametrize("role", ["jiangjie_app", "nobody_of_that_name"], ids=("itself", "absent"))
def test_without_a_second_role_there_is_nothing_to_grant(settings, role):
    settings.JIANGJIE_APP_ROLE = role
    before = granted()

    let_the_application_in(using="default")

    assert granted() == before
