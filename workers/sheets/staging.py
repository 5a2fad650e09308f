"""Between a file, the working table of one transaction and the kept rows of a batch.

``sheet`` is a temporary table: one row per row of the file, clean values as text. PostgreSQL refuses COPY into a table
under row security, so rows arrive there and are kept by INSERT … SELECT. The judges of each kind (``matching``,
``moving``, ``recording``) read ``sheet`` and fill two more:

* ``judged``   what committing a row would do: verdict, changes, whom it is about
* ``trouble``  what speaks against it, as codes; the sentences are set in here, once, by the database
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from .checking import CheckedPacket, CheckedRow, CheckedRows, Problem
from .columns import Kind
from .reading import STRIDE, column_letters, prefix_of
from .versions import MEANWHILE

NULL = "\x01"  # stands for "blank" in COPY; cleaning lets no such sign through
WORKING = ("sheet", "judged", "trouble", "told", "found", "asked", "who", "altered")
BLOCK = 20_000  # rows written by one statement
# Where the file has no such column, what is missing is typed into the other one.
INSTEAD = {"family_name": "given_names"}
UNSAFE = re.compile(r"[\t\n\r\x01]")

Say = Callable[[str, int | None, int | None], None]


def fields(kind: Kind) -> list[str]:
    """The columns of ``sheet`` for a kind: its keys, and those that only a neighbour's hint fills."""
    keys = [column.key for column in kind.columns if not column.repeated]
    hinted = [column.hint_key for column in kind.columns if column.hint_key]
    return keys + [key for key in dict.fromkeys(hinted) if key not in keys]


@contextmanager
def working(kind: Kind) -> Iterator[None]:
    """The working tables of one check or commit, gone after it: the next in this transaction may be another role's.

    Keys to other tables are looked at after each statement: PostgreSQL would else keep an event of every row in memory
    until the transaction ends, for it frees none inside a savepoint."""
    columns = ", ".join(f"{key} text" for key in fields(kind))
    with connection.cursor() as cursor:
        cursor.execute(
            "set local jit = off; set local work_mem = '16MB'; set constraints all immediate;"
            f" create temp table sheet (n int, problems text, warnings text, {columns}, more jsonb) on commit drop;"
            " create temp table judged (n int, verdict text, changes jsonb, person_id bigint, placement_id bigint,"
            "   cohort_id bigint, recruiter_id bigint) on commit drop;"
            " create temp table trouble (n int, key text, code text, value text, other text) on commit drop;"
            # Tables of a few moments have no statistics worth the name; a unique index tells the planner that a row is one.
            " create unique index on sheet (n); create unique index on judged (n); create index on trouble (n)"
        )
        yield
        dropped = ", ".join(f"pg_temp.{table}" for table in WORKING)
        cursor.execute(f"drop table if exists {dropped}; set constraints all deferred")


def stage(rows: CheckedRows | list[CheckedRow], kind: Kind, say: Say) -> None:
    """Walk over checked rows, of a file or of a form, and COPY them into ``sheet``, a packet at a time."""
    keys = fields(kind)
    repeated = tuple(column.key for column in kind.columns if column.repeated)
    packets, total = (rows.packets(), rows.sheet.expected) if isinstance(rows, CheckedRows) else (_packet_of(rows), 0)
    done = 0
    with connection.cursor() as cursor:
        names = ", ".join(["n", "problems", "warnings", *keys, "more"])
        with cursor.copy(f"copy sheet ({names}) from stdin (null E'\\001')") as copy:
            for packet in packets:
                copy.write(lines(packet, keys, repeated))
                done += len(packet.numbers)
                say("read", done, total or None)
        cursor.execute(f"analyze sheet ({_keys(kind)})")


def _packet_of(rows: list[CheckedRow]) -> Iterator[CheckedPacket]:
    """Rows that were taken one by one, as a packet."""
    keys = dict.fromkeys(key for row in rows for key in row.values)
    yield CheckedPacket(
        [row.number for row in rows], {key: [row.values.get(key) for row in rows] for key in keys},
        {at: row.problems for at, row in enumerate(rows) if row.problems},
        {at: row.warnings for at, row in enumerate(rows) if row.warnings}, {}, [],
    )  # fmt: skip


def _keys(kind: Kind) -> str:
    """The columns that rows are found by: only their figures matter to the planner."""
    named = {key for group in (*kind.keys, *kind.unique) for key in group}
    return ", ".join(["n", *sorted(named)])


