"""The tables of the world as values: organisations, pilots with their cohorts and fates, names, concerns.

Nothing here touches a database or a clock. The tables are read once; what a column means stands at the top of
``data/tonga-apples.toml``.
"""

import functools
import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
# In the order in which they are played.
PILOTS = ("tonga-apples", "vanuatu-meat", "nepal-greenhouse", "kenya-stay", "guatemala-cooks")


@dataclass(frozen=True, slots=True)
class Member:
    """A person who signs in, for one organisation."""

    sign_in: str
    name: str
    role: str
    manages: bool

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.sign_in}@demo.example"


@dataclass(frozen=True, slots=True)
class OrganisationPlan:
    """An organisation and its people."""

    slug: str
    name: str
    kind: str
    country: str
    people: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """A group of people whom the same thing happens to. The words are explained in the data."""

    n: int
    to: str
    via: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    again: bool = False
    lacks: str = ""
    refused_once: bool = False
    missed_once: bool = False


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """A job order: where, what, how many, for how much."""

    site: str
    task: str
    places: int
    rate: Decimal
    hours: int


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A cohort, its dates in weeks from the present, its job orders and what becomes of its people."""

    code: str
    name: str
    season: int
    target: int
    weeks: tuple[int, int, int]
    orders: tuple[OrderPlan, ...]
    people: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A place of work."""

    slug: str
    employer: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """Everything the tables say of one pilot."""

    slug: str
    name: str
    scheme: str
    corridor: str
    origin: str
    destination: str
    sector: str
    programme: str
    welfare: str
    partners: tuple[str, ...]
    recruiters: dict[str, int]
    weeks: tuple[int, int]
    currency: str
    home_currency: str
    rate: Decimal
    prefix: str
    women: int
    ages: tuple[int, int]
    home_income: tuple[int, int]
    pay: dict[str, Any]
    costs: dict[str, Any]
    sites: tuple[SitePlan, ...]
    cohorts: tuple[CohortPlan, ...]
    registered_only: int = 0
    concerns: tuple[dict[str, Any], ...] = field(default=())

    @property
    def organisations(self) -> tuple[str, ...]:
        """The short names of all who take part, the programme first."""
        employers = dict.fromkeys(site.employer for site in self.sites)
        return (self.programme, *self.recruiters, *employers, self.welfare, *self.partners)

    def named(self, today: date) -> str:
        """The pilot's name, with the years that the present gives it."""
        year = today.year
        return self.name.format(year=year, last_year=year - 1, in_two_years=f"{(year + 2) % 100:02d}")

    def site(self, slug: str) -> SitePlan:
        """The site of this short name."""
        return next(site for site in self.sites if site.slug == slug)


def present(day: date) -> date:
    """The Monday of the week: the day on which the world stands, so that a week gives one world."""
    return day - timedelta(days=day.weekday())


def dice(*names: object) -> random.Random:
    """Chance of its own for each part of the world, the same every time: nothing that changes elsewhere shifts it."""
    return random.Random("/".join(str(name) for name in ("lamp world 1", *names)))  # noqa: S311 - not for secrets


@functools.cache
def organisations() -> tuple[OrganisationPlan, ...]:
    """All organisations, in table order."""
    return tuple(
        OrganisationPlan(
            row["slug"], row["name"], row["kind"], row["country"], tuple(Member(*who) for who in row["people"])
        )
        for row in _table("organisations")["organisation"]
    )


@functools.cache
def operator() -> Member:
    """The one who keeps the installation."""
    row = _table("organisations")["operator"]
    return Member(row["sign_in"], row["name"], "", False)


@functools.cache
def names(country: str) -> dict[str, Any]:
    """Building blocks of invented names for a country of origin."""
    return _table("names")[country]


@functools.cache
def pilots() -> tuple[PilotPlan, ...]:
    """The five pilots, in the order in which they are played."""
    concerns = _table("concerns")
    return tuple(_pilot(_table(slug), concerns.get(slug, [])) for slug in PILOTS)


def holds() -> list[dict[str, Any]]:
    """Holds placed by hand."""
    return _table("concerns")["hold"]


def cases() -> dict[str, list[dict[str, Any]]]:
    """What workers told: ``told`` in confidence, with their ``own`` code, from a ``poster``, or ``filed`` by staff."""
    return _table("cases")


@functools.cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _pilot(row: dict[str, Any], concerns: list[dict[str, Any]]) -> PilotPlan:
    plain = {key: value for key, value in row.items() if key not in ("site", "cohort")}
    plain |= {key: tuple(plain[key]) for key in ("partners", "weeks", "ages", "home_income")}
    return PilotPlan(
        **plain | {"rate": Decimal(row["rate"])},
        sites=tuple(SitePlan(**site) for site in row["site"]),
        cohorts=tuple(_cohort(cohort) for cohort in row["cohort"]),
        concerns=tuple(concerns),
    )


def _cohort(row: dict[str, Any]) -> CohortPlan:
    return CohortPlan(
        code=row["code"],
        name=row["name"],
        season=row["season"],
        target=row["target"],
        weeks=tuple(row["weeks"]),
        orders=tuple(OrderPlan(**order | {"rate": Decimal(order["rate"])}) for order in row["orders"]),
        people=tuple(
            Fate(**fate | {key: tuple(fate.get(key, ())) for key in ("via", "then")}) for fate in row["people"]
        ),
    )
