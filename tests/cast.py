"""The cast: named people of organisations that do not trust each other, in two pilots, made through the doors.

Verde is a seasonal pilot from Tonga to New Zealand with two recruiters and two employers; Azul, next door, a
long-term pilot. Every test names them the same way:

ines (programme officer of Verde), mara (its manager), lena (safeguarding lead), rosa (welfare officer),
sefo and tavi (rival recruiters), omar and olga (rival employers), kofi (government of origin), nell (government of
destination), fay (funder), dana (programme officer of Azul), abel (recruiter of Azul), opal (operator),
zed (member of nothing).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Membership, Organisation, User
from accounts.scope import Scope, acting_as, operator_scope
from pilots.access import memberships_of, scope_for
from pilots.models import Cohort, Corridor, ExchangeRate, JobOrder, Participation, Pilot, Site
from workers.journey.door import move
from workers.journey.enrolment import assign, enrol
from workers.models import Consent, IdentityDocument, Person, PersonBackground, PersonContact, Placement

PASSWORD = "a-long-test-password"
ORGANISATIONS = {
    "fair-passage": ("Fair Passage", "programme", "NZ"),
    "island-hands": ("Island Hands", "recruiter", "TO"),
    "reef-recruiting": ("Reef Recruiting", "recruiter", "TO"),
    "orchard-bay": ("Orchard Bay", "employer", "NZ"),
    "hill-vines": ("Hill Vines", "employer", "NZ"),
    "harbour-welfare": ("Harbour Welfare", "welfare", "NZ"),
    "ministry-tonga": ("Ministry of Labour, Tonga", "origin_government", "TO"),
    "ministry-nz": ("Labour Inspectorate", "destination_government", "NZ"),
    "north-fund": ("North Fund", "funder", "GB"),
    "azul-programme": ("Azul Programme", "programme", "AU"),
    "azul-recruiter": ("Azul Recruiter", "recruiter", "VU"),
    "azul-employer": ("Azul Meat", "employer", "AU"),
}
PEOPLE = {
    "ines": ("Ines Verde", "fair-passage", "programme_officer", True),
    "mara": ("Mara Verde", "fair-passage", "programme_manager", True),
    "lena": ("Lena Verde", "fair-passage", "safeguarding_lead", False),
    "sefo": ("Sefo Island", "island-hands", "recruiter", True),
    "tavi": ("Tavi Reef", "reef-recruiting", "recruiter", True),
    "omar": ("Omar Orchard", "orchard-bay", "employer", True),
    "olga": ("Olga Hill", "hill-vines", "employer", True),
    "rosa": ("Rosa Harbour", "harbour-welfare", "welfare_officer", True),
    "kofi": ("Kofi Ministry", "ministry-tonga", "government", True),
    "nell": ("Nell Inspectorate", "ministry-nz", "government", True),
    "fay": ("Fay North", "north-fund", "funder", True),
    "dana": ("Dana Azul", "azul-programme", "programme_officer", True),
    "abel": ("Abel Azul", "azul-recruiter", "recruiter", True),
}
VERDE = ["fair-passage", "island-hands", "reef-recruiting", "orchard-bay", "hill-vines", "harbour-welfare",
         "ministry-tonga", "ministry-nz", "north-fund"]  # fmt: skip
AZUL = ["azul-programme", "azul-recruiter", "azul-employer"]

# The way of a seasonal placement up to each step, as moves.
WAY = {
    "nominated": [],
    "selected": ["shortlist", "interview", "select"],
    "contract_signed": ["shortlist", "interview", "select", "offer", "sign_contract"],
    "ready": ["shortlist", "interview", "select", "offer", "sign_contract", "complete_documents", "lodge_visa",
              "grant_visa", "make_ready"],
    "departed": ["shortlist", "interview", "select", "offer", "sign_contract", "complete_documents", "lodge_visa",
                 "grant_visa", "make_ready", "deploy"],
    "working": ["shortlist", "interview", "select", "offer", "sign_contract", "complete_documents", "lodge_visa",
                "grant_visa", "make_ready", "deploy", "arrive", "brief", "begin_work"],
}  # fmt: skip


@dataclass
class Cast:
    """Look-ups of what ``build`` made, by name."""

    today: date = date(2026, 7, 1)

    def user(self, name: str) -> User:
        """The person of this name."""
        return User.objects.get(email=f"{name}@cast.example")

    def scope(self, name: str, request: str = "test") -> Scope:
        """The person's scope for their (first) organisation."""
        with acting_as(None):
            return scope_for(memberships_of(self.user(name).pk)[0], request)

    def acting(self, name: str):
        """``with cast.acting("ines"):``"""
        return acting_as(self.scope(name))

    def organisation(self, slug: str) -> Organisation:
        """The organisation of this short name."""
        with acting_as(operator_scope()):
            return Organisation.objects.get(slug=slug)

    def pilot(self, slug: str = "verde") -> Pilot:
        """A pilot by short name."""
        with acting_as(operator_scope()):
            return Pilot.objects.get(slug=slug)

    def cohort(self, code: str = "V1") -> Cohort:
        """A cohort by code."""
        with acting_as(operator_scope()):
            return Cohort.objects.get(code=code)

    def job_order(self, task: str) -> JobOrder:
        """A job order by task."""
        with acting_as(operator_scope()):
            return JobOrder.objects.get(task=task)

    def placement(self, worker_code: str) -> Placement:
        """The placement of a worker, as the programme of its pilot sees it."""
        with self.acting("dana" if worker_code.startswith("AZ") else "ines"):
            return Placement.objects.select_related("person", "state", "cohort").get(person__worker_code=worker_code)


