"""Who reads a grievance: named persons, and nobody whom it is about. Every change of the list is an event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.names import name_of
from accounts.roles import ROLES, Permission
from accounts.scope import Scope, acting_as, desk_scope
from compliance.grievances.writing import Kind, enter, update
from compliance.models import Grievance, GrievanceIdentity, GrievanceOffer, GrievanceOpening
from pilots.models import Participation

MOST_READERS = 5
HANDLERS = tuple(code for code, role in ROLES.items() if role.allows(Permission.CASE_HANDLE))
CONFIDANTS = tuple(code for code, role in ROLES.items() if role.allows(Permission.CASE_RESTRICTED))
LEAD = "safeguarding_lead"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be named as a reader."""

    user_id: int
    name: str
    organisation: str


def visible(by: Scope) -> QuerySet[Grievance]:
    """The grievances this person may read now; the row policy decides which."""
    by.require(Permission.CASE_HANDLE)
    return Grievance.objects.all()


def roles_for(sensitivity: str) -> tuple[str, ...]:
    """The roles whose holders may be named on a grievance of this sensitivity."""
    return CONFIDANTS if sensitivity == Grievance.Sensitivity.RESTRICTED else HANDLERS


def _members(pilot_id: int, roles: Sequence[str], concerned: Iterable[int], persons: Iterable[int]):
    """Memberships of the pilot's partners in these roles, without whoever belongs to an organisation concerned."""
    partners = Participation.objects.filter(pilot_id=pilot_id, left_on__isnull=True).values("organisation_id")
    barred = Membership.objects.filter(ended_at__isnull=True, organisation_id__in=list(concerned)).values("user_id")
    return (
        Membership.objects.filter(
            ended_at__isnull=True, user__is_active=True, organisation__suspended_at__isnull=True,
            organisation__in=partners, role__in=roles,
        )
        .exclude(user_id__in=barred)
        .exclude(user_id__in=list(persons))
    )  # fmt: skip


def possible(
    pilot_id: int, sensitivity: str, concerned_ids: Iterable[int] = (), persons: Iterable[int] = (), *, by: Scope
) -> list[Reader]:
    """Who may be named: colleagues with the right, and the pilot's safeguarding leads; nobody whom it is about."""
    if pilot_id not in by.pilot_ids:
        return []
    with acting_as(None):
        members = _members(pilot_id, roles_for(sensitivity), concerned_ids, persons)
        rows = members.filter(Q(organisation_id=by.organisation_id) | Q(role=LEAD)).order_by("user__name", "user_id")
        found = list(rows.values_list("user_id", "user__name", "organisation__name"))
    return _once(found)


def possible_elsewhere(grievance: Grievance) -> list[Reader]:
    """To whom it may be offered: anybody of the pilot with the right, who is no reader yet and not concerned."""
    with acting_as(None):
        members = _members(
            grievance.pilot_id, roles_for(grievance.sensitivity), grievance.concerned_ids,
            [*grievance.concerned_user_ids, *grievance.reader_ids],
        )  # fmt: skip
        rows = members.order_by("organisation__name", "user__name", "user_id")
        return _once(list(rows.values_list("user_id", "user__name", "organisation__name")))


def _once(rows: list[tuple[int, str, str]]) -> list[Reader]:
    return [Reader(*row) for row in {row[0]: row for row in rows}.values()]


