"""From failed answers to findings: one standing finding per placement and item, however often it is seen.

Critical findings are due on the day they were found, major ones in two weeks; a minor failure is an answer to improve
on and opens no finding. While a waiver runs the same failure opens nothing new, unless it has become critical.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from accounts.names import name_of
from accounts.scope import Scope
from compliance import events
from compliance.catalogue.reader import CRITICAL, MAJOR, Item, catalogue
from compliance.gravity import DUE_DAYS
from compliance.models import CheckAnswer, Finding, FindingEvent

# A minor failure of a check is an answer to improve on; these open a finding.
OPENS = (CRITICAL, MAJOR)


# A placement and an item. A finding of a rule may have no placement; one of an answer always has.
type Key = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A stored answer that fails its item, and how grave it is here."""

    answer: CheckAnswer
    item: Item
    severity: str

    @property
    def key(self) -> Key:
        """What a finding stands for: a placement and an item."""
        return self.answer.placement_id, self.item.code


@dataclass(frozen=True, slots=True)
class Opened:
    """Findings opened, seen again, and those whose placements must be held."""

    opened: tuple[int, ...] = ()
    seen_again: tuple[int, ...] = ()
    to_hold: tuple[int, ...] = ()


def open_findings(failures: Iterable[Failure], *, by: Scope) -> Opened:
    """Open what is not open yet; note what is seen again; raise to critical what got worse. A few statements in all."""
    wanted = {f.key: f for f in failures if f.severity in OPENS}
    if not wanted:
        return Opened()
    standing = _standing(wanted)
    worse = [
        f for f in standing.values() if f.severity != CRITICAL and wanted[f.placement_id, f.code].severity == CRITICAL
    ]
    again = [f for f in standing.values() if f not in worse]
    new = _insert([f for key, f in wanted.items() if key not in standing])
    who = name_of(by)
    _raise(worse, wanted)
    on = {f.pk: wanted[f.placement_id, f.code].answer.done_on for f in (*new, *standing.values())}
    for findings, kind in (
        (new, FindingEvent.Kind.OPENED),
        (worse, FindingEvent.Kind.RAISED),
        (again, FindingEvent.Kind.SEEN_AGAIN),
    ):
        if findings:
            events.write(findings, kind, by=by, on=on, who=who)
    return Opened(
        opened=tuple(f.pk for f in new),
        seen_again=tuple(f.pk for f in again),
        to_hold=tuple(f.pk for f in (*new, *worse) if f.severity == CRITICAL),
    )


def _standing(wanted: dict[Key, Failure]) -> dict[Key, Finding]:
    """Open and waived findings for the same placement and item, locked until the end of the transaction."""
    rows = Finding.objects.select_for_update(of=("self",)).filter(
        placement_id__in={key[0] for key in wanted},
        code__in={key[1] for key in wanted},
        source="",
        state__in=[Finding.State.OPEN, Finding.State.WAIVED],
    )
    found = rows.order_by("pk")
    return {(f.placement_id, f.code): f for f in found if (f.placement_id, f.code) in wanted}


def _insert(failures: Sequence[Failure]) -> list[Finding]:
    """Insert what another officer has not opened in the same moment; answers the rows that are ours."""
    if not failures:
        return []
    made = []
    for restricted in (False, True):
        rows = [f for f in failures if f.answer.restricted is restricted]
        if rows:
            made += _insert_rows(rows, restricted)
    return list(Finding.objects.filter(pk__in=made).order_by("pk"))


def _insert_rows(failures: Sequence[Failure], restricted: bool) -> list[int]:
    answers = [f.answer for f in failures]
    given: dict[str, Any] = {
        "ids": [events.random_id() for _f in failures],
        "pilots": [a.pilot_id for a in answers],
        "placements": [a.placement_id for a in answers],
        "cohorts": [a.cohort_id for a in answers],
        "employers": [a.employer_id for a in answers],
        "codes": [f.item.code for f in failures],
        "severities": [f.severity for f in failures],
        "indicators": ["|".join(f.item.all_indicators) for f in failures],
        "answers": [a.pk for a in answers],
        "opened": [a.done_on for a in answers],
        "due": [due_on(f.severity, f.answer.done_on) for f in failures],
        "version": catalogue().version,
        "restricted": restricted,
    }
    number, drawn = ("id, ", "g.id, ") if restricted else ("", "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            insert into compliance_finding ({number}pilot_id, placement_id, cohort_id, employer_id, code, version,
              severity, indicators, answer_id, restricted, state, opened_on, due_on, remedy, revision)
            select {drawn}g.pilot_id, g.placement_id, g.cohort_id, g.employer_id, g.code, %(version)s, g.severity,
              coalesce(string_to_array(nullif(g.indicators, ''), '|'), array[]::text[]), g.answer_id,
              %(restricted)s, 'open', g.opened_on, g.due_on, '', 1
            from unnest(%(ids)s::bigint[], %(pilots)s::bigint[], %(placements)s::bigint[], %(cohorts)s::bigint[],
                        %(employers)s::bigint[], %(codes)s::text[], %(severities)s::text[], %(indicators)s::text[],
                        %(answers)s::bigint[], %(opened)s::date[], %(due)s::date[])
              as g (id, pilot_id, placement_id, cohort_id, employer_id, code, severity, indicators, answer_id,
                    opened_on, due_on)
            on conflict (placement_id, code) where state = 'open' and source = '' do nothing
            returning id
            """,
            given,
        )
        return [row[0] for row in cursor.fetchall()]


def due_on(severity: str, found_on: date) -> date:
    """The day by which somebody has acted: the same day for a critical finding, in two weeks for a major one."""
    return found_on + timedelta(days=DUE_DAYS[severity])


def _raise(findings: list[Finding], wanted: dict[Key, Failure]) -> None:
    """Make findings critical and open, in one statement; a waiver of something smaller no longer covers them."""
    for finding in findings:
        failure = wanted[finding.placement_id, finding.code]
        finding.severity, finding.state = CRITICAL, Finding.State.OPEN
        finding.closed_on = finding.closed_by_id = None
        finding.remedy = ""
        finding.due_on = due_on(CRITICAL, failure.answer.done_on)
        finding.revision = F("revision") + 1
    if findings:
        Finding.objects.bulk_update(
            findings, ["severity", "state", "closed_on", "closed_by", "remedy", "due_on", "revision"]
        )