def lines(packet: CheckedPacket, keys: list[str], repeated: tuple[str, ...]) -> str:
    """The packet as lines of COPY, made column by column: a row costs nothing but its cells."""
    numbers, size = packet.numbers, len(packet.numbers)
    blank = [NULL] * size
    columns = [
        list(map(str, numbers)),
        _told_column(packet.problems, numbers, blank),
        _told_column(packet.warnings, numbers, blank),
        *(_text_column(packet.table[key]) if key in packet.table else blank for key in keys),
        _more_column(packet.table, size, repeated) if repeated else blank,
    ]
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    # Cleaning lets hardly a tab, a line break or a backslash through; one look at the packet tells.
    if "\\" in text or text.count("\t") != size * (len(columns) - 1) or text.count("\n") != size - 1 or "\r" in text:
        columns = [[cell if cell is NULL else UNSAFE.sub(" ", cell) for cell in column] for column in columns]
        text = "\n".join(map("\t".join, zip(*columns, strict=True))).replace("\\", "\\\\")
    return text + "\n"


def _text_column(values: list[Any]) -> list[str]:
    return [NULL if v is None or v == "" else v if type(v) is str else str(v) for v in values]


def _told_column(told: dict[int, tuple[Problem, ...]], numbers: list[int], blank: list[str]) -> list[str]:
    if not told:
        return blank
    column = list(blank)
    for at, problems in told.items():
        column[at] = told_of(problems, numbers[at])
    return column


def _more_column(table: dict[str, list[Any]], size: int, repeated: tuple[str, ...]) -> list[str]:
    """The repeated columns of each row as one JSON object."""
    found = {key: values for key, values in table.items() if key.startswith(repeated)}
    rows = ({key: values[at] for key, values in found.items() if values[at] is not None} for at in range(size))
    return [json.dumps(row) if row else NULL for row in rows]


def told_of(problems: Iterable[Problem], number: int) -> str:
    """Problems of a row as ``sheet`` holds them."""
    return json.dumps([{**p.as_dict(number), "key": p.key, "code": p.code} for p in problems], ensure_ascii=False)


def places(rows: CheckedRows) -> dict[str, list[str]]:
    """Key -> [header in the file, letters of its column], to name the cell of what the database finds."""
    sheet = rows.sheet
    return {
        key: [sheet.headers[place] or rows.kind.column(key).header, column_letters(sheet.first_column + place)]
        for place, key in rows.mapping.columns.items()
    }


def load(batch_id: int, kind: Kind, verdicts: tuple[str, ...] = ("new", "changed")) -> None:
    """Put into ``sheet`` the kept rows of a batch with these verdicts, as they were cleaned then."""
    with connection.cursor() as cursor:
        _load(cursor, kind, "r.batch_id = %s and r.verdict = any(%s)", [batch_id, list(verdicts)])
        cursor.execute(f"analyze sheet ({_keys(kind)})")


def load_blocks(batch_id: int, kind: Kind, verdict: str) -> Iterator[int]:
    """The kept rows with this verdict, a block at a time in the place of the one before, and what was judged of it. Gives
    the number of rows of each."""
    last = -1
    with connection.cursor() as cursor:
        while True:
            cursor.execute("truncate sheet, judged, trouble")
            which = "r.batch_id = %s and r.verdict = %s and r.row_number > %s"
            number = _load(cursor, kind, which, [batch_id, verdict, last], f"limit {BLOCK}")
            if not number:
                return
            cursor.execute("select max(n) from sheet")
            last = cursor.fetchone()[0]
            yield number


def _load(cursor: Any, kind: Kind, which: str, given: list[Any], limit: str = "") -> int:
    keys = fields(kind)
    record = ", ".join(f"{key} text" for key in keys)
    cursor.execute(
        f"insert into sheet (n, {', '.join(keys)}, more)"
        f" select r.row_number, {', '.join('x.' + key for key in keys)}, r.clean->'more'"
        f" from (select r.row_number, r.clean from workers_importrow r where {which} order by r.row_number {limit}) r,"
        f" jsonb_to_record(r.clean) as x ({record})",
        given,
    )
    return int(cursor.rowcount)


