"""How a kind of facts is described (``Ledger``), and whom or what a row may be about (``OWNERS``)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Model

NUMBER: Final = "::numeric(14,2)"
RATE: Final = "::numeric(14,4)"
HOURS: Final = "::numeric(7,2)"


@dataclass(frozen=True)
class Ledger:
    """One kind. ``values``: column of the table -> (key of the sheet, expression over ``s``; null when the cell is
    blank, for a blank cell never overwrites).

    ``same``: columns that make it the same fact. ``known``: further condition on the recorded row ``x``. ``changing``:
    "supersede", "add", "update" or "never". ``by_employer``: what a former employer of the placement recorded is another fact. ``needs``: keys that must be filled or known. ``unused``: keys that are read
    and not kept. ``joins`` and ``more``: further tables for
    ``values``, and columns that only the questions look at. In ``questions`` (code -> key, condition, shown beside),
    ``asked`` (whole statements) and ``derived`` (column -> expression, written and not compared), ``{column}`` is what
    would stand there after the row.
    """

    model: type[Model]
    values: dict[str, tuple[str, str]]
    same: tuple[str, ...]
    changing: str
    owner: str = "placement"
    known: str = "true"
    needs: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    by_employer: bool = False
    joins: str = ""
    more: str = ""
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    derived: dict[str, str] = field(default_factory=dict)
    sentences: Callable[[], dict[str, str]] | None = None


@dataclass(frozen=True)
class Owner:
    """Whom or what a row is about. ``columns`` and ``joins`` find it for ``s``; ``key`` is the column that says so in the
    table, ``whose`` those that tell two of them apart, ``there`` whether it was found. ``questions``: (code, key,
    condition) when it was not. ``prepare``: statements before the rows are written."""

    columns: str
    joins: str
    key: str
    whose: tuple[str, ...]
    there: str
    questions: tuple[tuple[str, str, str], ...] = ()
    prepare: tuple[str, ...] = ()


_PERSON = "left join workers_person p on p.pilot_id = %(pilot)s and p.worker_code = s.worker_id"
_PLACEMENT = (
    f"{_PERSON} left join (select w.person_id, array_agg(w.other_id) as ids from workers_same w group by w.person_id)"
    " same on same.person_id = p.id"
    " left join lateral (select t.* from workers_placement t where t.person_id = any(array[p.id] || same.ids)"
    " and (%(cohort)s::bigint is null or t.cohort_id = %(cohort)s) order by t.id desc limit 1) l on true"
)
_NOBODY = ("nobody", "worker_id", "f.person_id is null")
_NO_IDS = "null::bigint as person_id, null::bigint as placement_id, null::bigint as cohort_id"
SITE: Final = """
 left join lateral (select min(t.id) as id, min(t.employer_id) as employer_id, count(*) as many from pilots_site t
   where t.pilot_id = %(pilot)s and workers_fold(btrim(t.name)) = workers_fold(btrim(s.site))) site on true
"""
# A room is told by its site, its name and, where several have that name, its address.
ROOM: Final = """
 left join lateral (select min(r.id) as id, min(r.employer_id) as employer_id, count(*) as many from workers_room r
   where r.site_id = site.id and lower(r.name) = lower(s.room)
     and (s.address is null or lower(r.address) = lower(s.address))) room on true
"""
NEW_ROOMS = (
    "insert into workers_room (pilot_id, site_id, employer_id, address, name)"
    " select distinct on (f.site_id, lower(f.address), lower(f.room_name)) %(pilot)s, f.site_id, f.employer_id, f.address,"
    " f.room_name from judged j join found f using (n) where f.room_id is null and j.verdict = 'new'"
    " order by f.site_id, lower(f.address), lower(f.room_name), f.n",
    "update found f set room_id = r.id from workers_room r where f.room_id is null and r.site_id = f.site_id"
    " and lower(r.address) = lower(f.address) and lower(r.name) = lower(f.room_name)",
)

OWNERS: Final[dict[str, Owner]] = {
    "placement": Owner(
        "p.id as person_id, l.id as placement_id, l.cohort_id, l.recruiter_id, l.employer_id", _PLACEMENT,
        key="placement_id", whose=("q.placement_id",), there="f.placement_id is not null",
        questions=(_NOBODY, ("no_placement", "worker_id", "f.person_id is not null and f.placement_id is null")),
    ),
    "person": Owner(
        "p.id as person_id, l.id as placement_id, l.cohort_id, p.recruiter_id, l.employer_id", _PLACEMENT,
        key="person_id", whose=("q.person_id",), there="f.person_id is not null", questions=(_NOBODY,),
    ),
    "recruiter": Owner(
        f"{_NO_IDS}, o.id as recruiter_id, null::bigint as employer_id",
        "left join lateral (select g.id from accounts_organisation g join pilots_participation a"
        " on a.organisation_id = g.id and a.pilot_id = %(pilot)s and a.kind = 'recruiter'"
        " where workers_fold(g.name) = workers_fold(s.recruiter) or g.slug = s.recruiter limit 1) o on true",
        key="recruiter_id", whose=("q.recruiter_id",), there="f.recruiter_id is not null",
        questions=(("unknown_recruiter", "recruiter", "f.recruiter_id is null"),),
    ),
    "room": Owner(
        f"{_NO_IDS}, null::bigint as recruiter_id, case when site.many = 1 then site.id end as site_id,"
        " site.employer_id, case when room.many = 1 then room.id end as room_id, site.many as sites, room.many as rooms,"
        " coalesce(s.address, '') as address, s.room as room_name", SITE + ROOM,
        key="room_id", whose=("q.site_id", "coalesce(q.room_id::text, lower(q.address) || chr(9) || lower(q.room_name))"),
        there="f.site_id is not null and f.rooms <= 1",
        questions=(
            ("unknown_site", "site", "f.sites = 0"), ("ambiguous_site", "site", "f.sites > 1"),
            ("ambiguous_room", "room", "f.rooms > 1"),
        ),
        prepare=NEW_ROOMS,
    ),
    "nobody": Owner(
        f"{_NO_IDS}, null::bigint as recruiter_id, null::bigint as employer_id", "", key="", whose=(), there="true"
    ),
}  # fmt: skip
