"""The door of the rules: ``evaluate(pilots, on=, by=)`` looks at every fact, ``evaluate_changed`` at what was marked.

One statement for each subject, however many placements; one placement is a set of one. It runs as the compiling role,
which reads every fact of the pilot: what is found does not depend on what the asker may see, and is read afterwards
under the reader's own policies.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import jobs
from accounts.names import name_of
from accounts.roles import COMPILER_DB_ROLE, Permission
from accounts.scope import Scope, acting_as, compiler_scope, operator_scope
from compliance.models import Evaluation, RuleMark
from compliance.rules import owing, storing
from compliance.rules.declaring import LOOK
from compliance.rules.gathering import gather
from compliance.rules.judging import BROKEN, UNKNOWN, VERDICTS, judge
from compliance.rules.parameters import Parameters
from compliance.rules.table import RULES, rules
from pilots.models import Pilot
from pilots.rulebook import rulebooks

LOCK = 7305
# More marked placements than this in one pilot are looked at by looking at all.
AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """One broken rule, as the command tells it. ``owed``: what the rule counts; ``settled``: how much of it the ledger of
    the finding shows paid or written off; ``state``: where the finding stands, empty while nothing is stored of it."""

    rule: str
    version: str
    severity: str
    worker: str
    site: str
    period_start: date | None
    period_end: date | None
    evidence: dict[str, Any]
    parameter: list[dict[str, Any]]
    owed: Any
    currency: str
    state: str = ""
    settled: Any = None


@dataclass(frozen=True, slots=True)
class Untold:
    """One rule that cannot be answered, and what is missing."""

    rule: str
    worker: str
    site: str
    missing: str
    period_start: date | None
    period_end: date | None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one evaluation did. ``found`` and ``untold`` are filled only when a listing was asked for."""

    placements: int
    broken: int
    cannot_tell: int
    opened: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    found: tuple[Found, ...] = field(default=(), repr=False)
    untold: tuple[Untold, ...] = field(default=(), repr=False)


def evaluate(
    pilot_ids: Sequence[int],
    *,
    on: date,
    by: Scope,
    placements: Sequence[int] | None = None,
    sites: Sequence[int] | None = None,
    progress: jobs.Progress | None = None,
    listing: bool = False,
    store: bool = True,
) -> Evaluated:
    """Apply every rule to these pilots (or to these placements and sites of them) as of a day, and store what follows.

    ``store=False`` only answers: no finding, hold, event or note of the run is written. Findings are what holds today, so
    an evaluation of any other day must not store. Call it inside a transaction. PermissionDenied without the verb, or for
    a pilot of somebody else's.
    """
    by.require(Permission.RULES_EVALUATE)
    who = name_of(by)
    with acting_as(compiler_scope(by, tuple(pilot_ids))):
        return _evaluate(pilot_ids, on, by, who, placements, sites, progress or jobs.Progress(), listing, store)


def evaluate_changed(today: date) -> int:
    """Evaluate what changed since the last time, in every pilot; answers how many placements. The portal's own hand."""
    with acting_as(operator_scope(request="rules")):
        pilots = sorted(set(RuleMark.objects.values_list("pilot_id", flat=True)))

    def changed(pilot_id: int, hand: Scope) -> int:
        placements, sites = _take_marks(pilot_id)
        if placements is None or len(placements) > AT_ONCE:
            placements = sites = None
        return _evaluate([pilot_id], today, hand, "", placements, sites, jobs.Progress(), False).placements

    return _each(pilots, changed)


def evaluate_all(today: date) -> int:
    """Evaluate every pilot whole, for what changes with the calendar alone; answers how many placements."""
    with acting_as(operator_scope(request="rules")):
        pilots = list(Pilot.objects.order_by("pk").values_list("pk", flat=True))

    def whole(pilot_id: int, hand: Scope) -> int:
        _take_marks(pilot_id)
        return _evaluate([pilot_id], today, hand, "", None, None, jobs.Progress(), False).placements

    return _each(pilots, whole)


