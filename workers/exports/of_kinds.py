"""Lists that are kinds of sheets: the headers, words and order of columns that ``workers/sheets`` reads, and last the
version of each row. Which column of the table a header is stands in ``LEDGERS``; people and moves are described here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, DateField, DecimalField, Field, IntegerField
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from pilots.chosen import pilot_number
from pilots.models import Cohort, Pilot
from workers.journey.reasons import REASONS
from workers.journey.steps import STEPS
from workers.models import Consent, JourneyEvent, Person
from workers.sheets import versions
from workers.sheets.columns import Kind
from workers.sheets.kinds import COLUMNS
from workers.sheets.ledgers import LEDGERS
from workers.sheets.ledgers_shared import Ledger
from workers.sheets.parts import person_parts, person_version, sees_background, sees_contact, sees_papers
from workers.sheets.recording import version_of

from .apart import COMMON_ITEMS, INSTEAD, apart_of
from .listings import DAY, DROP, KEEP, NUMBER, TEXT, WHOLE, YES, Asked, Cell, Listing, Plan

# Where the row's owner is found, and the columns of the sheet that name it.
_TO_PERSON = "join workers_placement l on l.id = x.placement_id join workers_person p on p.id = l.person_id"
_TO_ROOM = "join workers_room room on room.id = x.room_id join pilots_site site on site.id = room.site_id"
_OF_ROOM = {"site": "site.name", "address": "room.address", "room": "room.name"}
OWNER_JOINS: Final[dict[str, str]] = {
    "placement": _TO_PERSON,
    "person": "join workers_person p on p.id = x.person_id",
    "recruiter": "join accounts_organisation org on org.id = x.recruiter_id",
    "room": _TO_ROOM,
    "nobody": "",
}
OWNER_CELLS: Final[dict[str, dict[str, str]]] = {
    "placement": {"worker_id": "p.worker_code"},
    "person": {"worker_id": "p.worker_code"},
    "recruiter": {"recruiter": "org.name"},
    "room": _OF_ROOM,
    "nobody": {},
}
BASE_FILTERS = ("pilot", "cohort")


def chosen_pilot(asked: Asked) -> Pilot | None:
    """The pilot asked for, by its number or its short name; without one the first by name, because a sheet is sent for one
    pilot. None when there is no such pilot for the reader: never another one in its place."""
    wanted = pilot_number(asked.given.get("pilot", ""))
    pilots = Pilot.objects.order_by("name", "pk")
    return (pilots if wanted is None else pilots.filter(pk=wanted)).first()


def chosen(asked: Asked, *, cohorts: bool) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """(params, filters in words): the pilot, and the cohort where the list knows them."""
    pilot = chosen_pilot(asked)
    params: dict[str, Any] = {"pilot": pilot.pk if pilot else None, "cohort": None}
    words = [(_("Pilot"), pilot.name if pilot else _("none"))]
    wanted = asked.number("cohort") if cohorts else None
    if wanted is not None:
        cohort = Cohort.objects.filter(pk=wanted, pilot=pilot).first()
        params["cohort"] = wanted if cohort else 0
        words.append((_("Cohort"), cohort.name if cohort else _("none")))
    return params, tuple(words)


def _form(field: Field) -> str:
    if isinstance(field, DateField):
        return DAY
    if isinstance(field, DecimalField):
        return NUMBER
    if isinstance(field, BooleanField):
        return YES
    return WHOLE if isinstance(field, IntegerField) else TEXT


def ledger_plan(kind: str) -> Callable[[Asked], Plan]:
    """The plan of a kind whose rows are facts."""
    ledger, described = LEDGERS[kind], COLUMNS[kind]

    def plan(asked: Asked) -> Plan:
        of_persons = ledger.owner in ("placement", "person")
        has_pilot = any(field.column == "pilot_id" for field in ledger.model._meta.local_fields)
        params, words = chosen(asked, cohorts=of_persons) if has_pilot else ({}, ())
        joins = OWNER_JOINS[ledger.owner] + (" " + _TO_ROOM if kind == "stays" else "")
        where = [ledger.known]
        if has_pilot:
            where.append("x.pilot_id = %(pilot)s")
        if of_persons and params["cohort"] is not None:
            where.append(_in_cohort(ledger.owner))
        source = f"from {ledger.model._meta.db_table} x {joins} where {' and '.join(where)}"
        return Plan(
            _fact_cells(kind, ledger, described, source, params), source, params, words,
            person="p.id" if of_persons else "", order="x.id desc", pilot_id=params.get("pilot"), key="x.id",
        )  # fmt: skip

    return plan


def _in_cohort(owner: str) -> str:
    if owner == "placement":
        return "l.cohort_id = %(cohort)s"
    return "exists (select from workers_placement t where t.person_id = x.person_id and t.cohort_id = %(cohort)s)"


def _fact_cells(kind: str, ledger: Ledger, described: Kind, source: str, params: Mapping[str, Any]) -> tuple[Cell, ...]:
    columns = {key: column for column, (key, _sql) in ledger.values.items()}
    fields = {field.column: field for field in ledger.model._meta.local_fields}
    owner = OWNER_CELLS[ledger.owner] | (_OF_ROOM if kind == "stays" else {})
    cells = []
    for column in described.columns:
        apart = apart_of(kind, column.key)
        if column.key in owner:
            cells.append(Cell(column.key, column.header, owner[column.key], TEXT, apart))
        elif column.repeated:
            cells += _items(column.key, column.header, f"x.{columns[column.key]}", source, params)
        elif column.key in columns:
            field = fields[columns[column.key]]
            # A text with three decimals would be read back as a doubt between 2.125 and two thousand.
            more = "::numeric(30, 4)" if getattr(field, "decimal_places", 0) == 3 else ""
            instead = INSTEAD.get((kind, column.key))
            cells.append(
                Cell(
                    column.key, column.header, f"x.{field.column}{more}", _form(field), apart, instead() if instead else None
                )
            )  # fmt: skip
        elif column.key == "status":  # not kept apart from being there
            cells.append(Cell("status", column.header, "'received'", TEXT, DROP))
        elif column.carried:
            cells.append(Cell(column.key, column.header, version_of(ledger), TEXT, DROP))
    if cells[0].form != TEXT:  # a month, as a text of its first day
        first = cells[0]
        cells[0] = Cell(first.key, first.header, f"to_char({first.sql}, 'YYYY-MM-DD')", TEXT, first.apart)
    return tuple(cells)


def _items(key: str, header: str, column: str, source: str, params: Mapping[str, Any]) -> list[Cell]:
    """One column for each item that occurs, by name."""
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct k.key from (select {column} as items {source}) q, jsonb_object_keys(q.items) k (key) order by 1", params)  # fmt: skip
        names = [name for (name,) in cursor.fetchall()]
    quoted = {name: name.replace("'", "''").replace("%", "%%") for name in names}
    cells = [
        Cell(f"{key}{name}", f"{header} {name}", f"({column}->>'{quoted[name]}')::numeric", NUMBER,
             KEEP if name in COMMON_ITEMS else DROP)
        for name in names
    ]  # fmt: skip
    typed = [at for at, cell in enumerate(cells) if cell.apart == DROP]
    if typed:
        # Without persons the others are one column: somebody typed their names, and they may name anybody.
        listed = ", ".join(f"'{quoted[names[at]]}'" for at in typed)
        rest = f"(select sum(d.value::numeric) from jsonb_each_text({column}) d where d.key in ({listed}))"
        other = Cell(f"{key}*", f"{header} {_('other')}", rest, NUMBER, KEEP)
        cells[typed[0]] = replace(cells[typed[0]], instead=other)
    return cells


def workers_plan(asked: Asked) -> Plan:
    """People, each with what the reader's role may read of contact, background and papers."""
    params, words = chosen(asked, cohorts=True)
    role = asked.by.db_role
    contact, paper, home = sees_contact(asked.by), sees_papers(asked.by), sees_background(asked.by)
    consent = may(Consent, role)
    of_all = params["cohort"] is None
    # A person is in a cohort once, and has one consent that stands.
    in_cohort = (
        " left join lateral (select h.code from workers_placement t join pilots_cohort h on h.id = t.cohort_id"
        " where t.person_id = v.id order by t.id desc limit 1) cohort on true" if of_all else
        " join workers_placement t on t.person_id = v.id and t.cohort_id = %(cohort)s"
        " join pilots_cohort cohort on cohort.id = t.cohort_id"
    )  # fmt: skip
    papers = "i.pilot_id = %(pilot)s" if of_all else (
        "i.person_id in (select w.person_id from workers_placement w where w.cohort_id = %(cohort)s)"
    )  # fmt: skip
    source = (
        "from workers_person v left join accounts_organisation org on org.id = v.recruiter_id"
        + person_parts(asked.by, papers)
        + (
            " left join workers_consent co on co.person_id = v.id and co.purpose = 'participation'"
            " and co.withdrawn_on is null" if consent else ""
        )
        + f"{in_cohort} where v.pilot_id = %(pilot)s"
    )  # fmt: skip
    cells = {
        "worker_id": "v.worker_code", "recruiter": "org.name", "cohort": "cohort.code",
        "sex": "v.sex", "registered_on": "v.registered_on",
        "birth_date": "to_char(v.birth_date, case v.birth_precision when 'year' then 'YYYY' when 'month' then 'FMMonth YYYY'"
        " else 'YYYY-MM-DD' end)",
    } | {key: f"v.{key}" for key in (
        "family_name", "given_names", "passport_name", "nationality", "village", "province", "languages"
    )}  # fmt: skip
    cells |= {"phone": "ct.phone", "email": "ct.email"} if contact else {}
    cells |= (
        {key: f"b.{key}" for key in ("marital_status", "dependants", "home_income", "home_income_currency")}
        if home
        else {}
    )
    cells |= (
        {"passport_number": "pa.number", "passport_country": "pa.country", "passport_expiry": "pa.expires_on", "national_id": "ni.number"}
        if paper else {}
    )  # fmt: skip
    cells |= (
        {"consent_date": "co.given_on", "consent_version": "co.form_version", "consent_language": "co.language"}
        if consent
        else {}
    )
    cells[versions.KEY] = person_version(asked.by)
    forms = {
        "registered_on": DAY,
        "passport_expiry": DAY,
        "consent_date": DAY,
        "dependants": WHOLE,
        "home_income": NUMBER,
    }
    return Plan(
        tuple(
            Cell(c.key, c.header, cells[c.key], forms.get(c.key, TEXT), apart_of("workers", c.key))
            for c in COLUMNS["workers"].columns if c.key in cells
        ),
        source, params, words, person="v.id", order="v.id desc", pilot_id=params["pilot"], key="v.id",
        # Without what hangs on each person.
        counting="from workers_person v where v.pilot_id = %(pilot)s and (%(cohort)s::bigint is null or exists (select"
        " from workers_placement t join pilots_cohort h on h.id = t.cohort_id"
        " where t.person_id = v.id and t.cohort_id = %(cohort)s))",
    )  # fmt: skip


