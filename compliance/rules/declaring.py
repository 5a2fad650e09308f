"""How a rule is declared: a question in plain terms over the rows of a subject.

A *subject* is what a rule looks at, one row each: a payslip, a block of weeks, a contract, a cost, a paper, a room. It
names the columns it offers, the parameters of the scheme it reads, and the days by which a parameter may be selected.
A *rule* asks one thing of such a row and has three answers: it holds, it is broken, or it cannot be told because a
fact is missing. A rule sees facts and dated parameters, no clock and no flag.

To add one: the recipe "A rule" in CONTRIBUTING.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise

from compliance.catalogue.reader import CRITICAL, MAJOR, MINOR
from compliance.rules.parameters import Parameters, Use

__all__ = ["CRITICAL", "MAJOR", "MINOR", "Rule", "Subject", "Use"]

# What the sieve marks of a placement for a closer look; a subject names the mark without which it is skipped.
LOOK: Final[Mapping[str, int]] = {name: 1 << n for n, name in enumerate((
    "pay", "blocks", "gaps", "runs", "deductions", "rents", "signed", "costs", "papers", "stays", "insured", "signing", "ages",
    "oldest", "recruited", "contacts", "rests",
))}  # fmt: skip

# The item of the checks that asks about overtime and the day of rest, and how long after work began it is missed.
REST_ITEM: Final = "D07"
REST_ASKED_AFTER_DAYS: Final = 28

# Days by which most subjects select: the columns of the placement that each of them joins.
PLACEMENT_DAYS: Mapping[str, str] = {
    "visa granted": "s.visa_granted_on",
    "contract start": "s.contract_start",
    "pay period": "s.period_start",
    "arrival": "s.arrived_on",
    "lodged": "s.lodged_on",
    "day": "%(on)s::date",
}


def of(alias: str, column: str = "placement_id") -> str:
    """SQL for whether a row belongs to the pilots, and to the placements if only some are looked at."""
    return (
        f"{alias}.pilot_id = any(%(pilots)s)"
        f" and (%(placements)s::bigint[] is null or {alias}.{column} = any(%(placements)s))"
    )


def looked(name: str) -> str:
    """SQL for the placements that bear a mark of the sieve."""
    return f"(select p.* from rule_place p join rule_look l using (placement_id) where l.look & {LOOK[name]} > 0)"


@dataclass(frozen=True)
class Subject:
    """What rules look at, one row each.

    ``sql`` answers a select with the columns ``pilot_id, placement_id, site_id, source, period_start, period_end,
    currency`` and whatever its rules read, among them the days. ``source`` is the facts' own key, stable over
    corrections. ``uses``: column → parameter; ``derived``: column → SQL over the columns and parameters before it. ``look``: the mark of the sieve
    (``sieving.py``) that a placement must bear; where no placement bears it, the subject is not asked.
    """

    name: str
    sql: Callable[[Parameters], str]
    uses: Mapping[str, Use] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=lambda: PLACEMENT_DAYS)
    look: str = ""


@dataclass(frozen=True)
class Rule:
    """One named, versioned question. All SQL is over the columns of the subject.

    ``when``: rows it asks about at all. ``needs``: parameters without which the scheme has no such rule. ``reads``:
    parameters it looks at where they exist. ``missing``: SQL for the name of a missing fact, or null. ``broken``: SQL
    for yes. ``owed``: SQL for the amount in the row's currency, or null where money is not what is owed. ``evidence``:
    name → SQL, what a person needs to see to agree. ``graver``: SQL for when it is critical though the rule is not.
    Raise ``version`` with any change of what the rule asks: findings keep the version that found them.
    """

    code: str
    words: str | Promise
    asks: str | Promise
    severity: str
    broken: str
    version: str = "1"
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    when: str = "true"
    missing: str = "null"
    owed: str = "null::numeric"
    evidence: Mapping[str, str] = field(default_factory=dict)
    graver: str = "false"
    indicators: tuple[str, ...] = ()
    standard: str = ""
