"""How people get in: by invitation only, with the portal's own words on allauth's pages."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up from outside: an account is made by accepting an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never; see accounts/invitations.py."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The home page of the person's role."""
        return reverse("home")
