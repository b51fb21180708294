import pytest
from django.urls import reverse

from config.bodies import MOST_KNOWN, MOST_UNKNOWN
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account

pytestmark = pytest.mark.django_db


class NeverRead:
    """A body that fails the test when somebody reads it."""

    def read(self, *args):
        pytest.fail("the body was read")

    readline = __iter__ = read


def sent(client, size, **more):
    return client.generic(
        "POST",
        reverse("account_login"),
        **{"CONTENT_LENGTH": size, "wsgi.input": NeverRead(), **more},
    )


@pytest.mark.parametrize("size", [MOST_UNKNOWN + 1, 300 * 1024 * 1024])
def test_a_large_body_of_somebody_unknown_is_refused_unread(client, size):
    assert sent(client, str(size)).status_code == 413


def test_a_body_beyond_every_upload_is_refused_unread_from_anybody(client):
    client.force_login(account(Role.HANDLER, OrganizationFactory()))

    assert sent(client, str(MOST_KNOWN + 1)).status_code == 413


@pytest.mark.parametrize("more", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "-1"}])
def test_a_body_without_a_length_is_refused_unread(client, more):
    assert sent(client, "10", **more).status_code == 411


def test_a_login_form_is_read(client):
    assert client.post(reverse("account_login"), {"login": "x", "password": "y"}).status_code == 200
