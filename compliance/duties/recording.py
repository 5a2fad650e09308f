"""What people record about duties: that one is done and what shows it, that a clock started, and that either was wrong."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts import audit
from accounts.names import name_of
from accounts.parameters import number
from accounts.scope import Scope
from compliance.duties.clocks import EMPLOYER, SENDING, WELFARE, WORKER, Clock, clocks
from compliance.duties.door import OWN_DUTIES, Owed, due
from compliance.duties.starts import PLACEMENT, SITE, STARTS
from compliance.models import DutyDischarge, DutyStart
from pilots.models import JobOrder, Pilot, Site
from pilots.rulebook import rulebook
from workers.models import Placement

# Whose duties a role may record as done; the programme those of everybody.
RECORDS = {
    **{role: frozenset({owner}) for role, owner in OWN_DUTIES.items()},
    "welfare_officer": frozenset({WELFARE, WORKER}),
}  # fmt: skip
PROGRAMME = frozenset({"programme_officer", "programme_manager"})


def may_record(owners: Iterable[str], by: Scope) -> bool:
    """Whether this person may record duties of these owners."""
    return by.role_code in PROGRAMME or bool(RECORDS.get(by.role_code, frozenset()) & set(owners))


def discharge(owed: Iterable[Owed], *, done_on: date, evidence: str, by: Scope, today: date) -> list[DutyDischarge]:
    """Record that these duties were done on a day, and what shows it. One proof may serve several workers.

    PermissionDenied for a duty of somebody else. ValidationError for a day in the future or before the clock started,
    no words, or a duty that is recorded as done already.
    """
    found, evidence = list(owed), evidence.strip()
    if not all(may_record(one.owners, by) for one in found):
        raise PermissionDenied("duty")
    if done_on > today:
        raise ValidationError({"done_on": _("The date lies in the future.")})
    if early := [one for one in found if done_on < one.starts and not _is_before(one)]:
        words = _("The clock of %(worker)s started on %(day)s. Nothing can be done before that.")
        raise ValidationError(
            {"done_on": words % {"worker": early[0].worker or early[0].name, "day": early[0].starts.isoformat()}}
        )
    if not evidence:
        raise ValidationError({"evidence": _("Say what shows that it was done.")})
    rows = [
        DutyDischarge(
            **_about(one), duty=one.key, started_on=one.starts, done_on=done_on, evidence=evidence[:500],
            supersedes=_withdrawn(one), **_recorded(by, one.owners, one.recruiter_id, one.employer_id),
        )
        for one in found
    ]  # fmt: skip
    for row in rows:
        row.validate_constraints()
    made = DutyDischarge.objects.bulk_create(rows)
    for row in made:
        audit.record("duty done", "duty", row.pk, pilot_id=row.pilot_id)
    return made


def _is_before(owed: Owed) -> bool:
    return owed.due is not None and owed.due < owed.starts


def _about(owed: Owed) -> dict:
    return {"pilot_id": owed.pilot_id, f"{owed.about}_id": owed.about_id}


def _withdrawn(owed: Owed) -> DutyDischarge | None:
    """The last word where an earlier proof was taken back; the new one follows it in the chain."""
    return DutyDischarge.objects.filter(
        **_about(owed), duty=owed.key, started_on=owed.starts, withdrawn=True, superseded_by=None
    ).first()


def _recorded(by: Scope, owners: Iterable[str], recruiter_id: int | None, employer_id: int | None) -> dict:
    """By whom, and whose it is: nobody reads what another organisation owes."""
    own = by.organisation_id if by.role_code == "recruiter" else None
    return {
        "recruiter_id": (recruiter_id or own) if SENDING in owners else None,
        "employer_id": employer_id if EMPLOYER in owners else None, "user_id": by.user_id,
        "organisation_id": by.organisation_id, "who": name_of(by)[:150],
    }  # fmt: skip


def take_back(row: DutyDischarge, *, reason: str, by: Scope) -> DutyDischarge:
    """The proof was wrong: the duty is open again. Both rows stay.

    ValidationError without a reason, or for a proof that was taken back already.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is taken back.")})
    if row.withdrawn or DutyDischarge.objects.filter(supersedes=row).exists():
        raise ValidationError({"reason": _("This was taken back already.")})
    if row.organisation_id != by.organisation_id and by.role_code not in PROGRAMME:
        raise PermissionDenied("duty")
    made = DutyDischarge.objects.create(
        pilot_id=row.pilot_id, duty=row.duty, placement_id=row.placement_id, job_order_id=row.job_order_id,
        site_id=row.site_id, recruiter_id=row.recruiter_id, employer_id=row.employer_id, started_on=row.started_on,
        done_on=row.done_on, evidence=reason.strip()[:500], withdrawn=True, supersedes=row, user_id=by.user_id,
        organisation_id=by.organisation_id, who=name_of(by)[:150],
    )  # fmt: skip
    audit.record("duty proof taken back", "duty", row.pk, pilot_id=row.pilot_id)
    return made


def by_hand(pilot: Pilot, by: Scope) -> list[Clock]:
    """The clocks that somebody may start by hand: no other record holds their start, or the scheme leaves them to choice."""
    every = clocks(rulebook(pilot), pilot.corridor)
    open_ended = [
        c for c in every if c.duty.start_event not in STARTS or c.duty.clock == "knowledge" or c.duty.optional
    ]
    return [clock for clock in open_ended if may_record(clock.owners, by)]


def start(
    pilot: Pilot, *, key: str, about: Placement | JobOrder | Site, happened_on: date, known_on: date, words: str,
    by: Scope, today: date,
) -> DutyStart:  # fmt: skip
    """Record that something happened that starts a clock.

    ValidationError for a clock that is not started by hand, a day in the future, a fact known before it happened, or no
    words.
    """
    clock = next((one for one in by_hand(pilot, by) if one.key == key), None)
    if clock is None:
        raise ValidationError({"duty": _("This clock is not started by hand.")})
    if known_on > today:
        raise ValidationError({"known_on": _("The date lies in the future.")})
    name = PLACEMENT if isinstance(about, Placement) else "job_order" if isinstance(about, JobOrder) else SITE
    recruiter_id = about.recruiter_id if isinstance(about, Placement) else None
    row = DutyStart(
        pilot=pilot, duty=key, happened_on=happened_on, known_on=known_on, words=words.strip()[:500],
        **{name: about}, **_recorded(by, clock.owners, recruiter_id, about.employer_id),
    )  # fmt: skip
    row.validate_constraints()
    row.save(force_insert=True)
    audit.record("clock started", "duty", row.pk, pilot_id=pilot.pk)
    return row


def find(scope: Scope, tokens: Iterable[str], *, on: date) -> list[Owed]:
    """The duties that these marks of a page name, as they stand in the scope's sight; unknown marks are left out."""
    wanted = set(tokens)
    pilots = {pk for token in wanted if (pk := number(token.split("~")[0])) is not None}
    return [one for pk in sorted(pilots) for one in due(scope, on=on, pilot_id=pk) if token_of(one) in wanted]


def token_of(owed: Owed) -> str:
    """A mark that names one duty on a page."""
    return f"{owed.pilot_id}~{owed.key}~{owed.about}~{owed.about_id}~{owed.starts.isoformat()}"
