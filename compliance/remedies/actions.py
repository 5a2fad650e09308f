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
    who = events.name_of(by)
    actions = []
    for pk in ids:
        finding = found[pk]
        kind = kinds.get(finding.pilot_id, "")
        _may_be_put(finding, owner_id, kind)
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


def _may_be_put(finding: Finding, owner_id: int, kind: str) -> None:
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


def owners(finding: Finding) -> dict[int, str]:
    """Organisations to which an action on this finding may be put: id → name, the employer first."""
    rows = Participation.objects.filter(pilot_id=finding.pilot_id, left_on__isnull=True).select_related("organisation")
    outside = set() if finding.restricted else _concerned(finding)
    able = [p for p in rows if p.kind in INSIDE or p.organisation_id in outside]
    order = {Kind.EMPLOYER.value: 0, Kind.RECRUITER.value: 1, Kind.PROGRAMME.value: 2}
    able.sort(key=lambda p: (order.get(p.kind, 3), p.organisation.name))
    return {p.organisation_id: p.organisation.name for p in able}


def report_done(action: CorrectiveAction, *, by: Scope, on: date, words: str) -> CorrectiveStep:
    """The owner says what was done and what shows it. Only a member of the organisation that had to act."""
    if not (by.allows(Permission.ACTION_ANSWER) or by.allows(Permission.FINDING_RESOLVE)):
        raise PermissionDenied(Permission.ACTION_ANSWER)
    if action.owner_id != by.organisation_id:
        raise PermissionDenied("owner")
    words = _worded(words, "words", _("Say what was done, and what shows it."))
    last = _last(action, OPEN, on, _("This was already reported done, or is closed."))
    return _step(action, DONE, by=by, on=on, words=words, round=last.round + 1 if last else 1)


def verify(action: CorrectiveAction, *, by: Scope, on: date, words: str) -> CorrectiveStep:
    """Somebody else saw that it was done. ``words`` say how, and stand with the finding where the owner does not read.

    When nothing more stands in the way, the finding is resolved with what was done.
    """
    words = _worded(words, "words", _("Say how you know that it was done."))
    done = _reported(action, by, on)
    step = _step(action, VERIFIED, by=by, on=on, words="", round=done.round, answers=done)
    finding = Finding.objects.get(pk=action.finding_id)
    events.write([finding], FindingEvent.Kind.VERIFIED, by=by, on=on, words=words, who=step.who)
    settle([finding.pk], by=by, on=on)
    return step


def send_back(action: CorrectiveAction, *, by: Scope, on: date, reason: str) -> CorrectiveStep:
    """What was reported done is not enough: the owner reads why, and acts again."""
    reason = _worded(reason, "words", _("Say what is still to be done."))
    done = _reported(action, by, on)
    return _step(action, RETURNED, by=by, on=on, words=reason, round=done.round, answers=done)


def withdraw(action: CorrectiveAction, *, by: Scope, on: date, reason: str) -> CorrectiveStep:
    """The action is no longer asked for. The owner reads why."""
    by.require(Permission.FINDING_RESOLVE)
    reason = _worded(reason, "words", _("Say why it is withdrawn."))
    last = _last(action, (PUT, DONE, RETURNED), on, _("This action is already closed."))
    return _step(action, WITHDRAWN, by=by, on=on, words=reason, round=last.round if last else 1)


def _reported(action: CorrectiveAction, by: Scope, on: date) -> CorrectiveStep:
    """The step that is to be judged, by somebody who may judge it."""
    by.require(Permission.FINDING_RESOLVE)
    done = _last(action, (DONE,), on, _("Only what was reported done can be verified or returned."))
    assert done is not None  # every state but "put" has its step
    if done.user_id == by.user_id or action.owner_id == by.organisation_id:
        raise ValidationError(
            {"words": _("Somebody else verifies: another person, and not of the organisation that had to act.")}
        )
    return done


def _last(action: CorrectiveAction, states: tuple[str, ...], on: date, otherwise: str) -> CorrectiveStep | None:
    """The newest step, none while the action was only put; refused unless it stands in one of these states."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(action.pk)])
    last = newest(CorrectiveStep.objects.filter(action_id=action.pk)).first()
    if (last.kind if last else PUT) not in states:
        raise ValidationError(otherwise)
    if on < (last.happened_on if last else action.put_on):
        raise ValidationError({"on": _("The date lies before the step before it.")})
    return last


def _step(
    action: CorrectiveAction,
    kind: str,
    *,
    by: Scope,
    on: date,
    words: str,
    round: int,
    answers: CorrectiveStep | None = None,
) -> CorrectiveStep:
    return CorrectiveStep.objects.create(
        id=events.random_id() if action.restricted else None, pilot_id=action.pilot_id, action_id=action.pk,
        owner_id=action.owner_id, restricted=action.restricted, kind=kind, round=round, words=words, happened_on=on,
        answers=answers, doer_id=answers.user_id if answers else None, user_id=by.user_id,
        organisation_id=by.organisation_id, who=events.name_of(by),
    )  # fmt: skip


def _worded(text: str, field: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({field: missing})
    if len(text) > 1000:
        raise ValidationError({field: _("Write 1,000 characters at most.")})
    return text
