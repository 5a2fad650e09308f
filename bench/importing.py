"""G1: a workbook of workers, from the bytes to the recorded rows, against django-import-export and the bare COPY.

Every arm begins with the same .xlsx bytes and ends with the rows in the tables, rolled back after what it wrote was
compared: before anything is timed, the rows of all arms must have one hash. Ours and the peers run as a programme
officer under row security, with history; the floor is a COPY into one indexed table of its owner, which checks nothing.
Between the two stand the portal's own tables: copies of all that the sheet fills, with their indexes, filled by COPY (the
honest floor of this schema), and the tables themselves, filled by the portal's statements without a check, a kept row or a
verdict, with keys, rights, history and marks.
"""

import time
from unittest import mock

from django.db import connection, transaction
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader

from accounts.scope import acting_as
from bench import world
from bench.import_floors import floor, tables_floor
from bench.measuring import Ratio, Timed, faster, in_turn, slower
from bench.people_list import CODES, HEADERS, PERSON, TODAY, parsed, parsed_rows, workbook
from pilots.models import Pilot
from workers.likeness.cards import cards
from workers.likeness.finding import hand_of
from workers.likeness.signs import write_signs
from workers.models import IdentityDocument, ImportBatch, Person, PersonBackground, PersonContact
from workers.sheets import committing, judges, staging
from workers.sheets.door import check, commit, open_batch
from workers.sheets.kinds import COLUMNS


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
    """Parse, COPY, and the portal's own statements into its tables: no check, no kept row, no verdict."""

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


def run(rows: int) -> list[Ratio]:
    """The peers run at a tenth of the size, 2,000 rows at most: their time per row does not fall with it, which is shown."""
    small = min(max(rows // 10, 200), 2000)
    half = small // 2
    content, little, less = workbook(rows), workbook(small), workbook(half)
    _sign()
    _equal(little, small)
    timed = in_turn(
        {
            "ours": ours(content, rows), "no look-alikes": without_look_alikes(content, rows), "tables alone": tables(content, rows),
            "floor": floor(content, rows), "floor, all tables": tables_floor(content, rows),
            "best": peer(Best, little, small), "stock": peer(Stock, little, small), "stock at half": peer(Stock, less, half),
        }
    )  # fmt: skip
    _say(timed)
    whole, one, every = timed["ours"], timed["floor"], timed["floor, all tables"]
    return [
        faster("G1", f"import of {rows:,} × 20 against stock django-import-export", whole, timed["stock"], 120),
        faster("G1", "the same against its best settings", whole, timed["best"], 40),
        slower("G1", "the same against parse + COPY into one indexed table", whole, one, 2.5),
        slower("G1", "the same against parse + COPY into every table it fills", whole, every, 2.5),
        slower("G1", "the tables alone, written by our statements, against that", timed["tables alone"], every, 2.5),
        slower("G1", "the door against the tables alone", whole, timed["tables alone"], 2.5),
        slower("G1", "with the search for look-alikes against without", whole, timed["no look-alikes"], 1.2),
        Ratio(
            "G1", "what the peer's best settings take, in floors of one table", *_spread(timed["best"], one), "", True
        ),
    ]


def _spread(arm: Timed, floor_of: Timed) -> tuple[float, float, float]:
    """Median, least and most of the ratio over the rounds."""
    found = slower("", "", arm, floor_of, 0)
    return found.value, found.low, found.high


def _sign() -> None:
    """Give the people who are there before the signs by which look-alikes are found: a portal's job writes them."""
    with acting_as(world.scope()):
        pilot_id = Pilot.objects.get(slug="bench-0").pk
        ids = list(Person.objects.filter(pilot_id=pilot_id).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), 5000):
        with acting_as(hand_of(pilot_id)):
            write_signs(list(cards(ids[at : at + 5000]).values()), pilot_id)


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
