"""The table of what counts as news on a followed record: ``SOURCES``, and ``RECORDS``: how records of higher apps are read that can
be followed too. Those of higher apps are added by the roof."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Model, Q
from django.utils.translation import ngettext

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.models import ContractVersion, Hold, IdentityDocument, JourneyEvent, Note


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of news. ``placement``, ``cohort`` and ``finding``: where its rows say what they are about ("" where they never
    are about one). ``at``: the moment of the row. ``author``: who did it, so that nobody is told of what they did themselves.
    ``only``: rows that count. ``verb``: the permission that its pages ask for."""

    code: str
    words: Callable[[int], str]
    model: type[Model]
    at: str
    placement: str
    cohort: str = ""
    author: str = ""
    only: Q = field(default_factory=Q)
    verb: Permission | None = None
    finding: str = ""

    def seen_by(self, by: Scope) -> bool:
        """Whether this role may read its table, and its pages."""
        return may(self.model, by.db_role) and (self.verb is None or by.allows(self.verb))


@dataclass(frozen=True, slots=True)
class Record:
    """A followed record of a higher app, as far as the reader sees it now: what it is called, whom it is about, its page."""

    pk: int
    title: str
    about: str
    url: str


def _moves(n: int) -> str:
    return ngettext("%(n)d move", "%(n)d moves", n) % {"n": n}


def _holds(n: int) -> str:
    return ngettext("%(n)d hold", "%(n)d holds", n) % {"n": n}


def _notes(n: int) -> str:
    return ngettext("%(n)d note", "%(n)d notes", n) % {"n": n}


def _papers(n: int) -> str:
    return ngettext("%(n)d paper", "%(n)d papers", n) % {"n": n}


def _contracts(n: int) -> str:
    return ngettext("%(n)d version of a contract", "%(n)d versions of a contract", n) % {"n": n}


# A hold that names no partner was placed because of what was told in confidence.
OPEN_HOLDS: Final = ~Q(recruiter__isnull=True, employer__isnull=True)

SOURCES: Final[dict[str, Source]] = {
    source.code: source
    for source in (
        Source("moves", _moves, JourneyEvent, "recorded_at", "placement_id", "cohort_id", "user_id"),
        Source("holds", _holds, Hold, "placed_at", "placement_id", "placement__cohort_id", only=OPEN_HOLDS),
        Source("notes", _notes, Note, "written_at", "placement_id", "cohort_id", "user_id"),
        Source("papers", _papers, IdentityDocument, "recorded_at", "person__placements__id"),
        Source("contracts", _contracts, ContractVersion, "recorded_at", "placement_id"),
    )
}


# kind of record → those of these ids that the reader sees and may hear of
RECORDS: Final[dict[str, Callable[[Collection[int], Scope], list[Record]]]] = {}


def add(sources: Mapping[str, Source], records: Mapping[str, Callable[[Collection[int], Scope], list[Record]]]) -> None:
    """Take in sources and records; called once by the roof, when the portal starts."""
    SOURCES.update(sources)
    RECORDS.update(records)


def said(counts: Mapping[str, int]) -> str:
    """Counts of several sources beside each other, in the order of the table: "2 moves · 1 note"."""
    return " · ".join(SOURCES[code].words(counts[code]) for code in SOURCES if counts.get(code))
