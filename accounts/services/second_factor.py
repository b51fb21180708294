"""The second factor: sealed at rest, guessed no oftener than a password, asked of those who decide."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from allauth.mfa.webauthn import forms as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.forms import CharField

from accounts.permissions import needs_second_factor
from workflow.storage import vault

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organizations.models import User

#: In the session: this login was confirmed by something other than the password.
CONFIRMED = "second_factor_confirmed"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
KEY_NAME = "安全密钥"


class SealedFactors(DefaultMFAAdapter):
    """allauth's adapter: its secrets lie in the database encrypted, and stay while required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "您的角色须启用两步验证，不能停用；更换设备请先添加安全密钥",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.decrypt(base64.b64decode(encrypted_text)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        is_last = not others.exclude(pk=authenticator.pk).exists()
        return not (is_last and needs_second_factor(authenticator.user))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        return f"{KEY_NAME}{Authenticator.objects.filter(user=user, type=type).count() + 1}"


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class _Counted:
    """A wrong code is a failed login: counted with wrong passwords, and refused like them."""

    user: User

    def clean_code(self) -> str:
        request, credentials = context.request, {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise account_adapter().validation_error("too_many_login_attempts")
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class AuthenticateForm(_Counted, forms.AuthenticateForm):
    pass


class ReauthenticateForm(_Counted, forms.ReauthenticateForm):
    pass


class _Legible:
    """What a browser sends for a key is anybody's text; what cannot be read is no answer."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (KeyError, TypeError, ValueError, AttributeError):
            error = mfa_adapter().validation_error("incorrect_code")
            self.add_error(None, error)  # type: ignore[attr-defined]


class AddKeyForm(_Legible, webauthn.AddWebAuthnForm):
    name = CharField(label="名称", required=False, max_length=40)


class EditKeyForm(webauthn.EditWebAuthnForm):
    name = CharField(label="名称", max_length=40)


class AuthenticateKeyForm(_Legible, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(_Legible, webauthn.ReauthenticateWebAuthnForm):
    pass


@receiver([authenticator_added, authenticator_used])
def confirm(sender: type, request: HttpRequest, user: User, **_: Any) -> None:
    """Adding a factor shows it as well as using it does."""
    request.session[CONFIRMED] = True
