"""The password given again, as sensitive pages ask for it."""

from django.urls import reverse

from organizations.models import User

#: What somebody says an original is wanted for.
PURPOSE = {"note": "核对单位报送的原表"}
PASSWORD = "walk-through-2026"


def with_password(client):
    """The browser of somebody who has just given the password again."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client
