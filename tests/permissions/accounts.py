"""Login, second factor, the front page, and what else belongs to nobody's data."""

from tests.permissions.expectations import BACK_OFFICE, Open, Own, Page

MEMBER_PAGE = frozenset({200, 302})

ENDPOINTS = [
    Open("account_login", member=302),
    Open("account_signup", member=302),
    Open("account_inactive"),
    Open("account_logout", anonymous=302),
    Own("account_reauthenticate", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("account_change_password", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("account_set_password", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_index", not_a_list="one's own settings"),
    Own("mfa_reauthenticate", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_activate_totp", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_deactivate_totp", shown=frozenset({302, 404}), not_a_list="a form"),
    Own("mfa_view_recovery_codes", shown=frozenset({302, 404}), not_a_list="one's own codes"),
    Own("mfa_generate_recovery_codes", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_download_recovery_codes", shown=frozenset({302, 404}), not_a_list="one's own codes"),
    Own("mfa_list_webauthn", not_a_list="one's own keys"),
    Own("mfa_add_webauthn", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_reauthenticate_webauthn", shown=MEMBER_PAGE, not_a_list="a form"),
    Own("mfa_edit_webauthn", kwargs={"pk": 0}, shown=frozenset({302, 404}), not_a_list="a form"),
    Own("mfa_remove_webauthn", kwargs={"pk": 0}, shown=frozenset({302, 404}), not_a_list="a form"),
    Open("mfa_authenticate", member=302, anonymous=302),
    Open("portal:home"),
    Open("portal:styleguide"),
    Own("api-root", not_a_list="the API's table of contents"),
    Own("schema", not_a_list="the API's description"),
    Own("api-docs", not_a_list="the API's description"),
    Page("admin:index", BACK_OFFICE, not_a_list="models, not rows"),
    Page(
        "admin:app_list",
        BACK_OFFICE,
        kwargs={"app_label": "organizations"},
        not_a_list="models, not rows",
    ),
    Page("admin:jsi18n", BACK_OFFICE, not_a_list="words for scripts"),
    Page("admin:autocomplete", BACK_OFFICE, not_a_list="asks for a model", shown=frozenset({403})),
]
