"""The door of schedules: ``make`` one, change its state, and say what became of each period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Job, Membership
from accounts.roles import ROLES, Kind, Permission
from accounts.rows import may
from accounts.scope import Scope
from pilots.models import Grant, Participation
from reports.delivery.models import Schedule, ScheduledRun
from reports.delivery.periods import Span, coming, due
from reports.delivery.taking import name_of
from reports.kinds import KINDS
from reports.metrics import METRIC
from reports.models import Edition, SignOff

STATES = {
    Schedule.State.ACTIVE: {Schedule.State.PAUSED, Schedule.State.ENDED},
    Schedule.State.PAUSED: {Schedule.State.ACTIVE, Schedule.State.ENDED},
    Schedule.State.ENDED: set(),
}


def may_schedule(by: Scope) -> bool:
    """Whether this scope makes schedules and sends links: those of the programme who ask for reports and may write them."""
    return by.kind == Kind.PROGRAMME and by.allows(Permission.REPORT_REQUEST) and may(Schedule, by.db_role, "i")


def require_schedule(by: Scope) -> None:
    """PermissionDenied unless ``may_schedule``."""
    if not may_schedule(by):
        raise PermissionDenied(_("Schedules are made by the programme."))


def make(schedule: Schedule, *, by: Scope) -> Schedule:
    """Save a new schedule, in the name of whoever makes it.

    PermissionDenied outside the programme; ValidationError with a sentence where this organisation does not get this kind of
    report of the pilot, the grant is not its own, or it has the same schedule already.
    """
    require_schedule(by)
    kind = KINDS.get(schedule.kind)
    errors = {}
    takes_part = Participation.objects.filter(
        pilot_id=schedule.pilot_id, organisation_id=schedule.organisation_id, left_on__isnull=True,
        kind__in=kind.readers if kind else (),
    ).exists()  # fmt: skip
    if (
        kind is None
        or not takes_part
        or schedule.pilot_id not in by.pilot_ids
        or (kind.across and schedule.organisation_id != by.organisation_id)
    ):
        errors["organisation"] = _("This organisation does not receive this kind of report of this pilot.")
    if (
        schedule.grant_id
        and not Grant.objects.filter(
            pk=schedule.grant_id, pilot_id=schedule.pilot_id, organisation_id=schedule.organisation_id
        ).exists()
    ):
        errors["grant"] = _("This grant is another funder’s, or of another pilot.")
    if errors:
        raise ValidationError(errors)
    _in_the_name_of(schedule, by)
    schedule.validate_constraints()
    with transaction.atomic():
        schedule.save()
    audit.record("schedule.make", "schedule", schedule.pk, pilot_id=schedule.pilot_id)
    return schedule


def _in_the_name_of(schedule: Schedule, by: Scope) -> None:
    schedule.user_id, schedule.programme_id, schedule.person_name = by.user_id, by.organisation_id, name_of(by)


def change(schedule: Schedule, state: str, *, by: Scope, now: datetime) -> Schedule:
    """Pause, take up again or end a schedule. ValidationError where it is ended or stands so already.

    Periods that end while it is paused are not made up for. Whoever takes it up answers for it from then on.
    """
    require_schedule(by)
    schedule = Schedule.objects.select_for_update(of=("self",)).select_related("pilot", "grant").get(pk=schedule.pk)
    if state not in STATES[Schedule.State(schedule.state)]:
        raise ValidationError(_("This schedule is ended, or stands so already."))
    if state == Schedule.State.ACTIVE:
        schedule.counts_from = max(schedule.counts_from, _today(schedule, now))
        _in_the_name_of(schedule, by)
    schedule.state = state
    schedule.save()
    audit.record(f"schedule.{state}", "schedule", schedule.pk, pilot_id=schedule.pilot_id)
    return schedule


def take_over(schedule: Schedule, *, by: Scope) -> None:
    """From now on its reports are compiled in the name of ``by``: for when the person before has left."""
    require_schedule(by)
    _in_the_name_of(schedule, by)
    schedule.save(update_fields=["user", "programme", "person_name"])
    audit.record("schedule.take_over", "schedule", schedule.pk, pilot_id=schedule.pilot_id)


def in_the_name_of(user_id: int, *, by: Scope) -> QuerySet[Schedule]:
    """The schedules of one's own organisation that are not ended and whose reports this person answers for."""
    return visible(by).filter(user_id=user_id, programme_id=by.organisation_id).exclude(state=Schedule.State.ENDED)


def counted_by_person(by: Scope) -> dict[int, int]:
    """user → how many schedules of one's own organisation, not ended, are in their name. One statement."""
    rows = Schedule.objects.filter(programme_id=by.organisation_id).exclude(state=Schedule.State.ENDED)
    return dict(rows.order_by().values_list("user_id").annotate(n=Count("pk")))


def why_not(to: Membership) -> str:
    """Why this member could not have schedules in their name; empty where they could make one themselves."""
    role = ROLES[to.role]
    if role.allows(Permission.REPORT_REQUEST) and may(Schedule, role.db_role, "i"):
        return ""
    return _("%(name)s cannot have schedules of reports. Choose somebody who can.") % {"name": to.user.name}


