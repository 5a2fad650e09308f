"""Worlds of many workers, each clean or wronged in up to three ways: found is what was planted, to the cent, and no more."""

from random import Random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules.evaluating import evaluate_changed
from compliance.rules.table import rules
from pilots.models import Site
from tests.compliance.rules.facts import ON, SCHEMES
from tests.compliance.rules.putting import Verdicts, judge, open_pilot, put
from tests.compliance.rules.shapes import SHAPES, wronged
from workers.models import CostItem, PayRecord

PEOPLE = 30
WORLDS = settings(max_examples=3, derandomize=True, database=None)


def quiet(done) -> bool:
    """Whether an evaluation changed nothing."""
    return (done.opened, done.changed, done.closed) == ((), (), ())


def plant(cast, scheme: str, seed: int, people: int = PEOPLE):
    """A world, and what must be said of each worker."""
    random = Random(seed)
    made = [wronged(scheme, f"W-{n:02d}", random) for n in range(people)]
    stage = put(cast, open_pilot(scheme, ON), [worker for worker, _found, _untold in made])
    planted = {
        worker.code: Verdicts(frozenset(found), frozenset(untold)) for worker, found, untold in made if found or untold
    }
    return stage, planted


def test_every_rule_has_its_shape():
    assert set(rules()) <= set(SHAPES)


@pytest.mark.parametrize("scheme", SCHEMES)
@WORLDS
@given(seed=st.integers(0, 2**32))
def test_what_was_planted_is_found_once_and_nothing_else(cast, scheme, seed):
    with transaction.atomic():
        stage, planted = plant(cast, scheme, seed)
        verdicts, done = judge(cast, stage)
        assert verdicts == planted
        assert len(done.opened) == done.broken == sum(len(one.found) for one in planted.values())
        again, done = judge(cast, stage)
        assert again == planted
        assert quiet(done)
        transaction.set_rollback(True)


@pytest.mark.parametrize("scheme", ["rse", "palm-long"])
@WORLDS
@given(seed=st.integers(0, 2**32))
def test_one_placement_after_the_other_comes_to_the_same_as_all_at_once(cast, scheme, seed):
    with transaction.atomic():
        stage, planted = plant(cast, scheme, seed, people=10)
        with cast.acting("ines"):
            sites = list(Site.objects.filter(pilot=stage.pilot))
        alone, opened = {}, 0
        for code, pk in stage.ids.items():
            site = [one.pk for one in sites if one.name == code]
            said, done = judge(cast, stage, placements=[pk], sites=site)
            assert set(said) <= {code}
            alone |= said
            opened += len(done.opened)
        assert alone == planted
        verdicts, done = judge(cast, stage)
        assert verdicts == planted
        assert quiet(done)
        assert opened == done.broken
        transaction.set_rollback(True)


@WORLDS
@given(seed=st.integers(0, 2**32))
def test_looking_at_what_changed_comes_to_the_same_as_looking_at_everything(cast, seed):
    with transaction.atomic():
        stage, planted = plant(cast, "rse", seed)
        assert evaluate_changed(ON) >= PEOPLE
        verdicts, done = judge(cast, stage)
        assert verdicts == planted
        assert quiet(done)
        with cast.acting("ines"):
            CostItem.objects.filter(pilot=stage.pilot).update(reimbursed=0)
            wrong = PayRecord.objects.filter(pilot=stage.pilot).order_by("pk")[seed % 50]
            superseded = wrong.pk
            wrong.pk, wrong.supersedes_id, wrong.paid_to, wrong.rate = None, superseded, "cash", 1
            wrong.save(force_insert=True)
        evaluate_changed(ON)
        assert evaluate_changed(ON) == 0
        verdicts, done = judge(cast, stage)
        assert verdicts != planted
        assert quiet(done)
        transaction.set_rollback(True)