def blocks() -> list[dict[str, int]]:
    """``first`` and ``last`` row of each block of what is judged new. A statement over a million rows keeps its events and
    what the history writes of them in memory until it ends; a block of rows bounds that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(n), max(n) from (select n, (row_number() over (order by n) - 1) / %s as block from judged"
            " where verdict = 'new') q group by block order by block",
            [BLOCK],
        )
        return [{"first": first, "last": last} for first, last in cursor.fetchall()]


def tell(words: Mapping[str, str], headers: Mapping[str, list[str]], kind: Kind, parts: Sequence[str] = ()) -> None:
    """Turn ``trouble`` into sentences: ``told (n, problems, warnings)``, jsonb arrays per row.

    ``words``: code -> sentence with ``{value}`` and ``{other}``, or ``{row}`` where ``other`` is the number of a row; a code
    that begins with ``~`` only warns. ``parts``: the sheets that were read as one list, when there are several.
    """
    known = {column.key: [column.header, ""] for column in kind.columns} | dict(headers)
    known |= {key: headers[other] for key, other in INSTEAD.items() if key not in headers and other in headers}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            create temp table told on commit drop as
            select t.n,
                   coalesce(jsonb_agg(t.told order by t.code) filter (where t.code not like '~%%'), '[]') as problems,
                   coalesce(jsonb_agg(t.told order by t.code) filter (where t.code like '~%%'), '[]') as warnings
            from (
              select t.n, t.code, jsonb_build_object(
                'row', t.n %% %(stride)s, 'column', h.header,
                'cell', coalesce((%(prefixes)s::text[])[t.n / %(stride)s + 1], '')
                  || case when h.letters = '' then (t.n %% %(stride)s) || ':' else h.letters end || (t.n %% %(stride)s),
                'value', coalesce(t.value, ''), 'key', t.key, 'code', ltrim(t.code, '~'),
                'message', replace(replace(replace(w.sentence, '{row}', case when w.sentence not like '%%{row}%%' then ''
                    else (t.other::int %% %(stride)s) || coalesce((%(named)s::text[])[t.other::int / %(stride)s + 1], '') end),
                  '{value}', coalesce(t.value, '')), '{other}', coalesce(t.other, ''))) as told
              from trouble t
              join unnest(%(codes)s::text[], %(sentences)s::text[]) as w (code, sentence) on w.code = t.code
              join unnest(%(keys)s::text[], %(headers)s::text[], %(letters)s::text[]) as h (key, header, letters)
                on h.key = t.key
            ) t group by t.n
            """,
            {
                "codes": list(words), "sentences": [str(s) for s in words.values()], "keys": list(known),
                "headers": [h for h, _l in known.values()], "letters": [letters for _h, letters in known.values()],
                "stride": STRIDE, "prefixes": [prefix_of(n * STRIDE, list(parts)) for n in range(len(parts))],
                "named": [f" ({part})" for part in parts] if len(parts) > 1 else [],
            },
        )  # fmt: skip


def keep(batch: Any, kind: Kind) -> None:
    """Keep the judged rows with the batch, in the place of what an earlier check kept."""
    code = "case when j.person_id is null then left(s.worker_id, 40) end" if "worker_id" in fields(kind) else "null"
    with connection.cursor() as cursor:
        cursor.execute("delete from workers_importrow where batch_id = %s", [batch.pk])
        cursor.execute(
            f"""
            insert into workers_importrow (pilot_id, organisation_id, batch_id, row_number, raw, clean, problems,
              warnings, verdict, changes, person_id, placement_id, worker_code, restricted)
            select %(pilot)s, %(org)s, %(batch)s, s.n, '{{}}',
              {_cleaned(cursor, fields(kind))}
                || case when s.more is null then '{{}}' else jsonb_build_object('more', s.more) end,
              coalesce(s.problems::jsonb, '[]') || coalesce(t.problems, '[]'),
              case when s.warnings is null then '[]'
                -- Of somebody known no name is needed.
                else coalesce((select jsonb_agg(w) from jsonb_array_elements(s.warnings::jsonb) w
                  where j.person_id is null or w->>'code' <> 'no_name'), '[]') end || coalesce(t.warnings, '[]'),
              case when s.problems is not null then 'refused' when t.problems is null or t.problems = '[]' then j.verdict
                when jsonb_path_exists(t.problems, '$[*] ? (@.code != "{MEANWHILE}")') then 'refused' else 'conflict' end,
              coalesce(j.changes, '{{}}'), j.person_id, j.placement_id, {code}, %(apart)s
            from sheet s left join judged j using (n) left join told t using (n) order by s.n
            """,
            {"pilot": batch.pilot_id, "org": batch.organisation_id, "batch": batch.pk, "apart": batch.restricted},
        )


def _cleaned(cursor: Any, keys: list[str]) -> str:
    """The expression for a row's clean cells as one object, without blanks. A column that is blank in every row is left
    out at once, and where no cell is blank nothing need be stripped: making this object is the dearest part of keeping."""
    cursor.execute(f"select count(*), {', '.join(f'count({key})' for key in keys)} from sheet")
    rows, *filled = cursor.fetchone()
    there = [key for key, number in zip(keys, filled, strict=True) if number]
    names, cells = (", ".join(form.format(key) for key in there) for form in ("'{}'", "s.{}"))
    # Two arrays of text make an object twice as quickly as a list of pairs of any type.
    whole = f"jsonb_object(array[{names}]::text[], array[{cells}]::text[])"
    return whole if set(filled) <= {0, rows} else f"jsonb_strip_nulls({whole})"


def counts(batch_id: int) -> dict[str, int]:
    """Rows of a batch by verdict, and how many carry a warning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select verdict, count(*), count(*) filter (where warnings <> '[]') from workers_importrow"
            " where batch_id = %s group by verdict",
            [batch_id],
        )
        rows = cursor.fetchall()
    answer = dict.fromkeys(("new", "changed", "same", "refused", "conflict"), 0)
    answer |= {verdict: number for verdict, number, _warned in rows}
    return answer | {"rows": sum(row[1] for row in rows), "warnings": sum(row[2] for row in rows)}
