"""Look-alikes of a sheet's rows in a large pilot, against a bare join by date of birth; and how many are found."""

import json
import time

from django.db import connection

from accounts.scope import acting_as
from bench import world
from bench.lookalikes import Row, truth
from bench.lookalikes import world as invented
from bench.measuring import Ratio, in_turn, slower
from pilots.models import Pilot
from workers.likeness import warning
from workers.likeness.finding import seek_in
from workers.likeness.parts import ASK, STRONG
from workers.models import ImportBatch
from workers.sheets import staging
from workers.sheets.kinds import COLUMNS

PEOPLE = """
with given as (
  select r.*, row_number() over () as n from jsonb_to_recordset(%(rows)s::jsonb) as r (worker_id text, family_name text,
    given_names text, sex text, birth_date date, nationality text, village text, phone text, passport_number text)
), made as (
  insert into workers_person (pilot_id, worker_code, family_name, given_names, passport_name, sex, birth_date,
    birth_precision, nationality, village, province, languages, version)
  select %(pilot)s, worker_id, family_name, given_names, '', sex, birth_date, 'day', nationality, village, '', '', 1
  from given returning id, worker_code
), papers as (
  insert into workers_identitydocument (person_id, pilot_id, kind, number, country)
  select distinct on (g.passport_number) m.id, %(pilot)s, 'passport', g.passport_number, 'TO'
  from made m join given g on g.worker_id = m.worker_code order by g.passport_number, m.id
)
insert into workers_personcontact (person_id, pilot_id, phone, email)
select m.id, %(pilot)s, g.phone, '' from made m join given g on g.worker_id = m.worker_code where g.phone <> ''
"""
ROWS = """
insert into sheet (n, worker_id, family_name, given_names, sex, birth_date, nationality, village, phone, passport_number)
select r.* from jsonb_to_recordset(%(rows)s::jsonb) as r (n int, worker_id text, family_name text, given_names text,
  sex text, birth_date text, nationality text, village text, phone text, passport_number text)
"""
BARE = """
select count(*) from jsonb_to_recordset(%(rows)s::jsonb) as r (birth_date date, nationality text)
join workers_person p on p.pilot_id = %(pilot)s and p.birth_date = r.birth_date and p.nationality = r.nationality
"""


def run(rows: int) -> list[Ratio]:
    """Record the invented world in the last pilot, seek, count what was found, and time a sheet of as many rows."""
    scope = world.scope(world.PILOTS - 1)
    people = invented(rows)
    with acting_as(scope), connection.cursor() as cursor:
        pilot = Pilot.objects.get(slug=f"bench-{world.PILOTS - 1}")
        cursor.execute(PEOPLE, {"rows": json.dumps([row for _who, row in people]), "pilot": pilot.pk})
    sought = seek_in(pilot.pk)
    _tell(people, pilot, scope, sought.people, sought.compared)
    incoming = dict(enumerate(row for _who, row in invented(rows // 5, seed=7)))

    def ours() -> tuple[int, float]:
        with acting_as(scope), staging.working(COLUMNS["workers"]), connection.cursor() as cursor:
            cursor.execute(ROWS, {"rows": json.dumps([row | {"n": n} for n, row in incoming.items()])})
            cursor.execute("insert into judged (n, verdict) select n, 'new' from sheet")
            started = time.perf_counter()
            warning.warn(ImportBatch(pilot=pilot), scope)
            return len(incoming), time.perf_counter() - started

    def bare() -> int:
        with acting_as(scope), connection.cursor() as cursor:
            cursor.execute(BARE, {"rows": json.dumps(list(incoming.values())), "pilot": pilot.pk})
        return len(incoming)

    timed = in_turn({"ours": ours, "bare": bare})
    words = f"look-alikes of {len(incoming):,} new rows, with reasons, against a bare join by date of birth"
    return [slower("likeness", words, timed["ours"], timed["bare"], 20)]


def _tell(people: list[tuple[int, Row]], pilot: Pilot, scope, looked_at: int, compared: int) -> None:
    """Recall and precision, from both thresholds on."""
    right = truth(people)
    with acting_as(scope), connection.cursor() as cursor:
        for least in (ASK, STRONG):
            cursor.execute(
                "select least(a.worker_code, b.worker_code), greatest(a.worker_code, b.worker_code) from workers_likepair p"
                " join workers_person a on a.id = p.first_id join workers_person b on b.id = p.second_id"
                " where p.pilot_id = %s and p.points >= %s",
                [pilot.pk, least],
            )
            found = {pair for pair in cursor.fetchall() if pair[0][0] in "DE" and pair[1][0] in "DE"}
            hit = len(found & right)
            print(
                f"likeness: from {least} points {hit} of {len(right)} found ({hit / len(right):.1%} recall),"
                f" {hit / max(len(found), 1):.1%} of {len(found)} right; {compared / looked_at:.1f} compared for each"
            )
