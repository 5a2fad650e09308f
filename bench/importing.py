"""G1: a workbook of workers, from the bytes to the recorded rows, against django-import-export and the bare COPY.

Every arm begins with the same .xlsx bytes and ends with the rows in the tables, rolled back after what it wrote was
compared: before anything is timed, the rows of all arms must have one hash. Ours and the peers run as a programme
officer under row security, with history; the floor is a COPY into one indexed table of its owner, which checks nothing.
Between the two stand the portal's own five tables, filled without a check, a kept row or a verdict: what is above the
floor there is the price of the tables, and what ours costs above them is the price of the door.
"""

import csv
import io
import os
import time
from datetime import date, timedelta
from unittest import mock

import psycopg
import tablib
import xlsxwriter
from django.db import connection, transaction
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader
from python_calamine import CalamineWorkbook

from accounts.scope import acting_as
from bench import world
from bench.measuring import Ratio, Timed, faster, in_turn, slower
from pilots.models import Pilot
from workers.models import IdentityDocument, ImportBatch, Person, PersonBackground, PersonContact
from workers.sheets import committing, judges, staging
from workers.sheets.door import check, commit, open_batch
from workers.sheets.kinds import COLUMNS

TODAY = date(2026, 7, 1)
HEADERS = (
    "Worker ID", "Family name", "Given names", "Sex", "Date of birth", "Nationality", "Passport number",
    "Passport country", "Passport expiry", "National ID", "Phone", "Email", "Village", "Province", "Languages",
    "Marital status", "Dependants", "Home monthly income", "Home income currency", "Registered on",
)  # fmt: skip
# Header -> the key of its column in ``sheet``.
CODES = {column.header: column.key for column in COLUMNS["workers"].columns}
PERSON = {
    "worker_code": "Worker ID", "family_name": "Family name", "given_names": "Given names", "sex": "Sex",
    "birth_date": "Date of birth", "nationality": "Nationality", "village": "Village", "province": "Province",
    "languages": "Languages", "registered_on": "Registered on",
}  # fmt: skip


def workbook(rows: int, after: int = 0) -> bytes:
    """A list of ``rows`` people with 20 columns, numbered on from ``after``; every person is new, every number its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Workers")
        sheet.write_row(0, 0, HEADERS)
        for n in range(1, rows + 1):
            sheet.write_row(n, 0, _row(after + n))
    return buffer.getvalue()


def textfile(rows: int, after: int = 0) -> bytes:
    """The same list as a text file, made in a tenth of the time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADERS)
    writer.writerows(_row(after + n) for n in range(1, rows + 1))
    return buffer.getvalue().encode()


def _row(n: int) -> list[object]:
    born = date(1975, 1, 1) + timedelta(days=n * 37 % 11_000)
    expires = date(2028, 1, 1) + timedelta(days=n * 17 % 1500)
    registered = date(2026, 1, 1) + timedelta(days=n % 100)
    family, given = f"Fa{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}leolo", f"Si{chr(97 + n // 7 % 26)}one"
    return [
        f"I-{n:07d}", family, given, "FM"[n % 2], born, "TO", f"P{n:07d}", "TO", expires, f"N{n:07d}",
        f"+67677{n:07d}", f"w{n}@example.org", f"Village {n % 900}", "Tongatapu", "Tongan, English",
        ("married", "single")[n % 2], n % 6, 200 + n % 700 + 0.5, "TOP", registered,
    ]  # fmt: skip


class _Undo(Exception):
    """Rolls a round back, so that every round does the same work."""


def _rolled_back(work, wanted: int, hashes: list[str] | None = None):
    """An arm that runs as the programme officer; its time ends before the roll-back, its count must be right. Keys that
    are looked at late are looked at before the time ends, as a real commit would. ``hashes`` gets what it wrote."""

    def arm() -> tuple[int, float]:
        try:
            with acting_as(world.scope()), transaction.atomic():
                started = time.perf_counter()
                work()
                with connection.cursor() as cursor:
                    cursor.execute("set constraints all immediate")
                seconds = time.perf_counter() - started
                if hashes is not None:
                    hashes.append(_written())
                people = Person.objects.filter(worker_code__startswith="I-").count()
                papers = IdentityDocument.objects.filter(person__worker_code__startswith="I-").count()
                raise _Undo
        except _Undo:
            if (people, papers) != (wanted, 2 * wanted):
                raise SystemExit(f"bench: {people} people and {papers} papers instead of {wanted}.") from None
        return people, seconds

    return arm


