"""The table of lists that can be downloaded: ``LISTINGS``. Lists of higher apps are added by the roof, by name.

A list answers a ``Plan`` for what a reader asked: columns as SQL over its rows, filters in words. Everything is decided in
the database under the reader's own role, so a file cannot hold a row or a table that the reader's pages could not show.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.scope import Scope

TEXT, DAY, MOMENT, NUMBER, WHOLE, YES = "text", "day", "moment", "number", "whole", "yes"

# What becomes of a column in the de-identified variant. What is not said otherwise is left out.
DROP, KEEP, SHIFT, MONTH, GROUP, CODE, PERSON, AGE = "drop", "keep", "shift", "month", "group", "code", "person", "age"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a file: ``sql`` over the rows of the plan, ``form`` its type; ``apart`` what de-identifying does to it:
    left out, kept, a day moved and given by its week, a day given by a moved month, a word of few persons made general,
    a word that somebody typed as a code, the code of the person, a year of birth in bands. ``instead``: the column that
    stands there in its place."""

    key: str
    header: str
    sql: str = ""
    form: str = TEXT
    apart: str = DROP
    instead: "Cell | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What one reader asked of one list. ``source``: SQL from "from" on; ``params`` fill it. ``filters``: the filters in
    words. ``person``: SQL of the person whom a row is about, for lists of persons. ``values``: the rows of a list that no
    statement answers, as tuples in the order of ``cells``; then there is no ``source``, and
    ``total`` counts them, where counting is a statement of its own; ``counting`` is a shorter ``source`` of the same rows.

    Which record a row is, is said once: by ``key``, SQL of its number; by ``seen``, the records of a list of ``values``; or,
    where there is no record, by ``marks``: so many first cells of a row tell it from the others."""

    cells: tuple[Cell, ...]
    source: str = ""
    params: Any = None
    filters: tuple[tuple[str, str], ...] = ()
    person: str = ""
    order: str = ""
    pilot_id: int | None = None
    values: Callable[[], Iterable[tuple]] | None = None
    total: Callable[[], int] | None = None
    counting: str = ""
    key: str = ""
    seen: QuerySet | None = None
    marks: int = 0

    def __post_init__(self) -> None:
        # The lines of a .csv must begin with a quoted text (workers/sheets/formulas.py).
        if self.cells[0].form != TEXT:
            raise ValueError("the first column of a list is text")

    def select(self, expressions: list[str], *, ordered: bool = True) -> str:
        """The statement that answers these expressions for every row."""
        return f"select {', '.join(expressions)} {self.source}{f' order by {self.order}' if ordered and self.order else ''}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, what stands in the filters, and on which day."""

    by: Scope
    given: Mapping[str, str]
    today: date

    def number(self, name: str) -> int | None:
        """A filter that is an id, or none."""
        text = self.given.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else None


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. ``kind``: the kind of sheet whose form it has, or "". ``page``: the name of the address of its own page;
    without one the room's page shows it. ``own``: the filter that is an argument of that address. ``filters``: the
    names of the filters that it knows. ``by_person``: it has a variant without persons; ``sensitive``: looking is recorded."""

    code: str
    title: str | Promise
    plan: Callable[[Asked], Plan]
    allowed: Callable[[Scope], bool]
    filters: tuple[str, ...] = ()
    kind: str = ""
    page: str = ""
    own: str = ""
    by_person: bool = False
    sensitive: bool = False


LISTINGS: Final[dict[str, Listing]] = {}


def add(more: Mapping[str, Listing]) -> None:
    """Add lists: this room's own when it is loaded, those of higher apps by the roof, once, when the portal starts."""
    LISTINGS.update(more)


def offered(by: Scope) -> list[Listing]:
    """The lists that this scope may have, in the order of the table."""
    return [listing for listing in LISTINGS.values() if listing.allowed(by)]


def plan_of(rows: QuerySet, cells: tuple[Cell, ...], **more: Any) -> Plan:
    """The plan of a page's own rows: ``cells`` name the annotations or fields of ``rows`` in ``sql``."""
    names = list(
        dict.fromkeys([cell.sql for cell in cells] + ([more["person"]] if more.get("person") else []) + ["pk"])
    )
    sql, params = rows.values_list(*names).query.get_compiler(connection=connection).as_sql()
    places = {name: f"q.c{n}" for n, name in enumerate(names)}
    placed = tuple(Cell(c.key, c.header, places[c.sql], c.form, c.apart) for c in cells)
    if more.get("person"):
        more["person"] = places[more["person"]]
    columns = ", ".join(f"c{n}" for n in range(len(names)))
    return Plan(placed, f"from ({sql}) as q ({columns})", params, key=places["pk"], **more)