def hand_over(found: QuerySet[Schedule], to: Membership, *, by: Scope, mark: str = "") -> int:
    """From now on these schedules are in the name of another member; answers how many. ``mark`` is written to the audit trail,
    so that whoever did it finds them again. ValidationError where that member could not make a schedule.
    """
    require_schedule(by)
    if refused := why_not(to):
        raise ValidationError(refused)
    rows = list(found.select_for_update(of=("self",)))
    Schedule.objects.filter(pk__in=[one.pk for one in rows]).update(
        user_id=to.user_id, programme_id=to.organisation_id, person_name=to.user.name
    )
    for one in rows:
        audit.record("schedule.hand_over", "schedule", one.pk, pilot_id=one.pilot_id, reason=mark)
    return len(rows)


def _today(schedule: Schedule, now: datetime) -> date:
    return now.astimezone(ZoneInfo(schedule.time_zone)).date()


def rare(kind: str) -> set[str]:
    """The rare events that this kind of report counts."""
    return {event for code in KINDS[kind].metrics for event in METRIC[code].rare}


def unsigned(asked: Iterable[tuple[Schedule, Span]]) -> set[tuple[int, Span]]:
    """(schedule, span) of those that wait: a rare event is counted over a year, and nobody decided about it. One statement."""
    waiting = [(s, span) for s, span in asked if s.waits_for_signature and span.a_year and rare(s.kind)]
    if not waiting:
        return set()
    decided = set(
        SignOff.objects.filter(
            pilot_id__in={s.pilot_id for s, _span in waiting}, period_from__in={span.first for _s, span in waiting}
        ).values_list("pilot_id", "period_from", "period_to", "event")
    )
    return {
        (s.pk, span)
        for s, span in waiting
        if any((s.pilot_id, span.first, span.last, event) not in decided for event in rare(s.kind))
    }


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one period: ``state`` is done, running, failed, soon (asked for in minutes), signature (waits for one) or
    person (waits for one of the programme to take the schedule over)."""

    span: Span
    state: str
    job: Job | None = None
    edition: Edition | None = None
    trouble: str = ""


def visible(by: Scope) -> QuerySet[Schedule]:
    """The schedules that the scope may read, the newest first. Grants are not joined for who reads no grant."""
    with_it = ("grant",) if may(Grant, by.db_role) else ()
    return Schedule.objects.select_related("pilot", "organisation", *with_it).order_by("-id")


def became(schedules: list[Schedule], now: datetime, *, by: Scope) -> dict[int, list[Became]]:
    """schedule → what became of each of its periods so far, newest first. A number of statements that no row changes.

    A reader is told what came and what is being made; what it waits for is the programme's to see.
    """
    runs = list(ScheduledRun.objects.filter(schedule__in=schedules).order_by("-period_to", "-id"))
    jobs = {job.pk: job for job in Job.objects.filter(pk__in=[run.job_id for run in runs])}
    editions = {
        edition.job_id: edition
        for edition in Edition.objects.filter(job_id__in=[run.job_id for run in runs]).defer("content")
    }
    asked = {(run.schedule_id, run.period_from, run.period_to) for run in runs}
    missed = [
        (schedule, span)
        for schedule in schedules
        if schedule.state == Schedule.State.ACTIVE and may(SignOff, by.db_role)
        for span in reversed(due(schedule, now))
        if (schedule.pk, span.first, span.last) not in asked
    ]
    waiting, gone = unsigned(missed), _gone(missed)
    found: dict[int, list[Became]] = {schedule.pk: [] for schedule in schedules}
    for schedule, span in missed:
        state = "signature" if (schedule.pk, span) in waiting else "person" if schedule.pk in gone else "soon"
        found[schedule.pk].append(Became(span, state))
    for run in runs:
        job, edition = jobs.get(run.job_id), editions.get(run.job_id)
        state = "done" if edition else "failed" if job and job.state == Job.State.FAILED else "running"
        span = Span(run.period_from, run.period_to, run.due_at)
        found[run.schedule_id].append(Became(span, state, job, edition, job.trouble if job else ""))
    return found


def _gone(asked: list[tuple[Schedule, Span]]) -> set[int]:
    """Schedules whose person is no longer a member, as far as the scope in force may know."""
    schedules = {schedule.pk: schedule for schedule, _span in asked}
    members = set(
        Membership.objects.filter(
            user_id__in={s.user_id for s in schedules.values()}, ended_at__isnull=True, user__is_active=True
        ).values_list("user_id", "organisation_id")
    ) if schedules else set()  # fmt: skip
    return {pk for pk, s in schedules.items() if (s.user_id, s.programme_id) not in members}


def dates(schedules: list[Schedule], now: datetime) -> dict[int, list[Span]]:
    """schedule → the next three dates; none while it is paused or ended."""
    return {s.pk: coming(s, now) if s.state == Schedule.State.ACTIVE else [] for s in schedules}
