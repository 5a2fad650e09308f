"""Workers of ``facts.py`` into the database, all of them in a few statements, and what the rules say of each."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organisation
from accounts.scope import acting_as, operator_scope
from compliance.models import Check, CheckAnswer
from compliance.rules.evaluating import Evaluated, evaluate
from pilots.models import Cohort, Corridor, ExchangeRate, Participation, Pilot, Site
from pilots.schemes.reader import load
from tests.compliance.rules.facts import Worker
from workers import models as facts

NUMBERS = itertools.count(1)
PARTNERS = ("fair-passage", "island-hands", "orchard-bay", "harbour-welfare")


@dataclass
class Stage:
    """A pilot with its workers in the database."""

    pilot: Pilot
    site: Site
    on: date
    workers: list[Worker] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdicts:
    """What was found of one worker: (rule, first day of the period, owed, currency), and (rule, what is missing)."""

    found: frozenset[tuple[str, date | None, Decimal | None, str]] = frozenset()
    untold: frozenset[tuple[str, str]] = frozenset()


def open_pilot(scheme: str, on: date) -> Stage:
    """A pilot of this scheme with one employer, one site, and the partners of the cast."""
    rules, n = load(scheme), next(NUMBERS)
    with acting_as(operator_scope()):
        organisations = {one.slug: one for one in Organisation.objects.all()}
        route = Corridor.objects.create(name=f"Route {n}", origin="TO", destination="NZ", sector="apples")
        pilot = Pilot.objects.create(
            slug=f"rules-{n}", name=f"Rules {n}", scheme=scheme, corridor=route, currency=rules.currency,
            programme=organisations["fair-passage"], starts_on=date(2015, 1, 1), ends_on=date(2035, 1, 1),
            home_currency="TOP",
        )  # fmt: skip
        for slug in PARTNERS:
            one = organisations[slug]
            Participation.objects.create(pilot=pilot, organisation=one, kind=one.kind, joined_on=date(2015, 1, 1))
    return Stage(pilot, Site(pilot=pilot, employer=organisations["orchard-bay"], name=f"Site {n}"), on)


def put(cast, stage: Stage, workers: Sequence[Worker]) -> Stage:
    """Write these workers and their facts; answers the stage with them."""
    recruiters = _recruiters(stage, workers)
    with cast.acting("ines"):
        if stage.site.pk is None:
            stage.site.save()
        placed = _placements(stage, workers, recruiters)
        _paperwork(stage, workers, placed)
        _pay(stage, workers, placed)
        _protection(stage, workers, placed, recruiters)
        _rooms(stage, workers, placed)
        _earlier(stage, workers, placed)
    with cast.acting("rosa") as by:
        Check.objects.bulk_create(
            Check(pilot=stage.pilot, placement=placed[w.code], cohort_id=placed[w.code].cohort_id, done_on=day, mode=how,
                  stage="employment", template_version="1", user_id=by.user_id, organisation_id=by.organisation_id)
            for w in workers for day, how in w.checks
        )  # fmt: skip
        _rested(stage, [(w, placed[w.code]) for w in workers if w.rested and "working" in dict(w.events)], by)
    stage.workers += workers
    stage.ids |= {code: one.pk for code, one in placed.items()}
    return stage


def _rested(stage: Stage, asked, by) -> None:
    """What a check of papers said of the day of rest, on the first day of work."""
    checks = Check.objects.bulk_create(
        Check(pilot=stage.pilot, placement=p, cohort_id=p.cohort_id, done_on=w.happened("working"), mode="document",
              stage="employment", template_version="1", user_id=by.user_id, organisation_id=by.organisation_id)
        for w, p in asked
    )  # fmt: skip
    CheckAnswer.objects.bulk_create(
        CheckAnswer(pilot=stage.pilot, check_record=check, placement=p, cohort_id=p.cohort_id, item="D07", answer=w.rested,
                    failed=w.rested == "no", severity="major", evidence="hours table", done_on=check.done_on)
        for check, (w, p) in zip(checks, asked, strict=True)
    )  # fmt: skip


def _recruiters(stage: Stage, workers: Sequence[Worker]) -> dict[str, Organisation]:
    """One recruiter for each distinct set of licences, because a licence is the recruiter's, not the worker's."""
    made: dict[str, Organisation] = {}
    with acting_as(operator_scope()):
        for worker in workers:
            key = repr(worker.licences)
            if key not in made:
                n = next(NUMBERS)
                one = Organisation.objects.create(
                    slug=f"recruiter-{n}", name=f"Recruiter {n}", kind="recruiter", country="TO"
                )
                Participation.objects.create(
                    pilot=stage.pilot, organisation=one, kind=one.kind, joined_on=date(2015, 1, 1)
                )
                made[key] = one
    return {worker.code: made[repr(worker.licences)] for worker in workers}


def _placements(stage: Stage, workers: Sequence[Worker], recruiters) -> dict[str, facts.Placement]:
    employer = stage.site.employer
    cohorts: dict[Any, Cohort] = {}
    for worker in workers:
        if worker.opens_on not in cohorts:
            cohorts[worker.opens_on] = Cohort.objects.create(
                pilot=stage.pilot, name=f"Cohort {worker.opens_on}", code=f"C{next(NUMBERS)}", target=99,
                opens_on=worker.opens_on, departs_on=worker.opens_on + timedelta(days=119),
                returns_on=worker.opens_on + timedelta(days=2000),
            )  # fmt: skip
    people = facts.Person.objects.bulk_create(
        facts.Person(
            pilot=stage.pilot, worker_code=w.code, recruiter=recruiters[w.code], family_name="Family",
            given_names=w.code, birth_date=w.birth_date, birth_precision=w.birth_precision, nationality=w.nationality,
            languages=w.languages, registered_on=w.registered_on,
        )
        for w in workers
    )  # fmt: skip
    placed = facts.Placement.objects.bulk_create(
        facts.Placement(
            pilot=stage.pilot, person=person, cohort=cohorts[w.opens_on], recruiter=recruiters[w.code],
            employer=employer, site=stage.site, season=w.season, planned_end=w.planned_end,
        )
        for w, person in zip(workers, people, strict=True)
    )  # fmt: skip
    both = list(zip(workers, placed, strict=True))
    common = {p.pk: {"pilot": stage.pilot, "recruiter": p.recruiter, "employer": employer} for p in placed}
    facts.PlacementState.objects.bulk_create(
        facts.PlacementState(placement=p, cohort_id=p.cohort_id, step=w.events[-1][0], since=w.events[-1][1],
                             **common[p.pk])
        for w, p in both
    )  # fmt: skip
    facts.JourneyEvent.objects.bulk_create(
        facts.JourneyEvent(placement=p, cohort_id=p.cohort_id, move="test", to_step=step, happened_on=day, known_on=day,
                           version=n, **common[p.pk])
        for w, p in both for n, (step, day) in enumerate(w.events, 1)
    )  # fmt: skip
    return {w.code: p for w, p in both}


def _chained(model, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Rows of which some supersede the one before them (``supersedes: True``)."""
    last = None
    for given, common in rows:
        values = common | given
        corrects = values.pop("supersedes", False)
        if values.pop("former", False):
            values["employer"] = values["recruiter"]  # whoever it is: another organisation than the employer
        last = model(**values | {"supersedes": last if corrects else None})
        last.save()


