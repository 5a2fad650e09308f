"""The tables of the journey: every step is reached, every word is known, protection is never blocked."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from pilots.schemes.reader import all_schemes
from scripts import draw_journey
from workers.journey import moves as table
from workers.journey.moves import (
    ALWAYS,
    EFFECTS,
    GUARDS,
    MOVE,
    MOVE_PERMISSIONS,
    MOVES,
    move_between,
    moves_from,
    moves_of,
)
from workers.journey.reasons import REASON, REASON_GROUPS, REASONS
from workers.journey.steps import ALL_JOURNEYS, JOURNEY, JOURNEYS, PHASES, START, STEP, STEPS, label

DATA = Path(table.__file__).parent.parent / "sheets" / "data"
BLAMING = ("abscond", "awol", "runaway", "removed", "deport", "illegal", "fired", "sacked", "fail")


def data(name):
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def test_codes_are_used_once():
    for rows in (STEPS, MOVES, REASONS, JOURNEYS):
        codes = [row.code for row in rows]
        assert len(codes) == len(set(codes))


def test_steps_are_sorted_and_in_a_known_phase():
    orders = [step.order for step in STEPS]
    assert orders == sorted(set(orders))
    assert {step.phase for step in STEPS} == set(PHASES)


def test_moves_use_only_known_steps_guards_reasons_effects_journeys_and_permissions():
    for move in MOVES:
        assert {*move.from_steps, move.to_step} <= STEP.keys(), move.code
        assert set(move.every_guard) <= GUARDS.keys(), move.code
        assert set(move.reasons) <= REASON.keys(), move.code
        assert set(move.effects) <= EFFECTS.keys(), move.code
        assert set(move.journeys) <= set(ALL_JOURNEYS), move.code
        assert move.permission in MOVE_PERMISSIONS, move.code


def test_every_guard_effect_permission_and_reason_is_used():
    assert {guard for move in MOVES for guard in move.every_guard} == GUARDS.keys()
    assert {effect for move in MOVES for effect in move.effects} == EFFECTS.keys()
    assert {move.permission for move in MOVES} == MOVE_PERMISSIONS.keys()
    assert {reason for move in MOVES for reason in move.reasons} == REASON.keys()
    assert {reason.group for reason in REASONS} == REASON_GROUPS.keys()


def test_every_step_is_reached_from_the_start_in_some_journey():
    reached = set().union(*(draw_journey.reachable(journey) for journey in ALL_JOURNEYS))
    assert reached == STEP.keys()


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.code)
def test_the_planned_way_leads_from_start_to_closed(journey):
    assert (journey.path[0], journey.path[-1]) == (START, "closed")
    for step, following in pairwise(journey.path):
        assert move_between(journey.code, step, following), (step, following)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.code)
def test_the_way_still_leads_home_without_any_one_optional_step(journey):
    for left_out in journey.optional:
        assert left_out in journey.path
        reached = {START}
        for step in journey.path:  # a path is in order, so one pass finds everything ahead
            if step in reached:
                reached |= {move.to_step for move in moves_from(journey.code, step)} - {left_out}
        way = [step for step in journey.path if step in reached]
        assert "closed" in way, left_out


COMMON_WAY = (
    "nominated", "shortlisted", "interviewed", "selected", "offered", "contract_signed", "training",
    "documents_complete", "visa_lodged", "visa_granted", "ready", "departed", "arrived", "briefed", "working",
    "pre_return", "left_country", "home", "debriefed", "closed",
)  # fmt: skip


@pytest.mark.parametrize("journey", ALL_JOURNEYS)
def test_the_common_way_is_open_in_every_journey(journey):
    for step, following in pairwise(COMMON_WAY):
        assert move_between(journey, step, following), (step, following)


@pytest.mark.parametrize("journey", ALL_JOURNEYS)
def test_between_two_steps_there_is_at_most_one_move(journey):
    pairs = [(step, move.to_step) for move in moves_of(journey) for step in move.from_steps]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("journey", ALL_JOURNEYS)
def test_every_step_that_is_no_end_leads_on_and_an_end_is_left_only_by_reopening(journey):
    for step in draw_journey.reachable(journey):
        onward = moves_from(journey, step)
        if STEP[step].is_end:
            assert all(move.reopens for move in onward), step
        else:
            assert onward, step


def test_only_reopening_moves_leave_an_end():
    for move in MOVES:
        assert move.reopens == any(STEP[step].is_end for step in move.from_steps), move.code


def test_whoever_is_abroad_can_always_leave_and_no_hold_stands_in_the_way():
    for step in STEPS:
        if step.is_abroad:
            for journey in ALL_JOURNEYS:
                if step.code in draw_journey.reachable(journey):
                    move = move_between(journey, step.code, "left_country")
                    assert move, (journey, step.code)
                    assert not move.blocked_by_holds, (journey, step.code)
                    assert move.every_guard == ALWAYS, "only the dates are asked of somebody who goes home"


@pytest.mark.parametrize(
    "code",
    ["arrive", "start_sick_leave", "return_for_health", "return_for_family", "leave_country", "reach_home",
     "disengage", "resign", "record_death", "re_engage", "withdraw", "overstay", "leave_by_order", "dismiss"],
)  # fmt: skip
def test_what_protects_or_has_happened_is_never_blocked_by_a_hold(code):
    assert "no_hold" not in MOVE[code].every_guard


@pytest.mark.parametrize(
    "code", ["shortlist", "offer", "lodge_visa", "deploy", "brief", "begin_work", "extend", "close"]
)
def test_what_the_programme_decides_waits_for_a_hold(code):
    assert "no_hold" in MOVE[code].every_guard


def test_nobody_departs_without_contract_visa_passport_consent_and_age():
    assert set(MOVE["deploy"].every_guard) >= {
        "has_job_order", "contract_signed", "visa_granted_recorded", "has_passport", "passport_outlasts_stay",
        "consent_given", "age_at_least_minimum", *ALWAYS,
    }  # fmt: skip


def test_leaving_the_planned_way_asks_why_where_the_step_does_not_say_it():
    for code in ("not_select", "decline", "withdraw", "resign", "dismiss", "disengage", "leave_by_order"):
        assert MOVE[code].needs_reason, code
        assert "other" in MOVE[code].reasons, code


def test_words_blame_nobody():
    shown = [step.label for step in STEPS] + [move.label for move in MOVES] + [reason.label for reason in REASONS]
    assert [words for words in shown if any(word in words.lower() for word in BLAMING)] == []


def test_a_journey_may_call_a_step_by_its_own_name():
    assert label("briefed", "eps") == "Employment training after entry done"
    assert label("briefed", "rse") == STEP["briefed"].label
    assert all(set(journey.words) <= set(journey.path) for journey in JOURNEYS)


def test_every_scheme_follows_a_journey_of_the_table():
    assert {scheme.journey for scheme in all_schemes()} == JOURNEY.keys()


def test_status_words_of_the_field_mean_known_steps_and_reasons():
    words = data("status_words.toml")
    assert set(words["aliases"].values()) <= STEP.keys()
    assert set(words["reasons"].values()) <= REASON.keys()
    assert words["aliases"].keys().isdisjoint(words["ambiguous"])
    for word, steps in words["ambiguous"].items():
        assert len(set(steps)) > 1, word
        assert set(steps) <= STEP.keys(), word


def test_a_step_s_own_name_is_never_given_another_meaning():
    words = data("status_words.toml")
    for step in STEPS:
        for name in (step.code.replace("_", " "), step.label.lower()):
            assert words["aliases"].get(name, step.code) == step.code
            assert name not in words["ambiguous"], name


def test_the_harsh_words_of_field_sheets_become_neutral_steps():
    words = data("status_words.toml")
    assert {words["aliases"][word] for word in ("absc", "awol", "ran away")} == {"disengaged"}
    assert words["aliases"]["deported"] == "ordered_to_leave"
    assert "gone home" in words["ambiguous"]
    assert "?" in words["doubt"]["marks"]


@pytest.mark.parametrize("name", ["countries.toml", "sex.toml"])
def test_words_for_countries_and_sex_mean_a_known_code(name):
    words = data(name)
    assert set(words["aliases"].values()) <= words["names"].keys()
    assert words["aliases"].keys().isdisjoint(words["ambiguous"])
    assert all(set(codes) <= words["names"].keys() for codes in words["ambiguous"].values())
    assert all(word == " ".join(word.split()).casefold() for word in words["aliases"])


def test_every_country_is_known_by_name_and_by_both_codes():
    words = data("countries.toml")
    assert len(words["names"]) == 249
    for code in words["names"]:
        own = [word for word, meant in words["aliases"].items() if meant == code]
        assert code.lower() in own
        assert any(len(word) == 3 for word in own), code
    for word, code in {"png": "PG", "papua ng": "PG", "east timor": "TL", "timor": "TL", "korea": "KR"}.items():
        assert words["aliases"][word] == code


def test_the_drawing_of_the_journey_is_fresh():
    assert draw_journey.FILE.read_text(encoding="utf-8") == draw_journey.page(), "run scripts/draw_journey.py"