def _written() -> str:
    """A hash of everything that the arms write of these people, whatever their numbers are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select md5(string_agg(r, '|' order by r)) from (select concat_ws('/', p.worker_code, p.family_name,"
            "  p.given_names, p.sex, p.birth_date, p.nationality, p.village, p.province, p.languages, p.registered_on,"
            "  c.phone, c.email, b.marital_status, b.dependants, b.home_income, b.home_income_currency,"
            "  (select string_agg(concat_ws(':', d.kind, d.number, d.country, d.expires_on), ',' order by d.kind)"
            "   from workers_identitydocument d where d.person_id = p.id)) as r"
            " from workers_person p join workers_personcontact c on c.person_id = p.id"
            " join workers_personbackground b on b.person_id = p.id where p.worker_code like 'I-%') q"
        )
        return str(cursor.fetchone()[0])


def ours(content: bytes, rows: int, hashes: list[str] | None = None):
    """The whole door: keep the file, read it apart, clean, stage, match, judge, keep the rows, look again, record."""

    def work() -> None:
        by = world.scope()
        pilot = Pilot.objects.select_related("corridor").get(slug="bench-0")
        batch = open_batch(content, "workers.xlsx", "workers", pilot, by=by)
        check(batch, by=by, today=TODAY)
        done = commit(batch, by=by, only_accepted=False, today=TODAY)
        assert done.new == rows, done

    return _rolled_back(work, rows, hashes)


def without_look_alikes(content: bytes, rows: int):
    """Ours, but nobody is looked for who may be the same person under another number."""
    whole = ours(content, rows)

    def arm() -> tuple[int, float]:
        with mock.patch.object(judges, "warn", return_value=None):
            return whole()

    return arm


def tables(content: bytes, rows: int, hashes: list[str] | None = None):
    """Parse, COPY, and the portal's own statements into its five tables: no check, no kept row, no verdict."""

    def work() -> None:
        pilot = Pilot.objects.select_related("corridor").get(slug="bench-0")
        kind = COLUMNS["workers"]
        keys = [CODES[header] for header in HEADERS]
        with staging.working(kind), connection.cursor() as cursor:
            with cursor.copy(f"copy sheet (n, {', '.join(keys)}) from stdin") as copy:
                for n, row in enumerate(parsed_rows(content), start=1):
                    copy.write_row([n, *row])
            cursor.execute("insert into judged (n, verdict, changes) select n, 'new', '{}' from sheet")
            cursor.execute("analyze sheet (n, worker_id); analyze judged")
            committing.write(ImportBatch(pilot=pilot), world.scope(), TODAY)

    return _rolled_back(work, rows, hashes)


class _Resource(resources.ModelResource):
    """What somebody would declare: the person's columns, and their parts made as each row is saved."""

    def __init__(self, pilot: Pilot):
        super().__init__()
        self.pilot = pilot

    class Meta:
        model = Person
        import_id_fields = ("worker_code",)
        fields = tuple(PERSON)

    def before_save_instance(self, instance, row, **kwargs):
        """The pilot is not a column of the file."""
        instance.pilot = self.pilot

    def after_import(self, dataset, result, **kwargs):
        """Its own puts the sequences of the tables back, which is not the portal's role to do: left out."""

    def parts(self, person: Person, row) -> list:
        """The rows of the other tables that belong to this one."""
        own = {"person": person, "pilot": self.pilot}
        return [
            PersonContact(**own, phone=row["Phone"], email=row["Email"]),
            PersonBackground(
                **own, marital_status=row["Marital status"], dependants=row["Dependants"],
                home_income=row["Home monthly income"], home_income_currency=row["Home income currency"],
            ),
            IdentityDocument(
                **own, kind="passport", number=row["Passport number"], country=row["Passport country"],
                expires_on=row["Passport expiry"],
            ),
            IdentityDocument(**own, kind="national id", number=row["National ID"], country="TO"),
        ]  # fmt: skip


for _name, _header in PERSON.items():
    _field = fields.Field(
        column_name=_header, attribute=_name, widget=resources.ModelResource.widget_from_django_field(
            Person._meta.get_field(_name)
        )(),
    )  # fmt: skip
    _Resource.fields[_name] = _field


class Stock(_Resource):
    """As the admin uses it."""

    def after_save_instance(self, instance, row, **kwargs):
        """Save the parts one by one."""
        for part in self.parts(instance, row):
            part.save(force_insert=True)