def _each(pilots: Sequence[int], look: Callable[[int, Scope], int]) -> int:
    """Look at one pilot after the other, each in a transaction of its own. One that fails keeps its marks and stops no
    other; all failures are raised together at the end."""
    looked_at, failures = 0, []
    for pilot_id in pilots:
        hand = replace(operator_scope(request="rules"), db_role=COMPILER_DB_ROLE, pilot_ids=(pilot_id,))
        try:
            with transaction.atomic(), acting_as(hand):
                looked_at += look(pilot_id, hand)
        except DatabaseError as failed:
            failures.append(failed)
    if failures:
        raise ExceptionGroup("rules were not applied to every pilot", failures)
    return looked_at


def evaluate_job(work: jobs.Work) -> dict:
    """The handler of ``evaluate_rights`` jobs: one pilot, as of the day on which it is done, whenever it was asked."""
    pilot_id = work.job.pilot_id
    if pilot_id is None:
        raise jobs.Failure(_("The order names no pilot."))
    done = evaluate([pilot_id], on=timezone.localdate(), by=work.scope, progress=work.progress)
    return {
        "placements": done.placements, "broken": done.broken, "cannot_tell": done.cannot_tell,
        "opened": len(done.opened), "closed": len(done.closed), "url": "/rules/",
    }  # fmt: skip


_TAKE_MARKS = """
with taken as (delete from compliance_rulemark where pilot_id = %(pilot)s returning kind, ids),
marked as (select distinct t.kind, i.id from taken t cross join lateral unnest(t.ids) as i (id)),
-- Whoever is marked as a person, or by a journey: every placement of every record of the same person.
people as (
  select m.id from marked m where m.kind = 'person'
  union select p.person_id from marked m join workers_placement p on p.id = m.id where m.kind = 'journey'
),
cards as (select id from people union select s.other_id from people join workers_same s on s.person_id = people.id)
select m.kind, m.id, null::bigint from marked m where m.kind in ('pilot', 'placement', 'journey')
union all
select 'placement', p.id, null from cards c join workers_placement p on p.person_id = c.id
union all
select 'placement', p.id, null from marked m join workers_placement p on p.recruiter_id = m.id
where m.kind = 'recruiter' and p.pilot_id = %(pilot)s
union all
select m.kind, null, coalesce(r.site_id, m.id) from marked m left join workers_room r on m.kind = 'room' and r.id = m.id
where m.kind in ('site', 'room')
"""


