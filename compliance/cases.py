"""Restricted cases: opened, read, added to and closed by named readers, and unknown to everybody else.

The row policy lets only the readers a case names see it. On top of that, nobody who belongs to an organisation the case
is about reads it, now or after changing the employer. A code drawn at random names a case in lists and addresses.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.roles import ROLES, Permission
from accounts.scope import Scope, acting_as
from compliance.events import name_of
from compliance.models import CaseEntry, RestrictedCase
from pilots.models import Participation
from workers.models import Placement

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_READERS = 5
CASE_ROLES = tuple(code for code, role in ROLES.items() if role.allows(Permission.CASE_RESTRICTED))
CATEGORIES = {
    "sexual violence": gettext_lazy("Sexual harassment or assault"),
    "violence": gettext_lazy("Violence"),
    "threats": gettext_lazy("Threats or reprisal"),
    "forced labour": gettext_lazy("Signs of forced labour or trafficking"),
    "pregnancy": gettext_lazy("Pregnancy"),
    "health": gettext_lazy("Health"),
    "other": gettext_lazy("Something else"),
}


class Changed(Exception):
    """Another reader changed the case since it was read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be named as a reader."""

    user_id: int
    name: str
    organisation: str


def visible_cases(by: Scope) -> QuerySet[RestrictedCase]:
    """The cases this person is named on, without those about an organisation the person belongs to."""
    by.require(Permission.CASE_RESTRICTED)
    with acting_as(None):
        mine = list(
            Membership.objects.filter(user_id=by.user_id, ended_at__isnull=True).values_list(
                "organisation_id", flat=True
            )
        )
    return RestrictedCase.objects.exclude(concerned_ids__overlap=mine)


def possible_readers(pilot_id: int, concerned_ids: Iterable[int], *, by: Scope) -> list[Reader]:
    """Who may be named: people of one's own organisation with the right, and the pilot's safeguarding leads.

    Never somebody who belongs to an organisation concerned, in whatever role there.
    """
    if pilot_id not in by.pilot_ids:
        return []
    with acting_as(None):
        partners = Participation.objects.filter(pilot_id=pilot_id, left_on__isnull=True).values("organisation_id")
        members = Membership.objects.filter(
            ended_at__isnull=True, user__is_active=True, organisation__suspended_at__isnull=True,
            organisation__in=partners, role__in=CASE_ROLES,
        )  # fmt: skip
        own = members.filter(organisation_id=by.organisation_id)
        leads = members.filter(role="safeguarding_lead")
        barred = Membership.objects.filter(ended_at__isnull=True, organisation_id__in=list(concerned_ids))
        rows = (own | leads).exclude(user_id__in=barred.values("user_id")).distinct()
        found = rows.order_by("user__name", "user_id").values_list("user_id", "user__name", "organisation__name")
        return [Reader(*row) for row in found]


def names_of(user_ids: Sequence[int]) -> list[str]:
    """The names of readers, whichever organisation they belong to; only for pages of the case itself."""
    with acting_as(None):
        return list(User.objects.filter(pk__in=user_ids).order_by("name").values_list("name", flat=True))


def open_case(
    *,
    by: Scope,
    on: date,
    pilot_id: int,
    category: str,
    account: str,
    reader_ids: Iterable[int],
    placement: Placement | None = None,
    concerned_ids: Iterable[int] = (),
    safe_now: bool | None = None,
    wishes: str = "",
    consent_to_share: bool = False,
    indicators: Sequence[str] = (),
) -> RestrictedCase:
    """Open a case. Whoever opens it is a reader; the others are chosen from ``possible_readers``.

    Places no hold, opens no finding and moves nothing: for everybody else the world stays as it was.
    """
    by.require(Permission.CASE_RESTRICTED)
    about = set(concerned_ids)
    if placement is not None:
        about |= {pk for pk in (placement.employer_id, placement.recruiter_id) if pk}
    if category not in CATEGORIES:
        raise ValidationError({"category": _("Choose what the case is about.")})
    if not account.strip():
        raise ValidationError({"account": _("Write down what the person told, in the person's words.")})
    readers = _readers(pilot_id, about, {by.user_id, *reader_ids}, by)
    fields = {
        "pilot_id": pilot_id, "placement": placement, "reader_ids": readers, "concerned_ids": sorted(about),
        "category": category, "indicators": list(indicators), "account": account.strip(), "safe_now": safe_now,
        "wishes": wishes.strip(), "consent_to_share": consent_to_share, "opened_on": on,
    }  # fmt: skip
    case = _insert(fields)
    _enter(case, CaseEntry.Kind.OPENED, by=by, on=on)
    return case


def _insert(fields: dict) -> RestrictedCase:
    for _try in range(20):
        code = "C-" + "".join(secrets.choice(LETTERS) for _n in range(5))
        try:
            with transaction.atomic():
                return RestrictedCase.objects.create(code=code, **fields)
        except IntegrityError as taken:
            if "code" not in str(taken):
                raise
    raise RuntimeError("no free code was found in twenty draws")


def _readers(pilot_id: int, about: set[int], chosen: set[int], by: Scope) -> list[int]:
    """The chosen readers, if each of them may be one."""
    allowed = {r.user_id for r in possible_readers(pilot_id, about, by=by)}
    if by.user_id not in allowed:
        raise ValidationError(
            _("You belong to an organisation that this case is about. Ask the safeguarding lead to open it.")
        )
    if chosen - allowed:
        raise ValidationError({"readers": _("One of the people you named may not read this case.")})
    if len(chosen) > MOST_READERS:
        raise ValidationError({"readers": _("Name five readers at most.")})
    return sorted(chosen)


def note_reading(case: RestrictedCase, *, by: Scope, on: date) -> None:
    """The account of this case is opened: a row that its readers see."""
    _enter(case, CaseEntry.Kind.READ, by=by, on=on)


def add_entry(case: RestrictedCase, *, by: Scope, on: date, text: str) -> None:
    """Add what happened since, or what was done."""
    if not text.strip():
        raise ValidationError({"text": _("Write what happened.")})
    _enter(case, CaseEntry.Kind.ADDED, by=by, on=on, text=text.strip())


def change(
    case: RestrictedCase,
    *,
    by: Scope,
    on: date,
    reader_ids: Iterable[int],
    safe_now: bool | None,
    wishes: str,
    consent_to_share: bool,
) -> None:
    """Change who reads the case and what the person wishes. Changed when another reader was quicker."""
    readers = _readers(case.pilot_id, set(case.concerned_ids), {by.user_id, *reader_ids}, by)
    _update(
        case, (RestrictedCase.State.OPEN,), reader_ids=readers, safe_now=safe_now, wishes=wishes.strip(),
        consent_to_share=consent_to_share,
    )  # fmt: skip
    _enter(case, CaseEntry.Kind.CHANGED, by=by, on=on)


def close(case: RestrictedCase, *, by: Scope, on: date, agreed: bool, text: str) -> None:
    """Close with the person's agreement, and with words about how it ended."""
    if not agreed:
        raise ValidationError({"agreed": _("A case is closed only when the person agrees.")})
    if not text.strip():
        raise ValidationError({"text": _("Write how it ended and what follow-up was offered.")})
    if on < case.opened_on:
        raise ValidationError({"text": _("A case is closed after it was opened.")})
    _update(case, (RestrictedCase.State.OPEN,), state=RestrictedCase.State.CLOSED, closed_on=on)
    _enter(case, CaseEntry.Kind.CLOSED, by=by, on=on, text=text.strip())


def reopen(case: RestrictedCase, *, by: Scope, on: date, text: str) -> None:
    """Open a closed case again."""
    if not text.strip():
        raise ValidationError({"text": _("Write why it is opened again.")})
    _update(case, (RestrictedCase.State.CLOSED,), state=RestrictedCase.State.OPEN, closed_on=None)
    _enter(case, CaseEntry.Kind.REOPENED, by=by, on=on, text=text.strip())


def _update(case: RestrictedCase, states: tuple[str, ...], **fields) -> None:
    rows = RestrictedCase.objects.filter(pk=case.pk, revision=case.revision, state__in=states)
    if not rows.update(revision=F("revision") + 1, **fields):
        raise Changed(case.code)


def _enter(case: RestrictedCase, kind: str, *, by: Scope, on: date, text: str = "") -> None:
    CaseEntry.objects.create(
        pilot_id=case.pilot_id, case=case, kind=kind, happened_on=on, text=text, user_id=by.user_id,
        organisation_id=by.organisation_id, who=name_of(by),
    )  # fmt: skip
