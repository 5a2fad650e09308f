"""Was a second factor shown just now? What is asked before the few acts that must not happen on an unattended screen."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.requests import PortalRequest

WITHIN_SECONDS = 300


def fresh_second_factor(request: PortalRequest, *, now: float | None = None) -> bool:
    """Whether this session proved a second factor within the last five minutes."""
    moment = time.time() if now is None else now
    records = get_authentication_records(request, request.user)
    shown = [record["at"] for record in records if record.get("method") == "mfa"]
    return bool(shown) and moment - max(shown) < WITHIN_SECONDS


def ask_for_it(back_to: str) -> HttpResponse:
    """To the page that asks for the factor; afterwards back to a page of ours."""
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back_to})}")