def load() -> Cast:
    """The cast as it stands."""
    return Cast()


@transaction.atomic
def build() -> Cast:
    """Play the cast in: organisations, people, two pilots, and a few placements at different steps."""
    cast = Cast()
    _organisations()
    verde = _pilot("verde", "Verde apples 2026", "rse", ("TO", "NZ", "apples"), "fair-passage", VERDE, "NZD", "TOP")
    azul = _pilot("azul", "Azul meat 2026", "palm-long", ("VU", "AU", "meat"), "azul-programme", AZUL, "AUD", "VUV")
    _cohort(verde, "V1", [("orchard-bay", "Picking apples", 10), ("hill-vines", "Pruning vines", 2)], "ines", cast)
    _cohort(azul, "AZ1", [("azul-employer", "Boning", 5)], "dana", cast)
    placements(cast, "sefo", "V1", "IH", [("working", "Picking apples"), ("working", "Picking apples"),
               ("ready", "Picking apples"), ("nominated", None), ("nominated", None)])  # fmt: skip
    placements(cast, "tavi", "V1", "RR", [("working", "Pruning vines"), ("contract_signed", "Pruning vines"),
               ("nominated", None)])  # fmt: skip
    placements(cast, "abel", "AZ1", "AZ", [("nominated", None), ("nominated", None)])
    return cast


def _organisations() -> None:
    with acting_as(operator_scope()):
        for slug, (name, kind, country) in ORGANISATIONS.items():
            Organisation.objects.create(slug=slug, name=name, kind=kind, country=country)
        by_slug = {o.slug: o for o in Organisation.objects.all()}
    with acting_as(None):
        for short, (name, slug, role, manages) in PEOPLE.items():
            user = User.objects.create_user(f"{short}@cast.example", PASSWORD, name=name)
            Membership.objects.create(user=user, organisation=by_slug[slug], role=role, manages_members=manages)
        User.objects.create_user("zed@cast.example", PASSWORD, name="Zed Nobody")
        User.objects.create_superuser("opal@cast.example", PASSWORD, name="Opal Operator")