def _paperwork(stage: Stage, workers: Sequence[Worker], placed) -> None:
    for worker in workers:
        p = placed[worker.code]
        common = {"pilot": stage.pilot, "placement": p, "recruiter": p.recruiter, "employer": p.employer}
        _chained(facts.ContractVersion, [(one, common) for one in worker.contracts])
        _chained(facts.DeductionAgreement, [(one, common) for one in worker.agreements])
    facts.IdentityDocument.objects.bulk_create(
        facts.IdentityDocument(pilot=stage.pilot, person=placed[w.code].person, recruiter=placed[w.code].recruiter,
                               number=f"N{next(NUMBERS)}", country="TO", **one)
        for w in workers for one in w.papers
    )  # fmt: skip


def _slip(slip, p, pilot) -> facts.PayRecord:
    slip.settle()
    return facts.PayRecord(
        pilot=pilot, placement=p, cohort_id=p.cohort_id, recruiter=p.recruiter, employer=p.employer,
        period_start=slip.start, period_end=slip.end, due_on=slip.due, paid_on=slip.paid, hours_offered=slip.offered,
        hours_worked=slip.worked, pieces=slip.pieces, rate=slip.rate, gross=slip.gross, tax=slip.tax,
        deductions=slip.deductions, pension=slip.pension, items={k: str(v) for k, v in slip.items.items()},
        net=slip.net, currency=slip.currency, paid_to=slip.paid_to,
    )  # fmt: skip


def _pay(stage: Stage, workers: Sequence[Worker], placed) -> None:
    facts.PayRecord.objects.bulk_create(_slip(s, placed[w.code], stage.pilot) for w in workers for s in w.slips)
    facts.CostItem.objects.bulk_create(
        facts.CostItem(
            pilot=stage.pilot, placement=placed[w.code], cohort_id=placed[w.code].cohort_id,
            recruiter=placed[w.code].recruiter, employer=placed[w.code].employer, **{"paid_by": "worker"} | one,
        )
        for w in workers for one in w.costs
    )  # fmt: skip
    facts.Debt.objects.bulk_create(
        facts.Debt(pilot=stage.pilot, placement=placed[w.code], **one) for w in workers for one in w.debts
    )


def _protection(stage: Stage, workers: Sequence[Worker], placed, recruiters) -> None:
    facts.Insurance.objects.bulk_create(
        facts.Insurance(pilot=stage.pilot, placement=placed[w.code], recruiter=placed[w.code].recruiter,
                        employer=placed[w.code].employer, **one)
        for w in workers for one in w.insurances
    )  # fmt: skip
    facts.Ban.objects.bulk_create(
        facts.Ban(pilot=stage.pilot, person=placed[w.code].person, recruiter=placed[w.code].recruiter, **one)
        for w in workers
        for one in w.bans
    )
    licences = {recruiters[w.code].pk: w.licences for w in workers}
    facts.RecruiterLicence.objects.bulk_create(
        facts.RecruiterLicence(pilot=stage.pilot, recruiter_id=pk, number=f"L{next(NUMBERS)}", **one)
        for pk, rows in licences.items() for one in rows
    )  # fmt: skip


