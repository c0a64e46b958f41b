"""The request of somebody who is signed in, which every page can count on unless it is declared open."""

from django.http import HttpRequest

from workforce.models import Account


class SignedIn(HttpRequest):
    """For annotations: `LoginRequiredMiddleware` sees to it that `user` is an account."""

    user: Account
