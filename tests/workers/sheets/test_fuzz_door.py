"""Spoilt files through the whole door: what is recorded is what the preview showed. With ``LAMP_FUZZ_FILES=2000`` for longer."""

import os
import random

import pytest
from django.db import transaction

from tests.files import make
from tests.files.casebook import CASES, HERE
from tests.files.mutations import cell_of_text, spoilt, xml
from workers.models import ImportRow, Person
from workers.sheets.door import check, commit, open_batch

assert make.BOOKS
FILES = int(os.environ.get("LAMP_FUZZ_FILES", "16"))
GOOD = ["names_on_every_page.csv", "times_beside_dates.xlsx", "one_sheet_per_village.xlsx", "phones_of_every_shape.csv",
        "numbers_kept_as_text.xlsx", "words_for_countries.csv", "strict_workbook.xlsx", "money_of_every_country.csv"]  # fmt: skip
PLAIN = ("family_name", "given_names", "passport_name", "village", "nationality")


@pytest.mark.django_db
def test_what_is_recorded_of_a_spoilt_file_is_what_its_preview_showed(cast, today):
    chance = random.Random(11)
    recorded = 0
    for _number in range(FILES):
        name = chance.choice(GOOD)
        content = (HERE / name).read_bytes()
        mutate = chance.choice((xml if content[:2] == b"PK" else cell_of_text, lambda c, b: spoilt(c, b)[0]))
        content = mutate(chance, content)
        with cast.acting("ines") as by, transaction.atomic():
            recorded += sent_and_recorded(cast, by, today, name, content)
            transaction.set_rollback(True)
    assert recorded > FILES // 4


def sent_and_recorded(cast, by, today, name, content) -> int:
    """Sends a file, records what is accepted, and holds the database against the preview; how many rows were recorded."""
    batch = check(open_batch(content, name, CASES[name].kind, cast.pilot(), by=by), by=by, today=today)
    if batch.state == "refused":
        assert len(batch.trouble) > 20
        return 0
    counts = batch.summary["counts"]
    assert counts["rows"] == sum(counts[verdict] for verdict in ("new", "changed", "same", "refused", "conflict"))
    shown = {row.row_number: (row.verdict, row.clean) for row in ImportRow.objects.filter(batch=batch)}
    assert len(shown) == counts["rows"]
    for row in ImportRow.objects.filter(batch=batch, verdict="refused"):
        assert row.problems
        assert all(problem["cell"] and problem["message"] for problem in row.problems)
    if not counts["new"] + counts["changed"]:
        return 0
    done = commit(batch, by=by, today=today)
    assert (done.new, done.changed, done.conflict) == (counts["new"], counts["changed"], 0)
    people = {person.worker_code: person for person in Person.objects.filter(pilot=cast.pilot())}
    for verdict, clean in shown.values():
        if verdict == "new":
            person = people[clean["worker_id"]]
            for key in PLAIN:
                assert str(getattr(person, key) or "") == clean.get(key, ""), (name, key)
    again = check(open_batch(content, name, CASES[name].kind, cast.pilot(), by=by), by=by, today=today).summary[
        "counts"
    ]
    assert (again["new"], again["changed"], again["refused"]) == (0, 0, counts["refused"])
    return counts["new"] + counts["changed"]
