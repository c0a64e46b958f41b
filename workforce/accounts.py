"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come from the HR system and from administrators; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
