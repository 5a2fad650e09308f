"""The sieve may send too many on to the exact statements, never too few: with it and without it the same is said."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules import evaluating, sieving
from compliance.rules.declaring import LOOK
from compliance.rules.gathering import gather
from tests.compliance.rules.facts import ON, SCHEMES, Worker, clean, days, later
from tests.compliance.rules.putting import judge, open_pilot, put

CENT = Decimal("0.01")
PEOPLE = 24
EVERYTHING = f"create temp table rule_look on commit drop as select placement_id, {sum(LOOK.values())} as look, true as odd_items, null::numeric as signed_rate from rule_place"


def nearly(scheme: str, code: str, random: Random) -> Worker:
    """A worker in order but for one or two facts that lie at the edge of a rule, on either side of it."""
    worker = clean(scheme, code, arrived=date(2026, 1, 5) + days(random.randint(0, 60)))
    for _n in range(random.randint(0, 2)):
        random.choice(EDGES)(worker, random)
    return worker


def _slip(worker: Worker, random: Random) -> None:
    slip = random.choice(worker.slips)
    cents = random.choice([-1, 0, 1]) * CENT
    change = random.choice(
        ["rate", "hours", "offered", "late", "unpaid", "item", "more", "net", "gross", "days", "fraction"]
    )
    if change == "rate" and slip.rate:
        slip.rate = random.choice([Decimal("23.50"), Decimal("23.95"), Decimal("24.95")]) + cents
    elif change == "hours":
        slip.offered = slip.worked = Decimal(random.choice([30, 38, 60])) + cents
    elif change == "offered":
        slip.offered = random.choice([None, Decimal(30), Decimal(29)])
    elif change == "late" and slip.due:
        slip.paid = slip.due + days(random.choice([2, 3]))
    elif change == "unpaid":
        slip.paid = random.choice([None, ON + days(3)])
    elif change == "item":
        slip.items = {random.choice(["rent", " Rent", "transport"]): Decimal(random.randint(0, 9000)) / 100}
    elif change == "more":
        slip.items = {name: amount + cents for name, amount in slip.items.items()}
    elif change == "net":
        slip.settle()
        slip.net += cents
    elif change == "gross":
        slip.settle()
        slip.gross -= random.choice([0, 4, 5, 6]) * CENT
    elif change == "days":
        slip.end += days(random.choice([-1, 1, -6]))
    elif change == "fraction":
        for one in worker.slips[: random.randint(3, 5)]:
            one.offered = one.worked = Decimal("38.37")


def _gap(worker: Worker, random: Random) -> None:
    cut = random.randrange(len(worker.slips))
    del worker.slips[cut : cut + random.randint(1, 2)]


def _agreement(worker: Worker, random: Random) -> None:
    if worker.agreements:
        agreed = worker.agreements[0]
        agreed |= random.choice(
            [{"consent_on": None}, {"consent_on": ON - days(40)}, {"ends_on": ON - days(30)}, {"authority_approval": ""},
             {"agreed_total": agreed["per_period"] * len(worker.slips) - random.choice([0, 1])},
             {"starts_on": worker.happened("working") + days(random.choice([-1, 6, 7]))}]
        )  # fmt: skip


def _contract(worker: Worker, random: Random) -> None:
    if random.random() < 0.5:
        later(worker, "arrival", site_name=random.choice(["Main", "Elsewhere"]))
    else:
        worker.contracts[0] |= {"guaranteed_hours": Decimal(random.choice([38, 40, 41])), "guarantee_period": "week"}


def _leaving(worker: Worker, random: Random) -> None:
    last = worker.slips[-1].end if worker.slips else ON
    worker.events.append(("left_country", min(ON, last + days(random.choice([-3, 0, 1, 5, 6, 7])))))


EDGES = (_slip, _slip, _slip, _gap, _agreement, _contract, _leaving)


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=1, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_the_sieve_lets_nothing_pass_that_a_rule_would_find(cast, monkeypatch, scheme, seed):
    with transaction.atomic():
        random = Random(seed)
        stage = put(cast, open_pilot(scheme, ON), [nearly(scheme, f"N-{n:02d}", random) for n in range(PEOPLE)])
        sieved, _done = judge(cast, stage)
        with monkeypatch.context() as without:
            without.setattr(sieving, "look", lambda _p: EVERYTHING)
            everything, done = judge(cast, stage)
        assert sieved == everything
        assert everything
        assert (done.opened, done.changed, done.closed) == ((), (), ())
        transaction.set_rollback(True)


@pytest.mark.parametrize("scheme", sorted(set(SCHEMES) - {"eps", "h-2a"}))
def test_a_clean_worker_is_not_looked_at_twice(cast, monkeypatch, scheme):
    seen = []
    monkeypatch.setattr(evaluating, "gather", lambda given, p: seen.append(gather(given, p)) or seen[-1])
    with transaction.atomic():
        judge(cast, put(cast, open_pilot(scheme, ON), [clean(scheme, "CLEAN")]))
        transaction.set_rollback(True)
    assert [name for name, bit in LOOK.items() if seen[0].marks & bit] == []
