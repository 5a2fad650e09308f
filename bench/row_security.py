"""G6: what row security costs on a list, a count, an aggregate and a search, against an explicit WHERE without it."""

import os
import time

import psycopg
from django.db import connection

from accounts.scope import acting_as
from bench import world
from bench.measuring import Ratio, in_turn, slower

QUERIES = {
    "list": ("select id, worker_code, family_name from workers_person {where} order by id desc limit 50", 1.05),
    "count": ("select count(*) from workers_person {where}", 1.05),
    "group by": ("select family_name, count(*) from workers_person {where} group by family_name", 1.10),
    "search": (
        "select id from workers_person {where} {and} family_name ilike '%%ab12%%' limit 50", 1.30,
    ),
}  # fmt: skip
REPEAT = 20


def _secured(sql: str):
    def arm() -> tuple[int, float]:
        with acting_as(world.scope()), connection.cursor() as cursor:
            started = time.perf_counter()
            for _n in range(REPEAT):
                cursor.execute(sql.format(where="", **{"and": "where"}))
                cursor.fetchall()
            return REPEAT, time.perf_counter() - started

    return arm


def _bare(sql: str, pilots: tuple[int, ...]):
    """The same as a role that no policy binds (the backup role's sight), with the scope written into the query."""

    def arm() -> tuple[int, float]:
        with psycopg.connect(os.environ["BENCH_UNBOUND_URL"]) as unbound, unbound.cursor() as cursor:
            where = f"where pilot_id = any('{{{','.join(map(str, pilots))}}}'::bigint[])"
            started = time.perf_counter()
            for _n in range(REPEAT):
                cursor.execute(sql.format(where=where, **{"and": "and"}))
                cursor.fetchall()
            return REPEAT, time.perf_counter() - started

    return arm


def run() -> list[Ratio]:
    """Each query in two arms, timed inside the connection."""
    ratios = []
    pilots = world.scope().pilot_ids
    for name, (sql, at_most) in QUERIES.items():
        arms = {"policy": _secured(sql), "where": _bare(sql, pilots)}
        timed = in_turn(arms, rounds=5)
        ratios.append(
            slower("G6", f"{name} under row security against WHERE", timed["policy"], timed["where"], at_most)
        )
    return ratios
