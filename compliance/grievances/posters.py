"""What stands on a poster or a card: words in the languages of the pilot's workers (``posters.toml``), and the number to call.

The words are data, because they are for workers and not for whoever prints them. The number is the pilot's own: the
portal knows none by itself. ``set_hotline`` is the door of the number.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale
from django.core.exceptions import ValidationError

from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import Hotline
from pilots.models import Pilot

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a poster in one language, with the country of work named in it."""

    language: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Languages:
    """``spoken``: what the pilot's workers speak; ``written``: those of them that have words, else English alone;
    ``missing``: the names, in English, of those that have none."""

    spoken: tuple[str, ...]
    written: tuple[Words, ...]
    missing: tuple[str, ...]


@cache
def _table() -> dict:
    return tomllib.loads(Path(__file__).with_name("posters.toml").read_text(encoding="utf-8"))


def languages_of(pilot: Pilot) -> Languages:
    """In which languages the pilot's posters and cards are printed, and which of its workers' languages they lack."""
    words, spoken = _table()["words"], tuple(_table()["spoken"].get(pilot.corridor.origin, [FALLBACK]))
    written = [code for code in spoken if code in words] or [FALLBACK]
    names = Locale(FALLBACK).languages
    return Languages(
        spoken,
        tuple(_in(code, words[code], pilot.corridor.destination) for code in written),
        tuple(names.get(code, code) for code in spoken if code not in words),
    )


def _in(language: str, words: dict[str, str], country: str) -> Words:
    name = Locale.parse(language).territories.get(country, country)
    return Words(language, words | {"danger": words["danger"].format(country=name)})


def hotline_of(pilot: Pilot) -> Hotline | None:
    """The number of the pilot, where somebody set one."""
    return Hotline.objects.filter(pilot=pilot).first()


def set_hotline(pilot: Pilot, number: str, words: str, *, by: Scope, at: datetime) -> Hotline | None:
    """Set the number that stands on posters and cards from now on; an empty one takes it off. Must run inside
    ``acting_as(by)``; ValidationError where it is no telephone number.
    """
    by.require(Permission.CASE_HANDLE)
    number, words = " ".join(number.split()), " ".join(words.split())
    if not number:
        if words:
            raise ValidationError({"number": [Hotline._meta.constraints[0].violation_error_message]})
        Hotline.objects.filter(pilot=pilot).delete()
        return None
    row = Hotline(pilot=pilot, number=number, words=words, user_id=by.user_id, set_at=at)
    row.clean_fields(exclude=["pilot", "user"])
    row.validate_constraints(exclude=["pilot", "user"])
    Hotline.objects.update_or_create(
        pilot=pilot, defaults={"number": number, "words": words, "user_id": by.user_id, "set_at": at}
    )
    return row