class Best(_Resource):
    """Its fastest settings: bulk statements, no comparison, one read of what is there."""

    class Meta(_Resource.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        instance_loader_class = CachedInstanceLoader

    def after_import(self, dataset, result, **kwargs):
        """Write the parts of everybody, table by table."""
        if kwargs.get("dry_run"):
            return
        people = {p.worker_code: p for p in Person.objects.filter(worker_code__in=dataset["Worker ID"])}
        parts = [self.parts(people[row["Worker ID"]], row) for row in dataset.dict]
        for kind in zip(*parts, strict=True):
            type(kind[0]).objects.bulk_create(kind, batch_size=1000)


def peer(resource: type[_Resource], content: bytes, rows: int, hashes: list[str] | None = None):
    """django-import-export as its admin does it: parse, try, parse again, import. Its log entries are left out."""

    def work() -> None:
        pilot = Pilot.objects.get(slug="bench-0")
        for dry_run in (True, False):
            result = resource(pilot).import_data(
                parsed(content), dry_run=dry_run, raise_errors=True, use_transactions=True
            )
            assert result.totals["new"] == rows, result.totals

    return _rolled_back(work, rows, hashes)


def parsed(content: bytes) -> tablib.Dataset:
    """The file as a data set, read with the quick parser in the peer's favour (its own is ten times slower)."""
    return tablib.Dataset(*parsed_rows(content), headers=HEADERS)


def parsed_rows(content: bytes) -> list[list]:
    """The rows below the headers; whole numbers come as such."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    return [[*row[:16], int(row[16]), *row[17:]] for row in rows]  # type: ignore[arg-type]


FLOOR_COLUMNS = {
    "worker_code": "text unique", "family_name": "text", "given_names": "text", "sex": "text", "birth_date": "date",
    "nationality": "text", "passport": "text", "passport_country": "text", "passport_expiry": "date",
    "national_id": "text", "phone": "text", "email": "text", "village": "text", "province": "text",
    "languages": "text", "marital": "text", "dependants": "smallint", "home_income": "numeric(14,2)",
    "currency": "text", "registered_on": "date",
}  # fmt: skip
FLOOR = f"""
create temp table floor (id bigint generated by default as identity primary key,
  {", ".join(f"{name} {kind}" for name, kind in FLOOR_COLUMNS.items())}, unique (passport_country, passport));
create index on floor (registered_on, id);
create index on floor using gin ((family_name || ' ' || given_names) gin_trgm_ops)
"""


def floor(content: bytes, rows: int):
    """Parse and COPY into one table with a primary key, two unique keys, a list index and a name index."""

    def arm() -> tuple[int, float]:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
            cursor.execute(FLOOR)
            started = time.perf_counter()
            with cursor.copy(f"copy floor ({', '.join(FLOOR_COLUMNS)}) from stdin") as copy:
                for row in parsed_rows(content):
                    copy.write_row(row)
            seconds = time.perf_counter() - started
            cursor.execute("select count(*) from floor")
            found = int((cursor.fetchone() or [0])[0])
            owner.rollback()
        if found != rows:
            raise SystemExit(f"bench: the floor holds {found} rows instead of {rows}.")
        return found, seconds

    return arm


def run(rows: int) -> list[Ratio]:
    """The peers run at a tenth of the size: their time per row does not fall with it, which is shown."""
    small, half = max(rows // 10, 200), max(rows // 20, 100)
    content, little, less = workbook(rows), workbook(small), workbook(half)
    _equal(little, small)
    timed = in_turn(
        {
            "ours": ours(content, rows), "no look-alikes": without_look_alikes(content, rows), "five tables": tables(content, rows), "floor": floor(content, rows),
            "best": peer(Best, little, small), "stock": peer(Stock, little, small), "stock at half": peer(Stock, less, half),
        }
    )  # fmt: skip
    _say(timed)
    whole, floor_of = timed["ours"], timed["floor"]
    return [
        faster("G1", f"import of {rows:,} × 20 against stock django-import-export", whole, timed["stock"], 120),
        faster("G1", "the same against its best settings", whole, timed["best"], 40),
        slower("G1", "the same against parse + COPY into an indexed table", whole, floor_of, 2.5),
        slower("G1", "the five tables alone against parse + COPY", timed["five tables"], floor_of, 2.5),
        slower("G1", "the door against the five tables alone", whole, timed["five tables"], 2.5),
        faster("G1", "without the search for look-alikes, against stock", timed["no look-alikes"], timed["stock"], 120),
        slower("G1", "the same against parse + COPY", timed["no look-alikes"], floor_of, 2.5),
    ]


def _equal(content: bytes, rows: int) -> None:
    """Every arm that fills the portal's tables writes the very same, or nothing is timed."""
    hashes: list[str] = []
    for arm in (ours(content, rows, hashes), tables(content, rows, hashes), peer(Best, content, rows, hashes),
                peer(Stock, content, rows, hashes)):  # fmt: skip
        arm()
    if len(set(hashes)) != 1:
        raise SystemExit(f"bench: the arms wrote different rows: {hashes}.")


def _say(timed: dict[str, Timed]) -> None:
    for arm in timed.values():
        print(f"  {arm.name:14} {arm.rows:>8,} rows {arm.rate:>10,.0f} rows/s")
    linear = timed["stock at half"].rate / timed["stock"].rate
    print(f"  stock at half the rows is {linear:.2f} × as quick per row (1 is linear)")
