"""The door of checks: ``record_check`` stores what was asked and answered, and opens the findings that follow.

Several workers checked at one visit are one call; one worker is a set of one. The number of statements does not grow
with the workers. Nothing is stored when anything is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched

from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.scope import Scope
from compliance import events, holds, opening
from compliance.answers import Answered, CannotRecord, Judged, Problem, fails, judge
from compliance.catalogue.reader import UnknownStage, catalogue
from compliance.models import Check, CheckAnswer, PrivateNote
from workers.models import Placement

__all__ = ["Answered", "CannotRecord", "Contact", "Problem", "Recorded", "fails", "record_check", "record_each"]

LONGEST_AGO = timedelta(days=366 * 2)
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Contact:
    """One worker in one contact: what was answered, when and how. ``note`` is private."""

    placement_id: int
    stage: str
    answers: Mapping[str, Answered | str]
    done_on: date
    mode: str = Check.Mode.IN_PERSON
    private: bool = False
    interpreter: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one call did: ids of the checks (as the contacts were given), findings opened, placements now held.

    ``not_verified``: items answered yes or no without evidence, which count as not verified.
    """

    checks: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    seen_again: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    not_verified: tuple[str, ...] = field(default=())


def record_check(
    placements: int | Iterable[int],
    stage: str,
    answers: Mapping[str, Answered | str],
    *,
    by: Scope,
    done_on: date,
    today: date,
    mode: str = Check.Mode.IN_PERSON,
    private: bool = False,
    interpreter: str = "",
    note: str = "",
    told: bool = False,
    key: str = "",
) -> Recorded:
    """Record the same answers for one placement or for all that were met at one visit. See ``record_each``."""
    ids = [placements] if isinstance(placements, int) else list(placements)
    contacts = [Contact(pk, stage, answers, done_on, mode, private, interpreter, note) for pk in ids]
    return record_each(contacts, by=by, today=today, told=told, key=key)


def record_each(contacts: Sequence[Contact], *, by: Scope, today: date, told: bool = False, key: str = "") -> Recorded:
    """Record each contact with its own answers. Must run inside ``acting_as(by)``.

    ``told``: disclosure by the worker; the only way to answer an item that is never asked. Its check, answers and
    finding are restricted. ``key``: the form's own; with the same key the same worker is recorded once, and a second
    call answers what the first one stored. Raises CannotRecord with every reason, and then stores nothing;
    PermissionDenied without the verb.
    """
    by.require(Permission.CHECK_RECORD)
    if not contacts:
        raise CannotRecord([Problem(_("Choose at least one worker."))])
    if key and (before := _already(contacts, key)):
        return before
    done: list[Recorded] = []
    work = _judge_all(contacts, today=today, told=told)
    for part in batched(work, AT_ONCE):
        done.append(_store(part, by=by, key=key))
    return Recorded(
        checks=tuple(pk for r in done for pk in r.checks),
        opened=tuple(pk for r in done for pk in r.opened),
        seen_again=tuple(pk for r in done for pk in r.seen_again),
        held=tuple(pk for r in done for pk in r.held),
        not_verified=tuple(dict.fromkeys(code for r in done for code in r.not_verified)),
    )


