"""What may stand once in a file: the later row is refused and names the first. Asked of the staged rows by the database, so
that the memory of the process that reads does not grow with the file.

Runs after all rows are in ``sheet`` and before any judge looks: a row that stands twice is refused like one with a bad cell.
"""

from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from .checking import CheckedRows, Problem
from .columns import Kind
from .reading import row_words
from .staging import told_of
from .versions import KEY

PACKET: Final = 5000


def refuse(rows: CheckedRows, kind: Kind) -> None:
    """Add a problem to each row of ``sheet`` that has the same values as an earlier one, for every group of the kind."""
    with connection.cursor() as cursor:
        for group in kind.unique:
            key, last = group[0], -1
            if key not in rows.mapping.places:
                continue
            _gather(cursor, kind, group)
            while True:
                cursor.execute("select n, first, value from again where n > %s order by n limit %s", [last, PACKET])
                found = cursor.fetchall()
                if not found:
                    break
                last = found[-1][0]
                cursor.execute(
                    "update sheet s set problems = (coalesce(s.problems::jsonb, '[]') || t.told::jsonb)::text"
                    " from unnest(%s::int[], %s::text[]) as t (n, told) where s.n = t.n",
                    [[n for n, _f, _v in found], [told_of((_problem(rows, group, *each),), each[0]) for each in found]],
                )
            cursor.execute("drop table pg_temp.again")


def _gather(cursor: Any, kind: Kind, group: tuple[str, ...]) -> None:
    """The rows that stand again, each with the first. Capitals make no difference in the cell that names whom or what the
    row is about. Rows of a downloaded list of facts name their records: two facts of two placements of one person may
    read alike."""
    key, others = group[0], group[1:]
    mark = ", ".join([f"lower({{0}}.{key})", *(f"{{0}}.{other}" for other in others)])
    same = " and ".join(
        [f"lower(s.{key}) = f.m0", *(f"s.{o} is not distinct from f.m{n}" for n, o in enumerate(others, 1))]
    )
    counts = [f"{{0}}.{key} is not null"]
    counts += [f"{{0}}.{others[0]} is not null"] if key == "passport_number" else []
    counts += [f"{{0}}.{KEY} is null"] if kind.code != "workers" else []
    which = " and ".join(counts)
    marks = ", ".join(f"m{n}" for n in range(len(group)))
    cursor.execute(
        f"""
        create temp table again on commit drop as
        select s.n, f.first, s.{key} as value
        from (select {marks}, min(n) as first from (select {mark.format("q")}, q.n from sheet q where {which.format("q")})
                as q ({marks}, n) group by {marks} having count(*) > 1) f
        join sheet s on {same}
        where s.n > f.first and {which.format("s")}
          and (s.problems is null or not s.problems::jsonb @> jsonb_build_array(jsonb_build_object('key', %s::text)))
        """,
        [key],
    )


def _problem(rows: CheckedRows, group: tuple[str, ...], n: int, first: int, value: str) -> Problem:
    sheet, kind = rows.sheet, rows.kind
    place = rows.mapping.places[group[0]]
    names = ", ".join(kind.column(key).header for key in group)
    message = _("The same %(columns)s already stands in row %(row)s. Keep one of the two.") % {
        "columns": names, "row": row_words(first, sheet.parts),
    }  # fmt: skip
    header = sheet.headers[place] or kind.column(group[0]).header
    return Problem(header, sheet.address(n, place), value, message, group[0], "twice")
