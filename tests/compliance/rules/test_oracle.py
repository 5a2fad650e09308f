"""Pay at random, wrong in many ways at once: the statements say of every payslip what plain Python says."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.schemes.pay import hourly_floor
from pilots.schemes.reader import load
from tests.compliance.rules import oracle
from tests.compliance.rules.facts import BASELINES, ON, Slip, Worker, clean, days
from tests.compliance.rules.putting import judge, open_pilot, put

CENT = Decimal("0.01")
PEOPLE = 40


def careless(scheme: str, code: str, random: Random) -> Worker:
    """A worker whose every payslip is drawn at random, around the boundaries of the rules."""
    worker = clean(scheme, code)
    worker.season = random.randint(1, 4)
    worker.contracts[0] |= {"hourly_rate": None}
    agreed, first = worker.agreements[0], worker.happened("working")
    agreed["starts_on"] = first + days(random.choice([0, 0, 7, 40]))
    agreed["consent_on"] = random.choice([None, first, first + days(10), first + days(random.randint(0, 90))])
    agreed["agreed_total"] = random.choice([None, Decimal(random.randint(1, 300_000)) / 100])
    agreed["ends_on"] = random.choice([None, agreed["starts_on"] + days(random.randint(0, 120))])
    if agreed["consent_on"]:
        agreed["withdrawn_on"] = random.choice([None, agreed["consent_on"] + days(random.randint(0, 60))])
    worker.slips = []
    while (end := first + days(random.choice([7, 7, 7, 10, 14, 28]) - 1)) <= ON:
        worker.slips.append(_slip(worker, first, end, random))
        first = end + days(1)
    return worker


def _slip(worker: Worker, start: date, end: date, random: Random) -> Slip:
    floor = hourly_floor(load(worker.scheme), start, season=worker.season)
    weeks = ((end - start).days + 1) / 7
    slip = Slip(start, end, BASELINES[worker.scheme].currency, floor + random.choice([0, 0, 1, -1, 300, -250]) * CENT)
    slip.worked = Decimal(round(weeks * random.choice([30, 38, 29, 31, 60, 61, random.randint(5, 62)])))
    slip.offered = slip.worked + random.choice([0, 0, 0, 5, -3])
    rent = BASELINES[worker.scheme].taken + random.choice([0, 0, 1, -1, 4000]) * CENT
    slip.items = random.choice(
        [{"rent": rent}, {"rent": rent}, {"rent": rent, "phone": 5 * CENT}, {"phone": 900 * CENT}]
    )
    slip.settle()
    off = min(random.choice([0, 0, 0, 0, 5, 6, -7000, 900]) * CENT, slip.gross)
    slip.gross -= off
    slip.net -= off
    left = Decimal(round(20_000 * weeks) + random.choice([0, 1, -1, -5000])) * CENT
    if random.random() < 0.2 and slip.net > left:
        slip.tax, slip.net = slip.tax + slip.net - left, left
    slip.net -= random.choice([0, 0, 0, 1, 2, -2]) * CENT
    slip.deductions += random.choice([0, 0, 0, 1, 2]) * CENT
    slip.due = end + days(3)
    slip.paid = random.choice([slip.due, slip.due, slip.due + days(2), slip.due + days(3), None])
    slip.paid_to = random.choice(["own account", "own account", "cash", "other"])
    return slip


@pytest.mark.parametrize("scheme", sorted(oracle.BLOCKS))
@settings(max_examples=3, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_the_statements_count_as_plain_python_counts(cast, scheme, seed):
    with transaction.atomic():
        random = Random(seed)
        workers = [careless(scheme, f"W-{n:02d}", random) for n in range(PEOPLE)]
        verdicts, _done = judge(cast, put(cast, open_pilot(scheme, ON), workers))
        wrong = 0
        for worker in workers:
            said = {row[:3] for row in verdicts[worker.code].found if row[0] in oracle.RULES}
            wanted = oracle.expected(worker)
            assert said == wanted, (worker.code, sorted(map(str, said ^ wanted)))
            wrong += len(said)
        assert wrong > PEOPLE * 5
        transaction.set_rollback(True)