def _named(pairs: list[tuple[str, str]], column: str) -> str:
    """SQL: the word for a code."""
    cases = " ".join(f"when '{code}' then '{words.replace(chr(39), chr(39) * 2)}'" for code, words in pairs)
    return f"case {column} {cases} else {column} end"


def moves_plan(asked: Asked) -> Plan:
    """Every step that a placement reached, the latest first."""
    params, words = chosen(asked, cohorts=True)
    source = (
        "from workers_journeyevent x join workers_placement l on l.id = x.placement_id"
        " join workers_person p on p.id = l.person_id where x.pilot_id = %(pilot)s"
        " and (%(cohort)s::bigint is null or l.cohort_id = %(cohort)s)"
    )
    cells = {
        "worker_id": ("p.worker_code", TEXT), "date": ("x.happened_on", DAY), "known_on": ("x.known_on", DAY),
        "step": (_named([(s.code, s.label) for s in STEPS], "x.to_step"), TEXT),
        "reason": (_named([(r.code, r.label) for r in REASONS], "x.reason"), TEXT), "note": ("x.note", TEXT),
        versions.KEY: (versions.of("x.id", ["x.placement_id", "x.to_step", "x.happened_on"]), TEXT),
    }  # fmt: skip
    return Plan(
        tuple(
            Cell(c.key, c.header, *cells[c.key], apart_of("moves", c.key))
            for c in COLUMNS["moves"].columns if c.key in cells
        ),
        source, params, words, person="p.id", order="x.id desc", pilot_id=params["pilot"], key="x.id",
    )  # fmt: skip


