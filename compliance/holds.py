"""Holds that findings place on the journey: what everybody reads there, and what nobody may read into it.

Whoever sees a placement sees its holds, an employer and a recruiter too. So the words are the same for every finding,
name neither item nor answer, and fit a missing paper as well as a complaint. The hold of a restricted finding
carries no employer and no recruiter: to them it does not exist, and it stops the programme's own moves only.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from accounts.scope import Scope
from compliance.random_ids import RANDOM_FROM, RANDOM_TO

WORDS = gettext_noop("The programme must clear this placement before its next step.")
LIFTED = gettext_noop("The programme cleared this placement.")


def source(finding_id: int) -> str:
    """How a hold names the finding that placed it."""
    return f"finding:{finding_id}"


def place(finding_ids: Iterable[int]) -> list[int]:
    """Hold the placements of these findings, where open and critical; answers the placements that are now held.

    A hold that already stands is left as it is.
    """
    ids = list(finding_ids)
    if not ids:
        return []
    given: dict[str, Any] = {"ids": ids, "words": WORDS, "low": RANDOM_FROM, "span": RANDOM_TO - RANDOM_FROM}
    held: list[int] = []
    with connection.cursor() as cursor:
        for restricted in (False, True):
            cursor.execute(_statement(restricted), given)
            held += [row[0] for row in cursor.fetchall()]
    return sorted(set(held))


def _statement(restricted: bool) -> str:
    # Of its own type the list of ids is looked up by hash; small numbers come as a narrower one, and are searched through.
    number = "id, " if restricted else ""
    drawn = "%(low)s + floor(random() * %(span)s)::bigint, " if restricted else ""
    concerned = "null::bigint, null::bigint" if restricted else "p.recruiter_id, p.employer_id"
    return f"""
    insert into workers_hold ({number}pilot_id, placement_id, recruiter_id, employer_id, source, words, owner_id,
                              lifted_reason)
    select {drawn}f.pilot_id, f.placement_id, {concerned}, 'finding:' || f.id, %(words)s, t.programme_id, ''
    from compliance_finding f
    join workers_placement p on p.id = f.placement_id
    join pilots_pilot t on t.id = f.pilot_id
    where f.id = any(%(ids)s::bigint[]) and f.severity = 'critical' and f.state = 'open'
      and f.restricted = {"true" if restricted else "false"}
    order by f.id
    on conflict (placement_id, source) where lifted_at is null do nothing
    returning placement_id
    """


def lift(finding_ids: Iterable[int], *, by: Scope) -> int:
    """Lift the holds of these findings; answers how many stood."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update workers_hold set lifted_at = clock_timestamp(), lifted_by_id = %s, lifted_reason = %s"
            " where source = any(%s) and lifted_at is null",
            [by.user_id, LIFTED, [source(pk) for pk in finding_ids]],
        )
        return cursor.rowcount
