"""The doors of allauth that this house opens: one's e-mail comes from the HR system and nobody signs up, so not all."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path

from workforce.views import signing_on

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", signing_on.with_password(account.password_change), name="account_change_password"),
    path("password/set/", signing_on.with_password(account.password_set), name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sign-on/", signing_on.sign_on, name="sign_on"),
    path("sign-on/callback/", signing_on.sign_on_callback, name="sign_on_callback"),
]