def _pilot(slug, name, scheme, corridor, programme, partners, currency, home) -> Pilot:
    with acting_as(operator_scope()):
        by_slug = {o.slug: o for o in Organisation.objects.all()}
        route = Corridor.objects.create(
            name=f"{corridor[0]}–{corridor[1]} {corridor[2]}", origin=corridor[0], destination=corridor[1],
            sector=corridor[2],
        )  # fmt: skip
        pilot = Pilot.objects.create(
            slug=slug, name=name, scheme=scheme, corridor=route, programme=by_slug[programme],
            starts_on=date(2025, 7, 1), ends_on=date(2027, 6, 30), currency=currency, home_currency=home,
        )  # fmt: skip
        for partner in partners:
            Participation.objects.create(
                pilot=pilot, organisation=by_slug[partner], kind=by_slug[partner].kind, joined_on=date(2025, 7, 1)
            )
        for month in (date(2026, m, 1) for m in range(1, 8)):
            ExchangeRate.objects.create(
                month=month, from_currency=home, to_currency=currency, rate=Decimal("0.70"), source="invented for tests"
            )
    return pilot


def _cohort(pilot: Pilot, code: str, orders, officer: str, cast: Cast) -> Cohort:
    with cast.acting(officer):
        cohort = Cohort.objects.create(
            pilot=pilot, name=f"Cohort {code}", code=code, target=12, opens_on=date(2025, 11, 1),
            departs_on=date(2026, 2, 1), returns_on=date(2026, 8, 31),
        )  # fmt: skip
        for employer_slug, task, places in orders:
            employer = Organisation.objects.get(slug=employer_slug)
            site = Site.objects.create(pilot=pilot, employer=employer, name=f"{employer.name} main", region="North")
            JobOrder.objects.create(
                pilot=pilot, cohort=cohort, site=site, employer=employer, task=task, places=places,
                starts_on=cohort.departs_on, ends_on=cohort.returns_on, hourly_rate=Decimal("24.50"),
                hours_per_week=Decimal("40"), currency=pilot.currency,
            )  # fmt: skip
    return cohort


def placements(cast: Cast, recruiter: str, cohort_code: str, prefix: str, wanted) -> list[int]:
    """People of this recruiter, each walked through the real door to the step wanted: [(step, task or None)]."""
    officer = "dana" if recruiter == "abel" else "ines"
    cohort = cast.cohort(cohort_code)
    answer = []
    with cast.acting(recruiter) as by:
        first = Person.objects.filter(worker_code__startswith=prefix).count()
        people = [_person(cohort.pilot, by, f"{prefix}-{first + i + 1:03d}") for i in range(len(wanted))]
        made = enrol([p.pk for p in people], cohort, by=by, at=date(2025, 11, 10))
    with cast.acting(officer) as by:
        for placement_id, (step, task) in zip(made, wanted, strict=True):
            if task:
                assign([placement_id], cast.job_order(task), by=by)
            walk(placement_id, step, by=by, today=cast.today)
            answer.append(placement_id)
    return answer


def walk(placement_id: int, step: str, *, by: Scope, today: date) -> None:
    """Take one placement through the door to ``step``, a week between two moves."""
    on = date(2025, 11, 17)
    for code in WAY[step]:
        outcome = move(Placement.objects.filter(pk=placement_id), code, by=by, at=on, today=today)
        assert outcome.moved == (placement_id,), (code, [r.reasons for r in outcome.refused])
        on += timedelta(days=7)


def _person(pilot: Pilot, by: Scope, code: str) -> Person:
    number = int(code[-3:])
    person = Person.objects.create(
        pilot=pilot, worker_code=code, recruiter_id=by.organisation_id, family_name=f"Family{code}",
        given_names=f"Given{number}", sex="F" if number % 2 else "M", birth_date=date(1990 + number % 10, 3, 14),
        nationality="TO", village="Village", registered_on=date(2025, 11, 1),
    )  # fmt: skip
    common = {"person": person, "pilot": pilot, "recruiter_id": by.organisation_id}
    PersonContact.objects.create(**common, phone=f"+67670{number:05d}", email="")
    PersonBackground.objects.create(**common, home_income=Decimal("600"), home_income_currency=pilot.home_currency)
    IdentityDocument.objects.create(
        **common, kind="passport", number=f"P{code.replace('-', '')}", country="TO", expires_on=date(2030, 1, 1)
    )
    Consent.objects.create(**common, purpose="participation", given_on=date(2025, 11, 1), language="to")
    return person