def _already(contacts: Sequence[Contact], key: str) -> Recorded | None:
    """What this form stored before. Two that arrive at once wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7302, hashtext(%s))", [key])
    ids = Check.objects.filter(placement_id__in=[c.placement_id for c in contacts], form_key=key)
    found = tuple(ids.order_by("restricted", "pk").values_list("pk", flat=True))
    return Recorded(checks=found) if found else None


def _judge_all(
    contacts: Sequence[Contact], *, today: date, told: bool
) -> list[tuple[Contact, Placement, list[Judged]]]:
    """Each contact with its placement and its answers as they will be stored; CannotRecord if anything is wrong."""
    seen = Placement.objects.only("id", "pilot_id", "cohort_id", "recruiter_id", "employer_id", "site_id").in_bulk(
        {c.placement_id for c in contacts}
    )
    work, problems = [], []
    known: dict[tuple, tuple[list[Judged], list[Problem]]] = {}
    for contact in contacts:
        key = (id(contact.answers), contact.stage, contact.mode, contact.private)
        if key not in known:
            known[key] = judge(contact.stage, contact.answers, mode=contact.mode, private=contact.private, told=told)
        judged, against = known[key]
        against = _against(contact, seen, today) + against
        problems += [Problem(p.words, p.item, contact.placement_id) for p in against]
        if not against:
            work.append((contact, seen[contact.placement_id], judged))
    if problems:
        raise CannotRecord(problems)
    return work


def _against(contact: Contact, seen: Mapping[int, Placement], today: date) -> list[Problem]:
    found = []
    if contact.placement_id not in seen:
        found.append(_("There is no such placement."))
    if contact.done_on > today:
        found.append(_("The date lies in the future."))
    if contact.done_on < today - LONGEST_AGO:
        found.append(_("The date lies more than two years back."))
    try:
        catalogue().stage(contact.stage)
    except UnknownStage:
        found.append(_("The catalogue has no stage of this name."))
    if contact.mode not in Check.Mode.values:
        found.append(_("Say how the contact was held: in person, by phone, in a group or from documents."))
    if contact.private and contact.mode == Check.Mode.GROUP:
        found.append(_("A worker in a group is not alone."))
    if len(contact.note) > 4000:
        found.append(_("Write 4,000 characters of notes at most."))
    return [Problem(words) for words in found]


@dataclass(slots=True)
class _Part:
    """The open or the restricted half of one contact, on its way to a row of its own."""

    contact: Contact
    placement: Placement
    judged: list[Judged]
    restricted: bool
    check: Check


def _store(work: Sequence[tuple[Contact, Placement, list[Judged]]], *, by: Scope, key: str) -> Recorded:
    parts = [part for contact, placement, judged in work for part in _halves(contact, placement, judged, by, key)]
    Check.objects.bulk_create([part.check for part in parts if not part.restricted])
    Check.objects.bulk_create([part.check for part in parts if part.restricted])
    answers = [(part, judged, _answer(part, judged)) for part in parts for judged in part.judged]
    CheckAnswer.objects.bulk_create([row for part, _j, row in answers if not part.restricted])
    CheckAnswer.objects.bulk_create([row for part, _j, row in answers if part.restricted])
    PrivateNote.objects.bulk_create(_notes(parts))
    asked = [opening.Failure(row, judged.item, judged.severity) for part, judged, row in answers if judged.failed]
    outcome = opening.open_findings(asked, by=by)
    held = holds.place(outcome.to_hold)
    return Recorded(
        checks=tuple(part.check.pk for part in parts),
        opened=outcome.opened,
        seen_again=outcome.seen_again,
        held=tuple(held),
        not_verified=_downgraded(work),
    )


def _halves(contact: Contact, placement: Placement, judged: list[Judged], by: Scope, key: str) -> list[_Part]:
    """What is kept in confidence gets a check of its own, so that the routine one tells nothing of it."""
    openly = [j for j in judged if not j.item.restricted]
    apart = [j for j in judged if j.item.restricted]
    return [
        _Part(contact, placement, half, restricted, _check(contact, placement, restricted, by, key))
        for restricted, half in ((False, openly), (True, apart))
        if half
    ]


def _check(contact: Contact, placement: Placement, restricted: bool, by: Scope, key: str) -> Check:
    return Check(
        id=events.random_id() if restricted else None,
        pilot_id=placement.pilot_id, placement_id=placement.pk, cohort_id=placement.cohort_id,
        employer_id=placement.employer_id, site_id=placement.site_id, stage=contact.stage, done_on=contact.done_on,
        mode=contact.mode, private=contact.private, interpreter=contact.interpreter.strip()[:120],
        template_version=catalogue().version, user_id=by.user_id, organisation_id=by.organisation_id,
        restricted=restricted, form_key=key[:32],
    )  # fmt: skip


def _answer(part: _Part, judged: Judged) -> CheckAnswer:
    placement = part.placement
    return CheckAnswer(
        id=events.random_id() if part.restricted else None,
        pilot_id=placement.pilot_id, check_record=part.check, placement_id=placement.pk,
        cohort_id=placement.cohort_id, employer_id=placement.employer_id, item=judged.item.code, answer=judged.answer,
        failed=judged.failed, severity=judged.severity, answered_by=judged.shown_by, evidence=judged.evidence,
        done_on=part.contact.done_on, restricted=part.restricted,
    )  # fmt: skip


def _notes(parts: list[_Part]) -> list[PrivateNote]:
    """The note of each answer, and the note of the contact with its first half."""
    notes = [(part, judged.item.code, judged.note) for part in parts for judged in part.judged if judged.note]
    given: set[int] = set()
    for part in parts:
        if part.contact.note.strip() and id(part.contact) not in given:
            given.add(id(part.contact))
            notes.append((part, "", part.contact.note.strip()))
    return [
        PrivateNote(pilot_id=part.placement.pilot_id, check_record=part.check, item=code, text=text)
        for part, code, text in notes
    ]


def _downgraded(work: Sequence[tuple[Contact, Placement, list[Judged]]]) -> tuple[str, ...]:
    """Items answered yes or no that are stored as not verified, because nothing showed them."""
    found: dict[str, None] = {}
    for contact, _placement, judged in work:
        for j in judged:
            given = contact.answers[j.item.code]
            said = given if isinstance(given, str) else given.answer
            if said != j.answer:
                found[j.item.code] = None
    return tuple(found)
