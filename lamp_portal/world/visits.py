"""Welfare checks through their door: visits on common days, most of those due, most answers as they should be."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from accounts.scope import acting_as
from compliance.catalogue.reader import MINOR, Item, catalogue
from compliance.checking import Answered, Contact, record_each
from compliance.coverage import LONGEST_AGO, note_attempts
from compliance.findings import resolve
from compliance.models import Check, Finding
from lamp_portal.world import plans
from lamp_portal.world.money import ENDED_WORK
from lamp_portal.world.plans import CohortPlan, PilotPlan
from lamp_portal.world.setting_up import Ground, dates_of
from lamp_portal.world.walking import Walk
from pilots.schemes.reader import load

ITEMS: dict[str, tuple[str, ...]] = {
    "recruitment": ("A01", "A02", "A03", "A07", "A11", "A13", "A14"),
    "pre-departure": ("B01", "B02", "B05", "B07", "B08", "B09", "B11", "B14", "B16"),
    "arrival": ("C01", "C04", "C05", "C06", "C08", "C10", "C11", "C12", "C14"),
    "employment": ("D01", "D03", "D05", "D08", "D09", "D10", "D16", "D17", "D24"),
    "pre-return": ("E01", "E02", "E03", "E05", "E08", "E09", "E11"),
    "after-return": ("F01", "F02", "F03", "F04", "F08", "F09"),
}
MET = 0.82  # of those due at a visit
NOT_SHOWN = 0.06  # answers that nothing showed
WRONG = {MINOR: 0.09, "major": 0.012}
NOTED = 0.7  # of those not met, those of whom somebody wrote down why
WHY_NOT = ("no answer", "no answer", "away", "away", "declined", "no way", "no interpreter", "refused")
SEEN_TO = 0.85  # findings older than their due day that were put right
DONE_BY_SECTION = {
    "A": "The recruiter gave the paper again and the worker showed it.",
    "B": "The paper was handed over before departure, in the worker's language.",
    "C": "Put right by the employer in the first weeks; seen at the next visit.",
    "D": "The employer put it right and paid what was owed; the worker confirmed it alone.",
    "E": "Settled with the last payslip before leaving.",
    "F": "Paid after the return; the worker confirmed it by phone.",
}


def visits(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Every visit of the pilot's welfare partner in the order of its days, one call of the door for each day."""
    chance, luck = plans.dice("visits", plan.slug), plans.dice("not reached", plan.slug)
    by_day: dict[date, list[Contact]] = defaultdict(list)
    missed: dict[tuple[str, date, str], list[int]] = defaultdict(list)
    for cohort in plan.cohorts:
        mine = [walk for walk in walks if walk.nomination.cohort.code == cohort.code]
        for stage, day, seen in _rounds(plan, cohort, mine, today):
            usual = {code: _good(catalogue().item(code)) for code in ITEMS[stage]}
            for walk in seen:
                if chance.random() < MET:
                    by_day[day].append(_contact(walk, stage, day, usual, chance))
                elif luck.random() < NOTED and day > today - LONGEST_AGO:
                    missed[stage, day, luck.choice(WHY_NOT)].append(walk.placement_id)
    with acting_as(ground.hands.of(plan.welfare, "welfare_officer")) as by:
        for day in sorted(by_day):
            record_each(by_day[day], by=by, today=today)
        for (stage, day, reason), ids in sorted(missed.items()):
            note_attempts(ids, stage=stage, due_on=day, tried_on=day, reason=reason, by=by, today=today)


def _rounds(
    plan: PilotPlan, cohort: CohortPlan, walks: list[Walk], today: date
) -> Iterator[tuple[str, date, list[Walk]]]:
    """(stage, day, whom it concerns): the common days on which the welfare partner saw the people of a cohort."""
    opens, departs, returns = dates_of(cohort, today)
    wait = departs - opens
    every = load(plan.scheme).check_frequency.employment_days
    asked: set[tuple[str, int]] = set()
    days = [("recruitment", opens + wait * part) for part in (0.37, 0.41)]
    days += [("pre-departure", opens + wait * part) for part in (0.64, 0.93)]
    days += [("arrival", departs + timedelta(days=n)) for n in (9, 13)]
    first = departs + timedelta(days=15 + every // 2)
    # A round that would fall in the week of today falls on its Sunday: on no other day of it is everybody's contact overdue.
    until_sunday = (today + timedelta(days=6) - first).days % every
    first += timedelta(days=until_sunday if until_sunday <= 6 else 0)
    days += [("employment", first + timedelta(days=n)) for n in range(0, (returns - first).days, every)]
    days += [("pre-return", returns - timedelta(days=7))]
    days += [("after-return", returns + timedelta(days=n)) for n in (33, 184)]
    for stage, day in days:
        if day > today:
            continue
        seen = [w for w in walks if _concerned(w, stage, day) and (stage, w.placement_id) not in asked]
        if stage not in ("employment", "after-return"):
            asked.update((stage, w.placement_id) for w in seen)
        if seen:
            yield stage, day, seen


def _concerned(walk: Walk, stage: str, day: date) -> bool:
    """Whether the placement was at this stage on the day."""
    begins = {
        "recruitment": walk.day_of("shortlisted", "selected"),
        "pre-departure": walk.day_of("contract_signed"),
        "arrival": walk.day_of("arrived"),
        "employment": walk.day_of("working"),
        "pre-return": walk.day_of("working"),
        "after-return": walk.day_of("home"),
    }[stage]
    ends = {
        "recruitment": walk.day_of("contract_signed"),
        "pre-departure": walk.day_of("departed"),
    }.get(stage) or walk.day_of("not_selected", "declined", "withdrawn", "visa_refused", "no_show")
    if stage in ("arrival", "employment", "pre-return"):
        ends = walk.day_of(*ENDED_WORK)
    return begins is not None and begins <= day and (ends is None or day <= ends)


def _good(item: Item) -> Answered:
    return Answered(item.good_answer, shown_by=item.answered_by[0])


def _contact(walk: Walk, stage: str, day: date, usual: dict[str, Answered], chance: random.Random) -> Contact:
    """One person at one visit. Whoever has nothing to differ in shares the usual answers."""
    own = {code: given for code in usual if (given := _unusual(catalogue().item(code), chance))}
    phone = stage == "after-return"
    return Contact(
        walk.placement_id, stage, usual | own if own else usual, day,
        Check.Mode.PHONE if phone else Check.Mode.IN_PERSON, private=True,
    )  # fmt: skip


def _unusual(item: Item, chance: random.Random) -> Answered | None:
    drawn = chance.random()
    if drawn < NOT_SHOWN:
        return Answered("not verified")
    if drawn < NOT_SHOWN + WRONG.get(item.severity, 0):
        return Answered("no" if item.good_answer == "yes" else "yes", shown_by=item.answered_by[0])
    return None


def see_to(plan: PilotPlan, ground: Ground, today: date) -> None:
    """Most of the lesser findings whose day has come were put right; the programme says how."""
    chance = plans.dice("findings", plan.slug)
    with acting_as(ground.hands.of(plan.programme, "programme_officer")) as by:
        due = Finding.objects.filter(
            pilot=ground.pilots[plan.slug], state=Finding.State.OPEN, severity="major", due_on__lt=today
        )
        for finding in due.order_by("opened_on", "placement__person__worker_code", "code"):
            if chance.random() < SEEN_TO:
                on = min(finding.opened_on + timedelta(days=chance.randint(3, 20)), today)
                resolve(finding, by=by, on=on, remedy=DONE_BY_SECTION[finding.code[0]])
