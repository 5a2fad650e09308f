"""The doors of corrective actions: put to an owner, reported done, verified or returned by somebody else, withdrawn.

Where an action stands is its last step. Steps of one action wait for each other, and whoever comes second is told so.
Must run inside ``acting_as(by)``; each raises ValidationError with the sentence the user reads.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Kind, Permission
from accounts.scope import Scope
from compliance import events
from compliance.models import CorrectiveAction, CorrectiveStep, Finding, FindingEvent
from compliance.models.remedies import INSIDE
from compliance.remedies.settling import settle
from pilots.models import Participation

PUT = "put"
DONE, RETURNED, VERIFIED, WITHDRAWN = CorrectiveStep.Kind.values
OPEN = (PUT, RETURNED)
LOCK = 7306
Made = tuple[CorrectiveAction, int, CorrectiveStep | None]


def newest(steps: QuerySet[CorrectiveStep]) -> QuerySet[CorrectiveStep]:
    """Steps of an action, the newest first: by round, and in a round as they follow. Ids of restricted ones are drawn."""
    place = Case(When(kind=DONE, then=0), When(kind=WITHDRAWN, then=2), default=1)
    return steps.annotate(place=place).order_by("-round", "-place")


def standing(actions: QuerySet[CorrectiveAction], states: tuple[str, ...] = ()) -> QuerySet[CorrectiveAction]:
    """The actions with ``state``: put, done, returned, verified or withdrawn; with ``states``, only those."""
    last = newest(CorrectiveStep.objects.filter(action=OuterRef("pk"))).values("kind")[:1]
    state = Coalesce(Subquery(last), Value(PUT), output_field=CharField())
    found = actions.annotate(state=state)
    return found.filter(state__in=states) if states else found


def put(
    finding_ids: Iterable[int],
    *,
    words: str,
    owner_id: int,
    due_on: date,
    by: Scope,
    on: date,
    person: str = "",
    names_worker: bool = False,
) -> list[CorrectiveAction]:
    """Put the same action to one organisation for each of these findings; answers the actions, in their order.

    The owner takes part in the pilot and is the placement's employer or recruiter, the programme or a welfare partner.
    It reads ``words`` and the dates; whom it concerns only with ``names_worker``. What was told in confidence goes
    to nobody outside.
    """
    by.require(Permission.FINDING_RESOLVE)
    words = _worded(words, "words", _("Say what is to be done."))
    if due_on < on:
        raise ValidationError({"due_on": _("An action is due on or after the day it was put to somebody.")})
    ids = list(finding_ids)
    found = {f.pk: f for f in Finding.objects.filter(pk__in=ids).select_related("placement")}
    if len(found) < len(set(ids)):
        raise Finding.DoesNotExist
    kinds = dict(
        Participation.objects.filter(
            pilot_id__in={f.pilot_id for f in found.values()}, organisation_id=owner_id, left_on__isnull=True
        ).values_list("pilot_id", "kind")
    )
    who = name_of(by)
    actions = []
    for pk in ids:
        finding = found[pk]
        kind = kinds.get(finding.pilot_id, "")
        may_be_put(finding, owner_id, kind)
        actions.append(
            CorrectiveAction(
                id=events.random_id() if finding.restricted else None,
                pilot_id=finding.pilot_id,
                finding=finding,
                restricted=finding.restricted,
                placement_id=finding.placement_id if names_worker else None,
                owner_id=owner_id,
                owner_kind=kind,
                person=person.strip()[:150],
                words=words,
                put_on=on,
                due_on=due_on,
                user_id=by.user_id,
                organisation_id=by.organisation_id,
                who=who,
            )
        )
    CorrectiveAction.objects.bulk_create([a for a in actions if not a.restricted])
    CorrectiveAction.objects.bulk_create([a for a in actions if a.restricted])
    events.write([found[pk] for pk in ids], FindingEvent.Kind.PUT, by=by, on=on, words=words, who=who)
    return actions


def may_be_put(finding: Finding, owner_id: int, kind: str) -> None:
    """Raise ValidationError with the reason where no action on this finding is put to this organisation (of this kind)."""
    if finding.state == Finding.State.RESOLVED:
        raise ValidationError(_("This finding is resolved. Open it again first."))
    outside = _concerned(finding)
    if finding.restricted and kind not in INSIDE:
        raise ValidationError(
            {"owner": _("What was told in confidence is put to nobody outside the programme and its welfare partners.")}
        )
    if kind not in INSIDE and (not kind or owner_id not in outside):
        raise ValidationError({"owner": _("Choose the employer or recruiter of this placement, or the programme.")})


def _concerned(finding: Finding) -> set[int | None]:
    """The employer and the recruiter of the finding's placement; of a site, its employer."""
    placement = finding.placement
    if placement is None:
        return {finding.employer_id}
    return {finding.employer_id, placement.employer_id, placement.recruiter_id}


