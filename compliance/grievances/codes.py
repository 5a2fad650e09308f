"""Codes that people type: how they are drawn, written, checked against slips of the pen, and kept (as a hash).

Thirty-one letters and figures without look-alikes. The last two are check letters, so that a slip is found without asking the
database whether a code exists: that question has the same answer for everybody. A person's code and a follow-up code
have 14 letters of chance (69 bits), a poster's code 6, because it hangs on a wall.
"""

import hashlib
import secrets
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import ConcernCode
from pilots.models import Pilot, Site
from workers.models import Placement

LETTERS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
PERSON, POSTER = 14, 6


def draw(length: int) -> str:
    """A new code with its check letters, as it is kept: no dashes."""
    body = "".join(secrets.choice(LETTERS) for _n in range(length))
    return body + _check(body)


def _check(body: str) -> str:
    values = [LETTERS.index(letter) for letter in body]
    first = sum((place + 1) * value for place, value in enumerate(values)) % 31
    second = sum(pow(3, place + 1, 31) * value for place, value in enumerate(values)) % 31
    return LETTERS[first] + LETTERS[second]


def shown(code: str) -> str:
    """In fours, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def typed(text: str) -> str:
    """What somebody typed, as it is kept; empty where it can be no code (a slip, or too short)."""
    code = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(code) not in {PERSON + 2, POSTER + 2} or not set(code) <= set(LETTERS):
        return ""
    return code if _check(code[:-2]) == code[-2:] else ""


def digest(code: str) -> str:
    """What the database keeps of a code."""
    return hashlib.sha256(f"concern:{code}".encode()).hexdigest()


def case_code() -> str:
    """The name of a case in lists and addresses."""
    return "C-" + "".join(secrets.choice(LETTERS) for _n in range(7))


def issue_to(placement: Placement, *, by: Scope, on: date) -> str:
    """A code of this person's own, to be handed over on paper: shown once, kept nowhere. The one before is withdrawn."""
    by.require(Permission.CASE_HANDLE)
    ConcernCode.objects.filter(placement=placement, revoked_on__isnull=True).update(revoked_on=on)
    code = draw(PERSON)
    _keep(code, by=by, on=on, pilot_id=placement.pilot_id, placement=placement)
    return code


def issue_at(site: Site, *, by: Scope, on: date) -> str:
    """The code for the posters of a place. Whoever reads the poster may use it; it names nobody."""
    by.require(Permission.CASE_HANDLE)
    code = draw(POSTER)
    _keep(code, by=by, on=on, pilot_id=site.pilot_id, site=site, poster=code)
    return code


def issue_for(pilot: Pilot, *, by: Scope, on: date) -> str:
    """The code for posters of a whole pilot, where workers of several places meet: an airport, a church, a hostel."""
    by.require(Permission.CASE_HANDLE)
    code = draw(POSTER)
    of_pilot = ConcernCode.objects.filter(
        pilot=pilot, site__isnull=True, placement__isnull=True, revoked_on__isnull=True
    )
    if of_pilot.exists():
        raise ValidationError(_("There is a code already. Withdraw it to make a new one."))
    _keep(code, by=by, on=on, pilot_id=pilot.pk, poster=code)
    return code


def _keep(code: str, *, by: Scope, on: date, **fields) -> None:
    try:
        with transaction.atomic():
            ConcernCode.objects.create(code_hash=digest(code), issued_on=on, issued_by=name_of(by), **fields)
    except IntegrityError as standing:
        raise ValidationError(_("There is a code already. Withdraw it to make a new one.")) from standing


def revoke(pk: int, *, by: Scope, on: date) -> bool:
    """Withdraw a code; what is told with it afterwards still arrives, but no longer in the person's name."""
    by.require(Permission.CASE_HANDLE)
    return bool(ConcernCode.objects.filter(pk=pk, revoked_on__isnull=True).update(revoked_on=on))