def _rooms(stage: Stage, workers: Sequence[Worker], placed) -> None:
    housed = [w for w in workers if w.inspections]
    employer = stage.site.employer
    # A site for each, so that what is said of a site is said of one worker's room.
    sites = Site.objects.bulk_create(Site(pilot=stage.pilot, employer=employer, name=w.code) for w in housed)
    rooms, second = (
        facts.Room.objects.bulk_create(
            facts.Room(pilot=stage.pilot, site=site, employer=employer, name=name) for site in sites
        )
        for name in ("1", "2")
    )
    facts.RoomInspection.objects.bulk_create(
        facts.RoomInspection(pilot=stage.pilot, room=room, employer=employer, **one)
        for w, *both in zip(housed, rooms, second, strict=True)
        for room in (both if w.moved_on else both[:1]) for one in w.inspections
    )  # fmt: skip
    facts.HousingStay.objects.bulk_create(
        facts.HousingStay(pilot=stage.pilot, placement=placed[w.code], room=room, employer=employer,
                          starts_on=starts_on, ends_on=ends_on)
        for w, *both in zip(housed, rooms, second, strict=True)
        for room, starts_on, ends_on in (
            (both[0], w.arrived, w.moved_on and w.moved_on - timedelta(days=1)), (both[1], w.moved_on, None))
        if starts_on
    )  # fmt: skip


def _earlier(stage: Stage, workers: Sequence[Worker], placed) -> None:
    """Stays of other seasons (entered, left, perhaps at work since): placements with a contract and an insurance, and nothing to be paid."""
    for worker in workers:
        now = placed[worker.code]
        for entered, left, *worked in worker.earlier:
            cohort = Cohort.objects.create(
                pilot=stage.pilot, name=f"Season of {entered}", code=f"E{next(NUMBERS)}", target=9, opens_on=entered - timedelta(days=120),
                departs_on=entered, returns_on=entered + timedelta(days=200),
            )  # fmt: skip
            common = {"pilot": stage.pilot, "recruiter": now.recruiter, "employer": now.employer}
            stay = facts.Placement.objects.create(
                person=now.person,
                cohort=cohort,
                season=worker.season,
                planned_end=entered + timedelta(days=200),
                **common,
            )
            steps = [
                ("visa_granted", entered - timedelta(days=20)),
                ("departed", entered),
                ("arrived", entered),
                *(("working", day) for day in worked),
            ]
            steps += [("left_country", left)] if left else []
            facts.PlacementState.objects.create(
                placement=stay,
                cohort_id=cohort.pk,
                step="closed" if left else "arrived",
                since=left or entered,
                **common,
            )
            facts.JourneyEvent.objects.bulk_create(
                facts.JourneyEvent(placement=stay, cohort_id=cohort.pk, move="test", to_step=step, happened_on=day,
                                   known_on=day, version=n, **common)
                for n, (step, day) in enumerate(steps, 1)
            )  # fmt: skip
            signed = entered - timedelta(days=30)
            facts.ContractVersion.objects.create(
                placement=stay, kind="signed", signed_on=signed, language="English", **common
            )
            facts.Insurance.objects.create(placement=stay, kind="health insurance", joined_on=signed, **common)


def rates(rows: Sequence[tuple[date, str, str, str]]) -> None:
    """Exchange rates: (month, from, to, rate)."""
    with acting_as(operator_scope()):
        ExchangeRate.objects.bulk_create(
            (ExchangeRate(month=m, from_currency=a, to_currency=b, rate=Decimal(r), source="invented") for m, a, b, r in rows),
            ignore_conflicts=False,
        )  # fmt: skip


def judge(cast, stage: Stage, on: date | None = None, **narrowed) -> tuple[dict[str, Verdicts], Evaluated]:
    """Evaluate the pilot; worker code → what was said of the worker (a site is named like its worker)."""
    with cast.acting("ines") as by:
        done = evaluate([stage.pilot.pk], on=on or stage.on, by=by, listing=True, **narrowed)
    return told(done), done


def told(done: Evaluated) -> dict[str, Verdicts]:
    """What an evaluation said, by worker."""
    found: dict[str, set] = {}
    untold: dict[str, set] = {}
    for one in done.found:
        code = one.worker or one.site
        found.setdefault(code, set()).add((one.rule, one.period_start, one.owed, one.currency if one.owed else ""))
    for gap in done.untold:
        untold.setdefault(gap.worker or gap.site, set()).add((gap.rule, gap.missing))
    return {
        code: Verdicts(frozenset(found.get(code, ())), frozenset(untold.get(code, ()))) for code in {*found, *untold}
    }
