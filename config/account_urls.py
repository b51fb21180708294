"""The account pages that a closed house needs: no sign-up by oneself, nothing sent by e-mail."""

from allauth.account.urls import urlpatterns as offered

KEPT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that accounts are opened by the administrator
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
}
urlpatterns = [url for url in offered if url.name in KEPT]
