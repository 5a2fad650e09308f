"""Spoilt files, in short: read or refused. The long run is ``python -m tests.files.fuzz --seconds 600 --seed 7``."""

import random

from tests.files import fuzz
from tests.files.casebook import HERE
from tests.files.mutations import spoilt


def test_spoilt_files_are_read_or_refused_and_never_more():
    came = fuzz.run(seconds=3600, seed=20260701, most=40)
    assert sum(came.values()) == 40
    assert came["read"] > 5
    assert len(came) > 4


def test_the_same_seed_spoils_the_same_file():
    content = (HERE / "names_on_every_page.csv").read_bytes()
    assert spoilt(random.Random(5), content) == spoilt(random.Random(5), content)
    assert spoilt(random.Random(5), content) != spoilt(random.Random(6), content)
