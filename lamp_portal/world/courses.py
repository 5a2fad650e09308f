"""From a fate to the moves of a placement with their days: what happened to one person in one cohort.

Before departure a step has its place in the time between opening and departure; abroad and at home its days count from
departure and planned return. A course that has not ended stands where its fate says, some days before the present.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from lamp_portal.world.people import Nomination
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import dates_of
from pilots.schemes.reader import load
from workers.journey.moves import CANDIDATES, CLOSE, EARLY_END, MOVE, REOPEN
from workers.journey.steps import STEP

RECRUITER, PROGRAMME, EMPLOYER = "recruiter", "programme", "employer"

# The planned way to departure: (move, how far between opening and departure).
WAYS: dict[str, tuple[tuple[str, float], ...]] = {
    "rse": (
        ("shortlist", 0.12), ("interview", 0.2), ("select", 0.28), ("offer", 0.33), ("sign_contract", 0.42),
        ("complete_documents", 0.6), ("lodge_visa", 0.66), ("grant_visa", 0.86), ("orient", 0.92),
        ("make_ready_after_briefing", 0.96),
    ),
    "palm": (
        ("shortlist", 0.1), ("interview", 0.17), ("select", 0.25), ("offer", 0.3), ("sign_contract", 0.38),
        ("start_training", 0.44), ("complete_documents", 0.6), ("lodge_visa", 0.66), ("grant_visa", 0.86),
        ("orient", 0.92), ("make_ready_after_briefing", 0.96),
    ),
    "eps": (
        ("pass_test", 0.14), ("enter_roster", 0.25), ("shortlist_from_roster", 0.36), ("select", 0.44),
        ("sign_standard_contract", 0.52), ("confirm_visa", 0.61), ("start_confirmed_training", 0.66),
        ("complete_documents", 0.77), ("lodge_visa", 0.81), ("grant_visa", 0.92), ("make_ready", 0.97),
    ),
    "bilateral": (
        ("start_first_training", 0.05), ("shortlist_after_training", 0.4), ("interview", 0.45), ("select", 0.51),
        ("offer", 0.55), ("sign_contract", 0.61), ("complete_documents", 0.72), ("lodge_visa", 0.76),
        ("grant_visa", 0.9), ("orient", 0.94), ("make_ready_after_briefing", 0.97),
    ),
}  # fmt: skip
# Employers in the first system of tests and rosters also pick straight from the roster.
STRAIGHT = {"shortlist_from_roster": None, "select": "select_from_roster"}
OUT = (("deploy", 0), ("arrive", 1), ("brief", 3), ("begin_work", 5))
BACK = ("prepare_return", "leave_country", "reach_home", "debrief", "close")
DAYS_AGO = {"departed": 1, "arrived": 4, "briefed": 8}  # those who are on their way in just now

BY_PROGRAMME = {
    "select", "select_from_roster", "offer", "not_select", "grant_visa", "refuse_visa", "make_ready",
    "make_ready_after_briefing", "miss_departure", "overstay", "leave_by_order", "record_death", "re_engage",
    "sign_standard_contract",
}  # fmt: skip
NOTES = {
    "eligibility": "Age or an earlier stay did not fit the rule of the scheme.",
    "conduct": "The employer named a dispute with a supervisor; the worker's account is with the welfare partner.",
    "performance": "The employer named pace of work; no written warning was shown.",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One move of one placement: when it happened, when it was known, who records it, and why."""

    code: str
    on: date
    known_on: date
    actor: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A move with its day, on the way to a happening."""

    code: str
    on: date
    reason: str = ""


def course(
    plan: PilotPlan, nomination: Nomination, enrolled: date, today: date, chance: random.Random
) -> list[Happening]:
    """Every move of a nomination, in order. ValueError where the tables would need a day that has not come."""
    fate = nomination.fate
    _opens, departs, returns = dates_of(nomination.cohort, today)
    gone = STEP[fate.to].order >= STEP["departed"].order
    if fate.to in DAYS_AGO:
        departs = today - timedelta(days=DAYS_AGO[fate.to])
    elif gone and chance.random() < 0.15:
        departs += timedelta(days=chance.randint(2, 4))
    last = departs - timedelta(days=1) if gone else min(departs, today) - timedelta(days=chance.randint(2, 12))
    lines = _before(plan, nomination, enrolled, departs, last, chance)
    if fate.missed_once:
        lines += [Line("miss_departure", departs, "travel_disrupted"), Line("book_again", departs + timedelta(days=2))]
        departs += timedelta(days=5)
    if gone:
        lines += _away(fate.to, departs, returns, chance)
        lines = sorted(lines + [_parsed(word, departs) for word in fate.via], key=lambda line: line.on)
    for word in fate.then:
        before = lines[-1].on if lines else enrolled
        lines.append(_parsed(word, departs, default=min(before + timedelta(days=chance.randint(4, 18)), today)))
    late = [line for line in lines if line.on > today]
    if late:
        raise ValueError(f"{plan.slug} {nomination.cohort.code}: {late[0].code} on {late[0].on} has not come yet")
    return [_happening(line, today, chance) for line in lines]


def _before(
    plan: PilotPlan, nomination: Nomination, enrolled: date, departs: date, last: date, chance: random.Random
) -> list[Line]:
    """The planned way up to the fate's step, departure left out; a course that stands still ends on ``last``."""
    fate = nomination.fate
    goal = STEP[fate.to].order
    journey = load(plan.scheme).journey
    straight = journey == "eps" and fate.to != "shortlisted" and chance.random() < 0.5
    codes, parts = [], []
    for code, part in WAYS[journey]:
        chosen = STRAIGHT.get(code, code) if straight else code
        if chosen and STEP[MOVE[chosen].to_step].order <= goal:
            codes.append(chosen)
            parts.append(part)
    wait = departs - enrolled
    days = [enrolled + wait * part + timedelta(days=chance.randint(-3, 3)) for part in parts]
    lines = [Line(code, on) for code, on in zip(codes, _in_order(days, enrolled, last), strict=True)]
    return _refused_once(lines) if fate.refused_once else lines


