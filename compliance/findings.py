"""The doors of a finding: resolve, waive, reopen, and the sweep that ends waivers.

Each changes the finding only as the caller last saw it (``revision``): of two officers at once one wins, and the other
gets ``Changed`` with the finding as it stands now. Each writes its event and lifts or brings back the hold.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Permission
from accounts.scope import Scope, acting_as, operator_scope
from compliance import events, holds
from compliance.models import Finding, FindingEvent, Waiver
from compliance.remedies.closing import hindrances
from pilots.models import Pilot

LONGEST_WAIVER = timedelta(days=90)


class Changed(Exception):
    """Somebody else changed the finding since it was read. ``finding`` is how it stands now."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(_("Somebody else changed this finding in the meantime. This is how it stands now."))
        self.finding = finding


def resolve(finding: Finding, *, by: Scope, on: date, remedy: str) -> Finding:
    """Close an open or waived finding with what was done for the worker, and lift its hold.

    Raises ValidationError for missing words, a day before it was opened, or an action or money that is still open;
    Changed when it no longer stands as read.
    """
    by.require(Permission.FINDING_RESOLVE)
    _check_day(finding, on)
    remedy = _words(remedy, "remedy", _("Say what was done."))
    if in_the_way := hindrances([finding.pk]).get(finding.pk):
        raise ValidationError({"remedy": in_the_way})
    states = (Finding.State.OPEN, Finding.State.WAIVED)
    fresh = _change(
        finding,
        states,
        state=Finding.State.RESOLVED,
        closed_on=on,
        closed_by_id=by.user_id,
        remedy=remedy,
        doubted=False,
    )
    events.write([fresh], FindingEvent.Kind.RESOLVED, by=by, on=on, words=remedy, who=name_of(by))
    holds.lift([fresh.pk], by=by)
    return fresh


def waive(finding: Finding, *, by: Scope, reason: str, until: date, on: date) -> Waiver:
    """Let an open finding stand until the end of a day, in the name of the person who decides, and lift its hold.

    A waiver lasts 90 days at most. Raises ValidationError and Changed as ``resolve`` does.
    """
    by.require(Permission.FINDING_WAIVE)
    _check_day(finding, on)
    reason = _words(reason, "reason", _("A waiver needs a reason."))
    if until < on:
        raise ValidationError({"until": _("A waiver ends on or after the day it was granted.")})
    if until - on > LONGEST_WAIVER:
        raise ValidationError({"until": _("A waiver lasts 90 days at most. It can be granted again.")})
    who = name_of(by)
    fresh = _change(
        finding, (Finding.State.OPEN,), state=Finding.State.WAIVED, closed_on=on, closed_by_id=by.user_id, remedy=reason
    )
    waiver = Waiver.objects.create(
        id=events.random_id() if fresh.restricted else None,
        pilot_id=fresh.pilot_id, finding_id=fresh.pk, restricted=fresh.restricted, approved_by_id=by.user_id,
        approved_name=who, reason=reason, granted_on=on, ends_on=until,
    )  # fmt: skip
    events.write([fresh], FindingEvent.Kind.WAIVED, by=by, on=on, words=reason, who=who)
    holds.lift([fresh.pk], by=by)
    return waiver


def reopen(finding: Finding, *, by: Scope, on: date, reason: str) -> Finding:
    """Open a resolved or waived finding again; a critical one holds the placement again."""
    by.require(Permission.FINDING_RESOLVE)
    _check_day(finding, on)
    reason = _words(reason, "reason", _("Say why it is opened again."))
    same = Finding.objects.filter(
        placement=finding.placement, code=finding.code, source=finding.source, state=Finding.State.OPEN
    )
    if same.exclude(pk=finding.pk).exists():
        raise ValidationError({"reason": _("There is already an open finding for this item.")})
    states = (Finding.State.RESOLVED, Finding.State.WAIVED)
    fresh = _change(finding, states, state=Finding.State.OPEN, closed_on=None, closed_by_id=None, remedy="", due_on=on)
    events.write([fresh], FindingEvent.Kind.REOPENED, by=by, on=on, words=reason, who=name_of(by))
    holds.place([fresh.pk])
    return fresh


def end_waivers(today: date, *, by: Scope) -> list[int]:
    """Bring back every waived finding whose waiver ended before ``today``; answers their ids, in the scope's sight.

    The last day of a waiver still counts. One statement finds and opens them, whatever their number.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update compliance_finding f
            set state = 'open', closed_on = null, closed_by_id = null, remedy = '', due_on = %(today)s,
                revision = f.revision + 1
            where f.state = 'waived'
              and (select max(w.ends_on) from compliance_waiver w where w.finding_id = f.id) < %(today)s
              and not exists (select from compliance_finding o where o.placement_id = f.placement_id
                              and o.code = f.code and o.source = f.source and o.state = 'open')
            returning f.id
            """,
            {"today": today},
        )
        ids = sorted(row[0] for row in cursor.fetchall())
    back = list(Finding.objects.filter(pk__in=ids).order_by("pk"))
    events.write(back, FindingEvent.Kind.WAIVER_ENDED, by=by, on=today)
    holds.place(ids)
    return ids


def sweep_waivers(today: date) -> list[int]:
    """``end_waivers`` for every pilot, by the portal itself: no person acts, and the events name none."""
    with acting_as(operator_scope(request="waivers")):
        pilots = tuple(Pilot.objects.order_by("pk").values_list("pk", flat=True))
    portal = replace(operator_scope(request="waivers"), db_role="lamp_safeguarding", pilot_ids=pilots)
    with acting_as(portal):
        return end_waivers(today, by=portal)


def _change(finding: Finding, states: tuple[str, ...], **fields) -> Finding:
    """Update the row as it was read; Changed when it no longer stands so, DoesNotExist when it is out of sight."""
    seen = Finding.objects.filter(pk=finding.pk)
    done = seen.filter(revision=finding.revision, state__in=states).update(revision=F("revision") + 1, **fields)
    fresh = seen.get()
    if not done:
        raise Changed(fresh)
    return fresh


def _check_day(finding: Finding, on: date) -> None:
    if on < finding.opened_on:
        raise ValidationError({"on": _("A finding is closed after it was opened.")})


def _words(text: str, field: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({field: missing})
    if len(text) > 500:
        raise ValidationError({field: _("Write 500 characters at most.")})
    return text
