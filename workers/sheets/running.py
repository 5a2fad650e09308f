"""A column of plain running numbers (1, 2, 3 …) under a name that means the Worker ID: a code, or only the number of the line?

Taken for codes, the second list of an organisation would change the people of the first. So it is asked once for the
column, and nothing of the list is taken before it is answered; who has said on the page of columns what the column is, has
answered already.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from workers.models import ImportBatch

from .columns import fold_header

KEY: Final = "worker_id"
CODE: Final = "running_number"
FEWEST: Final = 2
MOSTLY: Final = 0.9  # a list that lost a line is still counted through


def ask(batch: ImportBatch, headers: Mapping[str, list[str]]) -> None:
    """Refuse the rows of ``sheet`` until it is said what their running numbers are. ``headers``: key -> [header, letters]."""
    if KEY not in headers or _settled(batch.options, headers[KEY][0]) or not _runs():
        return
    with connection.cursor() as cursor:
        # Whoever may be meant by these numbers is no matter yet.
        cursor.execute("delete from trouble where key = %s", [KEY])
        cursor.execute(
            "insert into trouble select n, %s, %s, worker_id, '' from sheet where worker_id is not null", [KEY, CODE]
        )


def _settled(options: Mapping[str, Any], header: str) -> bool:
    return fold_header(header) in {fold_header(each) for each in options.get("mapping") or {}}


def _runs() -> bool:
    """Whether the Worker IDs of ``sheet`` are 1, 2, 3 and so on, anew in every sheet that was read with it."""
    with connection.cursor() as cursor:
        cursor.execute("select worker_id from sheet where worker_id is not null order by n limit 1")
        if cursor.fetchone() != ("1",):
            return False
        cursor.execute(
            """
            select count(*), count(*) filter (where q.number = 1 or q.number = q.before + 1) from (
              select w.number, lag(w.number) over (order by w.n) as before from (
                select n, case when worker_id ~ '^[1-9][0-9]{0,6}$' then worker_id::int end as number
                from sheet where worker_id is not null) w
            ) q
            """
        )
        rows, counted = cursor.fetchone()
    return bool(rows >= FEWEST and counted >= MOSTLY * rows)


def words() -> dict[str, str]:
    """The sentence of ``ask``."""
    return {
        CODE: _(
            "“{value}” seems to be the number of the line and not the pilot's own code of the person. Say which it is: one "
            "answer settles the whole column."
        )
    }


def choices() -> list[tuple[str, str]]:
    """What the column may be: the field's answers with their words."""
    return [
        ("code", _("The pilot's own code of each person")),
        ("line", _("Only the number of the line: leave the column out")),
    ]


def mapped(answer: str) -> str:
    """Which column the answer makes of it: a key, or "" to leave it out. KeyError for an answer that is none."""
    return {"code": KEY, "line": ""}[answer]
