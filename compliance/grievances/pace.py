"""How often the public page may be used from one network address: a guesser is slowed, a hostel full of workers is not.

The address itself is not kept: a count stands for an hour under a keyed hash of it.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
MOST = {"tell": 30, "read": 120}


def within(request: HttpRequest, what: str) -> bool:
    """Count this use; False when the address used up its hour (``MOST``)."""
    address = get_adapter().get_client_ip(request) or ""
    key = f"concern:{what}:{salted_hmac('concern pace', address, algorithm='sha256').hexdigest()[:32]}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= MOST[what]
    except ValueError:  # it ran out between the two statements
        return True
