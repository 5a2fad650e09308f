"""Repeatable data for the benchmarks, made as the roles that would make it: hash-derived, so two builds are equal."""

from datetime import date
from decimal import Decimal

from django.db import connection

from accounts.models import Membership, Organisation, User
from accounts.scope import Scope, acting_as, operator_scope
from pilots.access import memberships_of, scope_for
from pilots.models import Cohort, Corridor, JobOrder, Participation, Pilot, Site

PILOTS = 20


def build(people: int) -> None:
    """Twenty pilots of one programme each, with ``people`` persons and placements spread over them unevenly."""
    with acting_as(operator_scope()):
        Corridor.objects.create(name="Bench", origin="TO", destination="NZ", sector="apples")
    for n in range(PILOTS):
        # The first pilot has half of the people, the others share the rest.
        add(n, people // 2 if n == 0 else people // 2 // (PILOTS - 1))


def add(n: int, people: int) -> None:
    """The n-th pilot with its programme officer and so many people."""
    with acting_as(operator_scope()):
        pilot, organisation = _pilot(Corridor.objects.get(name="Bench"), n)
    with acting_as(None):
        user = User.objects.create_user(f"bench{n}@bench.example", None, name=f"Bench {n}")
        Membership.objects.create(user=user, organisation=organisation, role="programme_officer")
    with acting_as(scope(n)):
        _fill(pilot, organisation, people)


def scope(n: int = 0) -> Scope:
    """The scope of the n-th pilot's programme officer."""
    with acting_as(None):
        user = User.objects.get(email=f"bench{n}@bench.example")
        return scope_for(memberships_of(user.pk)[0], "bench")


def _pilot(corridor: Corridor, n: int) -> tuple[Pilot, Organisation]:
    organisation = Organisation.objects.create(slug=f"bench-{n}", name=f"Bench {n}", kind="programme", country="NZ")
    pilot = Pilot.objects.create(
        slug=f"bench-{n}", name=f"Bench {n}", scheme="rse", corridor=corridor, programme=organisation,
        starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1), currency="NZD", home_currency="TOP",
    )  # fmt: skip
    Participation.objects.create(pilot=pilot, organisation=organisation, kind="programme", joined_on=date(2025, 1, 1))
    return pilot, organisation


def _fill(pilot: Pilot, organisation: Organisation, people: int) -> None:
    cohort = Cohort.objects.create(
        pilot=pilot, name="C", code="C", target=people, opens_on=date(2025, 1, 1), departs_on=date(2025, 6, 1),
        returns_on=date(2026, 1, 1),
    )  # fmt: skip
    site = Site.objects.create(pilot=pilot, employer=organisation, name="S")
    JobOrder.objects.create(
        pilot=pilot, cohort=cohort, site=site, employer=organisation, task="T", places=people,
        starts_on=cohort.departs_on, ends_on=cohort.returns_on, hourly_rate=Decimal(25), hours_per_week=40,
        currency="NZD",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "with people as (insert into workers_person (pilot_id, worker_code, family_name, given_names, passport_name,"
            "   sex, birth_date, birth_precision, nationality, village, province, languages, version)"
            " select %(pilot)s, 'W' || g, initcap(substr(md5('f' || g %% 5000), 1, 8)),"
            "   initcap(substr(md5('g' || g %% 3000), 1, 6)), '', 'F', date '1980-01-01' + g %% 9000, 'day', 'TO', '', '', '', 1"
            " from generate_series(1, %(n)s) g returning id),"
            " made as (insert into workers_placement (pilot_id, person_id, cohort_id, season, version)"
            "   select %(pilot)s, id, %(cohort)s, 1, 1 from people returning id)"
            " insert into workers_placementstate (placement_id, pilot_id, cohort_id, step, since, version)"
            " select id, %(pilot)s, %(cohort)s, 'selected', date '2025-02-01', 1 from made",
            {"pilot": pilot.pk, "cohort": cohort.pk, "n": people},
        )
        cursor.execute(
            "update workers_placement set job_order_id = (select id from pilots_joborder where pilot_id = %(p)s),"
            " employer_id = %(o)s where pilot_id = %(p)s",
            {"p": pilot.pk, "o": organisation.pk},
        )