def participations(pilot_ids: Iterable[int]) -> dict[int, list[Participation]]:
    """pilot id → who takes part in it now."""
    found: dict[int, list[Participation]] = {}
    rows = Participation.objects.filter(pilot_id__in=list(pilot_ids), left_on__isnull=True)
    for row in rows.select_related("organisation"):
        found.setdefault(row.pilot_id, []).append(row)
    return found


def owners(finding: Finding, rows: Iterable[Participation] | None = None) -> dict[int, str]:
    """Organisations to which an action on this finding may be put: id → name, the employer first.

    ``rows``: who takes part in its pilot, where the caller knows it.
    """
    if rows is None:
        rows = participations([finding.pilot_id]).get(finding.pilot_id, ())
    outside = set() if finding.restricted else _concerned(finding)
    able = [p for p in rows if p.kind in INSIDE or p.organisation_id in outside]
    order = {Kind.EMPLOYER.value: 0, Kind.RECRUITER.value: 1, Kind.PROGRAMME.value: 2}
    able.sort(key=lambda p: (order.get(p.kind, 3), p.organisation.name))
    return {p.organisation_id: p.organisation.name for p in able}


def report_done(
    action: CorrectiveAction, *, by: Scope, on: date, words: str, also: Iterable[CorrectiveAction] = ()
) -> CorrectiveStep:
    """The owner says what was done and what shows it. Only a member of the organisation that had to act.

    ``also``: others that were put with it; those that stand where it stands get the same step. So it is of every door
    below, which take a few statements whatever their number, and answer the step of the action itself.
    """
    if not (by.allows(Permission.ACTION_ANSWER) or by.allows(Permission.FINDING_RESOLVE)):
        raise PermissionDenied(Permission.ACTION_ANSWER)
    if action.owner_id != by.organisation_id:
        raise PermissionDenied("owner")
    words = _worded(words, "words", _("Say what was done, and what shows it."))
    ready = _ready([action, *also], OPEN, on, _("This was already reported done, or is closed."))
    return _steps([(a, last.round + 1 if last else 1, None) for a, last in ready], DONE, by=by, on=on, words=words)[0]


def verify(
    action: CorrectiveAction, *, by: Scope, on: date, words: str, also: Iterable[CorrectiveAction] = ()
) -> CorrectiveStep:
    """Somebody else saw that it was done. ``words`` say how, and stand with the finding where the owner does not read.

    When nothing more stands in the way, the finding is resolved with what was done.
    """
    words = _worded(words, "words", _("Say how you know that it was done."))
    done = _reported([action, *also], by, on)
    steps = _steps([(a, last.round, last) for a, last in done], VERIFIED, by=by, on=on, words="")
    findings = list(Finding.objects.filter(pk__in={a.finding_id for a, _last in done}).order_by("pk"))
    events.write(findings, FindingEvent.Kind.VERIFIED, by=by, on=on, words=words, who=steps[0].who)
    settle([f.pk for f in findings], by=by, on=on)
    return steps[0]


