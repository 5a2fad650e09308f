"""One person's own language and time zone, for whatever is written for them: pages, mails, the words of their jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User


def zone_of(person: User) -> tzinfo:
    """The person's time zone; UTC where this machine knows none of that name."""
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def language_of(person: User) -> str:
    """The person's language, where the portal speaks it; else English."""
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@contextmanager
def as_read_by(person: User) -> Iterator[None]:
    """Words in the language of this person, and days as their calendar has them."""
    with translation.override(language_of(person)), timezone.override(zone_of(person)):
        yield