def _may_read(kind: str) -> Callable[[Scope], bool]:
    model = {"workers": Person, "moves": JourneyEvent}.get(kind) or LEDGERS[kind].model
    verbs = {"pay": (Permission.PERSON_VIEW, Permission.PAY_VIEW)}.get(kind, (Permission.PERSON_VIEW,))
    return lambda by: may(model, by.db_role) and all(by.allows(verb) for verb in verbs)


def _listing(kind: str) -> Listing:
    plan = {"workers": workers_plan, "moves": moves_plan}.get(kind) or ledger_plan(kind)
    of_persons = kind in ("workers", "moves") or LEDGERS[kind].owner in ("placement", "person")
    filters = BASE_FILTERS if of_persons else () if kind == "exchange rates" else ("pilot",)
    return Listing(
        code_of(kind), COLUMNS[kind].title, plan, _may_read(kind), filters=filters, kind=kind, by_person=of_persons,
        sensitive=kind in ("workers", "documents", "pay"),
    )  # fmt: skip


def code_of(kind: str) -> str:
    """The code of a kind's list, as it stands in an address."""
    return kind.replace(" ", "-")


LISTINGS: Final[dict[str, Listing]] = {
    code_of(kind): _listing(kind) for kind in COLUMNS if kind in ("workers", "moves") or kind in LEDGERS
}
