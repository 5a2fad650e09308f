"""Doors of requests of papers: ``drafts`` shows whom an act would ask for what, ``ask`` does it, ``withdraw`` takes it back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organisation
from accounts.roles import KIND_LABELS, Kind, Permission
from accounts.scope import Scope
from pilots.models import Cohort
from workers.asking.standing import is_missing
from workers.models import PaperRequest, PaperRequestLine, PlacementState
from workers.queries.departing import HELD, MISSING, MOVES_LEFT, missing_on
from workers.queries.waiting import CHOSEN

# What an organisation can be asked to bring: not a decision, not a move, not a place on a job order.
ASKABLE: Final = frozenset(MISSING) - {HELD, MOVES_LEFT, "has_job_order", "job_order_has_places"}


@dataclass(slots=True)
class Draft:
    """What one organisation would be asked: placement id → codes."""

    asked_id: int
    name: str
    lines: dict[int, list[str]] = field(default_factory=dict)

    @property
    def papers(self) -> int:
        """How many papers."""
        return sum(len(codes) for codes in self.lines.values())


@dataclass(frozen=True, slots=True)
class Drafts:
    """Who would be asked for what, and placement id → why nobody is asked for it."""

    drafts: tuple[Draft, ...]
    refused: dict[int, str]


def drafts(cohort: Cohort, placement_ids: Iterable[int], departs_on: date, *, by: Scope) -> Drafts:
    """Whom to ask for what, so that these people can depart on a day. A fixed number of statements."""
    by.require(Permission.PAPERS_ASK)
    states = PlacementState.objects.filter(cohort=cohort, placement__in=list(placement_ids)).order_by("pk")
    rows = {pk: (step, recruiter, employer) for pk, step, recruiter, employer in states.values_list(
        "pk", "step", "recruiter_id", "employer_id")}  # fmt: skip
    chosen = [pk for pk, (step, _r, _e) in rows.items() if step in CHOSEN]
    missing, already = missing_on(chosen, departs_on, by=by), _asked_already(chosen)
    refused = {pk: _("Not chosen yet, or departed.") for pk in rows if pk not in set(chosen)}
    found: dict[int, Draft] = {}
    for pk in chosen:
        codes = [code for code, _ends in missing.get(pk, ()) if code in ASKABLE]
        fresh = [code for code in codes if not is_missing(code, already.get(pk, set()))]
        if not fresh:
            refused[pk] = _("Asked for already.") if codes else _("No paper is missing.")
        _step, recruiter, employer = rows[pk]
        for code in fresh:
            partner = {Kind.RECRUITER: recruiter, Kind.EMPLOYER: employer}.get(MISSING[code][1])
            owner = partner or cohort.pilot.programme_id
            found.setdefault(owner, Draft(owner, "")).lines.setdefault(pk, []).append(code)
    names = dict(Organisation.objects.filter(pk__in=found).values_list("pk", "name"))
    for draft in found.values():
        draft.name = names.get(draft.asked_id) or str(KIND_LABELS[Kind.PROGRAMME])
    return Drafts(tuple(sorted(found.values(), key=lambda d: d.name)), refused)


def _asked_already(ids: list[int]) -> dict[int, set[str]]:
    """placement id → what a request that was not withdrawn asks for already."""
    found: dict[int, set[str]] = {}
    lines = PaperRequestLine.objects.filter(placement__in=ids, paper_request__withdrawn_at__isnull=True)
    for pk, code in lines.values_list("placement_id", "code"):
        found.setdefault(pk, set()).add(code)
    return found


def ask(
    cohort: Cohort, placement_ids: Iterable[int], *, departs_on: date, due_on: date, by: Scope, note: str = ""
) -> list[PaperRequest]:
    """One request for each organisation that can bring what is missing; none where nothing is. Inside ``acting_as(by)``."""
    with transaction.atomic():
        # Two officers who ask at once: the second sees what the first has asked.
        Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
        found = drafts(cohort, placement_ids, departs_on, by=by).drafts
        made = PaperRequest.objects.bulk_create(
            PaperRequest(
                pilot_id=cohort.pilot_id, cohort=cohort, asked_id=draft.asked_id, departs_on=departs_on, due_on=due_on,
                note=note.strip()[:300], user_id=by.user_id, organisation_id=by.organisation_id,
            )
            for draft in found
        )  # fmt: skip
        PaperRequestLine.objects.bulk_create(
            PaperRequestLine(
                pilot_id=cohort.pilot_id, paper_request=one, placement_id=pk, asked_id=draft.asked_id, code=code
            )
            for one, draft in zip(made, found, strict=True)
            for pk, codes in draft.lines.items()
            for code in codes
        )
        for one in made:
            audit.record("papers asked", "paper request", one.pk, scope=by, pilot_id=one.pilot_id)
    return made


def withdraw(one: PaperRequest, *, by: Scope, now: datetime) -> None:
    """Take a request back; what came is kept. Asked twice it changes nothing."""
    by.require(Permission.PAPERS_ASK)
    done = PaperRequest.objects.filter(pk=one.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now, withdrawn_by=by.user_id
    )
    if done:
        audit.record("papers withdrawn", "paper request", one.pk, scope=by, pilot_id=one.pilot_id)
