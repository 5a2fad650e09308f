"""The one search: people by what one remembers of them, and the cohorts, partners and job orders of that name.

A person is found by parts of the names or the worker ID, the end of a paper's number, a phone. Where that finds few, also
by names that are nearly so (trigrams), in another script (read in Latin letters), or that only sound so (the codes of
``workers/likeness``, for the roles that may read them). Each way goes through an index under row security
(``tests/workers/test_search_index.py``), and each list is cut, so that the cost does not grow with the pilot.
"""

from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from django.db.models import Q, Value
from rapidfuzz.distance import JaroWinkler

from accounts.models import Organisation
from accounts.rows import may
from accounts.scope import Scope
from pilots.models import Cohort, JobOrder, Pilot
from workers.likeness.names import codes, readings, words
from workers.models import LikenessSign, Person, Placement
from workers.models.people import Fold
from workers.queries.search import MOST_WORDS, first_matching

SHOWN: Final = 8
CANDIDATES: Final = 200
"""So many near names are weighed; of a name that thousands share, any are as good."""
ENOUGH: Final = 3
"""From so many people on whose names bear the words, near ones are not looked for."""
NEAR: Final = "0.45"
"""Word similarity from which on PostgreSQL calls two names near: one wrong letter of six passes."""
ALIKE: Final = 0.82
"""Jaro-Winkler of the nearest words from which on a near name is shown; under it, names share only a beginning."""
SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person with the newest placement in sight; ``near`` where the name is only nearly what was asked for."""

    person: Person
    placement: Placement | None
    near: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``more``: people beyond those shown."""

    people: list[FoundPerson] = field(default_factory=list)
    more: bool = False
    cohorts: list[Cohort] = field(default_factory=list)
    partners: list[Organisation] = field(default_factory=list)
    orders: list[JobOrder] = field(default_factory=list)
    pilots: list[Pilot] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.people or self.cohorts or self.partners or self.orders or self.pilots)


def find(query: str, by: Scope) -> Found:
    """Everything in the reader's sight that the words may mean; nothing where no word has three characters."""
    query = " ".join(query.split())[:120]
    if not long_enough(query):
        return Found()
    latin = " ".join(words(query))
    exact = first_matching(query, by, SHOWN + 1)
    if not query.isascii() and long_enough(latin):
        exact = list(dict.fromkeys([*exact, *first_matching(latin, by, SHOWN + 1)]))
    near = [] if len(exact) >= ENOUGH else [pk for pk in _near(latin, by) if pk not in exact]
    ids = [*exact, *near]
    return Found(_people(ids[:SHOWN], set(exact)), len(ids) > SHOWN, *_others(query))


def long_enough(query: str) -> bool:
    """Whether one word at least is long enough for an index: shorter ones occur in half a pilot."""
    return any(len(word) >= SHORTEST for word in query.split())


def _near(latin: str, by: Scope) -> list[int]:
    """Ids of people whose names are nearly these, the nearest first."""
    asked = [word for word in latin.split()[:MOST_WORDS] if len(word) >= SHORTEST and not word.isdigit()]
    if not asked:
        return []
    candidates = Person.objects.filter(pk__in=_by_trigrams(asked))
    if len(asked) > 1 and may(LikenessSign, by.db_role):
        sounds = LikenessSign.objects.filter(sign__in=[f"name {code}" for code in codes(tuple(asked))])
        heard = list(sounds.values_list("person_id", flat=True)[:CANDIDATES])
        candidates = Person.objects.filter(Q(pk__in=heard) | Q(pk__in=_by_trigrams(asked)))
    names = candidates.values_list("pk", "family_name", "given_names", "passport_name")[: 2 * CANDIDATES]
    scored = [(_likeness(asked, pair), pk) for pk, *pair in names]
    return [pk for score, pk in sorted(scored, key=lambda s: (-s[0], s[1])) if score >= ALIKE][: SHOWN + 1]


def _by_trigrams(asked: list[str]) -> list[int]:
    """Ids of people in whose names every word stands nearly, at most ``CANDIDATES``."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('pg_trgm.word_similarity_threshold', %s, true)", [NEAR])
    rows = Person.objects.all()
    for word in asked:
        rows = rows.filter(search__trigram_word_similar=Fold(Value(word)))
    return list(rows.values_list("pk", flat=True)[:CANDIDATES])


def _likeness(asked: list[str], names: list[str]) -> float:
    """How near the words asked for come to a name: the mean over the words of the nearest word of any writing."""
    best = 0.0
    for reading in readings(*names):
        of = [max((JaroWinkler.similarity(word, other) for other in reading.words), default=0.0) for word in asked]
        best = max(best, sum(of) / len(of))
    return best


def _people(ids: list[int], exact: set[int]) -> list[FoundPerson]:
    if not ids:
        return []
    newest = (
        Placement.objects.filter(person__in=ids)
        .select_related("person", "state", "cohort", "pilot", "employer")
        .order_by("person", "-pk")
        .distinct("person")
    )
    placed = {p.person_id: p for p in newest}
    alone = Person.objects.in_bulk([pk for pk in ids if pk not in placed]) if len(placed) < len(ids) else {}
    people = {pk: placed[pk].person if pk in placed else alone.get(pk) for pk in ids}
    return [FoundPerson(p, placed.get(pk), pk not in exact) for pk, p in people.items() if p is not None]


def _others(query: str) -> tuple[list[Cohort], list[Organisation], list[JobOrder], list[Pilot]]:
    """What is not a person and bears the words: few rows in anybody's sight, one short statement each."""
    cohorts = Cohort.objects.filter(Q(name__icontains=query) | Q(code__iexact=query)).select_related("pilot")
    partners = Organisation.objects.filter(name__icontains=query, kind__in=("employer", "recruiter")).order_by("name")
    orders = JobOrder.objects.filter(task__icontains=query).select_related("cohort", "employer")
    pilots = Pilot.objects.filter(name__icontains=query).order_by("name")
    return (list(cohorts.order_by("-departs_on")[:SHOWN]), list(partners[:SHOWN]),
            list(orders.order_by("-starts_on")[:SHOWN]), list(pilots[:SHOWN]))  # fmt: skip