def for_intake(pilot_id: int, concerned_ids: Iterable[int]) -> tuple[list[int], str]:
    """Who reads what arrives without staff: the safeguarding leads not concerned; else welfare, else the programme.

    And how few may read it until somebody has decided: restricted, unless only the programme's office is left.
    """
    with acting_as(None):
        rows = list(_members(pilot_id, HANDLERS, concerned_ids, ()).order_by("user_id").values_list("user_id", "role"))
    for roles in ({LEAD}, {"welfare_officer"}, {"programme_manager"}, {"programme_officer"}):
        found = list(dict.fromkeys(user for user, role in rows if role in roles))
        if found:
            grave = roles <= set(CONFIDANTS)
            states = Grievance.Sensitivity
            return sorted(found[:MOST_READERS]), states.RESTRICTED if grave else states.ORDINARY
    return [], Grievance.Sensitivity.RESTRICTED


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Names of readers, whichever organisation they belong to; only for pages of the grievance itself."""
    with acting_as(None):
        return dict(User.objects.filter(pk__in=list(user_ids)).order_by("name").values_list("pk", "name"))


def gone(grievance: Grievance) -> list[int]:
    """Readers who can no longer read it: they left, their role changed, or they joined an organisation concerned."""
    with acting_as(None):
        members = _members(
            grievance.pilot_id, roles_for(grievance.sensitivity), grievance.concerned_ids, grievance.concerned_user_ids
        )
        still = set(members.filter(user_id__in=grievance.reader_ids).values_list("user_id", flat=True))
    return [pk for pk in grievance.reader_ids if pk not in still]


def check(pilot_id: int, sensitivity: str, concerned: Iterable[int], chosen: set[int], *, by: Scope) -> list[int]:
    """The chosen readers, if each of them may be one; ValidationError with every reason."""
    allowed = {r.user_id for r in possible(pilot_id, sensitivity, concerned, by=by)}
    wrong: dict[str, list[str]] = {}
    if by.user_id not in allowed:
        wrong["__all__"] = [
            _("You belong to an organisation that this case is about. Ask the safeguarding lead to open it.")
        ]
    if chosen - allowed - {by.user_id}:
        wrong["readers"] = [_("One of the people you named may not read this case.")]
    if len(chosen) > MOST_READERS:
        wrong.setdefault("readers", []).append(_("Name five readers at most."))
    if wrong:
        raise ValidationError(wrong)
    return sorted(chosen)


def grant(grievance: Grievance, user_id: int, *, by: Scope, on: date, why: str) -> None:
    """Name one more reader. Readers who can no longer read make room."""
    by.require(Permission.CASE_HANDLE)
    allowed = possible(
        grievance.pilot_id, grievance.sensitivity, grievance.concerned_ids, grievance.concerned_user_ids, by=by
    )
    if user_id not in {r.user_id for r in allowed}:
        raise ValidationError({"reader": _("This person may not read this case.")})
    _add(grievance, user_id, by=by, on=on, why=why)


def _add(grievance: Grievance, user_id: int, *, by: Scope, on: date, why: str) -> None:
    if not why.strip():
        raise ValidationError({"why": _("Say why.")})
    away = set(gone(grievance))
    readers = sorted(({*grievance.reader_ids} - away) | {user_id})
    if len(readers) > MOST_READERS:
        raise ValidationError({"reader": _("Five readers at most. Remove one first.")})
    lead = grievance.lead_id if grievance.lead_id in readers else None
    update(grievance, reader_ids=readers, lead_id=lead)
    enter(grievance, Kind.GRANTED, by=by, on=on, about_user_id=user_id, text=why.strip())
    for pk in sorted(away):
        enter(grievance, Kind.REVOKED, by=by, on=on, about_user_id=pk)
    forget(grievance, away)


def remove(grievance: Grievance, user_id: int, *, by: Scope, on: date, why: str) -> None:
    """Take somebody off the list, from the next request on, and what was released to them with it."""
    by.require(Permission.CASE_HANDLE)
    wrong = {}
    if user_id not in grievance.reader_ids:
        wrong["reader"] = _("This person is no reader of this case.")
    elif user_id == by.user_id:
        wrong["reader"] = _("Hand the case over, or let another reader remove you.")
    if not why.strip():
        wrong["why"] = _("Say why.")
    if wrong:
        raise ValidationError(wrong)
    forget(grievance, {user_id})
    lead = None if grievance.lead_id == user_id else grievance.lead_id
    update(grievance, reader_ids=[pk for pk in grievance.reader_ids if pk != user_id], lead_id=lead)
    enter(grievance, Kind.REVOKED, by=by, on=on, about_user_id=user_id, text=why.strip())


def forget(grievance: Grievance, user_ids: set[int]) -> None:
    """Take back who the person is from these readers. The desk does it: who acts may not hold the identity."""
    if not user_ids:
        return
    with acting_as(desk_scope(grievance.code)):
        for found in GrievanceIdentity.objects.filter(grievance_id=grievance.pk):
            found.reader_ids = [pk for pk in found.reader_ids if pk not in user_ids]
            found.save(update_fields=["reader_ids"])


def hand_over(grievance: Grievance, user_id: int, *, by: Scope, on: date, why: str) -> None:
    """Another reader (named now, if need be) sees to it from now on."""
    if user_id not in grievance.reader_ids:
        grant(grievance, user_id, by=by, on=on, why=why)
    elif not why.strip():
        raise ValidationError({"why": _("Say why.")})
    update(grievance, lead_id=user_id)
    enter(grievance, Kind.LEAD, by=by, on=on, about_user_id=user_id, text=why.strip())


def concern(
    grievance: Grievance, organisation_ids: Iterable[int], user_ids: Iterable[int], *, by: Scope, on: date
) -> list[int]:
    """It is about these organisations and persons too: their people stop reading, now. Answers who was taken off.

    The desk writes it, because the one who finds out may be concerned and stops reading with this very act.
    ValidationError where nobody would be left: name another reader first.
    """
    by.require(Permission.CASE_HANDLE)
    about = sorted({*grievance.concerned_ids, *organisation_ids})
    persons = sorted({*grievance.concerned_user_ids, *user_ids})
    with acting_as(None):
        members = Membership.objects.filter(ended_at__isnull=True, organisation_id__in=about)
        barred = {*members.values_list("user_id", flat=True), *persons}
    off = sorted(set(grievance.reader_ids) & barred)
    left = [pk for pk in grievance.reader_ids if pk not in barred]
    if not left:
        raise ValidationError(
            {"concerned": _("Nobody would be left to read it. Name a reader who is not concerned first.")}
        )
    forget(grievance, set(off))
    enter(grievance, Kind.CONCERNED, by=by, on=on)
    for pk in off:
        enter(grievance, Kind.REVOKED, by=by, on=on, about_user_id=pk)
    with acting_as(desk_scope(grievance.code, by.user_id)):
        update(
            grievance, concerned_ids=about, concerned_user_ids=persons, reader_ids=left,
            lead_id=None if grievance.lead_id in barred else grievance.lead_id,
        )  # fmt: skip
        for model in (GrievanceOpening, GrievanceOffer):
            model.objects.filter(grievance_id=grievance.pk).update(concerned_ids=about, concerned_user_ids=persons)
    return off


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An open grievance whose readers all left, changed role or became concerned: a code, and nothing of it."""

    code: str
    pilot_id: int
    opened_on: date


def left_alone(by: Scope) -> list[LeftAlone]:
    """What nobody can read any more, in this safeguarding lead's pilots and not about them; empty for other roles."""
    if by.role_code != LEAD:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select code, pilot_id, opened_on from compliance_left_alone() limit 100")
        return [LeftAlone(*row) for row in cursor.fetchall()]


def take_up(code: str, *, by: Scope, on: date) -> bool:
    """A safeguarding lead becomes the reader of what nobody can read any more; False for any other code."""
    if code not in {row.code for row in left_alone(by)}:
        return False
    who = name_of(by)
    with acting_as(desk_scope(code, by.user_id, by.request)):
        grievance = Grievance.objects.get()
        GrievanceIdentity.objects.filter(grievance=grievance).update(reader_ids=[])
        update(grievance, reader_ids=[by.user_id], lead_id=by.user_id)
        enter(grievance, Kind.GRANTED, by=by, on=on, who=who, about_user_id=by.user_id, text=_("Nobody was left."))
    return True
