"""How often the public page may be used from one network address: a guesser is slowed, a hostel full of workers is not.

The address itself is not kept: a count stands for an hour under a keyed hash of it.

The count begins anywhere below ``MOST`` and ends at its double. An employer shares the network of those who live in its
houses: could it count how often it is let in before it must wait, it would learn whether somebody told just before.
"""

import secrets

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
MOST = {"tell": 30, "read": 120}


def within(request: HttpRequest, what: str) -> bool:
    """Count this use; False when the address used up its hour (``MOST``)."""
    address = get_adapter().get_client_ip(request) or ""
    return counted(f"{what}:{_hashed(address)}", 1, MOST[what])


def counted(key: str, number: int, most: int) -> bool:
    """Count so many under this key; False once it used up its hour: at least ``most`` are let in, fewer than its double."""
    key = f"concern:{key}"
    cache.add(key, secrets.randbelow(most), HOUR)
    try:
        return cache.incr(key, number) < 2 * most
    except ValueError:  # it ran out between the two statements
        return True


def _hashed(address: str) -> str:
    return salted_hmac("concern pace", address, algorithm="sha256").hexdigest()[:32]
