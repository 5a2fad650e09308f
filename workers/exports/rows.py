"""The rows of a plan, read from the server a packet at a time: memory does not grow with them."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.db import connection
from psycopg import sql

from workers.sheets.formulas import escape_lines

from .listings import DAY, MOMENT, NUMBER, TEXT, YES, Cell, Plan

PACKET = 2000
BLOCK = 256 * 1024


def count(plan: Plan) -> int:
    """How many rows the plan has now."""
    if plan.total is not None:
        return plan.total()
    if plan.values is not None:
        return sum(1 for _row in plan.values())
    with connection.cursor() as cursor:
        counted = f"select count(*) {plan.counting}" if plan.counting else plan.select(["count(*)"], ordered=False)
        cursor.execute(counted, plan.params)
        return int(cursor.fetchone()[0])


def typed(cell: Cell) -> str:
    """SQL of a cell for a workbook: numbers as the machine's (a workbook has no other), moments as text in UTC."""
    if cell.form == NUMBER:
        return f"({cell.sql})::float8"
    if cell.form == MOMENT:
        return f"to_char({cell.sql} at time zone 'UTC', 'YYYY-MM-DD HH24:MI')"
    if cell.form == YES:
        return f"case when {cell.sql} then 'yes' when not {cell.sql} then 'no' end"
    return cell.sql


def written(cell: Cell) -> str:
    """SQL of a cell for a text file: numbers exact, as they are kept."""
    return cell.sql if cell.form == NUMBER else typed(cell)


def stream(plan: Plan, expressions: list[str]) -> Iterator[tuple]:
    """The rows through a cursor of the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(plan.select(expressions), plan.params)
        while packet := cursor.fetchmany(PACKET):
            yield from packet


def rows_of(plan: Plan) -> Iterable[tuple]:
    """The rows with values as a workbook holds them."""
    return plan.values() if plan.values is not None else stream(plan, [typed(cell) for cell in plan.cells])


def first(plan: Plan, most: int, after: int = 0) -> list[tuple]:
    """Some rows for a page, in the order of the file."""
    if plan.values is not None:
        return list(itertools.islice(plan.values(), after, after + most))
    with connection.cursor() as cursor:
        statement = plan.select([written(cell) for cell in plan.cells])
        cursor.execute(f"{statement} limit {int(most)} offset {int(after)}", plan.params)
        return cursor.fetchall()


def copied(plan: Plan) -> Iterator[tuple[bytes, int]]:
    """(lines of CSV, how many), as PostgreSQL writes them: every text quoted, the risky ones escaped."""
    names = [f"c{n}" for n in range(len(plan.cells))]
    select = plan.select([f"{written(cell)} as {name}" for cell, name in zip(plan.cells, names, strict=True)])
    quoted = ", ".join(name for name, cell in zip(names, plan.cells, strict=True) if is_text(cell))
    for block, held in _blocks(f"copy ({select}) to stdout (format csv, force_quote ({quoted}))", plan):
        yield escape_lines(block), held


def lines(plan: Plan) -> Iterator[tuple[bytes, int]]:
    """(lines of COPY in text, how many): exact numbers, days as a workbook counts them."""
    days = "({})::date - date '1899-12-30'"
    select = plan.select([days.format(cell.sql) if cell.form == DAY else written(cell) for cell in plan.cells])
    return _blocks(f"copy ({select}) to stdout", plan)


def _blocks(statement: str, plan: Plan) -> Iterator[tuple[bytes, int]]:
    """What the statement writes, in blocks of whole lines, each with their number."""
    held: list[Any] = []
    size = 0
    with connection.cursor() as cursor, cursor.copy(cast(Any, sql.SQL(statement)), plan.params or None) as copy:
        for line in copy:
            held.append(line)
            size += len(line)
            if size > BLOCK:
                yield b"".join(held), len(held)
                held, size = [], 0
    if held:
        yield b"".join(held), len(held)


def is_text(cell: Cell) -> bool:
    """Whether the cell is written as text."""
    return cell.form in (TEXT, MOMENT, YES)