def send_back(
    action: CorrectiveAction, *, by: Scope, on: date, reason: str, also: Iterable[CorrectiveAction] = ()
) -> CorrectiveStep:
    """What was reported done is not enough: the owner reads why, and acts again."""
    reason = _worded(reason, "words", _("Say what is still to be done."))
    done = _reported([action, *also], by, on)
    made: list[Made] = [(a, last.round, last) for a, last in done]
    return _steps(made, RETURNED, by=by, on=on, words=reason)[0]


def withdraw(
    action: CorrectiveAction, *, by: Scope, on: date, reason: str, also: Iterable[CorrectiveAction] = ()
) -> CorrectiveStep:
    """The action is no longer asked for. The owner reads why."""
    by.require(Permission.FINDING_RESOLVE)
    reason = _worded(reason, "words", _("Say why it is withdrawn."))
    ready = _ready([action, *also], (PUT, DONE, RETURNED), on, _("This action is already closed."))
    steps: list[Made] = [(a, last.round if last else 1, None) for a, last in ready]
    return _steps(steps, WITHDRAWN, by=by, on=on, words=reason)[0]


def _reported(actions: list[CorrectiveAction], by: Scope, on: date) -> list[tuple[CorrectiveAction, CorrectiveStep]]:
    """Each action with the step that is to be judged, by somebody who may judge it."""
    by.require(Permission.FINDING_RESOLVE)
    done = [
        (action, last)
        for action, last in _ready(actions, (DONE,), on, _("Only what was reported done can be verified or returned."))
        if last is not None
    ]
    able = [(a, last) for a, last in done if last.user_id != by.user_id and a.owner_id != by.organisation_id]
    if not able or able[0][0].pk != actions[0].pk:
        raise ValidationError(
            {"words": _("Somebody else verifies: another person, and not of the organisation that had to act.")}
        )
    return able


def _ready(
    actions: list[CorrectiveAction], states: tuple[str, ...], on: date, otherwise: str
) -> list[tuple[CorrectiveAction, CorrectiveStep | None]]:
    """Those that stand in one of these states, with their newest step (none while one was only put).

    Refused unless the first of them does; the others are left out. Steps of one action wait for each other.
    """
    ids = sorted({action.pk for action in actions})
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(a.id::text)) from unnest(%s::bigint[]) as a (id)", [LOCK, ids]
        )
    found: dict[int, CorrectiveStep] = {}
    for last in newest(CorrectiveStep.objects.filter(action_id__in=ids)):
        found.setdefault(last.action_id, last)
    ready: list[tuple[CorrectiveAction, CorrectiveStep | None]] = []
    for n, action in enumerate(actions):
        step = found.get(action.pk)
        stands = (step.kind if step else PUT) in states
        in_time = on >= (step.happened_on if step else action.put_on)
        if not n and not stands:
            raise ValidationError(otherwise)
        if not n and not in_time:
            raise ValidationError({"on": _("The date lies before the step before it.")})
        if stands and in_time:
            ready.append((action, step))
    return ready


def _steps(made: list[Made], kind: str, *, by: Scope, on: date, words: str) -> list[CorrectiveStep]:
    """One step for each (action, round, step it answers), in their order."""
    who = name_of(by)
    steps = [
        CorrectiveStep(
            id=events.random_id() if action.restricted else None, pilot_id=action.pilot_id, action_id=action.pk,
            owner_id=action.owner_id, restricted=action.restricted, kind=kind, round=round, words=words,
            happened_on=on, answers=answers, doer_id=answers.user_id if answers else None, user_id=by.user_id,
            organisation_id=by.organisation_id, who=who,
        )
        for action, round, answers in made
    ]  # fmt: skip
    CorrectiveStep.objects.bulk_create([s for s in steps if not s.restricted])
    CorrectiveStep.objects.bulk_create([s for s in steps if s.restricted])
    return steps


def _worded(text: str, field: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({field: missing})
    if len(text) > 1000:
        raise ValidationError({field: _("Write 1,000 characters at most.")})
    return text