def _take_marks(pilot_id: int) -> tuple[list[int] | None, list[int] | None]:
    """Take the marks of a pilot away and answer the placements and sites they stand for; None for all of it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_MARKS, {"pilot": pilot_id})
        rows = cursor.fetchall()
    if any(kind == "pilot" for kind, _placement, _site in rows):
        return None, None
    return (
        sorted({placement for _kind, placement, _site in rows if placement}),
        sorted({site for _kind, _placement, site in rows if site}),
    )


def _evaluate(
    pilot_ids: Sequence[int],
    on: date,
    by: Scope,
    who: str,
    placements: Sequence[int] | None,
    sites: Sequence[int] | None,
    progress: jobs.Progress,
    listing: bool,
    store: bool = True,
) -> Evaluated:
    whole = placements is None and sites is None
    given: dict[str, Any] = {
        "pilots": sorted(pilot_ids), "on": on,
        "placements": None if whole else sorted(placements or ()), "sites": None if whole else sorted(sites or ()),
    }  # fmt: skip
    _one_at_a_time(given["pilots"])
    books = rulebooks(Pilot.objects.filter(pk__in=given["pilots"]))
    if not books:
        return Evaluated(0, 0, 0)
    p = Parameters(books)
    gathered = gather(given, p)
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists rule_verdict, rule_applied, rule_indicators")
        cursor.execute(VERDICTS)
    for n, (subject, asked) in enumerate(RULES):
        progress.say(_("Looking at each: %(what)s") % {"what": subject.name}, done=n, total=len(RULES))
        if not subject.look or gathered.marks & LOOK[subject.look]:
            judge(subject, asked, p, given)
    owing.share(given["pilots"])
    progress.say(_("Writing down what was found"), done=len(RULES), total=len(RULES))
    storing.name_parameters(books)
    stored = storing.store(rules(), given, who, by) if store else storing.Stored()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) filter (where verdict = %s), count(*) filter (where verdict = %s)"
                       " from rule_verdict", [BROKEN, UNKNOWN])  # fmt: skip
        broken, unknown = cursor.fetchone()
    if store:
        _note(given, whole, gathered.placements, (broken, unknown), stored, p, by)
    found, untold = (_found(), _untold()) if listing else ((), ())
    return Evaluated(gathered.placements, broken, unknown, stored.opened, stored.changed, stored.closed, found, untold)


def _one_at_a_time(pilot_ids: Sequence[int]) -> None:
    """Two evaluations of a pilot wait for each other, whoever asked."""
    with connection.cursor() as cursor:
        for pk in pilot_ids:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, pk % 2**31])


def applied_digest(p: Parameters) -> str:
    """SHA-256 over the versions of all rules and every parameter they could have read."""
    versions = sorted((rule.code, rule.version) for _subject, asked in RULES for rule in asked)
    return hashlib.sha256(f"{versions}{p.digest()}".encode()).hexdigest()


def _note(
    given: dict[str, Any],
    whole: bool,
    looked_at: int,
    counts: tuple[int, int],
    stored: storing.Stored,
    p: Parameters,
    by: Scope,
) -> None:
    """One row for each pilot; the counts are of the whole run: broken, and not to be told."""
    Evaluation.objects.bulk_create(
        Evaluation(
            pilot_id=pk, on=given["on"], whole=whole, placements=looked_at, rules=applied_digest(p), broken=counts[0],
            opened=len(stored.opened), changed=len(stored.changed), closed=len(stored.closed),
            cannot_tell=counts[1], user_id=by.user_id, organisation_id=by.organisation_id,
        )
        for pk in given["pilots"]
    )  # fmt: skip


_WHO = """
left join workers_placement pl on pl.id = v.placement_id
left join workers_person pe on pe.id = pl.person_id
left join pilots_site t on t.id = v.site_id
"""


def _found() -> tuple[Found, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select v.rule, v.version, v.severity, coalesce(pe.worker_code, ''), coalesce(t.name, ''), v.period_start,
              v.period_end, v.evidence::text, coalesce(a.parameter, '[]')::text, v.owed, v.currency,
              coalesce(f.state, ''), (select sum(e.amount) from compliance_remedyentry e where e.finding_id = f.id
                and e.kind in ('paid', 'written off') and e.currency = v.currency)
            from rule_verdict v {_WHO}
            left join compliance_finding f on f.pilot_id = v.pilot_id and f.code = v.rule and f.source = v.source
              and f.source <> ''
            left join rule_applied a on a.pilot_id = v.pilot_id and a.chosen = v.chosen
            where v.verdict = %s order by v.rule, pe.worker_code nulls last, t.name, v.period_start, v.source
            """,
            [BROKEN],
        )
        rows = cursor.fetchall()
    return tuple(Found(*(*row[:7], _read(row[7]), _read(row[8]), *row[9:])) for row in rows)


def _untold() -> tuple[Untold, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select v.rule, coalesce(pe.worker_code, ''), coalesce(t.name, ''), v.missing, v.period_start, v.period_end
            from rule_verdict v {_WHO} where v.verdict = %s order by 1, 2, 3, 5 nulls first, 4, v.source
            """,
            [UNKNOWN],
        )
        return tuple(Untold(*row) for row in cursor.fetchall())


def _read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)
