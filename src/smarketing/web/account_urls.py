"""Which of allauth's pages are open here: signing in and out, passwords and second factors; nobody signs up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as sso
from django.urls import include, path, re_path

from smarketing.web.views import security

entrance = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/disabled/", account.account_inactive, name="account_inactive"),
    path("sign-in/cancelled/", sso.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed/", sso.login_error, name="socialaccount_login_error"),
    path("sign-in/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/changed/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
confirmation = [
    path("confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmation/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmation/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]
own = [
    path("", security.show, name="security"),
    path("", security.show, name="mfa_index"),  # where allauth leads back to
    path("", security.show, name="mfa_list_webauthn"),
    path("password/", account.password_change, name="account_change_password"),
    path("first-password/", account.password_set, name="account_set_password"),
    path("authenticator/", totp.activate_totp, name="mfa_activate_totp"),
    path("authenticator/removal/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/renewal/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/recovery-codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/removal/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("sessions/", security.sessions, name="sessions"),
    path("sessions/<int:session_id>/", security.session, name="session"),
]
urlpatterns = [*entrance, *confirmation, path("settings/security/", include(own))]