def _refused_once(lines: list[Line]) -> list[Line]:
    """The visa was refused at first and granted when it was lodged again."""
    at = next(i for i, line in enumerate(lines) if line.code == "grant_visa")
    lodged, granted = lines[at - 1].on, lines[at].on
    third = (granted - lodged) / 3
    return [*lines[:at], Line("refuse_visa", lodged + third), Line("lodge_visa_again", lodged + 2 * third), *lines[at:]]


def _in_order(days: list[date], first: date, last: date) -> list[date]:
    """The same days, none before the one in front of it, drawn together where they would run past ``last``."""
    ordered: list[date] = []
    for day in days:
        ordered.append(max(day, first, *ordered[-1:]))
    if ordered and ordered[-1] > last:
        part = (last - first) / (ordered[-1] - first)
        ordered = [first + timedelta(days=int((day - first).days * part)) for day in ordered]
    return ordered


def _away(to: str, departs: date, returns: date, chance: random.Random) -> list[Line]:
    """From departure to the fate's step: the first days abroad, then the return around its planned day."""
    goal = STEP[to].order
    lines = [Line(code, departs + timedelta(days=days)) for code, days in OUT]
    left = returns + timedelta(days=chance.randint(0, 2))
    home = left + timedelta(days=1)
    debriefed = home + timedelta(days=chance.randint(12, 22))
    back = (left - timedelta(days=chance.randint(12, 16)), left, home, debriefed, debriefed + timedelta(days=12))
    lines += [Line(code, on) for code, on in zip(BACK, back, strict=True)]
    return [line for line in lines if STEP[MOVE[line.code].to_step].order <= goal]


def _parsed(word: str, departs: date, default: date | None = None) -> Line:
    """ "move:reason@days after departure"; reason and days may be left out."""
    head, _at, days = word.partition("@")
    code, _colon, reason = head.partition(":")
    on = departs + timedelta(days=int(days)) if days else default
    if on is None:
        raise ValueError(f"{word}: say how many days after departure")
    return Line(code, on, reason)


def _happening(line: Line, today: date, chance: random.Random) -> Happening:
    move = MOVE[line.code]
    actor = EMPLOYER
    if line.code in BY_PROGRAMME or move.permission in (CLOSE, REOPEN):
        actor = PROGRAMME
    elif move.permission == CANDIDATES:
        actor = RECRUITER
    known = line.on
    if move.permission == EARLY_END:
        known = min(line.on + timedelta(days=chance.randint(0, 3)), today)
    return Happening(line.code, line.on, known, actor, line.reason, NOTES.get(line.reason, ""))
