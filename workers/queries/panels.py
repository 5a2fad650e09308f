"""The facts of a placement as its panels show them: papers with masked numbers, consent by purpose, what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

from workers.journey.wording import lacking_owner, lacking_words
from workers.models import Consent, IdentityDocument
from workers.queries.placement import Facts

SHOWN_CHARACTERS = 3
NEAR_DAYS = 180


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper and its number as it may be shown now."""

    document: IdentityDocument
    number: str
    near: bool
    former: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose, and whether the person agrees to it."""

    label: str
    consent: Consent | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing, and which kind of partner can bring it."""

    what: str
    who: str


def masked(number: str) -> str:
    """The last characters of a number, enough to tell two papers apart and not to misuse one."""
    return f"…{number[-SHOWN_CHARACTERS:]}"


def papers(facts: Facts, *, whole: bool, today: date) -> list[Paper]:
    """Papers in use first; ``near``: it ends within half a year, or has ended; ``former``: a later one took its place."""
    soon = today + timedelta(days=NEAR_DAYS)
    last: dict[str, date] = {}
    for d in facts.documents or []:
        if d.replaced_at is None and d.expires_on is not None:
            last[d.kind] = max(last.get(d.kind, d.expires_on), d.expires_on)
    found = sorted(facts.documents or [], key=lambda d: _is_former(d, last))
    return [
        Paper(
            d,
            d.number if whole else masked(d.number),
            d.expires_on is not None and d.expires_on <= soon,
            _is_former(d, last),
        )
        for d in found
    ]


def _is_former(document: IdentityDocument, last: dict[str, date]) -> bool:
    """Replaced by hand, or followed by a paper of its kind that ends later, as the visa of the next season does."""
    followed = document.expires_on is not None and document.expires_on < last.get(document.kind, document.expires_on)
    return document.replaced_at is not None or followed


def purposes(facts: Facts) -> list[Purpose]:
    """Every purpose the portal knows, asked or not."""
    given = {c.purpose: c for c in facts.consents or [] if c.withdrawn_on is None}
    asked = {c.purpose for c in facts.consents or []}
    return [
        Purpose(str(label), given.get(code), code in asked and code not in given)
        for code, label in Consent.Purpose.choices
    ]


def missing(facts: Facts) -> list[Lack]:
    """What is missing before departure, in the order in which one fetches it."""
    return [Lack(lacking_words(guard), lacking_owner(guard)) for guard in facts.missing]
